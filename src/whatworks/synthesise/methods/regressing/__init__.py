"""Meta-regression: what goes with larger and smaller effects. Many regressions at once are one array computation."""
