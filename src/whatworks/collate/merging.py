"""What follows from the standing decisions: who speaks for whom, what a merged report says, and what is still to be asked.

Everything here can be worked out afresh at any time; nothing here is decided.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from django.db import connection, transaction
from django.db.models import Min, Q

from whatworks.collate import following
from whatworks.collate.following import Regrouped
from whatworks.collate.methods.fullest import Telling, choose
from whatworks.collate.methods.standing import Link, Pair, Standing, standing
from whatworks.collate.models import (
    FieldChoice,
    MatchConflict,
    MatchDecision,
    MatchPolicy,
    MatchProposal,
    Record,
    Report,
)
from whatworks.collate.models.reports import FIELDS
from whatworks.ledger.actions import mark_stale
from whatworks.ledger.models import Event, EventSubject, Lineage, Subject

LOCK = 7_221_405  # of ours among PostgreSQL's advisory locks: decisions about matches take turns
NEVER = 2**62  # older than this is every event
LARGEST = 400  # identifiers in one statement


def take_turns() -> None:
    """Let no two transactions decide about matches at once; SQLite lets in one writer anyway."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])


@transaction.atomic
def regroup(seeds: Iterable[str], *, event: Event | None) -> frozenset[str]:
    """Bring all that follows up to date around these reports. Returns the reports that speak through another now.

    What counts on them is marked stale by the event, and other rooms are told; without an event nothing has happened,
    and what follows is only worked out.
    """
    take_turns()
    ground = Ground(seeds)
    found = ground.stand()
    after = dict.fromkeys(ground.reports, "")
    for group in found.groups:
        after.update(dict.fromkeys(group, anchor_of(group)))
    after = {one: anchor or one for one, anchor in after.items()}
    rows = {row.pk: row for row in Report.objects.filter(pk__in=ground.reports)}
    before = {pk: row.merged_into_id or pk for pk, row in rows.items()}
    change = Regrouped(before, {pk: after[pk] for pk in rows})
    _move(change)
    reworded = _speak(rows, change)
    _note_contradictions(ground.reports, found)
    _ask_again(ground, change.after)
    if event and change.moved:
        _mark(change, event)
    if event and (change.moved or reworded):
        following.tell(change, event)
    return change.moved


class Ground:
    """The reports that these are linked with, directly or through others, and what was said about them."""

    def __init__(self, seeds: Iterable[str]) -> None:
        self.by_rule = MatchPolicy.by_rule()
        self.reports: set[str] = set()
        self.decisions: dict[Pair, MatchDecision] = {}
        self.proposals: dict[Pair, MatchProposal] = {}
        fresh = set(seeds)
        while fresh:
            self.reports |= fresh
            self._read(sorted(fresh))
            fresh = {one for link in self.links() for one in (link.left, link.right)} - self.reports

    def _read(self, reports: list[str]) -> None:
        for start in range(0, len(reports), LARGEST):
            some = reports[start : start + LARGEST]
            touching = Q(left__in=some) | Q(right__in=some)
            for decision in MatchDecision.objects.filter(touching).order_by("number"):
                self.decisions[decision.pair] = decision
            for proposal in MatchProposal.objects.current().filter(touching):
                self.proposals[proposal.pair] = proposal

    def links(self) -> list[Link]:
        """What says that two are one: people, and where this centre lets them, rules about pairs nobody looked at."""
        said = [
            Link(*pair, (one.at.timestamp(), one.pk))
            for pair, one in self.decisions.items()
            if one.decision == MatchDecision.SAME
        ]
        sure = [
            Link(*pair, (-one.probability, one.pk), by_rule=True)
            for pair, one in self.proposals.items()
            if self.by_rule and one.decision == MatchProposal.SAME and pair not in self.decisions
        ]
        return said + sure

    def apart(self) -> set[Pair]:
        """The pairs that people keep apart."""
        kept = (MatchDecision.DIFFERENT, MatchDecision.LINKED)
        return {pair for pair, one in self.decisions.items() if one.decision in kept}

    def stand(self) -> Standing:
        """Which of the reports are one."""
        links = self.links()
        doubted: set[Pair] = set()
        if any(link.by_rule for link in links):
            linked = MatchProposal.LINKED
            doubted = {p for p, one in self.proposals.items() if one.decision == linked and p not in self.decisions}
            doubted |= following.objections(self.reports)
        return standing(links, self.apart(), doubted)


def anchor_of(group: Collection[str]) -> str:
    """Which of some reports speaks for all: the one that was here first, whatever the order of the decisions.

    First is what the ledger heard of first: the import of its first record, or else the report itself. While a pack is
    loaded its events are still to come, and the records say through which report they spoke where they came from.
    """
    rows = list(
        Record.objects.filter(first_report__in=group).values_list("first_report", "origin", "position", "report")
    )
    origins = {origin for _, origin, _, _ in rows}
    heard = dict(
        EventSubject.objects.filter(subject__in=[*origins, *group]).values_list("subject").annotate(Min("event"))
    )
    places: dict[str, tuple[int, int]] = {one: (heard.get(one, NEVER), 0) for one in group}
    for report, origin, position, _ in rows:
        places[report] = min(places[report], (heard.get(origin, NEVER), position))
    spoke = {through for _, _, _, through in rows} if all(at == NEVER for at, _ in places.values()) else set()
    return min(group, key=lambda one: (places[one][0], one not in spoke, places[one][1], one))


def _move(change: Regrouped) -> None:
    """Let the reports, and the records they came with, speak through their anchors."""
    to: defaultdict[str, list[str]] = defaultdict(list)
    for one in sorted(change.moved):
        to[change.after[one]].append(one)
    for anchor, moved in to.items():
        Report.objects.filter(pk__in=[one for one in moved if one != anchor]).update(merged_into=anchor)
        Report.objects.filter(pk__in=[one for one in moved if one == anchor]).update(merged_into=None)
        Record.objects.filter(first_report__in=moved).update(report=anchor)


def _speak(rows: Mapping[str, Report], change: Regrouped) -> bool:
    """Write into each anchor what its reports say together, and give those that stand alone their own words back.

    Whether any of them says something else than before.
    """
    groups: defaultdict[str, list[Report]] = defaultdict(list)
    for pk, anchor in change.after.items():
        groups[anchor].append(rows[pk])
    reworded = []
    for anchor, members in groups.items():
        reworded += [_speak_alone(one) for one in members if one.pk != anchor or len(members) == 1]
        if len(members) > 1:
            reworded.append(speak_for(rows[anchor], [one for one in members if one.pk != anchor]))
    return any(reworded)


def _speak_alone(row: Report) -> bool:
    if row.own is None:
        return False
    for name, value in row.own.items():
        setattr(row, name, value)
    if "retracted_on" in row.chosen:
        row.retracted_on, row.retraction_url = None, ""
    row.own, row.chosen = None, {}
    _keep(row)
    return True


def speak_for(anchor: Report, others: list[Report]) -> bool:
    """The fields of a merged report: for each the fullest of what its reports say, or the one that a person chose.

    Whether they are others than before.
    """
    members = [anchor, *sorted(others, key=lambda one: one.pk)]
    own = anchor.alone()
    said = {one.pk: one.alone() for one in members}
    choices = choose([Telling(pk, fields) for pk, fields in said.items()], picked([one.pk for one in members]))
    was = _said(anchor)
    if "retracted_on" in anchor.chosen:
        anchor.retracted_on, anchor.retraction_url = None, ""
    anchor.own, anchor.chosen = own, {one.field: one.report for one in choices}
    for one in choices:
        setattr(anchor, one.field, said[one.report][one.field])
    retracted = [one for one in members[1:] if one.retracted_on]
    if retracted and not anchor.retracted_on:
        first = min(retracted, key=lambda one: (one.retracted_on, one.pk))
        anchor.retracted_on, anchor.retraction_url = first.retracted_on, first.retraction_url
        anchor.chosen["retracted_on"] = first.pk
    if was == _said(anchor):
        return False
    _keep(anchor)
    return True


def _said(row: Report) -> tuple[Any, ...]:
    return row.own, dict(row.chosen), [getattr(row, name) for name in FIELDS], row.retracted_on, row.retraction_url


def _keep(row: Report) -> None:
    row.save(update_fields=[*FIELDS, "retracted_on", "retraction_url", "own", "chosen"])
    Subject.objects.filter(pk=row.pk).exclude(title=row.subject_title()).update(title=row.subject_title())


def picked(group: Collection[str]) -> dict[str, str]:
    """The newest choice of a person for each field among some reports; one taken back leaves the field to the rule."""
    wanted: dict[str, str] = {}
    for one in FieldChoice.objects.filter(report__in=group).order_by("at", "pk"):
        if not one.withdrawn:
            wanted[one.field] = one.report_id
        elif wanted.get(one.field) == one.report_id:
            del wanted[one.field]
    return wanted


def _note_contradictions(reports: Collection[str], found: Standing) -> None:
    MatchConflict.objects.filter(Q(left__in=reports) | Q(right__in=reports)).delete()
    MatchConflict.objects.bulk_create(
        MatchConflict(
            left_id=one.link[0], right_id=one.link[1], apart_left_id=one.apart[0], apart_right_id=one.apart[1]
        )
        for one in found.contradictions
    )


def _ask_again(ground: Ground, after: Mapping[str, str]) -> None:
    """Say of every proposal about these reports whether it still waits for a person."""
    # Proposals reach to reports beyond the ground; what those speak through has not changed.
    beyond = {one for pair in [*ground.proposals, *ground.decisions] for one in pair} - set(after)
    speaks = dict(after) | {
        pk: into or pk for pk, into in Report.objects.filter(pk__in=beyond).values_list("pk", "merged_into")
    }
    apart = {frozenset((speaks[a], speaks[b])) for a, b in ground.apart()}
    changed: dict[bool, list[str]] = {True: [], False: []}
    for pair, one in ground.proposals.items():
        decided = ground.decisions.get(pair)
        settled = decided is not None and decided.decision != MatchDecision.OPEN
        sides = frozenset(speaks[report] for report in pair)
        waits = one.decision != MatchProposal.LINKED and not settled and len(sides) == 2 and sides not in apart
        if waits != one.waits:
            changed[waits].append(one.pk)
    for waits, rows in changed.items():
        for start in range(0, len(rows), LARGEST):
            MatchProposal.objects.filter(pk__in=rows[start : start + LARGEST]).update(waits=waits)


def _mark(change: Regrouped, event: Event) -> None:
    """Mark what rests on two reports that became one, or ceased to be: it counted them."""
    touched = sorted(change.after)
    bearing = Lineage.objects.filter(input__in=touched).values_list("input", flat=True).distinct()
    if moved := change.joined_or_parted(bearing):
        mark_stale(*sorted(moved), event=event)


def work_out_all() -> None:
    """Work out afresh what follows from all that people decided and rules said."""
    named: set[str] = set()
    for rows in (MatchDecision.objects.all(), MatchProposal.objects.current()):
        for pair in rows.values_list("left", "right").iterator():
            named.update(pair)
    for pair in Report.objects.exclude(merged_into=None).values_list("pk", "merged_into"):
        named.update(pair)
    ordered = sorted(named)
    for start in range(0, len(ordered), LARGEST):
        regroup(ordered[start : start + LARGEST], event=None)


def state() -> dict[str, Any]:
    """All that follows, as plain values: for comparing what stands with what is worked out afresh."""
    return {
        "speaks": dict(Report.objects.exclude(merged_into=None).values_list("pk", "merged_into")),
        "records": dict(Record.objects.values_list("pk", "report")),
        "fields": {row.pk: [getattr(row, name) for name in FIELDS] for row in Report.objects.all()},
        "chosen": {row.pk: row.chosen for row in Report.objects.exclude(own=None)},
        "retracted": dict(Report.objects.exclude(retracted_on=None).values_list("pk", "retracted_on")),
        "waits": sorted(MatchProposal.objects.filter(waits=True).values_list("pk", flat=True)),
        "conflicts": sorted(MatchConflict.objects.values_list("left", "right", "apart_left", "apart_right")),
    }
