"""What RULES.md says, sentence by sentence."""
