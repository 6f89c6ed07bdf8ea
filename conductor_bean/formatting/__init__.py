"""The canonical layout of a ledger's files: text in, the same ledger in good order out."""
