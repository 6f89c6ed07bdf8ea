"""The regional credits of the model: offers, property, lists, loans, and what a month-close makes of them."""
