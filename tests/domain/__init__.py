"""Amounts, instants, and the factor of individual consumption, without a ledger."""
