"""Programs of one file that import nothing of ours: what a stranger checks with."""
