"""How reviews, searches, judgements and published counts look as plain files."""

from whatworks.ledger.packs import Table
from whatworks.screen.models import Judgement, PublishedCount, Review, Search, Settlement

TABLES = [
    Table(Review, "screen/reviews.csv"),
    Table(Search, "screen/searches.csv"),
    Table(Judgement, "screen/judgements.csv", event_each="screen.judge"),
    Table(Settlement, "screen/settlements.csv"),
    Table(PublishedCount, "screen/published-counts.csv"),
]
