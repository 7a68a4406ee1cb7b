"""How ratings are verified: the scheme of the stored version, run on the stored inputs, gives the stored level and trail."""

from __future__ import annotations

from whatworks.errors import InputError
from whatworks.ledger.verification import CLOSED_FORM, Difference, Report, check, check_digests, compare
from whatworks.rate.methods.running import run_scheme
from whatworks.rate.models import ExternalRating, Rating, RecordedJudgement


@check("rate")
def check_ratings(report: Report) -> None:
    """Recompute every stored rating; other bodies' ratings and people's judgements must be as entered."""
    check_digests(report, Rating.objects.all(), "ratings")
    check_digests(report, RecordedJudgement.objects.all(), "judgements")
    check_digests(report, ExternalRating.objects.all(), "ratings by others")
    for rating in Rating.objects.iterator(500):
        try:
            result = run_scheme(rating.scheme, rating.version, rating.inputs)
        except InputError as error:
            report.differences.append(Difference(rating.pk, str(error), rating.result.get("level"), None))
            continue
        report.differences += compare(rating.pk, rating.result, result, CLOSED_FORM)
