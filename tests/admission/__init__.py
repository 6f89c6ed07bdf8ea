"""A region's folder that nobody should trust: what every command does with it."""
