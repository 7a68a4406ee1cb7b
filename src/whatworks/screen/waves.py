"""What is given to a review to screen: whole searches, or reports found otherwise. At the start and at any later time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.db.models import Max, Q
from django.utils import timezone

from whatworks.collate.models import Import, Record, Report, SearchRun
from whatworks.errors import ConflictError, InputError
from whatworks.ledger.actions import record
from whatworks.ledger.fields import PUBLIC
from whatworks.ledger.work import enqueue, task
from whatworks.saying import said
from whatworks.screen.asking import ask_for_ranking
from whatworks.screen.lifting import go_on
from whatworks.screen.methods.protocol import FULL_TEXT, TITLE, Rules
from whatworks.screen.models import Candidate, Review, Stop, Wave
from whatworks.screen.putting_up import candidate_of
from whatworks.screen.reckoning import reckon_alike, take_over
from whatworks.screen.reviewing import rules_of
from whatworks.screen.texts import likeness, texts_of

ADD = "screen.add"
PIECE = 250  # reports in one transaction
AT_ONCE = 1000  # reports that are added while somebody waits
BATCH = 500
Cursor = dict[str, Any]
ROUTES = {
    Wave.DATABASES: "A database that was searched",
    Wave.REGISTERS: "A register of studies that was searched",
    Wave.OTHER: "Other methods: websites, organisations, citations",
    Wave.PREVIOUS: "The previous version of this review",
}


@transaction.atomic
def add_search(
    *,
    by: str,
    review: Review,
    name: str,
    imports: Sequence[Import] = (),
    reports: Sequence[Report] = (),
    route: str = Wave.DATABASES,
    kind: str = "",
    run: SearchRun | None = None,
    studies: int | None = None,
) -> Wave:
    """Give a review the records of imports, or single reports, to screen. Those it has already are its duplicates.

    A stop that was signed is lifted: there is more to screen, and nothing that was said about the rest holds for it. A
    long list is added by work that follows; nobody is handed any of it before all is there.
    """
    rules = rules_of(review)
    if route not in ROUTES:
        routes = ", ".join(ROUTES)
        raise InputError(said("There is no route %(route)r; choose one of %(routes)s.", route=route, routes=routes))
    if not imports and not reports:
        raise InputError(said("Choose at least one import, or one report, to add."))
    Review.objects.select_for_update().get(pk=review.pk)
    given = {"imports": sorted(one.pk for one in imports), "reports": sorted(one.pk for one in reports)}
    _refuse_again(review, given["imports"])
    records = Record.objects.filter(origin__in=given["imports"]).count() + len(given["reports"])
    number = (review.waves.aggregate(last=Max("number"))["last"] or 0) + 1
    told: dict[str, Any] = {"route": route, "name": name.strip()[:200] or "Records", "kind": kind}
    told |= {"run": run, "studies": studies, "number": number, "given": given, "records": records}
    told |= {"added": 0, "by": by, "at": timezone.now()}
    wave = Wave.objects.create(id=Wave.derived(review.pk, number), review=review, **told)
    for stop in Stop.objects.standing().filter(review=review):
        go_on(by=by, stop=stop, why=f"More was added to screen: {wave.name}.")
    if records <= AT_ONCE:
        cursor: Cursor | None = {}
        while cursor is not None:
            cursor = add_piece(wave, rules, cursor)
    else:
        enqueue(kind=ADD, by=by, key=f"add-{wave.pk}", arguments={"wave": wave.pk})
    return wave


def _refuse_again(review: Review, imports: Sequence[str]) -> None:
    held = {one: wave.name for wave in review.waves.all() for one in wave.given["imports"]}
    if twice := [held[one] for one in imports if one in held]:
        raise ConflictError(
            said("These records were added before, as “%(twice)s”; they would be counted twice.", twice=twice[0])
        )


def _next(given: dict[str, list[str]], cursor: Cursor) -> tuple[list[str], Cursor | None]:
    """The reports behind the next records of the imports in their order, then those named; and where to go on."""
    at, position = cursor.get("at", 0), cursor.get("position", 0)
    if at < len(given["imports"]):
        rows = Record.objects.filter(origin=given["imports"][at], position__gt=position).order_by("position")[:PIECE]
        found = list(rows.values_list("position", "report", "report__merged_into"))
        if not found:
            return [], {"at": at + 1}
        return [into or report for _, report, into in found], {"at": at, "position": found[-1][0]}
    named = given["reports"][position : position + PIECE]
    if not named:
        return [], None
    speakers = dict(Report.objects.filter(pk__in=named).values_list("pk", "merged_into"))
    return [speakers[report] or report for report in named], {"at": at, "position": position + len(named)}


@task(ADD)
def add_step(arguments: dict[str, Any], cursor: dict[str, Any]) -> dict[str, Any] | None:
    """One piece of a long list."""
    wave = Wave.objects.select_related("review").get(pk=arguments["wave"])
    after = add_piece(wave, rules_of(wave.review), cursor)
    return None if after is None else after | {"done": cursor.get("done", 0) + PIECE, "total": wave.records}


def add_piece(wave: Wave, rules: Rules, cursor: Cursor) -> Cursor | None:
    """Add the next reports of a wave. Returns where to go on; None when all are in, and the wave is open for screening."""
    piece, after = _next(wave.given, cursor)
    held = held_already(wave.review_id, piece)
    if fresh := list(dict.fromkeys(report for report in piece if report not in held)):
        add_reports(wave, rules, fresh)
    if after is not None:
        return after
    wave.added, wave.complete = new_in(wave), True
    wave.save(update_fields=["added", "complete"])
    counts = {"name": wave.name, "route": wave.route, "records": wave.records, "added": wave.added}
    record(verb="screen.add", by=wave.by, about=[wave.review_id], made=[wave], payload=counts, audience=PUBLIC)
    ask_for_ranking(wave.review, TITLE, by=wave.by)
    return None


def new_in(wave: Wave) -> int:
    """How many reports of a wave were new to the review; what is taken further on its title is not counted again."""
    stage = FULL_TEXT if wave.route == Wave.PREVIOUS else TITLE
    return wave.candidates.filter(stage=stage).count()


def held_already(review: str, reports: Sequence[str]) -> set[str]:
    """Those of these reports that are up in a review by themselves, or by another that speaks through them."""
    touching = Q(report__in=reports) | Q(report__merged_into__in=reports)
    rows = Candidate.objects.filter(touching, review=review)
    return {into or report for report, into in rows.values_list("report", "report__merged_into")}


def add_reports(wave: Wave, rules: Rules, piece: list[str]) -> None:
    """Put reports that a review has not had up for decision, as part of a wave."""
    previous = wave.route == Wave.PREVIOUS
    stage = FULL_TEXT if previous else TITLE
    texts = texts_of(piece)
    last = Candidate.objects.at(wave.review, stage).aggregate(last=Max("number"))["last"] or 0
    rows = [
        candidate_of(
            wave.pk,
            wave.review_id,
            rules,
            report,
            stage=stage,
            number=number,
            alike=likeness(texts[report]) if rules.alike else None,
        )
        for number, report in enumerate(piece, last + 1)
    ]
    # A candidate may have come to be of another report, under the key that it was given once.
    taken = set(Candidate.objects.filter(pk__in=[row.pk for row in rows]).values_list("pk", flat=True))
    for row in rows:
        row.pk = Candidate.fresh() if row.pk in taken else row.pk
    Candidate.objects.bulk_create(rows, batch_size=BATCH)
    if previous:
        take_over(rows, by=wave.by)
    else:
        _join_alike(wave.review, rows)


def _join_alike(review: Review, rows: list[Candidate]) -> None:
    """Let near-identical reports be decided once: with the first of them that came."""
    wanted = {row.likeness for row in rows if row.likeness is not None}
    held = (
        Candidate.objects.at(review, TITLE).filter(likeness__in=wanted, as_one=None).exclude(state=Candidate.DUPLICATE)
    )
    first: dict[int | None, Candidate] = {}
    for one in held.order_by("number"):
        first.setdefault(one.likeness, one)
    followers = [row for row in rows if row.likeness in first and first[row.likeness].pk != row.pk]
    for row in followers:
        row.as_one = first[row.likeness]
    Candidate.objects.bulk_update(followers, ["as_one"], batch_size=BATCH)
    for leader in {row.as_one_id: row.as_one for row in followers}.values():
        reckon_alike(leader)
