"""The region's report and the statements of its parties, on paper and on screen."""
