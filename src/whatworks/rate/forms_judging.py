"""What was typed where people rate and agree, as the actions and the pages take it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from whatworks.errors import InputError
from whatworks.rate.methods.asking import typed
from whatworks.rate.methods.inputs import shown
from whatworks.rate.methods.scheme import Input
from whatworks.rate.rated_things import Thing

LEVEL = "level"  # the name of the last question: which level, and why
CANNOT = "cannot-tell"


def answer_typed(post: QueryDict, declared: Input) -> dict[str, Any]:
    """One answer of a form: its value (None where the person cannot tell) and reason. Raises InputError for no number."""
    text = post.get(f"value-{declared.name}", "")
    value = None if text == CANNOT else typed(declared, text)
    return {"value": value, "reason": post.get(f"reason-{declared.name}", "")}


def agreed_typed(post: QueryDict, thing: Thing) -> dict[str, Any]:
    """What was chosen as agreed, with every reason."""
    names = [*(one.name for one in thing.questions), LEVEL]
    return {
        "answers": {one.name: answer_typed(post, one) for one in thing.questions},
        "level": post.get(LEVEL, ""),
        "changed": {name: post.get(f"changed-{name}", "") for name in names},
        "override": post.get("override", ""),
    }


def options_of(declared: Input, value: Any) -> list[dict[str, Any]]:
    """What can be answered to a question with few answers; nothing for a number or words to type."""
    chosen = None if value is None else shown(declared, value)
    if declared.kind == "choice":
        pairs = list(declared.choices.items())
    elif declared.kind == "boolean":
        pairs = [("yes", "yes"), ("no", "no")]
    elif _counted(declared):
        pairs = [(str(step), str(step)) for step in range(int(declared.minimum or 0), int(declared.maximum or 0) + 1)]
    else:
        return []
    return [{"key": key, "word": word, "chosen": word == chosen} for key, word in pairs]


def _counted(declared: Input) -> bool:
    """Whether it asks for one of a few whole numbers."""
    ends = (declared.minimum, declared.maximum)
    return declared.kind == "integer" and None not in ends and float(declared.maximum or 0) <= 5


def heading_of(declared: Input) -> str:
    """What a question is about, as its heading: that it is a judgement need not be said of each."""
    words = declared.words.removeprefix("a judgement of ")
    return words[:1].upper() + words[1:]


def question(
    declared: Input, answers: Mapping[str, Mapping[str, Any]], post: QueryDict | None = None
) -> dict[str, Any]:
    """One question as a page shows it, with what was typed, else with what was kept."""
    kept = answers.get(declared.name, {})
    value, reason = kept.get("value"), kept.get("reason", "")
    raw = "" if value is None else shown(declared, value)
    if post is not None and f"value-{declared.name}" in post:
        raw, reason = post.get(f"value-{declared.name}", ""), post.get(f"reason-{declared.name}", "")
        value = _readable(declared, raw)
    cannot = raw == CANNOT or (value is None and bool(reason) and post is None)
    return {
        "name": declared.name,
        "words": heading_of(declared),
        "meaning": declared.meaning,
        "options": options_of(declared, value),
        "number": declared.kind in ("integer", "number"),
        "typed": "" if raw == CANNOT else raw,
        "reason": reason,
        "cannot": cannot,
        "answered": value is not None or bool(reason),
        "said": _("cannot tell") if value is None else shown(declared, value),
    }


def _readable(declared: Input, raw: str) -> Any:
    try:
        return None if raw == CANNOT else typed(declared, raw)
    except InputError:
        return None
