"""How a reader finds a page: questions in plain words, filters, what is absent, and feeds of what changed."""
