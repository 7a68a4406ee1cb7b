"""A setting of priorities from its first question to a published order: looked up first, voted on unseen, counted by the locked rule."""

from __future__ import annotations

import datetime
import hashlib
import json
import secrets
from collections.abc import Mapping, Sequence

from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify

from whatworks.decide.methods.prioritising import InterimOrder, interim_order
from whatworks.decide.models import Ballot, Priority, PrioritySetting, PutForward
from whatworks.errors import ConflictError, InputError
from whatworks.ledger.actions import computed, record, record_node
from whatworks.ledger.models import Subject
from whatworks.saying import said
from whatworks.scope.models import Question, Theme

LEAST = 5  # ballots of a group: fewer would show what single people said
METHOD, VERSION = "interim order of groups", "1"
MOST_CODES = 500


@transaction.atomic
def open_setting(
    *,
    by: str,
    title: str,
    groups: Mapping[str, float],
    shortlist: int,
    choose: int,
    closes_on: datetime.date,
    theme: Theme | None = None,
    demonstration: bool = False,
) -> PrioritySetting:
    """Begin a setting of priorities. Nobody votes before `open_voting`.

    Raises InputError for no title, fewer than two groups, weights of nought or below, or a short list or ballot without room.
    """
    name, slug = " ".join(title.split()), slugify(title)[:80].strip("-")
    if not slug:
        raise InputError(said("Give it a title in words; it becomes its address."))
    if len(groups) < 2 or min(groups.values()) <= 0:
        raise InputError(
            said("Name two groups or more who vote, each with a weight above nought; they are kept apart.")
        )
    if shortlist < 1 or choose < 1:
        raise InputError(said("The short list and each ballot need room for one question at least."))
    if PrioritySetting.objects.filter(slug=slug).exists():
        raise ConflictError(said("There is one called “%(name)s” already; choose another title.", name=name))
    made: PrioritySetting = PrioritySetting.objects.register(
        PrioritySetting.derived(slug), slug=slug, title=name, groups=dict(groups), shortlist=shortlist, choose=choose,
        closes_on=closes_on, theme=theme, demonstration=demonstration,
    )  # fmt: skip
    record(verb="decide.open-setting", by=by, made=[made])
    return made


@transaction.atomic
def put_forward(*, by: str, setting: PrioritySetting, question: Question) -> PutForward:
    """Put a question forward, before voting opens. The same again is the one that is here."""
    held = _held(
        setting, PrioritySetting.DRAFT, said("Voting on these questions has begun; put it forward in the next setting.")
    )
    found: PutForward | None = held.put_forward.filter(question=question).first()
    if found is not None:
        return found
    made = PutForward.objects.create(
        id=PutForward.derived(held.pk, question.pk), setting=held, question=question, by=by, at=timezone.now()
    )
    record(verb="decide.put-forward", by=by, about=[held, question], made=[made])
    return made


@transaction.atomic
def look_up(
    *, by: str, row: PutForward, found: str, looked: str, by_what: Subject | None = None, worth: str = ""
) -> PutForward:
    """Say whether a question is answered already or being answered, where that was looked up, and what knowing would be worth.

    Raises InputError where nobody says where it was looked up, or what answers it.
    """
    held = PutForward.objects.select_for_update().get(pk=row.pk)
    _held(held.setting, PrioritySetting.DRAFT, said("Voting has begun; what was looked up stands as it is."))
    if found not in (PutForward.UNANSWERED, PutForward.ANSWERED, PutForward.RUNNING):
        raise InputError(said("Say whether it is unanswered, answered already, or being answered now."))
    if not looked.strip():
        raise InputError(said("Say where you looked, such as which pages, registers and searches, and on which day."))
    if found != PutForward.UNANSWERED and by_what is None:
        raise InputError(said("Name the page, review or trial that answers it, or will."))
    held.found, held.looked, held.by_what, held.worth = found, looked.strip(), by_what, worth.strip()
    held.by, held.at = by, timezone.now()
    held.save(update_fields=["found", "looked", "by_what", "worth", "by", "at"])
    record(verb="decide.look-up", by=by, about=[held.question_id], made=[held])
    return held


@transaction.atomic
def open_voting(*, by: str, setting: PrioritySetting) -> PrioritySetting:
    """Lock the rule by its digest and let people vote. Questions found answered or running are not on the ballot.

    Raises InputError while a question was not looked up, or where fewer than two are left to vote on.
    """
    held = _held(setting, PrioritySetting.DRAFT, said("Voting has been opened already."))
    rows = list(held.put_forward.select_related("question"))
    missing = next((row for row in rows if row.found == PutForward.UNCHECKED), None)
    if missing:
        raise InputError(
            said(
                "Look up first whether “%(question)s” is answered already or being answered.",
                question=missing.question.wording,
            )
        )
    if len(on_ballot(held)) < 2:
        raise InputError(said("There must be two unanswered questions at least to choose between."))
    held.state, held.opened_at, held.rule_digest = PrioritySetting.VOTING, timezone.now(), rule_digest(held)
    held.save(update_fields=["state", "opened_at", "rule_digest"])
    record(verb="decide.open-voting", by=by, made=[held], payload={"rule": rule_digest(held)}, audience="public")
    return held


def rule_digest(setting: PrioritySetting) -> str:
    """SHA-256 of what decides the order besides the votes: method, groups with weights, ballot, short list, questions."""
    told = {
        "method": METHOD, "version": VERSION, "groups": setting.groups, "choose": setting.choose,
        "shortlist": setting.shortlist, "questions": [row.question_id for row in on_ballot(setting)],
    }  # fmt: skip
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()


def on_ballot(setting: PrioritySetting) -> list[PutForward]:
    """What can be voted on: questions that nobody has answered or is answering."""
    rows = setting.put_forward.filter(found=PutForward.UNANSWERED).select_related("question")
    return sorted(rows, key=lambda row: (row.question.wording.casefold(), row.pk))


@transaction.atomic
def hand_out(*, by: str, setting: PrioritySetting, group: str, number: int) -> list[str]:
    """New codes for a group's voters, told this once: only their digests are kept, and not who gets which."""
    held = _held(setting, PrioritySetting.VOTING, said("Codes are handed out while voting is open."))
    if group not in held.groups:
        raise InputError(said("“%(group)s” is no group of this setting.", group=group))
    if not 1 <= number <= MOST_CODES:
        raise InputError(said("Ask for 1 to %(most)s codes at a time.", most=MOST_CODES))
    codes = ["-".join(secrets.token_hex(2) for _ in range(3)) for _ in range(number)]
    Ballot.objects.bulk_create(
        Ballot(id=Ballot.fresh(), setting=held, group=group, code_digest=_digest(held, code)) for code in codes
    )
    record_node(verb="decide.hand-out-codes", by=by, about=[held], payload={"group": group, "number": number})
    return codes


def ballot_of(setting: PrioritySetting, code: str) -> Ballot:
    """The ballot that a code opens. Raises InputError for one that opens none, or was used."""
    found: Ballot | None = setting.ballots.filter(code_digest=_digest(setting, code)).first()
    if found is None:
        raise InputError(
            said("This code opens no ballot here; look whether it was typed as it was sent, with its dashes.")
        )
    if found.points is not None:
        raise InputError(said("This code was used already; each opens one ballot once."))
    return found


@transaction.atomic
def cast(*, setting: PrioritySetting, code: str, ticked: Sequence[str]) -> Ballot:
    """Count a voter's ticks. No event says who: only that one ballot more of a group was cast, and on which day.

    Raises InputError for no tick, too many, or a question that is not on the ballot; and when voting is not open.
    """
    held = _held(setting, PrioritySetting.VOTING, said("Voting is not open."))
    if timezone.localdate() > held.closes_on:
        raise InputError(said("Voting closed on %(day)s.", day=held.closes_on.isoformat()))
    questions = [row.question_id for row in on_ballot(held)]
    chosen = set(ticked)
    if not 1 <= len(chosen) <= held.choose:
        raise InputError(
            said("Tick at least 1 and at most %(most)s questions; %(n)s are ticked.", most=held.choose, n=len(chosen))
        )
    if chosen - set(questions):
        raise InputError(said("One of these questions is not on the ballot; reload the page."))
    ballot = Ballot.objects.select_for_update().get(pk=ballot_of(held, code).pk)
    ballot.points = {question: int(question in chosen) for question in questions}
    ballot.cast_on = timezone.localdate()
    ballot.save(update_fields=["points", "cast_on"])
    return ballot


@transaction.atomic
def publish(*, by: str, setting: PrioritySetting, without: Mapping[str, str] | None = None) -> list[Priority]:
    """Close voting, count, and publish the order. `without`: groups whose ballots do not count, each with the reason, shown beside.

    Raises InputError while a group that counts has fewer than five ballots: their order would show what single people said.
    """
    held = _held(setting, PrioritySetting.VOTING, said("The order is published once, when voting is over."))
    left = {group: why.strip() for group, why in (without or {}).items()}
    if any(not why or group not in held.groups for group, why in left.items()):
        raise InputError(said("Say of each group that is left out why; it is shown beside the order."))
    votes = _votes(held, left)
    for group, rows in votes.items():
        if len(rows) < LEAST:
            raise InputError(
                said(
                    "“%(group)s” has %(n)s ballots; with fewer than %(least)s the order would show what single people said. Wait for "
                    "more, or leave the group out and say why.",
                    group=group,
                    n=len(rows),
                    least=LEAST,
                )
            )
    held.state, held.left_out = PrioritySetting.PUBLISHED, left
    held.save(update_fields=["state", "left_out"])
    made = _kept(held, order_of(held))
    record(verb="decide.publish-order", by=by, about=[held], made=[held, *made], audience="public")
    return made


def order_of(setting: PrioritySetting) -> InterimOrder:
    """The order by the ballots that are held. The same ballots give the same order, and the same uncertainty."""
    questions = [row.question_id for row in on_ballot(setting)]
    votes = _votes(setting, setting.left_out)
    weights = {group: float(setting.groups[group]) for group in votes}
    return interim_order(questions, votes, weights=weights, seed=int(setting.rule_digest[:8], 16))


def _votes(setting: PrioritySetting, without: Mapping[str, str]) -> dict[str, list[list[float]]]:
    questions = [row.question_id for row in on_ballot(setting)]
    votes: dict[str, list[list[float]]] = {group: [] for group in sorted(setting.groups) if group not in without}
    for ballot in setting.ballots.filter(points__isnull=False).order_by("pk"):
        if ballot.group in votes:
            votes[ballot.group].append([float(ballot.points[question]) for question in questions])
    return votes


def _kept(setting: PrioritySetting, order: InterimOrder) -> list[Priority]:
    inside, _near = order.shortlist(setting.shortlist)
    listed, now = {one.question for one in inside}, timezone.now()
    wordings = Question.objects.in_bulk([one.question for one in order.placed])
    made = Priority.objects.register_all(
        Priority(
            subject_id=Priority.derived(setting.pk, one.question), setting=setting, question=wordings[one.question], rank=one.rank,
            mean_rank=one.mean_rank, low=one.low, high=one.high, groups=dict(one.groups), listed=one.question in listed, at=now,
        )
        for one in order.placed
    )  # fmt: skip
    for one in made:
        rests = {"rule": setting.rule_digest, "question": one.question_id}
        computed(output=one, method=METHOD, version=VERSION, inputs=rests, rests_on=[one.question_id, setting.pk])
    return list(made)


def _held(setting: PrioritySetting, state: str, otherwise: str) -> PrioritySetting:
    held: PrioritySetting = PrioritySetting.objects.select_for_update().get(pk=setting.pk)
    if held.state != state:
        raise ConflictError(otherwise)
    return held


def _digest(setting: PrioritySetting, code: str) -> str:
    return hashlib.sha256(f"{setting.pk}:{code.strip().lower()}".encode()).hexdigest()
