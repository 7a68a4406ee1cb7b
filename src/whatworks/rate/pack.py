"""How ratings, signatures, recorded judgements and other bodies' ratings look as plain files."""

from whatworks.ledger.packs import Table
from whatworks.rate.models import ExternalRating, Rating, RecordedJudgement, Signature

TABLES = [
    Table(Rating, "rate/ratings.csv"),
    Table(Signature, "rate/signatures.csv"),
    Table(RecordedJudgement, "rate/judgements.csv"),
    Table(ExternalRating, "rate/external-ratings.csv"),
]
