"""What INTERFACES.md says of commands and their JSON."""
