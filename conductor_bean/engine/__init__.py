"""The state of a region and the one pass that applies events to it."""
