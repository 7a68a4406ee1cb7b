"""Does it work, tested fairly: designs, allocations, analyses. Starts with the arithmetic; keeps nothing yet."""
