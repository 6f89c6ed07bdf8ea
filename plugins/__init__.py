"""Beancount plugins, one idea a file: read, call the engine, return entries and errors."""
