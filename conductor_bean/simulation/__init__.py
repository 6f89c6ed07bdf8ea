"""A synthetic region, for trying, teaching and measuring: the same for the same seed, and free of errors.

Nothing in here knows a rule. What is proposed is applied by the engine at once, and only what it accepted is written;
prices, wages and balances are asked of it.
"""
