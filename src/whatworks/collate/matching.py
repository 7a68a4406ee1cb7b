"""What people do about matches: decide on a pair, take it back, choose a field's value, let rules join or not."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone

from whatworks.collate.merging import regroup, take_turns
from whatworks.collate.methods.fullest import RULES
from whatworks.collate.models import FieldChoice, MatchClaim, MatchDecision, MatchPolicy, MatchProposal, Report
from whatworks.collate.models.matching import in_order
from whatworks.errors import ConflictError, InputError
from whatworks.ledger.actions import record
from whatworks.ledger.work import enqueue, task
from whatworks.saying import said

REGROUP = "collate.regroup"
PIECE = 200  # pairs looked at again in one step after the rules were let in or shut out
DECISIONS = (MatchDecision.SAME, MatchDecision.DIFFERENT, MatchDecision.LINKED, MatchDecision.OPEN)


@transaction.atomic
def decide(*, by: str, left: str, right: str, decision: str, seen: int | None = None) -> MatchDecision:
    """Decide on two reports: same, different, linked (related, kept apart) or open (undecided again).

    `seen` is how many decisions about the pair the person knew of; a ConflictError where somebody was quicker.
    """
    if decision not in DECISIONS:
        raise InputError(
            said(
                "“%(decision)s” is no decision about two reports; it is one of %(decisions)s.",
                decision=decision,
                decisions=", ".join(DECISIONS),
            )
        )
    made = _decided(by, in_order(left, right), decision, seen)
    event = record(verb=f"collate.match-{decision}", by=by, about=made.pair, made=[made], payload={"match": made.pk})
    regroup(made.pair, event=event)
    return made


def _decided(by: str, pair: tuple[str, str], decision: str, seen: int | None) -> MatchDecision:
    if not by:
        raise InputError(said("A match is decided by somebody; say who."))
    if pair[0] == pair[1]:
        raise InputError(said("A report cannot be matched with itself; choose two reports."))
    if Report.objects.filter(pk__in=pair).count() < 2:
        raise InputError(
            said(
                "There are no two reports %(one)s and %(other)s; one may have been taken back.",
                one=pair[0],
                other=pair[1],
            )
        )
    take_turns()
    last = MatchDecision.objects.of(*pair).last()
    number = last.number if last else 0
    if seen is not None and seen != number:
        raise ConflictError(said("Somebody has decided on this pair meanwhile; reload the page to see who."))
    MatchClaim.objects.filter(proposal__left=pair[0], proposal__right=pair[1]).delete()
    key = MatchDecision.derived(*pair, number + 1)
    return MatchDecision.objects.create(
        id=key, left_id=pair[0], right_id=pair[1], number=number + 1, decision=decision, by=by, at=timezone.now()
    )


@transaction.atomic
def decide_together(*, by: str, proposals: Iterable[MatchProposal], decision: str) -> int:
    """Decide alike on several pairs that a person looked at in one list. Returns how many; those settled meanwhile stay."""
    take_turns()
    rows = [one for one in proposals if MatchProposal.objects.filter(pk=one.pk, waits=True).exists()]
    made = [_decided(by, one.pair, decision, None) for one in rows]
    if made:
        seeds = {report for one in made for report in one.pair}
        payload = {"matches": [one.pk for one in made]}
        regroup(seeds, event=record(verb=f"collate.match-{decision}", by=by, about=seeds, made=made, payload=payload))
    return len(made)


def undo(*, by: str, decision: MatchDecision) -> MatchDecision:
    """Take a decision back: the pair is open again. A ConflictError where a later one stands already."""
    if decision.decision == MatchDecision.OPEN:
        raise ConflictError(said("This decision has been taken back already; the pair waits to be decided."))
    return decide(by=by, left=decision.left_id, right=decision.right_id, decision="open", seen=decision.number)


@transaction.atomic
def choose_field(*, by: str, report: Report, field: str, withdrawn: bool = False) -> FieldChoice:
    """Have a field of a merged report say what this one of its reports says; or take that wish back."""
    if field not in RULES:
        raise InputError(
            said("“%(field)s” is no field that can be chosen; known: %(rules)s.", field=field, rules=", ".join(RULES))
        )
    take_turns()
    number = FieldChoice.objects.filter(report=report, field=field).count() + 1
    made = FieldChoice.objects.create(
        id=FieldChoice.derived(report.pk, field, number),
        report=report,
        field=field,
        number=number,
        withdrawn=withdrawn,
        by=by,
        at=timezone.now(),
    )
    about = sorted({report.pk, report.speaker().pk})
    event = record(verb="collate.choose-field", by=by, about=about, made=[made], payload={"field": field})
    regroup([report.pk], event=event)
    return made


@transaction.atomic
def let_rules_merge(*, by: str, merges: bool) -> MatchPolicy:
    """Decide for this centre whether rules may join reports provisionally. What follows is done as long work."""
    take_turns()
    number = MatchPolicy.objects.count() + 1
    key = MatchPolicy.derived(number)
    made = MatchPolicy.objects.create(id=key, number=number, merges_by_rule=merges, by=by, at=timezone.now())
    record(verb="collate.let-rules-merge", by=by, made=[made], payload={"merges": merges})
    enqueue(kind=REGROUP, by=by, key=f"regroup-{number}", arguments={"by": by})
    return made


@task(REGROUP)
def regroup_step(arguments: dict[str, str], cursor: dict[str, int | str]) -> dict[str, int | str] | None:
    """Look again at the next pairs that a rule takes for one."""
    after, done = cursor.get("after", ""), int(cursor.get("done", 0))
    sure = MatchProposal.objects.current().filter(decision=MatchProposal.SAME)
    pairs = list(sure.filter(pk__gt=after).order_by("pk").values_list("pk", "left", "right")[:PIECE])
    if not pairs:
        return None
    seeds = sorted({report for _, *pair in pairs for report in pair})
    event = record(verb="collate.regroup", by=arguments["by"], payload={"pairs": len(pairs)})
    regroup(seeds, event=event)
    total = int(cursor.get("total", 0)) or sure.count()
    return {"after": pairs[-1][0], "done": done + len(pairs), "total": total}
