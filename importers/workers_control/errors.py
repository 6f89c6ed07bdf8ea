"""What the importer says when it cannot import."""

from __future__ import annotations


class ImportRefusedError(Exception):
    """A database that cannot be imported, or a place where the ledger cannot be written.

    The message says what was found, what is right, and what to do, on one line. It never holds the content of a
    password or an e-mail address: only names of tables and columns, ids, and the shapes of values.
    """

    def __init__(self, found: str, right: str, remedy: str) -> None:
        self.found = one_line(found)
        self.right = one_line(right)
        self.remedy = one_line(remedy)
        super().__init__(f"{self.found}; {self.right}; {self.remedy}")


def one_line(text: str) -> str:
    """The text with every run of white space as one blank: editors and CI read messages line by line."""
    return " ".join(text.split())
