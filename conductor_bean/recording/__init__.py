"""Recording what happened: one correct entry, shown with what it derives, appended where its kind lives."""
