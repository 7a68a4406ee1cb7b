"""Published figures by vintage, whom a place is compared with, and what places do."""

from whatworks.baseline.models.practice import Practice, Reply, Round, Standing
from whatworks.baseline.models.vintages import Neighbour, Series, Vintage

__all__ = ["Neighbour", "Practice", "Reply", "Round", "Series", "Standing", "Vintage"]
