"""A new region: its folder, its hooks, its continuous integration, and two who write at once."""
