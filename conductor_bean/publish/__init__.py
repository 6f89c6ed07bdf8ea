"""The public edition of a ledger: what the region shows of itself, with nobody exposed."""
