"""The `conductor` command: one module a family of commands."""
