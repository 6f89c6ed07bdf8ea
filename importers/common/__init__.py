"""What all importers share: tables, names, ids, and the entries that they write."""
