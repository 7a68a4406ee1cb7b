"""What was decided, and what became of priorities: decisions, meetings, gates, answers to policy, steps of a plan, interviews."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from whatworks.decide.models import (
    Gate,
    Meeting,
    MeetingAction,
    PlanStep,
    PolicyResponse,
    Priority,
    PriorityState,
    Resolution,
)
from whatworks.errors import ConflictError, InputError
from whatworks.ledger.actions import record
from whatworks.ledger.models import Subject
from whatworks.publish.guides.packaging import Gathered, Item, gather, open_package, seen_of
from whatworks.publish.models import Guide, Package
from whatworks.saying import said
from whatworks.scope.models import Theme

YES, NO, UNKNOWN = "yes", "no", "not known"


@transaction.atomic
def decide(
    *,
    by: str,
    title: str,
    context: str,
    options: Sequence[str],
    chosen: int,
    why: str,
    decided_by: str,
    decided_on: datetime.date,
    evidence: Sequence[str] = (),
    interests: str = "",
    left: str = "",
    dissent: str = "",
    review_on: datetime.date | None = None,
    meeting: Meeting | None = None,
    supersedes: Resolution | None = None,
    demonstration: bool = False,
) -> Resolution:
    """Keep a decision for good; one that was changed is superseded by the next.

    `evidence` are identifiers of subjects that are here, of a page its revision. Raises InputError for fewer than two options (one
    option is no decision), one chosen that is not among them, no reason, evidence that is not here, or a day still to come.
    """
    named = [" ".join(one.split()) for one in options if one.strip()]
    if len(named) < 2 or not 0 <= chosen < len(named):
        raise InputError(
            said("Write down two options or more, and which was chosen; “leave it as it is” is an option.")
        )
    if not (title.strip() and context.strip() and why.strip() and decided_by.strip()):
        raise InputError(said("A decision needs a title, what it was about, who decided, and why."))
    if decided_on > timezone.localdate():
        raise InputError(said("It cannot have been decided on a day still to come."))
    cited = _cited(evidence)
    if supersedes is not None and Resolution.objects.filter(supersedes=supersedes).exists():
        raise ConflictError(said("Another decision has taken its place already; supersede that one."))
    made: Resolution = Resolution.objects.register(
        title=" ".join(title.split()), context=context.strip(), options=named, chosen=chosen, why=why.strip(), evidence=cited,
        interests=interests.strip(), left=left.strip(), dissent=dissent.strip(), decided_by=decided_by.strip(),
        decided_on=decided_on, review_on=review_on, meeting=meeting, supersedes=supersedes, by=by, at=timezone.now(),
        demonstration=demonstration,
    )  # fmt: skip
    about = [*cited, *([meeting] if meeting else []), *([supersedes] if supersedes else [])]
    record(verb="decide.decide", by=by, about=about, made=[made], audience="public")
    return made


def _cited(evidence: Sequence[str]) -> list[str]:
    cited = list(dict.fromkeys(one.strip() for one in evidence if one.strip()))
    here = set(Subject.objects.filter(pk__in=cited).values_list("pk", flat=True))
    for one in cited:
        if one not in here:
            raise InputError(
                said("There is nothing here called “%(one)s”; copy the identifier from its page.", one=one)
            )
    return cited


@transaction.atomic
def answer_priority(
    *,
    by: str,
    priority: Priority,
    state: str,
    reason: str,
    seen: int = 0,
    resolution: Resolution | None = None,
    money: int | None = None,
    output: Subject | None = None,
) -> PriorityState:
    """Say in public what was done about a priority, or why not. `seen`: the number of the state that was looked at, 0 for none.

    Raises InputError for an unknown state, no reason, or a state that must name what answers it and does not; ConflictError where
    somebody else was quicker.
    """
    Priority.objects.select_for_update().get(pk=priority.pk)
    last = priority.standing()
    if (last.number if last else 0) != seen:
        raise ConflictError(said("Somebody else has answered this priority meanwhile; read that first."))
    if state not in PriorityState.STATES:
        raise InputError(said("Choose what became of it."))
    if not reason.strip():
        raise InputError(said("Say why, in words that those who voted for it would accept as an answer."))
    if state not in (PriorityState.ACCEPTED, PriorityState.DECLINED) and output is None:
        raise InputError(
            said("Name what answers it, or what it was merged with: a page, a review, a trial, another priority.")
        )
    made = PriorityState.objects.create(
        id=PriorityState.fresh(), priority=priority, number=seen + 1, state=state, reason=reason.strip(), resolution=resolution,
        money=money, output=output, by=by, at=timezone.now(),
    )  # fmt: skip
    about = [priority, priority.question_id, *([output.pk] if output else []), *([resolution] if resolution else [])]
    record(verb="decide.answer-priority", by=by, about=about, made=[made], audience="public")
    return made


@transaction.atomic
def hold_meeting(
    *, by: str, body: str, held_on: datetime.date, present: str = "", minutes: str = "", demonstration: bool = False
) -> Meeting:
    """Keep a meeting; the same body on the same day is the same meeting, whose minutes are then written anew."""
    name = " ".join(body.split())
    if not name:
        raise InputError(said("Say whose meeting it was."))
    fields = {"present": present.strip(), "minutes": minutes.strip(), "demonstration": demonstration}
    held: Meeting | None = Meeting.objects.filter(body=name, held_on=held_on).first()
    if held is None:
        held = Meeting.objects.register(
            Meeting.derived(name, held_on.isoformat()), body=name, held_on=held_on, **fields
        )
    else:
        Meeting.objects.filter(pk=held.pk).update(**fields)
        held.refresh_from_db()
    record(verb="decide.hold-meeting", by=by, made=[held])
    return held


@transaction.atomic
def ask_action(*, by: str, meeting: Meeting, what: str, owner: str, due_on: datetime.date) -> MeetingAction:
    """Write down what somebody was asked to do."""
    if not (what.strip() and owner.strip()):
        raise InputError(said("Say what is to be done, and which office sees to it."))
    made = MeetingAction.objects.create(
        id=MeetingAction.fresh(), meeting=meeting, what=what.strip(), owner=owner.strip(), due_on=due_on
    )
    record(verb="decide.ask-action", by=by, about=[meeting], made=[made])
    return made


@transaction.atomic
def do_action(*, by: str, action: MeetingAction, came_of_it: str) -> MeetingAction:
    """Say that it was done, and what came of it."""
    held = MeetingAction.objects.select_for_update().get(pk=action.pk)
    if not came_of_it.strip():
        raise InputError(said("Say what came of it, in a line."))
    held.done_on, held.came_of_it = timezone.localdate(), came_of_it.strip()
    held.save(update_fields=["done_on", "came_of_it"])
    record(verb="decide.do-action", by=by, about=[held.meeting_id], made=[held])
    return held


@transaction.atomic
def pass_gate(
    *,
    by: str,
    about: Subject,
    stage: str,
    criteria: Sequence[Mapping[str, str]],
    passed: bool,
    reason: str,
    resolution: Resolution | None = None,
) -> Gate:
    """Decide whether a programme enters its next stage, by criteria that each say what was found.

    Passing with a criterion unmet or not known needs a decision on record, not only a reason. Raises InputError for an unknown stage,
    no criterion, or one that does not say what was found.
    """
    rows = [{key: str(row.get(key, "")).strip() for key in ("criterion", "met", "found")} for row in criteria]
    if stage not in Gate.STAGES:
        raise InputError(said("Choose the stage that it would enter."))
    if not rows or any(
        not row["criterion"] or not row["found"] or row["met"] not in (YES, NO, UNKNOWN) for row in rows
    ):
        raise InputError(said("Each criterion says whether it is met (yes, no, not known) and what was found."))
    if not reason.strip():
        raise InputError(said("Say why it goes on, or why not."))
    if passed and any(row["met"] != YES for row in rows) and resolution is None:
        raise InputError(
            said("Not every criterion is met: to go on all the same is a decision; record it, and name it here.")
        )
    last = Gate.objects.filter(about=about).order_by("-number").first()
    made = Gate.objects.create(
        id=Gate.fresh(), about=about, number=(last.number if last else 0) + 1, stage=stage, criteria=rows, passed=passed,
        reason=reason.strip(), resolution=resolution, by=by, at=timezone.now(),
    )  # fmt: skip
    record(verb="decide.pass-gate", by=by, about=[about.pk], made=[made], audience="public")
    if passed and stage == Gate.STAGES[-1] and about.kind == Theme.kind:
        assemble(by=by, theme=Theme.objects.get(pk=about.pk))
    return made


def assemble(*, by: str, theme: Theme) -> Package | None:
    """Gather a theme's guides that readers see into its best-practice package; an editor looks at it and shows it.

    A package that the theme has already is left as its editor gathered it. Gives None where there is no guide.
    """
    guides = list(Guide.objects.shown().filter(theme=theme))
    if not guides:
        return None
    held: Package | None = Package.objects.filter(theme=theme).first()
    if held is not None:
        return held
    made = open_package(by=by, title=_("Best practice: %(theme)s") % {"theme": theme.name}, theme=theme)
    items = tuple(Item(guide.pk, "", "") for guide in guides)
    return gather(by=by, package=made, says=Gathered(made.title, made.lead, items), seen=seen_of(made))


@transaction.atomic
def respond_to_policy(
    *, by: str, title: str, to_whom: str, text: str, cites: Sequence[str] = (), **more: Any
) -> PolicyResponse:
    """Keep what the centre said to a consultation, a committee or the Government, with what it rests on."""
    if not (title.strip() and to_whom.strip() and text.strip()):
        raise InputError(said("Say to whom it goes, what about, and what it says."))
    made: PolicyResponse = PolicyResponse.objects.register(
        title=" ".join(title.split()), to_whom=to_whom.strip(), text=text.strip(), cites=_cited(cites), **more
    )
    record(verb="decide.respond", by=by, about=made.cites, made=[made])
    return made


@transaction.atomic
def plan_step(
    *,
    by: str,
    plan: str,
    order: int,
    what: str,
    owner: str,
    due_on: datetime.date | None = None,
    demonstration: bool = False,
) -> PlanStep:
    """Write a step of a plan, or write it anew: the same plan and place is the same step."""
    if not (plan.strip() and what.strip() and owner.strip()):
        raise InputError(said("A step needs its plan, what is to be done, and the office that sees to it."))
    fields = {"what": what.strip(), "owner": owner.strip(), "due_on": due_on, "demonstration": demonstration}
    held, _new = PlanStep.objects.update_or_create(
        plan=plan.strip(),
        order=order,
        defaults=fields,
        create_defaults={"id": PlanStep.derived(plan.strip(), order), **fields},
    )
    record(verb="decide.plan-step", by=by, made=[held])
    return held


@transaction.atomic
def finish_step(*, by: str, step: PlanStep, proof: str) -> PlanStep:
    """Say that a step is done, and what shows it."""
    if not proof.strip():
        raise InputError(said("Say what shows that it is done: a document, a date, a register."))
    held = PlanStep.objects.select_for_update().get(pk=step.pk)
    held.done_on, held.proof = timezone.localdate(), proof.strip()
    held.save(update_fields=["done_on", "proof"])
    record(verb="decide.finish-step", by=by, made=[held])
    return held
