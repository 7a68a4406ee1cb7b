"""What people do in a survey round: open it, take the reply of a place, close it."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone

from whatworks.baseline.methods.rounds import Response, response
from whatworks.baseline.methods.standing import NAMES, Word
from whatworks.baseline.models import Practice, Reply, Round, Standing
from whatworks.baseline.practising import authorities, faults_of, take_word, word_of
from whatworks.errors import ConflictError, InputError
from whatworks.ledger.actions import record
from whatworks.ledger.fields import PUBLIC
from whatworks.people.models import Area
from whatworks.saying import dated, joined, said


@transaction.atomic
def open_round(
    *,
    by: str,
    name: str,
    question: str,
    areas: Iterable[Area],
    practices: Iterable[Practice],
    opened_on: datetime.date | None = None,
    source_url: str = "",
) -> Round:
    """Ask places about practices from a day on. The same round twice is one round."""
    day = opened_on or timezone.localdate()
    asked = {one.pk: one for one in areas}
    told = {
        "name": " ".join(name.split()),
        "question": question.strip(),
        "opened_on": day,
        "practices": sorted({one.pk for one in practices}),
        "areas": sorted(asked),
        "source_url": source_url.strip(),
    }
    _refuse_unready(told, asked)
    held = Round.objects.filter(name=told["name"]).first()
    if held is None:
        made = Round.objects.register(Round.derived(told["name"]), **told)
        payload = {"name": made.name, "areas": len(made.areas), "practices": len(made.practices)}
        record(verb="baseline.open-round", by=by, about=made.practices, made=[made], payload=payload, audience=PUBLIC)
        return made
    if any(getattr(held, key) != value for key, value in told.items()):
        raise ConflictError(
            said("There is a round called “%(name)s” already; give the new one another name.", name=held.name)
        )
    return held


def _refuse_unready(told: Mapping[str, Any], asked: Mapping[str, Area]) -> None:
    if not told["name"] or not told["question"]:
        raise InputError(said("A round needs a name and the question as it is put to the places."))
    if not told["practices"]:
        raise InputError(said("Choose at least one practice to ask about."))
    if not asked:
        raise InputError(said("Choose at least one place to ask."))
    if told["opened_on"] > timezone.localdate():
        raise InputError(said("A round is opened on the day on which it begins; give today or an earlier day."))
    there = set(authorities().valid_on(told["opened_on"]).filter(pk__in=list(asked)).values_list("pk", flat=True))
    if gone := [one.name for key, one in asked.items() if key not in there]:
        raise InputError(
            said(
                "%(gone)s: no authority on %(opened_on)s; leave out or change the day.",
                gone=", ".join(gone[:5]),
                opened_on=dated(told["opened_on"]),
            )
        )


@transaction.atomic
def answer_round(
    *,
    by: str,
    round: Round,
    area: Area,
    on: datetime.date,
    said_by: str,
    answers: Mapping[str, Mapping[str, str]],
) -> Reply:
    """Take the reply of one place: for each practice asked (by identifier) its status, and what else was said of it.

    The same reply twice is one reply. Raises InputError where a practice has no status or a word is not well said,
    ConflictError where the place answered otherwise before or the round is closed.
    """
    held = Round.objects.select_for_update().get(pk=round.pk)
    practices = list(Practice.objects.filter(pk__in=held.practices).order_by("name"))
    words = {one: reply_word(held, on, said_by, answers.get(one.pk, {})) for one in practices}
    if before := Reply.objects.filter(round=held, area=area).first():
        return _answered_before(before, words)
    if found := refusals(held, area, on, words):
        raise InputError(joined(" ", found))
    made = Reply.objects.create(
        id=Reply.derived(held.pk, area.pk), round=held, area=area, on=on, said_by=said_by.strip()
    )
    rows = [take_word(area=area, practice=one, word=word, reply=made)[0] for one, word in words.items()]
    payload = {row.practice_id: row.status for row in rows}
    about = [held, area, *(row.practice for row in rows)]
    record(verb="baseline.answer-round", by=by, about=about, made=[made, *rows], payload=payload, audience=PUBLIC)
    return made


def reply_word(round: Round, on: datetime.date, said_by: str, answer: Mapping[str, str]) -> Word:
    """What a place said of one practice, with the round as its source."""
    given = {name: answer.get(name, "") for name in NAMES}
    shared = {"on": on.isoformat(), "said_by": said_by}
    sources = {"source": f"Survey round “{round.name}”", "source_url": round.source_url}
    return Word(**given | shared | sources).trimmed()


def refusals(round: Round, area: Area, on: datetime.date, words: Mapping[Practice, Word]) -> list[str]:
    """Why the reply of a place cannot be taken; empty where it can."""
    if round.closed_on:
        raise ConflictError(
            said(
                "“%(name)s” was closed on %(closed_on)s; say it of the place by itself.",
                name=round.name,
                closed_on=dated(round.closed_on),
            )
        )
    found = []
    if area.pk not in round.areas:
        told = said(
            "%(area)s was not asked in “%(round)s”; say it of the place by itself.", area=area.name, round=round.name
        )
        found.append(told)
    if on < round.opened_on:
        found.append(said("The round began on %(day)s; give a later day.", day=dated(round.opened_on)))
    for practice, word in words.items():
        found += [said("%(name)s: %(fault)s", name=practice.name, fault=fault) for _, fault in faults_of(area, word)]
    return list(dict.fromkeys(found))


def _answered_before(held: Reply, words: Mapping[Practice, Word]) -> Reply:
    rows = Standing.objects.filter(reply=held, replaces=None)
    if {row.practice_id: word_of(row).parts() for row in rows} == {one.pk: word.parts() for one, word in words.items()}:
        return held
    raise ConflictError(
        said(
            "%(name)s answered already, on %(on)s; correct what was said instead of answering again.",
            name=held.area.name,
            on=dated(held.on),
        )
    )


@transaction.atomic
def close_round(*, by: str, round: Round, on: datetime.date | None = None) -> Round:
    """End a round: no more replies are taken, and it can be compared. Closing it twice changes nothing."""
    held = Round.objects.select_for_update().get(pk=round.pk)
    if held.closed_on:
        return held
    day = on or timezone.localdate()
    if day > timezone.localdate():
        raise InputError(said("A round is closed on the day on which it ends; give today or an earlier day."))
    last = held.replies.order_by("-on").values_list("on", flat=True).first() or held.opened_on
    if day < last:
        raise InputError(said("A reply is of %(last)s; close the round on that day or later.", last=dated(last)))
    held.closed_on = day
    held.save(update_fields=["closed_on"])
    told = response_of(held)
    payload = {"asked": told.asked, "answered": told.answered}
    record(verb="baseline.close-round", by=by, made=[held], payload=payload, audience=PUBLIC)
    return held


def response_of(round: Round) -> Response:
    """How many places were asked, how many answered, and who did not."""
    return response(round.areas, set(round.replies.values_list("area", flat=True)))


def answers_of(round: Round, practice: Practice) -> dict[str, str]:
    """What the places said of one practice in a round, as corrected since: status by identifier of the place."""
    rows = Standing.objects.not_replaced().filter(reply__round=round, practice=practice)
    return dict(rows.values_list("area", "status"))
