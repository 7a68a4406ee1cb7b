"""What is known before a trial starts, what it would do to the evidence, and what it can still find as it goes."""
