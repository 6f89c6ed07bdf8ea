"""Plays random histories of regions against the engine and against the naive model, and compares everything."""
