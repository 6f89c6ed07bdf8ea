"""The public edition: what it shows, what it never shows, and how somebody finds her own transfers in it."""
