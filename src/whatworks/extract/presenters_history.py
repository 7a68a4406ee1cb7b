"""What was changed of a study, in words: who, when, from what to what, and why. Nobody's answers are in it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from whatworks.collate.models import Report
from whatworks.extract.models import Arm, Contrast, Measure, Regrouping, Study
from whatworks.ledger.models import Event, Payload
from whatworks.people.naming import names
from whatworks.scope.models import Intervention, Outcome

SHORT = 6  # what a page shows before the rest is asked for
# What coders answer is told by nobody else's page, so that they stay blind: an event not named here is not shown.
SAID = {
    "extract.open-study": "Opened the study",
    "extract.describe-study": "Changed what is said of the study",
    "extract.describe-support": "Said who paid and took part",
    "extract.attach": "Attached {report}, as {role}",
    "extract.detach": "Took off {report}",
    "extract.add-arm": "Added the arm “{arm}”",
    "extract.change-arm": "Changed the arm “{arm}”",
    "extract.remove-arm": "Removed the arm “{arm}”",
    "extract.add-measure": "Added the outcome “{measure}”",
    "extract.change-measure": "Changed the outcome “{measure}”",
    "extract.remove-measure": "Removed the outcome “{measure}”",
    "extract.enter": "Entered a result: {measured}",
    "extract.describe": "Changed what is said of the result “{contrast}”",
    "extract.correct": "Corrected the numbers of “{contrast}”",
    "extract.merge-study": "Merged “{study}” into “{other}”",
    "extract.split-study": "Split “{other}” off “{study}”",
    "extract.undo-merge": "Took back that “{study}” was merged into “{other}”",
}
FIELDS = {
    "n": "people",
    "n_total": "how many took part",
    "n_randomised": "people put in it",
    "n_analysed": "people analysed",
    "clusters": "clusters",
    "clusters_analysed": "clusters analysed",
    "icc": "ICC",
    "icc_source": "where the ICC is from",
    "role": "part",
    "randomised": "drawn by lot",
    "unit": "who or what is counted",
    "caution": "to keep in mind",
    "funder": "who paid",
    "funder_involved": "how far whoever paid took part",
    "developer_involved": "how far the developers took part",
    "sign": "which way the scale runs",
    "informant": "who told it",
    "order": "place in the list",
    "months_from_end": "months from the end of treatment",
    "months_from_baseline": "months from the start",
}
SCALE = {1: "more is more of it", -1: "more is less of it"}
NAMED = (Outcome, Intervention, Arm, Measure, Study)


def history_of(study: Study) -> dict[str, list[dict[str, Any]]]:
    """What was done to a study, newest first: the last things, and those before them."""
    rows = Event.objects.about(study.pk).filter(verb__in=SAID).select_related("payload")
    events = list(rows.order_by("-at", "-id"))
    told = [(one, _body(one)) for one in events]
    known = _known(told)
    people = names(one.actor for one in events)
    lines = [_line(one, body, known) | {"who": people[one.actor], "at": one.at} for one, body in told]
    return {"last": lines[:SHORT], "earlier": lines[SHORT:]}


def _body(event: Event) -> dict[str, Any]:
    """What the event holds; empty where that was erased or withheld."""
    payload: Payload | None = getattr(event, "payload", None)
    return dict(json.loads(payload.body)) if payload is not None and payload.state == Payload.HELD else {}


def _line(event: Event, body: dict[str, Any], known: Mapping[str, str]) -> dict[str, Any]:
    words = _Words({name: value for name, value in body.items() if isinstance(value, str) and value})
    words |= {"report": _first(event, known, "rep"), "contrast": _first(event, known, "con")}
    if event.verb in ("extract.add-arm", "extract.change-arm"):
        words.setdefault("arm", _first(event, known, "arm"))
    for part, name in zip(("study", "other"), known.get(_first_key(event, "rgp"), "").split("\n"), strict=False):
        words[part] = name
    before, after = body.get("before"), body.get("after")
    changes = _changes(before, after, known) if isinstance(before, dict) and isinstance(after, dict) else []
    why = body.get("why") or body.get("reason") or ""
    return {"what": SAID[event.verb].format_map(words), "changes": changes, "why": why}


class _Words(dict[str, str]):
    def __missing__(self, name: str) -> str:
        return "one that is not named any more"


def _changes(before: dict[str, Any], after: dict[str, Any], known: Mapping[str, str]) -> list[dict[str, str]]:
    return [
        {
            "name": FIELDS.get(name, name.replace("_", " ")),
            "old": _value(name, before.get(name), known),
            "new": _value(name, after.get(name), known),
        }
        for name in sorted({*before, *after})
        if before.get(name) != after.get(name)
    ]


def _value(name: str, value: Any, known: Mapping[str, str]) -> str:
    if value is None or value == "":
        return "nothing"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if name == "sign":
        return SCALE.get(value, str(value))
    return f"{value:g}" if isinstance(value, float) else known.get(str(value), str(value))


def _first_key(event: Event, prefix: str) -> str:
    return next((one for one in event.subjects if one.startswith(f"{prefix}-")), "")


def _first(event: Event, known: Mapping[str, str], prefix: str) -> str:
    return known.get(_first_key(event, prefix)) or "one that is not held any more"


def _known(told: Iterable[tuple[Event, dict[str, Any]]]) -> dict[str, str]:
    """What the identifiers in events stand for, in one query for each sort of thing."""
    wanted: set[str] = set()
    for event, body in told:
        wanted |= set(event.subjects)
        for side in ("before", "after"):
            values = body.get(side)
            wanted |= {one for one in values.values() if isinstance(one, str)} if isinstance(values, dict) else set()
    found = {row.pk: str(row.name) for model in NAMED for row in model._default_manager.filter(pk__in=wanted)}
    found |= {row.pk: f"“{row.title}”" for row in Report.objects.filter(pk__in=wanted)}
    found |= {row.pk: row.subject_title() for row in Contrast.objects.filter(pk__in=wanted)}
    pairs = Regrouping.objects.filter(pk__in=wanted).select_related("study", "other")
    return found | {row.pk: f"{row.study.name}\n{row.other.name}" for row in pairs}
