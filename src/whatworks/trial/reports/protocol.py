"""The protocol of a trial as a document, made from the version that stands."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from whatworks.trial.reports.conduct import decisions_said, logic_said, pilot_said
from whatworks.trial.reports.gathering import Gathered
from whatworks.trial.reports.parts import Block, Bullets, Code, Document, Heading, Paragraph, Table
from whatworks.trial.reports.plan import how_analysed
from whatworks.trial.reports.sections import (
    design_said,
    document,
    draw_said,
    particulars,
    sized,
    title_page,
    versions,
)


def protocol(held: Gathered) -> Document:
    """The whole protocol."""
    return document(held, _("Protocol of a trial"), "protocol", _blocks(held))


def _blocks(held: Gathered) -> Iterator[Block]:
    yield from title_page(held)
    if summary := held.particulars.get("summary"):
        yield Heading(_("In plain words"))
        yield Paragraph(summary, "lead")
    yield Heading(_("Why, and how it is meant to work"))
    yield Paragraph(held.design.design.question or _("The question is not in the record."))
    yield from particulars(held, ("logic",))
    yield from logic_said(held)
    yield from design_said(held)
    yield Heading(_("Who and where"))
    yield from particulars(held, ("setting", "eligibility", "began", "ended"))
    yield from sized(held)
    yield from draw_said(held)
    yield Heading(_("The analysis"))
    yield from how_analysed(held)
    yield from _progression(held)
    yield Heading(_("Besides effects"))
    yield from particulars(held, ("qualitative",))
    yield from pilot_said(held)
    yield from decisions_said(held)
    yield Heading(_("Ethics and data"))
    yield from particulars(held, ("ethics", "data_protection", "sharing"))
    yield from _unsaid()
    yield from versions(held)
    yield Heading(_("The design as it is computed with"))
    yield Code(held.protocol.design)


def _progression(held: Gathered) -> Iterator[Block]:
    if not held.design.progression:
        return
    yield Heading(_("Going on from a pilot"))
    rows = tuple(
        (one.name, f"{100 * one.red:g}%", f"{100 * one.green:g}%", f"{one.alpha:g}") for one in held.design.progression
    )
    head = (_("Criterion"), _("Red up to"), _("Green from"), _("One-sided level"))
    caption = _("Red: stop. Between: change and look again. Green: go on. The worst colour counts.")
    yield Table(caption, head, rows, (4, 2, 2, 2), (1, 2, 3))


def _unsaid() -> Iterator[Block]:
    """What a protocol should say and no field of the record holds."""
    yield Heading(_("What people must still write"))
    yield Paragraph(_("The record has no field for these, so nothing is said here about them:"))
    yield Bullets(
        (
            _("what is known already, and why this trial"),
            _("harms: which may come, how they are looked for, and who acts on them"),
            _("how the public and those concerned were involved"),
            _("costs and how they are measured"),
            _("risks, the timetable, and who does what by when"),
            _("conflicts of interest of the authors"),
        )
    )
