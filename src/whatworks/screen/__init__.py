"""What is in and what is out, and do the numbers add up?

In: counts held here and counts that a review's authors published, never added to each other. Out: the PRISMA 2020 flow
as data, the sums that must close, and the flow as a drawing and as a table.
"""

from whatworks.screen.methods.identities import Identity, identities, remarks
from whatworks.screen.methods.prisma import Flow, Tally, build_flow, read_prisma2020

__all__ = ["Flow", "Identity", "Tally", "build_flow", "identities", "read_prisma2020", "remarks"]
