"""The pages of judging: one question after another, both raters side by side, what was agreed, and its history."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext, gettext_lazy
from django.utils.translation import gettext as _

from whatworks.errors import InputError
from whatworks.people.naming import names, who_and_when
from whatworks.rate.forms_judging import LEVEL, heading_of, question
from whatworks.rate.judging import ratings_of
from whatworks.rate.methods.asking import followed
from whatworks.rate.methods.engine import Outcome
from whatworks.rate.methods.inputs import shown
from whatworks.rate.models import Assessment, Moderation, PersonalRating, Rater, Revocation, Signoff
from whatworks.rate.rated_things import Thing
from whatworks.rate.suggesting import suggestions

HOW = {
    Moderation.DISCUSSION: gettext_lazy("One of the two recorded it, after they talked."),
    Moderation.THIRD: gettext_lazy("A third person decided."),
}
DECIDED = {Signoff.APPROVED: gettext_lazy("Signed off"), Signoff.RETURNED: gettext_lazy("Sent back")}


def people_of(held: Assessment) -> list[dict[str, Any]]:
    """Who rates it, and whether they are done: nothing of what they said."""
    rows = list(Rater.objects.here().filter(assessment=held))
    called = names(one.user_id for one in rows)
    return [{"user": one.user_id, "name": called[one.user_id], "done": one.done_at is not None} for one in rows]


def last_of(rater: Rater) -> PersonalRating | None:
    """What a rater said last; None before anything was."""
    row: PersonalRating | None = PersonalRating.objects.current().filter(rater=rater).first()
    return row


def steps_of(thing: Thing, last: PersonalRating | None) -> list[dict[str, Any]]:
    """Every question with what was answered so far, and the level at the end."""
    answers = last.answers if last else {}
    steps = [question(one, answers) for one in thing.questions]
    level = last.level if last else ""
    said = thing.scheme.word(level) if level else ""
    end = {"name": LEVEL, "words": _("The level you would give"), "answered": bool(level), "said": said}
    numbered = [*steps, end]
    return [one | {"number_of": place} for place, one in enumerate(numbered, 1)]


def levels_of(thing: Thing, chosen: str) -> list[dict[str, Any]]:
    """The levels that can be given, with our words for them, highest first, then those beside the ladder."""
    ranked = [thing.scheme.levels[key] for key in reversed(thing.scheme.ladder)]
    beside = [one for one in thing.scheme.levels.values() if one.rank is None]
    return [{"level": one, "chosen": one.key == chosen} for one in (*ranked, *beside)]


def afterwards(thing: Thing, one: PersonalRating) -> dict[str, Any]:
    """What a rule says beside what a rater has recorded and can no longer change."""
    told = suggestions(thing)
    rows = [
        {
            "words": heading_of(declared),
            "said": _said(declared, one.answers),
            "reason": one.answers.get(declared.name, {}).get("reason", ""),
            "suggested": _suggested(declared, told.get(declared.name)),
            "why": told[declared.name].why if declared.name in told else "",
        }
        for declared in thing.questions
    ]
    rules = thing.computed or _followed(thing, one.answers)
    return {
        "rows": rows,
        "suggests": any(row["suggested"] or row["why"] for row in rows),
        "level": thing.scheme.word(one.level),
        "reason": one.reason,
        "rules": thing.scheme.word(rules) if rules else "",
        "same": rules == one.level,
    }


def _followed(thing: Thing, answers: Mapping[str, Any]) -> str:
    return outcome.level or "" if (outcome := run(thing, answers)) else ""


def run(thing: Thing, answers: Mapping[str, Any]) -> Outcome | None:
    """What the rules make of answers; None where these contradict each other."""
    try:
        return followed(thing.scheme, thing.held, answers, "two raters")
    except InputError:
        return None


def _said(declared: Any, answers: Mapping[str, Any]) -> str:
    value = answers.get(declared.name, {}).get("value")
    return _("cannot tell") if value is None else shown(declared, value)


def _suggested(declared: Any, told: Any) -> str:
    return shown(declared, told.value) if told is not None and told.value is not None else ""


def compared(held: Assessment, thing: Thing) -> dict[str, Any]:
    """Both raters side by side, question by question, with what a rule suggests for each."""
    both, told = ratings_of(held), suggestions(thing)
    called = names(one.rater.user_id for one in both)
    rows = []
    for declared in thing.questions:
        sides = [
            {"said": _said(declared, one.answers), "reason": one.answers.get(declared.name, {}).get("reason", "")}
            for one in both
        ]
        suggested = told.get(declared.name)
        rows.append(
            {
                "name": declared.name,
                "words": heading_of(declared),
                "meaning": declared.meaning,
                "sides": sides,
                "differ": len({side["said"] for side in sides}) > 1,
                "suggested": _suggested(declared, suggested),
                "why": suggested.why if suggested else "",
            }
        )
    levels = [{"said": thing.scheme.word(one.level), "reason": one.reason} for one in both]
    return {
        "people": [called[one.rater.user_id] for one in both],
        "rows": rows,
        "levels": levels,
        "levels_differ": len({one.level for one in both}) > 1,
        "same": sum(not row["differ"] for row in rows),
        "rules": [thing.computed or _followed(thing, one.answers) for one in both],
    }


def starting_from(held: Assessment, last: Moderation | None) -> dict[str, Any]:
    """What the form of agreeing starts from: the last agreement, else what both said alike."""
    if last is not None:
        told = {"answers": last.answers, "level": last.level, "changed": last.changed, "override": last.override}
        return told
    both = ratings_of(held)
    answers = {name: both[0].answers[name] for name in _alike(both)} if both else {}
    levels = {one.level for one in both}
    return {"answers": answers, "level": levels.pop() if len(levels) == 1 else "", "changed": {}, "override": ""}


def _alike(both: list[PersonalRating]) -> Iterable[str]:
    first = both[0].answers
    values = lambda one, name: one.answers.get(name, {}).get("value")  # noqa: E731  one line, used twice
    return [name for name in first if all(values(one, name) == values(both[0], name) for one in both)]


def history_of(held: Assessment, thing: Thing) -> list[dict[str, Any]]:
    """What was agreed, signed off, sent back and taken back, the last first."""
    found: list[tuple[Any, dict[str, Any]]] = []
    for one in Moderation.objects.filter(assessment=held).order_by("number"):
        found.append((one.at, _moderated(one, thing)))
        for signed in Signoff.objects.filter(moderation=one).order_by("at"):
            words = {"said": DECIDED[signed.decision], "why": signed.why, "who": who_and_when(signed.by, signed.at)}
            found.append((signed.at, words | {"changed": []}))
            for back in Revocation.objects.filter(signoff=signed).order_by("at"):
                words = {
                    "said": gettext("The approval was taken back"),
                    "why": back.why,
                    "who": who_and_when(back.by, back.at),
                }
                found.append((back.at, words | {"changed": []}))
    return [told for _, told in sorted(found, key=lambda pair: pair[0], reverse=True)]


def _moderated(one: Moderation, thing: Thing) -> dict[str, Any]:
    called = lambda name: _("The level") if name == LEVEL else heading_of(thing.scheme.inputs[name])  # noqa: E731
    changed = [(called(name), why) for name, why in sorted(one.changed.items())]
    rule = _(" The rules give “%(scheme)s”.") % {"scheme": thing.scheme.word(one.computed)} if one.overrides else ""
    said = f"Agreed: {thing.scheme.word(one.level)}.{rule} {HOW[one.how]}"
    return {"said": said, "why": one.override, "changed": changed, "who": who_and_when(one.by, one.at)}
