"""What a report and a statement say, and as what."""
