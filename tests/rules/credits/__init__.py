"""The rules of regional credits (RULES.md, part B)."""
