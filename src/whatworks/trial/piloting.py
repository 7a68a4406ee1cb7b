"""A pilot beside its numbers: what each question of its design found, in a summary and nobody's words, and the decision on going on."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone

from whatworks.errors import InputError
from whatworks.ledger.actions import record
from whatworks.saying import said
from whatworks.stats.results import plain
from whatworks.trial.methods.design import read
from whatworks.trial.methods.design.conduct import Question
from whatworks.trial.methods.progressing import progress
from whatworks.trial.models import PilotAnswer, ProgressionDecision, Trial, TrialProtocol

OUTCOMES = (PilotAnswer.MET, PilotAnswer.PARTLY, PilotAnswer.NOT_MET, PilotAnswer.UNKNOWN)
DECISIONS = (ProgressionDecision.GO_ON, ProgressionDecision.CHANGE, ProgressionDecision.STOP)
QUOTED = re.compile('["“”„«»]')
Count = tuple[str, int, int]


def questions_of(trial: Trial) -> tuple[Question, ...]:
    """What the design that stands asks of the pilot."""
    newest = trial.newest()
    return read(newest.design).pilot if newest and newest.design else ()


@transaction.atomic
def answer_question(
    *, by: str, trial: Trial, question: str, asked: str, summary: str, outcome: str, on: datetime.date
) -> PilotAnswer:
    """Write down what was found on a question. A later answer stands beside earlier ones; the last one counts.

    Raises InputError for a question that the design does not have, for somebody's own words, or a day in the future.
    """
    held = Trial.objects.select_for_update().get(pk=trial.pk)
    protocol = _protocol(held)
    names = [one.name for one in read(protocol.design).pilot]
    if question not in names:
        raise InputError(
            said("“%(name)s” is no question of the pilot; it has: %(all)s.", name=question, all=", ".join(names) or said("none"))
        )  # fmt: skip
    if not asked.strip() or not summary.strip():
        raise InputError(said("Say whom the answer rests on, and what was found."))
    if QUOTED.search(summary):
        raise InputError(
            said("The summary has quotation marks; sum up what was found, and keep nobody's own words here.")
        )
    if outcome not in OUTCOMES:
        raise InputError(
            said("“%(outcome)s” is no outcome; it can be: %(all)s.", outcome=outcome, all=", ".join(OUTCOMES))
        )
    _past(on)
    number = held.answers.count() + 1
    made = PilotAnswer.objects.create(
        pk=PilotAnswer.derived(held.pk, number), trial=held, protocol=protocol, number=number, question=question,
        asked=asked.strip(), summary=summary.strip(), outcome=outcome, on=on, by=by, at=timezone.now(),
    )  # fmt: skip
    record(verb="trial.answer", by=by, about=[held], made=[made])
    return made


@transaction.atomic
def decide_progression(
    *, by: str, trial: Trial, decision: str, decided_by: str, why: str, counts: Iterable[Count], on: datetime.date
) -> ProgressionDecision:
    """Record whether the pilot goes on: `counts` (criterion, events, n) are judged by the rules of the design, and people decide.

    Raises InputError where a criterion has no count, or nobody says who decided and why.
    """
    held = Trial.objects.select_for_update().get(pk=trial.pk)
    protocol = _protocol(held)
    if decision not in DECISIONS:
        raise InputError(said("“%(one)s” is no decision; it can be: %(all)s.", one=decision, all=", ".join(DECISIONS)))
    if not decided_by.strip() or not why.strip():
        raise InputError(said("Say who decided, and why; a colour alone decides nothing."))
    _past(on)
    design = read(protocol.design)
    signal = plain(progress(design, counts)) if design.progression else {}
    number = held.decisions.count() + 1
    made = ProgressionDecision.objects.create(
        pk=ProgressionDecision.derived(held.pk, number), trial=held, protocol=protocol, number=number, decision=decision,
        decided_by=decided_by.strip(), why=why.strip(), signal=signal,
        answers=[one.number for one in standing_answers(held).values()], on=on, by=by, at=timezone.now(),
    )  # fmt: skip
    record(verb="trial.decide", by=by, about=[held], made=[made])
    return made


def standing_answers(trial: Trial) -> dict[str, PilotAnswer]:
    """The last answer to each question, in the order in which they were first answered."""
    return {one.question: one for one in trial.answers.order_by("number")}


def _protocol(trial: Trial) -> TrialProtocol:
    newest = trial.newest()
    if newest is None or not newest.design:
        raise InputError(said("This protocol has no design; write one first."))
    return newest


def _past(on: datetime.date) -> None:
    if on > timezone.localdate():
        raise InputError(said("%(on)s is in the future.", on=on.isoformat()))
