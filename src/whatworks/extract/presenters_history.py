"""What was changed of a study, in words: who, when, from what to what, and why. Nobody's answers are in it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from whatworks.collate.models import Report
from whatworks.extract.models import Arm, Contrast, Measure, Regrouping, Study
from whatworks.ledger.models import Event, Payload
from whatworks.people.naming import names
from whatworks.scope.models import Intervention, Outcome

SHORT = 6  # what a page shows before the rest is asked for
# What coders answer is told by nobody else's page, so that they stay blind: an event not named here is not shown.
SAID = {
    "extract.open-study": gettext_lazy("Opened the study"),
    "extract.describe-study": gettext_lazy("Changed what is said of the study"),
    "extract.describe-support": gettext_lazy("Said who paid and took part"),
    "extract.attach": gettext_lazy("Attached {report}, as {role}"),
    "extract.detach": gettext_lazy("Took off {report}"),
    "extract.add-arm": gettext_lazy("Added the arm “{arm}”"),
    "extract.change-arm": gettext_lazy("Changed the arm “{arm}”"),
    "extract.remove-arm": gettext_lazy("Removed the arm “{arm}”"),
    "extract.add-measure": gettext_lazy("Added the outcome “{measure}”"),
    "extract.change-measure": gettext_lazy("Changed the outcome “{measure}”"),
    "extract.remove-measure": gettext_lazy("Removed the outcome “{measure}”"),
    "extract.enter": gettext_lazy("Entered a result: {measured}"),
    "extract.describe": gettext_lazy("Changed what is said of the result “{contrast}”"),
    "extract.correct": gettext_lazy("Corrected the numbers of “{contrast}”"),
    "extract.merge-study": gettext_lazy("Merged “{study}” into “{other}”"),
    "extract.split-study": gettext_lazy("Split “{other}” off “{study}”"),
    "extract.undo-merge": gettext_lazy("Took back that “{study}” was merged into “{other}”"),
}
FIELDS = {
    "n": gettext_lazy("people"),
    "n_total": gettext_lazy("how many took part"),
    "n_randomised": gettext_lazy("people put in it"),
    "n_analysed": gettext_lazy("people analysed"),
    "clusters": gettext_lazy("clusters"),
    "clusters_analysed": gettext_lazy("clusters analysed"),
    "icc": gettext_lazy("ICC"),
    "icc_source": gettext_lazy("where the ICC is from"),
    "role": gettext_lazy("part"),
    "randomised": gettext_lazy("drawn by lot"),
    "unit": gettext_lazy("who or what is counted"),
    "caution": gettext_lazy("to keep in mind"),
    "funder": gettext_lazy("who paid"),
    "funder_involved": gettext_lazy("how far whoever paid took part"),
    "developer_involved": gettext_lazy("how far the developers took part"),
    "sign": gettext_lazy("which way the scale runs"),
    "informant": gettext_lazy("who told it"),
    "order": gettext_lazy("place in the list"),
    "months_from_end": gettext_lazy("months from the end of treatment"),
    "months_from_baseline": gettext_lazy("months from the start"),
}
SCALE = {1: gettext_lazy("more is more of it"), -1: gettext_lazy("more is less of it")}
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
        return _("one that is not named any more")


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
        return _("nothing")
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if name == "sign":
        return SCALE.get(value, str(value))
    return f"{value:g}" if isinstance(value, float) else known.get(str(value), str(value))


def _first_key(event: Event, prefix: str) -> str:
    return next((one for one in event.subjects if one.startswith(f"{prefix}-")), "")


def _first(event: Event, known: Mapping[str, str], prefix: str) -> str:
    return known.get(_first_key(event, prefix)) or _("one that is not held any more")


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
