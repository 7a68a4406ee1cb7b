"""Moderation: the level that two raters agree on, or a third decides, with the reason wherever it is another than said."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone

from whatworks.errors import ConflictError, ForbiddenError, InputError
from whatworks.ledger.actions import record
from whatworks.ledger.fields import PUBLIC
from whatworks.people.models import User
from whatworks.rate.asking import LONGEST_REASON, locked, refuse_newer
from whatworks.rate.conflicts import refuse_interest
from whatworks.rate.judging import ratings_of
from whatworks.rate.methods.asking import answer, differing, followed, unanswered
from whatworks.rate.models import Assessment, Moderation
from whatworks.rate.rated_things import Thing, thing_rated
from whatworks.saying import said

TWO_RATERS = "two raters"  # who answered, where the rules are run on what was agreed
LEVEL = "level"
GOOD_OR_BAD = ("better", "worse")


def last_of(assessment: Assessment) -> Moderation | None:
    """What was agreed last; None before anything was."""
    row: Moderation | None = Moderation.objects.filter(assessment=assessment).order_by("-number").first()
    return row


def seen_of(assessment: Assessment) -> str:
    """What names the agreement that somebody looks at: it must be the last when they record another."""
    last = last_of(assessment)
    return last.pk if last else ""


@transaction.atomic
def moderate(
    *,
    by: str,
    assessment: Assessment | str,
    seen: str,
    level: str,
    answers: Mapping[str, Mapping[str, Any]] | None = None,
    changed: Mapping[str, str] | None = None,
    override: str = "",
) -> Moderation:
    """Record the level and answers on which two raters agree; by one of them, or by a third.

    `changed` says why, by question or `level`, wherever it is not what both had said; `override`, why the level is not
    the one that the scheme's rules compute. `seen` names the agreement that was shown (`seen_of`). Raises ForbiddenError
    before both are done and for an interest, ConflictError where another was recorded meanwhile or it is settled,
    InputError for a missing reason.
    """
    held = locked(assessment)
    words = ratings_of(held)
    if held.state not in (Assessment.COMPARING, Assessment.MODERATED):
        raise ConflictError(said("It is settled: nothing more is agreed here; a lead can ask two people anew."))
    thing = thing_rated(held)
    _refuse_person(by, thing)
    kept = _answers(thing, answers or {})
    computed = _computed(thing, kept, level)
    why = _reasons(thing, [(one.answers, one.level) for one in words], (kept, level), changed or {})
    told: dict[str, Any] = {"answers": kept, "level": level, "computed": computed, "changed": why}
    told["override"] = _override(thing, level, computed, override)
    last = last_of(held)
    if last is not None and last.by == by and all(getattr(last, name) == one for name, one in told.items()):
        return last
    if seen != seen_of(held):
        raise ConflictError(
            said("Somebody else recorded what was agreed meanwhile; reload the page and look at it first.")
        )
    two = [one.rater.user_id for one in words]
    told |= {"how": Moderation.DISCUSSION if by in two else Moderation.THIRD, "over": sorted(one.pk for one in words)}
    told |= {"first": two[0], "second": two[1], "number": (last.number if last else 0) + 1}
    return _recorded(held, by, told)


def _recorded(held: Assessment, by: str, told: dict[str, Any]) -> Moderation:
    made: Moderation = Moderation.objects.create(
        id=Moderation.fresh(), assessment=held, by=by, at=timezone.now(), **told
    )
    held.state = Assessment.MODERATED
    held.save(update_fields=["state"])
    payload = {"level": made.level, "how": made.how, "override": made.override}
    record(verb="rate.moderate", by=by, about=[held.about_id], made=[held, made], payload=payload, audience=PUBLIC)
    return made


def _refuse_person(by: str, thing: Thing) -> None:
    user = User.objects.filter(pk=by).first()
    if user is None or not (user.may("rate.sign") or user.may("rate.ask")):
        raise ForbiddenError(said("Recording what two raters agreed on needs the role Rater or Lead of reviews."))
    refuse_interest(user, thing)
    refuse_newer(thing)


def _answers(thing: Thing, answers: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    names = [one.name for one in thing.questions]
    kept = {
        name: answer(thing.scheme, name, answers[name].get("value"), answers[name].get("reason", ""))
        for name in names
        if name in answers
    }
    if open_still := unanswered(thing.questions, kept):
        raise InputError(
            said(
                "Not agreed yet: %(words)s; choose what was agreed, or say why nobody can tell.",
                words=open_still[0].words,
            )
        )
    return kept


def _computed(thing: Thing, answers: Mapping[str, Any], level: str) -> str:
    """The level that the rules give; empty where they give none."""
    if level not in thing.scheme.levels:
        raise InputError(said("Choose the level that was agreed."))
    return followed(thing.scheme, thing.held, answers, TWO_RATERS).level or ""


def _reasons(
    thing: Thing, both: list[tuple[Mapping[str, Any], str]], made: tuple[Mapping[str, Any], str], why: Mapping[str, str]
) -> dict[str, str]:
    needed = differing(thing.questions, both, made)
    given = {name: why.get(name, "").strip() for name in needed}
    for name, words in given.items():
        called = said("the level") if name == LEVEL else thing.scheme.inputs[name].words
        if not words:
            raise InputError(said("Say why %(called)s is not what both raters said.", called=called))
        if len(words) > LONGEST_REASON:
            raise InputError(
                said(
                    "The reason about %(called)s is longer than %(longest_reason)s characters; shorten it.",
                    called=called,
                    longest_reason=f"{LONGEST_REASON:,}",
                )
            )
    return given


def _override(thing: Thing, level: str, computed: str, why: str) -> str:
    if level in GOOD_OR_BAD and thing.held.get("direction_kind") == "contact":
        told = thing.scheme.word(level).lower()
        raise InputError(
            said(
                "Contact with services is fewer or more, never %(told)s; agree on one of those, or that we cannot "
                "tell.",
                told=told,
            )
        )
    if not computed or level == computed:
        return ""
    if not why.strip() or len(why) > LONGEST_REASON:
        rule, ours = thing.scheme.word(computed), thing.scheme.word(level)
        raise InputError(
            said(
                "The rules give “%(rule)s” and you agreed on “%(ours)s”; say why, for readers to see.",
                rule=rule,
                ours=ours,
            )
        )
    return why.strip()
