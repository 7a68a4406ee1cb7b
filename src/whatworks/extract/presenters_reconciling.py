"""The answers of a study's coders side by side, what stands, and how it came to stand."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from whatworks.errors import ForbiddenError
from whatworks.extract.agreement import agreement_of
from whatworks.extract.methods.coding.agreeing import ItemAgreement
from whatworks.extract.methods.coding.answers import Cell, stored
from whatworks.extract.methods.coding.frame import CODED, Item
from whatworks.extract.models import Answer, Coding, Decided
from whatworks.extract.presenters_coding import SAYS, name_of, options_of, unit_names, widget_of
from whatworks.extract.reconciling import Compared, compared, may_settle
from whatworks.people.naming import names

HOW = {
    "agreed": gettext_lazy("The coders agree."),
    "single": gettext_lazy("One coder was enough."),
    "first": gettext_lazy("They differ; the first coder's answer stands, since this item need not be agreed."),
    "third": gettext_lazy("A third person decided."),
    "discussion": gettext_lazy("The coders decided together."),
    Decided.REOPENED: gettext_lazy("It was opened again."),
}
WAITS = {
    "differs": gettext_lazy("They differ: somebody decides."),
    "waiting": gettext_lazy("It depends on an item that is not settled."),
    "unsaid": gettext_lazy("Nobody answered it."),
    "beside": gettext_lazy("It does not apply, so these answers do not count."),
}
WAYS = {"discussion": gettext_lazy("The coders talked it over"), "third": gettext_lazy("I decide as a third person")}


def in_words(item: Item, row: Answer | Decided | None) -> str:
    """What an answer or decision says."""
    if row is None:
        return _("no answer")
    if row.status not in (CODED, _("not applicable"), _("not reported")):
        return _("taken back") if row.status == Answer.WITHDRAWN else _("open again")
    return stored(item, row.status, row.value).words(item)


def ways_for(coding: Coding, actor: str) -> list[tuple[str, str]]:
    """How this person may settle what differs; none where they may not."""
    found = []
    for how, words in WAYS.items():
        try:
            may_settle(coding, actor, how)
        except ForbiddenError:
            continue
        found.append((how, words))
    return found


def page_of(coding: Coding, actor: str, *, everything: bool) -> dict[str, Any]:
    """What the page of a reconciliation shows. Raises ForbiddenError while the coders are blind to each other."""
    lines = compared(coding, by=actor)
    open_lines = [one for one in lines if one.standing.state in ("differs", "waiting", "unsaid")]
    people = names(coding.sheets.values_list("user", flat=True))
    units, history = unit_names(coding.study), _history(coding)
    agreed = {one.item: one for one in agreement_of(coding)}
    rows = lines if everything else [one for one in open_lines if one.standing.state != "unsaid" or _required(one)]
    return {
        "lines": [_line(one, at, people, units, history, agreed) for at, one in enumerate(rows, 1)],
        "total": len(lines),
        "differ": sum(one.standing.state == "differs" for one in lines),
        "agreed": sum(one.standing.how == "agreed" for one in lines),
        "ways": ways_for(coding, actor),
        "everything": everything,
    }


def _required(one: Compared) -> bool:
    return one.asked.item.required


def _history(coding: Coding) -> dict[Cell, list[Decided]]:
    found: dict[Cell, list[Decided]] = {}
    for row in Decided.objects.filter(coding=coding).order_by("number", "at"):
        found.setdefault((row.item, row.unit), []).append(row)
    return found


def _line(
    one: Compared,
    number: int,
    people: Mapping[str, str],
    units: Mapping[str, str],
    history: Mapping[Cell, list[Decided]],
    agreed: Mapping[str, ItemAgreement],
) -> dict[str, Any]:
    item, cell = one.asked.item, (one.asked.item.key, one.unit)
    state = one.standing.state
    past = history.get(cell, [])
    return {
        "id": f"line-{number}",
        "name": name_of(cell),
        "item": item,
        "path": one.asked.path,
        "unit": one.unit,
        "unit_name": units.get(one.unit, ""),
        "state": state,
        "says": HOW[one.standing.how] if one.standing.how else WAITS[state],
        "reopened": one.standing.reopened,
        "stands": one.standing.coded.words(item) if one.standing.coded else "",
        "sides": [_side(item, user, row, people) for user, row in one.answers.items()],
        "seen": ",".join(one.seen),
        "may_change": state == "differs" or (state == "settled" and one.standing.how != "agreed"),
        "agreement": agreement_in_words(agreed.get(item.key)),
        "widget": widget_of(item),
        "options": options_of(item, []),
        "statuses": SAYS,
        "history": told_of(item, past),
    }


def _side(item: Item, user: str, row: Answer | None, people: Mapping[str, str]) -> dict[str, Any]:
    return {
        "who": people.get(user, user),
        "answer": row.pk if row else "",
        "words": in_words(item, row),
        "where": where_of(row),
        "quote": row.quote if row else "",
        "note": row.note if row else "",
        "late": bool(row and row.late),
    }


def where_of(row: Answer | Decided | None) -> str:
    """The page and place of an answer, in a few words."""
    if row is None:
        return ""
    return ", ".join(part for part in (_("page %(page)s") % {"page": row.page} if row.page else "", row.place) if part)


def told_of(item: Item, rows: Iterable[Decided]) -> list[dict[str, Any]]:
    """What came to stand for an item, one after the other."""
    listed = list(rows)
    people = names(one.by for one in listed)
    return [
        {"words": in_words(item, one), "how": HOW[one.how], "why": one.why, "by": people[one.by], "at": one.at}
        for one in listed
    ]


def agreement_in_words(one: ItemAgreement | None) -> str:
    """How far the coders agreed on an item of this study before they saw each other's answers."""
    if one is None or one.n < 1:
        return ""
    if one.n == 1:
        return _("Blind, they agreed.") if one.agreed else _("Blind, they differed.")
    return _("Blind, they agreed on %(agreed)s of %(n)s.") % {"agreed": one.agreed, "n": one.n}
