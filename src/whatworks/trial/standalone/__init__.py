"""Programs that are published beside what they check: each is one file, needs Python alone, and imports nothing of this project."""
