"""Pages of what has been written: thin; each authorises, calls one thing, and answers."""
