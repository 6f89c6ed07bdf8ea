"""What LANGUAGE.md says, sentence by sentence."""
