"""From results to what a reader sees: natural units, plain numbers, honest rounding. Pure."""
