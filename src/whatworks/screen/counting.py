"""What is held of a review's flow: every count comes from its waves, its candidates and its decisions as they stand.

A report whose full text is up has passed title and abstract, whatever was said about its title since: what was judged
stays judged. What was decided together with a report like it counts for itself.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from django.db.models import Count, QuerySet, Sum

from whatworks.screen.methods.prisma import Tally
from whatworks.screen.methods.protocol import FULL_TEXT, TITLE
from whatworks.screen.models import Candidate, Review, Wave
from whatworks.screen.reckoning import NO_REASON

IDENTIFIED = {Wave.DATABASES: "database_results", Wave.REGISTERS: "register_results"}
KINDS = {"websites": "website_results", "organisations": "organisation_results", "citations": "citations_results"}
OTHERWISE = "otherwise_results"
WAITING = (Candidate.OPEN, Candidate.CONFLICT)
PASSED = "passed"  # title and abstract: its full text is up

# Boxes that the diagram shows though nothing is in them; those by other methods only where there are any.
ALWAYS = (
    "database_results",
    "records_screened",
    "records_excluded",
    "dbr_sought_reports",
    "dbr_assessed",
    "dbr_excluded",
    "new_reports",
)
ALWAYS_OTHER = ("other_results", "other_duplicates", "other_sought_reports", "other_assessed", "other_excluded")

Counts = Counter[tuple[str, bool, str]]  # by stage, whether by other methods, and state


def screened_here(review: Review) -> bool:
    """Whether this review is screened here, so that its counts come from its candidates."""
    return Wave.objects.filter(review=review).exists()


def tallies(review: Review) -> list[Tally]:
    """Every count of the flow that is held here. Records that were added but are not decided yet stand as waiting."""
    waves = list(review.waves.filter(complete=True).order_by("number"))
    counts = _counts(review)
    found = [*_identified(waves, counts), *_screened(counts)]
    for other, route in ((False, "dbr"), (True, "other")):
        found += _full_texts(review, counts, other=other, route=route)
    included = sum(counts[FULL_TEXT, other, Candidate.INCLUDE] for other in (False, True))
    found += [Tally("new_reports", "", included), *_previous(review, waves)]
    shown = (*ALWAYS, *ALWAYS_OTHER) if any(wave.route == Wave.OTHER for wave in waves) else ALWAYS
    return [one for one in found if one.n or one.item in shown]


def _rows(review: Review) -> QuerySet[Candidate]:
    rows = Candidate.objects.filter(review=review, wave__complete=True)
    return rows.exclude(wave__route=Wave.PREVIOUS).exclude(state__in=(Candidate.DUPLICATE, Candidate.GONE))


def _counts(review: Review) -> Counts:
    """How many candidates stand where. A title whose full text is up has passed."""
    rows = _rows(review)
    found = _by_state(rows)
    up = rows.filter(stage=FULL_TEXT).values("report")
    for (stage, other, state), n in _by_state(rows.filter(stage=TITLE, report__in=up)).items():
        found[stage, other, state] -= n
        found[stage, other, PASSED] += n
    return found


def _by_state(rows: QuerySet[Candidate]) -> Counts:
    grouped = rows.order_by().values("stage", "wave__route", "state").annotate(n=Count("pk"))
    found: Counts = Counter()
    for stage, route, state, n in grouped.values_list("stage", "wave__route", "state", "n"):
        found[stage, route == Wave.OTHER, state] += n
    return found


def _identified(waves: Iterable[Wave], counts: Counts) -> list[Tally]:
    """Records by source. A source that was searched several times is one part; what it brought again is a duplicate."""
    named: Counter[tuple[str, str]] = Counter()
    whole: Counter[str] = Counter()
    for wave in waves:
        if wave.route == Wave.PREVIOUS:
            continue
        item = IDENTIFIED.get(wave.route) or KINDS.get(wave.kind, OTHERWISE)
        named[item, wave.name] += wave.records
        whole[item] += wave.records
    databases = sum(whole[item] for item in IDENTIFIED.values())
    others = sum(whole.values()) - databases
    totals = {item: whole[item] for item in ("database_results", *whole)} | {"other_results": others}
    return [
        *(Tally(item, label, n) for (item, label), n in named.items()),
        *(Tally(item, "", n) for item, n in totals.items()),
        Tally("duplicates", "", databases - _kept(counts, other=False)),
        Tally("other_duplicates", "", others - _kept(counts, other=True)),
    ]


def _kept(counts: Counts, *, other: bool) -> int:
    """Reports that are up at title and abstract as themselves."""
    return sum(n for (stage, is_other, _), n in counts.items() if stage == TITLE and is_other == other)


def _screened(counts: Counts) -> list[Tally]:
    def at(other: bool, *states: str) -> int:
        return sum(counts[TITLE, other, state] for state in states)

    return [
        Tally("excluded_automatic", "", at(False, Candidate.UNSCREENED)),
        Tally("records_screened", "", at(False, PASSED, Candidate.EXCLUDE)),
        Tally("records_waiting", "", at(False, *WAITING)),
        Tally("records_excluded", "", at(False, Candidate.EXCLUDE)),
        Tally("other_screened_out", "", at(True, Candidate.EXCLUDE)),
        Tally("other_automatic", "", at(True, Candidate.UNSCREENED)),
        Tally("other_waiting", "", at(True, *WAITING)),
    ]


def _full_texts(review: Review, counts: Counts, *, other: bool, route: str) -> list[Tally]:
    def at(*states: str) -> int:
        return sum(counts[FULL_TEXT, other, state] for state in states)

    assessed, waiting = at(Candidate.INCLUDE, Candidate.EXCLUDE), at(Candidate.UNSCREENED, *WAITING)
    excluded = _rows(review).filter(stage=FULL_TEXT, state=Candidate.EXCLUDE)
    excluded = excluded.filter(wave__route=Wave.OTHER) if other else excluded.exclude(wave__route=Wave.OTHER)
    reasons = excluded.order_by().values_list("judgement__reason").annotate(n=Count("pk"))
    parts = [Tally(f"{route}_excluded", reason or NO_REASON, n) for reason, n in reasons]
    return [
        Tally(f"{route}_sought_reports", "", assessed + waiting + at(Candidate.UNRETRIEVED)),
        Tally(f"{route}_notretrieved_reports", "", at(Candidate.UNRETRIEVED)),
        Tally(f"{route}_reports_waiting", "", waiting),
        Tally(f"{route}_assessed", "", assessed),
        Tally(f"{route}_excluded", "", at(Candidate.EXCLUDE)),
        *sorted(parts, key=lambda one: (-one.n, one.label)),
    ]


def _previous(review: Review, waves: Iterable[Wave]) -> list[Tally]:
    """What the previous version took in and is still in, and with it all that is in now."""
    mine = [wave for wave in waves if wave.route == Wave.PREVIOUS]
    if not mine:
        return []
    taken_in = Candidate.objects.at(review, FULL_TEXT).filter(wave__complete=True, state=Candidate.INCLUDE)
    told = [wave.studies for wave in mine if wave.studies is not None]
    return [
        *([Tally("previous_studies", "", sum(told))] if told else []),
        Tally("previous_reports", "", taken_in.filter(wave__in=mine).count()),
        Tally("total_reports", "", taken_in.count()),
    ]


def records_given(review: Review) -> int:
    """How many records all waves brought."""
    return review.waves.filter(complete=True).aggregate(n=Sum("records"))["n"] or 0
