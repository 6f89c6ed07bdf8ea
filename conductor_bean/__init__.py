"""Double-entry accounting on Beancount ledgers for regions that decide their own economy.

Imports run one way: cli, plugins and importers -> ledger -> engine -> domain. A test holds it.
"""
