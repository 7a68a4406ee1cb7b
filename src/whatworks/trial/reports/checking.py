"""The checklists of a trial, filled from its record: for a page, for a document, and as a table for a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from whatworks.spoken import spoken
from whatworks.spreadsheets import cell
from whatworks.trial.checklists import fitting
from whatworks.trial.methods.checklists import STATES, Checklist, Filled, filled
from whatworks.trial.reports.gathering import Gathered
from whatworks.trial.reports.parts import Block, Heading, Paragraph, Table
from whatworks.trial.reports.record import record_of

HEAD = (
    "checklist",
    "item",
    "section",
    "asks",
    "state",
    "answer_from_the_record",
    "to_be_written",
    "not_in_the_record",
    "unconfirmed",
    "source",
)
Held = list[tuple[Checklist, list[Filled]]]


def checked(held: Gathered) -> Held:
    """Every checklist that fits, with its items as the record answers them."""
    record = record_of(held)
    return [(one, filled(one, record)) for one in fitting(held.design)]


def shown(held: Gathered) -> list[dict[str, Any]]:
    """The same for a page: how many of each state, and every item."""
    return [
        {
            "key": checklist.key, "name": checklist.name, "asks": checklist.asks, "source": checklist.source,
            "numbering": checklist.numbering, "unconfirmed": checklist.unconfirmed, "counts": counted(items),
            "items": [_item(one) for one in items],
        }
        for checklist, items in checked(held)
    ]  # fmt: skip


def _item(one: Filled) -> dict[str, Any]:
    return {
        "number": _number(one), "title": one.item.title, "answer": sentences(one.answer), "state": spoken(one.state),
        "lacking": lacking(one), "left": left(one),
    }  # fmt: skip


def counted(items: list[Filled]) -> str:
    """How many items are in each state, in words."""
    told = ((sum(one.state == state for one in items), state) for state in STATES)
    return "; ".join(f"{spoken(state)}: {n}" for n, state in told)


def checklist_blocks(held: Gathered) -> Iterator[Block]:
    """The checklists as tables of a document."""
    yield Heading(_("Checklists"))
    yield Paragraph(
        _(
            "Filled from the record alone, in our own words. An item is filled where the record answers it, partly where a person must add "
            "to it. Nothing here is a judgement of how well it is answered. Submit the wording of the source."
        )
    )
    for checklist, items in checked(held):
        yield Heading(checklist.name, 2)
        yield Paragraph(f"{checklist.asks}. {counted(items)}. {checklist.source}.", "small")
        head = (_("Item"), _("Asks"), _("State"), _("In the record; what a person must write"))
        rows = tuple((_number(one), one.item.title, spoken(one.state), _answer(one)) for one in items)
        yield Table("", head, rows, (2, 5, 3, 10))


def _number(one: Filled) -> str:
    return f"{one.item.number}*" if one.item.unconfirmed else one.item.number


def _answer(one: Filled) -> str:
    return " ".join(filter(None, (sentences(one.answer), lacking(one), left(one), mark(one))))


def sentences(texts: tuple[str, ...]) -> str:
    """Texts as sentences, one after the other."""
    return " ".join(capfirst(text) if text.endswith((".", "!", "?")) else f"{capfirst(text)}." for text in texts)


def lacking(one: Filled) -> str:
    """What the record could say and does not."""
    return (
        _("Not in the record: %(what)s.") % {"what": "; ".join(spoken(name) for name in one.missing)}
        if one.missing
        else ""
    )


def left(one: Filled) -> str:
    """What a person must write."""
    return _("To be written: %(what)s.") % {"what": one.item.left} if one.item.left else ""


def mark(one: Filled) -> str:
    """That an item was not compared with its source."""
    return _("* Number and topic are not yet compared with the source.") if one.item.unconfirmed else ""


def as_csv(held: Gathered) -> str:
    """Every item as a row, safe to open in a spreadsheet."""
    out = io.StringIO()
    table = csv.writer(out, lineterminator="\n")
    table.writerow(HEAD)
    for checklist, items in checked(held):
        for one in items:
            item = one.item
            row = (
                checklist.name, item.number, item.section, item.title, str(one.state), sentences(one.answer), item.left,
                "; ".join(one.missing), "yes" if item.unconfirmed else "", checklist.source,
            )  # fmt: skip
            table.writerow([cell(text) for text in row])
    return out.getvalue()
