"""What is fast and how large: measured against plain Beancount, in one run, by one command.

``python -m benchmarks`` writes synthetic regions, runs the commands a region runs, and shows a table of ratios.
"""
