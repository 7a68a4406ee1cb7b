"""Whether it is done, and done well, in real places.

In: sites pinned to a revision of a page, their forms, adaptations and small tests of change. Out: fidelity and dose for the trial,
places for the practice map, readiness and adoption with dated denominators.
"""
