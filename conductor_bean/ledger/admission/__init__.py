"""What of a region's folder is read, and what may run: looked at before Beancount loads anything.

Whoever checks a proposal runs nothing that it brings along, and opens nothing that hangs, floods or stands elsewhere.
"""
