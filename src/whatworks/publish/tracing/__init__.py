"""The thread from any published number down to its source."""
