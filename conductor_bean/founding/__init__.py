"""A new region: its folder, ready for git, with its continuous integration."""
