"""Which questions of a scheme a rater is asked, what they answered, and what the rules make of the answers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from whatworks.errors import InputError
from whatworks.saying import said

from .engine import Outcome, evaluate
from .inputs import Judged, checked
from .scheme import Input, Scheme

LONGEST_REASON = 4000
CANNOT_SAY = ""  # the value of an answer that says: I cannot tell, and why

Answers = Mapping[str, Mapping[str, Any]]  # by input: value (None: cannot tell) and reason


def asked(scheme: Scheme, held: Mapping[str, Any]) -> tuple[Input, ...]:
    """The questions in the scheme's order: what people judge; and everything else, too, where nothing is held."""
    return tuple(one for one in scheme.inputs.values() if one.judged or not held)


def answer(scheme: Scheme, name: str, value: object, reason: str) -> dict[str, Any]:
    """One answer as it is kept. Raises InputError for what the scheme does not allow, or words that are too long."""
    if name not in scheme.inputs:
        raise InputError(
            said(
                "%(title)s asks no “%(name)s”; reload the page and answer what it asks.",
                title=scheme.title,
                name=name[:40],
            )
        )
    if len(reason) > LONGEST_REASON:
        raise InputError(
            said(
                "%(called)s: the reason is longer than %(longest_reason)s characters.",
                called=_called(scheme.inputs[name]),
                longest_reason=f"{LONGEST_REASON:,}",
            )
        )
    if value in (None, CANNOT_SAY):
        return {"value": None, "reason": reason.strip()}
    return {"value": checked(scheme, scheme.inputs[name], value), "reason": reason.strip()}


def typed(declared: Input, text: str) -> object:
    """What a form's text stands for: a number, yes or no, or one of the choices. Raises InputError for no number."""
    words = text.strip()
    if not words or declared.kind in ("choice", "text"):
        return words or None
    if declared.kind == "boolean":
        return {"yes": True, "no": False}.get(words, words)
    try:
        return int(words) if declared.kind == "integer" else float(words.replace(",", ""))
    except ValueError as problem:
        raise InputError(
            said("%(called)s: “%(words)s” is no number; type digits only.", called=_called(declared), words=words[:20])
        ) from problem


def unanswered(questions: tuple[Input, ...], answers: Answers) -> list[Input]:
    """Questions with neither an answer nor the reason why there is none."""
    return [one for one in questions if not _answered(answers.get(one.name, {}))]


def _answered(given: Mapping[str, Any]) -> bool:
    return given.get("value") is not None or bool(given.get("reason"))


def followed(scheme: Scheme, held: Mapping[str, Any], answers: Answers, by: str) -> Outcome:
    """What the scheme's rules make of what is held and what was answered. Raises InputError where answers contradict."""
    judged = {
        name: Judged(one["value"], by, one.get("reason", ""))
        for name, one in answers.items()
        if one.get("value") is not None
    }
    return evaluate(scheme, dict(held) | judged)


def differing(questions: tuple[Input, ...], said: list[tuple[Answers, str]], made: tuple[Answers, str]) -> list[str]:
    """Where what is agreed on is not what everybody had said: names of questions, and `level`."""
    answers, level = made
    names = [
        one.name for one in questions if any(_value(other, one.name) != _value(answers, one.name) for other, _ in said)
    ]
    return [*names, *(["level"] if any(other != level for _, other in said) else [])]


def _value(answers: Answers, name: str) -> Any:
    return answers.get(name, {}).get("value")


def _called(declared: Input) -> str:
    return declared.words[:1].upper() + declared.words[1:]
