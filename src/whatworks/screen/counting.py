"""What is held of a review's flow: every count comes from its waves, its candidates and its decisions as they stand."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from django.db.models import Count, Sum

from whatworks.screen.methods.prisma import Tally
from whatworks.screen.methods.protocol import FULL_TEXT, TITLE
from whatworks.screen.models import Candidate, Review, Wave

IDENTIFIED = {Wave.DATABASES: "database_results", Wave.REGISTERS: "register_results"}
KINDS = {"websites": "website_results", "organisations": "organisation_results", "citations": "citations_results"}
WAITING = (Candidate.OPEN, Candidate.CONFLICT)
NO_REASON = "No reason given"

Counts = Counter[tuple[str, bool, str]]  # by stage, whether by other methods, and state


def screened_here(review: Review) -> bool:
    """Whether this review is screened here, so that its counts come from its candidates."""
    return Wave.objects.filter(review=review).exists()


def tallies(review: Review) -> list[Tally]:
    """Every count of the flow that is held here. Records that were added but are not decided yet stand as waiting."""
    waves = list(review.waves.filter(complete=True).order_by("number"))
    counts = _counts(review)
    found = [*_identified(waves, counts), *_screened(counts), *_previous(review, waves)]
    for other, route in ((False, "dbr"), (True, "other")):
        found += _full_texts(review, counts, other=other, route=route)
    included = sum(counts[FULL_TEXT, other, Candidate.INCLUDE] for other in (False, True))
    found.append(Tally("new_reports", "", included))
    return [one for one in found if one.n or one.item in ALWAYS]


ALWAYS = (
    "database_results",
    "records_screened",
    "records_excluded",
    "dbr_sought_reports",
    "dbr_assessed",
    "new_reports",
)


def _counts(review: Review) -> Counts:
    rows = Candidate.objects.filter(review=review, wave__complete=True).exclude(wave__route=Wave.PREVIOUS)
    found: Counts = Counter()
    for stage, route, state, n in (
        rows.order_by()
        .values("stage", "wave__route", "state")
        .annotate(n=Count("pk"))
        .values_list("stage", "wave__route", "state", "n")
    ):
        found[stage, route == Wave.OTHER, state] += n
    return found


def _identified(waves: Iterable[Wave], counts: Counts) -> list[Tally]:
    """Records by source. A source that was searched several times is one part; what it brought again is a duplicate."""
    named: Counter[tuple[str, str]] = Counter()
    for wave in waves:
        if wave.route in IDENTIFIED:
            named[f"{IDENTIFIED[wave.route][:-1]}", wave.name] += wave.records
        elif wave.route == Wave.OTHER:
            named[KINDS.get(wave.kind, "other_results"), wave.name] += wave.records
    items = {"database_result": "database_results", "register_result": "register_results"}
    found = [Tally(items.get(item, item), label, n) for (item, label), n in named.items()]
    records = sum(n for (item, _), n in named.items() if item in items)
    others = sum(n for (item, _), n in named.items() if item not in items)
    kept = _kept(counts, other=False)
    if others:
        found = [one for one in found if one.item != "other_results"] + [Tally("other_results", "", others)]
        found.append(Tally("other_duplicates", "", others - _kept(counts, other=True)))
    return [*found, Tally("duplicates", "", records - kept)]


def _kept(counts: Counts, *, other: bool) -> int:
    """Reports that are up at title and abstract as themselves."""
    gone = (Candidate.DUPLICATE, Candidate.GONE)
    return sum(
        n
        for (stage, is_other, state), n in counts.items()
        if stage == TITLE and is_other == other and state not in gone
    )


def _screened(counts: Counts) -> list[Tally]:
    def at(other: bool, *states: str) -> int:
        return sum(counts[TITLE, other, state] for state in states)

    return [
        Tally("excluded_automatic", "", at(False, Candidate.UNSCREENED)),
        Tally("records_screened", "", at(False, Candidate.INCLUDE, Candidate.EXCLUDE)),
        Tally("records_waiting", "", at(False, *WAITING)),
        Tally("records_excluded", "", at(False, Candidate.EXCLUDE)),
        Tally("other_screened_out", "", at(True, Candidate.EXCLUDE)),
        Tally("other_automatic", "", at(True, Candidate.UNSCREENED)),
        Tally("other_waiting", "", at(True, *WAITING)),
    ]


def _full_texts(review: Review, counts: Counts, *, other: bool, route: str) -> list[Tally]:
    def at(*states: str) -> int:
        return sum(counts[FULL_TEXT, other, state] for state in states)

    assessed = at(Candidate.INCLUDE, Candidate.EXCLUDE)
    sought = assessed + at(Candidate.UNRETRIEVED, Candidate.UNSCREENED, *WAITING)
    excluded = Candidate.objects.at(review, FULL_TEXT).filter(state=Candidate.EXCLUDE, wave__complete=True)
    excluded = excluded.filter(wave__route=Wave.OTHER) if other else excluded.exclude(wave__route=Wave.OTHER)
    reasons = excluded.order_by().values("judgement__reason").annotate(n=Count("pk"))
    found = [Tally(f"{route}_excluded", one["judgement__reason"] or NO_REASON, one["n"]) for one in reasons]
    return [
        Tally(f"{route}_sought_reports", "", sought),
        Tally(f"{route}_notretrieved_reports", "", at(Candidate.UNRETRIEVED)),
        Tally(f"{route}_reports_waiting", "", at(Candidate.UNSCREENED, *WAITING)),
        Tally(f"{route}_assessed", "", assessed),
        *sorted(found, key=lambda one: (-one.n, one.label)),
    ]


def _previous(review: Review, waves: Iterable[Wave]) -> list[Tally]:
    mine = [wave for wave in waves if wave.route == Wave.PREVIOUS]
    if not mine:
        return []
    reports = Candidate.objects.filter(wave__in=mine, state=Candidate.INCLUDE).count()
    told = [wave.studies for wave in mine if wave.studies is not None]
    found = [Tally("previous_reports", "", reports)]
    return [*found, Tally("previous_studies", "", sum(told))] if told else found


def records_given(review: Review) -> int:
    """How many records all waves brought."""
    return review.waves.filter(complete=True).aggregate(n=Sum("records"))["n"] or 0
