"""How the house is built: imports, packages, lint, pins, the wheel. No test in here asks what the engine computes."""
