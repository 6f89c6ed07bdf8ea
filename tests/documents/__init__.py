"""What the pages show is what `conductor ... --json` prints."""
