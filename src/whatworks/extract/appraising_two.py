"""Judging by two: asking two people, what each judges without seeing the other, and taking one's turn to the end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone

from whatworks.collate.models import Report
from whatworks.errors import ConflictError, ForbiddenError, InputError
from whatworks.extract.appraising import Working, about_of, belongs, worked
from whatworks.extract.instruments import Instrument, instrument, judge
from whatworks.extract.models import Appraiser, Appraising, Contrast, Study, Verdict
from whatworks.extract.supporting import supported
from whatworks.ledger.actions import record
from whatworks.ledger.canonical import digest
from whatworks.people.models import User
from whatworks.saying import said

TOLD = ("answers", "proposed", "trail", "domains", "overall", "reasons", "notes", "done")
LONGEST_REASON = 2000


def locked(appraising: Appraising | str) -> Appraising:
    """It, with nobody else writing to it until the transaction ends. Raises InputError where there is none."""
    key = appraising if isinstance(appraising, str) else appraising.pk
    rows = Appraising.objects.select_for_update(of=("self",)).select_related("study__review", "report", "contrast")
    held: Appraising | None = rows.filter(pk=key).first()
    if held is None:
        raise InputError(said("There is no judgement by two called %(key)s; reload the page.", key=key[:40]))
    return held


@transaction.atomic
def ask_two(
    *,
    by: str,
    study: Study,
    tool: str,
    users: Sequence[User],
    version: int | None = None,
    report: Report | None = None,
    contrast: Contrast | None = None,
    key: str = "",
) -> Appraising:
    """Ask two people to judge a study, or one report or result of it, each alone. The same request (`key`) is one.

    Raises InputError unless two different people are named, ConflictError where two judge it already.
    """
    if key and (done := Appraising.objects.filter(key=key).first()):
        return _same(done, study)
    if len({user.pk for user in users}) != 2 or len(users) != 2:
        raise InputError(said("Choose two different people; what one person judges is not compared with anything."))
    held = Study.objects.locked(study)
    belongs(held, report, contrast)
    chosen = instrument(tool, version)
    told: dict[str, Any] = {"about": about_of(held, report, contrast)}
    told |= {"instrument": chosen.key, "version": str(chosen.version)}
    if Appraising.objects.open().filter(study=held, **told).exists():
        raise ConflictError(said("Two people judge this by the same instrument already; see the page of the study."))
    told |= {"report": report, "contrast": contrast, "by": by, "at": timezone.now(), "key": key}
    made: Appraising = Appraising.objects.create(id=Appraising.fresh(), study=held, **told)
    people = [_joined(made, user, place) for place, user in enumerate(users, 1)]
    payload = {"instrument": chosen.key, "version": chosen.version, "judges": made.about}
    about = [held, *(one.user_id for one in people)]
    record(verb="extract.ask-two", by=by, about=about, made=[made, *people], payload=payload)
    return made


def _same(done: Appraising, study: Study) -> Appraising:
    if done.study_id != study.pk:
        raise ConflictError(said("This request has the name of an earlier one; reload the page and ask again."))
    return done


def _joined(appraising: Appraising, user: User, place: int) -> Appraiser:
    told = {"appraising": appraising, "user": user, "place": place, "since": timezone.now()}
    made: Appraiser = Appraiser.objects.create(id=Appraiser.derived(appraising.pk, user.pk), **told)
    return made


@transaction.atomic
def replace_appraiser(*, by: str, appraising: Appraising | str, user: User, to: User) -> Appraiser:
    """Give a person's part to another, who starts anew; what the first judged stays in history and does not count.

    Raises ConflictError once the two have seen each other's judgements, or where the other has or had a part in it.
    """
    held = locked(appraising)
    _refuse_open(held)
    row = Appraiser.objects.here().filter(appraising=held, user=user).first()
    if row is None:
        raise ConflictError(said("This person does not judge it any more; reload the page."))
    if Appraiser.objects.filter(appraising=held, user=to).exists():
        raise ConflictError(said("This person has or had a part in it already; choose somebody else."))
    row.until = timezone.now()
    row.save(update_fields=["until"])
    made = _joined(held, to, Appraiser.objects.filter(appraising=held).count() + 1)
    record(verb="extract.replace-appraiser", by=by, about=[held.study_id, user.pk, to.pk], made=[made])
    return made


@transaction.atomic
def call_off(*, by: str, appraising: Appraising | str, why: str) -> Appraising:
    """Let it be that two judge this, saying why; what was judged before stands. Once."""
    held = locked(appraising)
    if held.state == Appraising.CALLED_OFF:
        return held
    if held.state == Appraising.AGREED:
        raise ConflictError(said("The two agreed already, and that stands; change it where they compared."))
    _checked_why(why)
    held.state = Appraising.CALLED_OFF
    held.save(update_fields=["state"])
    record(verb="extract.call-off-two", by=by, about=[held.study_id], made=[held], payload={"why": why.strip()})
    return held


def _checked_why(why: str) -> None:
    if not why.strip() or len(why) > LONGEST_REASON:
        raise InputError(
            said(
                "Say why, in at most %(longest_reason)s characters; the people who judged it will ask.",
                longest_reason=f"{LONGEST_REASON:,}",
            )
        )


@transaction.atomic
def keep_verdict(
    *,
    by: str,
    appraising: Appraising | str,
    answers: Mapping[str, str] | None = None,
    domains: Mapping[str, str] | None = None,
    overall: str = "",
    reasons: Mapping[str, str] | None = None,
    notes: Mapping[str, Any] | None = None,
    done: bool = False,
) -> Verdict:
    """Keep what one of the two judged so far; `done` says that it is the whole. When both are, they may compare.

    The same again is the row that is here. Nothing of it is told to anybody else before. Raises ForbiddenError for who
    is not one of the two, ConflictError after they compared, InputError for what the instrument does not allow.
    """
    held = locked(appraising)
    person = _part(held, by)
    _refuse_open(held)
    chosen = instrument(held.instrument, held.version)
    said = (answers or {}, domains or {}, overall, reasons or {})
    made = worked(chosen, *said) if done else _so_far(chosen, *said)
    told = made.plain() | {"notes": supported(chosen, held.study_id, notes or {}), "done": done}
    row, new = _kept(person, told)
    if person.done_at is not None or not (new or done):
        return row
    if done:
        _finish(held, person)
    payload = {"verdict": row.pk, "digest": digest({name: getattr(row, name) for name in TOLD}), "done": done}
    record(verb="extract.judge-blind", by=by, about=[held.study_id], made=[row], payload=payload)
    return row


def _kept(person: Appraiser, told: Mapping[str, Any]) -> tuple[Verdict, bool]:
    """The row, and whether it is a new one."""
    last: Verdict | None = Verdict.objects.current().filter(appraiser=person).first()
    if last is not None and all(getattr(last, name) == one for name, one in told.items()):
        return last, False
    if person.done_at is not None:
        raise ConflictError(said("You said that you are done; say that you are not before you change anything."))
    number = (last.number if last else 0) + 1
    made: Verdict = Verdict.objects.create(
        id=Verdict.fresh(), appraiser=person, number=number, at=timezone.now(), **told
    )
    return made, True


def _so_far(
    chosen: Instrument, answers: Mapping[str, str], domains: Mapping[str, str], overall: str, reasons: Mapping[str, str]
) -> Working:
    """What was typed, as far as the instrument knows such answers and judgements."""
    judge(chosen, answers)
    for name, word in domains.items():
        if name not in {one.key for one in chosen.domains} or (word and chosen.judgement(word) is None):
            raise InputError(
                said("%(name)s: %(word)r is no judgement of %(key)s.", name=name[:24], word=word[:24], key=chosen.key)
            )
    if overall and chosen.overall_judgement(overall) is None:
        raise InputError(said("overall: %(overall)r is no judgement of %(key)s.", overall=overall[:24], key=chosen.key))
    kept = {name: text for name, text in reasons.items() if text.strip()}
    return Working(dict(answers), {}, {}, dict(domains), overall, kept)


def _part(appraising: Appraising, actor: str) -> Appraiser:
    row: Appraiser | None = Appraiser.objects.here().filter(appraising=appraising, user=actor).first()
    if row is None:
        raise ForbiddenError(said("You are not one of the two who judge this; ask a lead of the review to name you."))
    return row


def _refuse_open(appraising: Appraising) -> None:
    """Refuse what is only done while nobody sees what the other judged."""
    if appraising.state == Appraising.CALLED_OFF:
        raise ConflictError(said("It was called off that two judge this; judge it alone, or ask a lead of the review."))
    if appraising.unblinded_at is not None:
        raise ConflictError(
            said("Both are done and see what the other judged, so nothing of it changes; agree on one.")
        )


def _finish(appraising: Appraising, person: Appraiser) -> None:
    person.done_at = timezone.now()
    person.save(update_fields=["done_at"])
    if not Appraiser.objects.here().filter(appraising=appraising, done_at=None).exists():
        appraising.unblinded_at, appraising.state = timezone.now(), Appraising.COMPARING
        appraising.save(update_fields=["unblinded_at", "state"])


@transaction.atomic
def think_again(*, by: str, appraising: Appraising | str) -> Appraiser:
    """Say that one is not done after all; possible until both are."""
    held = locked(appraising)
    person = _part(held, by)
    if person.done_at is None:
        return person
    _refuse_open(held)
    person.done_at = None
    person.save(update_fields=["done_at"])
    record(verb="extract.think-again", by=by, about=[held.study_id])
    return person


def verdicts_of(appraising: Appraising) -> dict[str, Verdict]:
    """What each of the two judged, by user, in their order. Raises ForbiddenError before both are done, whoever asks."""
    if appraising.unblinded_at is None:
        raise ForbiddenError(
            said("The two have not both said that they are done; until then nobody compares what they judged.")
        )
    rows = Verdict.objects.current().filter(appraiser__appraising=appraising, appraiser__until=None)
    return {one.appraiser.user_id: one for one in rows.select_related("appraiser").order_by("appraiser__place")}
