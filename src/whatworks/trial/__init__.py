"""Does it work, tested fairly? In: a design, a list of units, outcome files. Out: sizes, a draw that anybody can repeat, a result."""
