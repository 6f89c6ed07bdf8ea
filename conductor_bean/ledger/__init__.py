"""Beancount directives to events, transfers to Beancount directives; loading and source positions."""
