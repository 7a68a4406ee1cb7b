"""How far to believe it: computed ratings and what people make of them."""

from whatworks.rate.models.judging import Assessment, Moderation, PersonalRating, Rater, Revocation, Signoff
from whatworks.rate.models.ratings import ExternalRating, Rating, RecordedJudgement, Signature

__all__ = [
    "Assessment",
    "ExternalRating",
    "Moderation",
    "PersonalRating",
    "Rater",
    "Rating",
    "RecordedJudgement",
    "Revocation",
    "Signature",
    "Signoff",
]
