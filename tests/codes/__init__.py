"""The codes of errors and advice, and the documents that are generated."""
