"""Who gets what, drawn by lot: every way takes the frozen list of units and a `Lot`, and gives each unit its arm.

All arithmetic is on whole numbers, so that a draw comes out the same on any machine. Start at `drawing`.
"""
