"""Importers, one source each."""
