"""Fava and bean-query show the books that `conductor` shows."""
