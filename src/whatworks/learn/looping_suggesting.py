"""New reports that may belong to a review: a suggestion and no more, each with the reason for which it is made."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import gettext as _

from whatworks.collate.methods.stemming import stem
from whatworks.collate.methods.tokens import words as tokens
from whatworks.collate.models import Import, Report, SearchRun
from whatworks.learn.models import SavedSearch, SuggestionDeclined
from whatworks.publish.methods.finding_asking import SMALL
from whatworks.screen.models import Candidate, Judgement, Review
from whatworks.spoken import on_day
from whatworks.trial.models import Deposit

ALIKE = 3  # stems that a title must share with a review, where nobody saved the search for it
MOST = 200


@dataclass(frozen=True, slots=True)
class Suggested:
    """A report that may be for a review, why, and how many words of the review's question its title shares."""

    report: Report
    why: str
    shared: int


def suggested_for(review: Review) -> list[Suggested]:
    """What arrived for a review and that nobody gave it or declined: the likest titles first."""
    known, mine = _known(review), _stems(f"{review.title} {review.question}")
    found: dict[str, Suggested] = {}
    for report, why, least in _arrived(review):
        if report.pk in known or report.pk in found:
            continue
        shared = len(mine & _stems(report.title))
        if shared >= least:
            found[report.pk] = Suggested(report, why, shared)
    return sorted(found.values(), key=lambda one: (-one.shared, one.report.title, one.report.pk))[:MOST]


def _arrived(review: Review) -> Iterator[tuple[Report, str, int]]:
    """Reports in the order of how sure it is that they are meant for the review, each with why and the words it must share."""
    saved = {one.strategy_id: one.since for one in SavedSearch.objects.standing().filter(review=review)}
    for run in SearchRun.objects.filter(strategy__in=saved).select_related("strategy").order_by("-ran_on", "-number"):
        if run.ran_on >= saved[run.strategy_id]:
            why = _("Found by a search that is saved for this review: %(run)s") % {"run": run.subject_title()}
            yield from ((report, why, 0) for report in _reports(review, Import.objects.filter(run=run)))
    for deposit in Deposit.objects.filter(contrast__intervention__theme=review.theme_id).select_related("report"):
        yield deposit.report.speaker(), _("A trial of this theme passed its result on"), 0
    if review.last_search is not None:
        newer = SearchRun.objects.filter(ran_on__gt=review.last_search).exclude(strategy__in=saved)
        why = _("Arrived after the review's last search, %(day)s, and its title has words of the question") % {
            "day": on_day(review.last_search)
        }
        yield from ((report, why, ALIKE) for report in _reports(review, Import.objects.filter(run__in=newer)))


def _reports(review: Review, imports: Iterable[Import]) -> Iterable[Report]:
    rows = Report.objects.speaking().filter(records__origin__in=imports, records__origin__complete=True)
    return rows.exclude(pk__in=Candidate.objects.filter(review=review).values("report")).distinct().order_by("pk")


def _known(review: Review) -> set[str]:
    """Reports that the review has, or that somebody declined for it; with those through which they speak."""
    held: set[str] = set(SuggestionDeclined.objects.filter(review=review).values_list("report", flat=True))
    for rows in (Candidate.objects.filter(review=review), Judgement.objects.filter(review=review)):
        for own, into in rows.values_list("report", "report__merged_into"):
            held |= {own, into or own}
    return held


def waiting_reviews() -> list[tuple[Review, int]]:
    """Each review for which something is suggested, and how much."""
    wanted = Q(saved_searches__ended_on=None, saved_searches__isnull=False) | Q(last_search__isnull=False)
    themes = Deposit.objects.values("contrast__intervention__theme")
    rows = Review.objects.filter(wanted | Q(theme__in=themes)).distinct().order_by("title", "pk")
    counted = [(one, len(suggested_for(one))) for one in rows]
    return [row for row in counted if row[1]]


def _stems(text: str) -> set[str]:
    return {stem(word) for word in tokens(text) if word not in SMALL and not word.isdigit()}
