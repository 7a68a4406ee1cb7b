"""How reviews, their protocols, what people said about reports, and what was decided look as plain files."""

from whatworks.ledger.packs import Table
from whatworks.screen.models import (
    Candidate,
    Judgement,
    Lift,
    Opinion,
    Place,
    Protocol,
    PublishedCount,
    Ranking,
    Remark,
    Review,
    Screener,
    Search,
    Settlement,
    Stop,
    Wave,
    Withdrawal,
)

TABLES = [
    Table(Review, "screen/reviews.csv"),
    Table(Search, "screen/searches.csv"),
    Table(Protocol, "screen/protocols.csv"),
    Table(Wave, "screen/waves.csv"),
    Table(Judgement, "screen/judgements.csv", event_each="screen.judge"),
    Table(Withdrawal, "screen/withdrawals.csv"),
    Table(Settlement, "screen/settlements.csv"),
    Table(Stop, "screen/stops.csv"),
    Table(Lift, "screen/lifts.csv"),
    Table(PublishedCount, "screen/published-counts.csv"),
    # How the team works stays with the team: an open pack has what was decided, not who said what.
    Table(Screener, "screen/screeners.csv", closed=True),
    Table(Candidate, "screen/candidates.csv", closed=True),
    Table(Place, "screen/places.csv", closed=True),
    Table(Opinion, "screen/opinions.csv", closed=True),
    Table(Remark, "screen/remarks.csv", closed=True),
    Table(Ranking, "screen/rankings.csv", closed=True),
]
