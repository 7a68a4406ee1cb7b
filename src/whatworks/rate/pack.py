"""How ratings, what people judged of them, recorded judgements and other bodies' ratings look as plain files."""

from whatworks.ledger.packs import Table
from whatworks.rate.models import (
    Assessment,
    ExternalRating,
    Moderation,
    PersonalRating,
    Rater,
    Rating,
    RecordedJudgement,
    Revocation,
    Signature,
    Signoff,
)

TABLES = [
    Table(Rating, "rate/ratings.csv"),
    Table(Signature, "rate/signatures.csv"),
    Table(RecordedJudgement, "rate/judgements.csv"),
    Table(ExternalRating, "rate/external-ratings.csv"),
    Table(Assessment, "rate/assessments.csv"),
    # Who rated, and what each said alone, stays with the team: an open pack has what was agreed and approved.
    Table(Rater, "rate/raters.csv", closed=True),
    Table(PersonalRating, "rate/personal-ratings.csv", closed=True),
    Table(Moderation, "rate/moderations.csv"),
    Table(Signoff, "rate/signoffs.csv"),
    Table(Revocation, "rate/revocations.csv"),
]
