"""What the screening room remembers."""

from whatworks.screen.models.queue import Candidate, Place, Turn
from whatworks.screen.models.ranking import Lift, Ranking, Stop
from whatworks.screen.models.reviews import Judgement, PublishedCount, Review, Search, Settlement, Withdrawal
from whatworks.screen.models.saying import Opinion, Remark
from whatworks.screen.models.team import Protocol, Screener, Wave

__all__ = [
    "Candidate",
    "Judgement",
    "Lift",
    "Opinion",
    "Place",
    "Protocol",
    "PublishedCount",
    "Ranking",
    "Remark",
    "Review",
    "Screener",
    "Search",
    "Settlement",
    "Stop",
    "Turn",
    "Wave",
    "Withdrawal",
]
