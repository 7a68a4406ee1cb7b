"""Who gets what, drawn by lot: every way takes the frozen list of units and a `Lot`, and gives each unit its arm.

All arithmetic is on whole numbers, so that a draw comes out the same on any machine. `publishing` draws from a design and says all of it;
`ways` says in which order, `committing` from which seed, `replaying` whether it comes out again, `admissible` what else might have come.
"""
