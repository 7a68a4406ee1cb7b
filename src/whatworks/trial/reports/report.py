"""The report of a trial as a document: the result first, then how it was reached, what differs from the plan, and what is left to write."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from whatworks.spoken import on_day
from whatworks.trial.reports import card
from whatworks.trial.reports.checking import checklist_blocks
from whatworks.trial.reports.conduct import (
    decisions_said,
    logic_said,
    pilot_said,
    realised_said,
    recruited,
    switched,
    taken_said,
)
from whatworks.trial.reports.gathering import Gathered, address
from whatworks.trial.reports.parts import Block, Bullets, Code, Document, Heading, Paragraph, Table
from whatworks.trial.reports.results import further, numbers, panel
from whatworks.trial.reports.sections import (
    design_said,
    document,
    draw_said,
    flow_said,
    particulars,
    sized,
    title_page,
    versions,
)


def report(held: Gathered) -> Document:
    """The whole report of a trial whose arms have been told and whose plan has run."""
    assert held.result is not None
    return document(held, _("Report of a trial"), "report", _blocks(held))


def result_card(held: Gathered) -> Document:
    """The result card alone."""
    return document(held, _("The result of a trial in plain words"), "result", _card(held))


def _card(held: Gathered) -> Iterator[Block]:
    told = card.lines(held)
    if not told:
        yield Paragraph(_("There is no declared result: the analysis that was to decide could not be made."), "lead")
        return
    yield Paragraph(told[0], "lead")
    for line in told[1:]:
        yield Paragraph(line)


def _blocks(held: Gathered) -> Iterator[Block]:
    yield Heading(_("The result in plain words"))
    yield from _card(held)
    yield Heading(_("The trial"))
    yield from title_page(held)
    yield from particulars(held, ("eligibility", "began", "ended"))
    yield from logic_said(held)
    yield from design_said(held)
    yield from sized(held)
    yield from draw_said(held)
    yield from flow_said(held)
    yield from recruited(held)
    yield from taken_said(held)
    yield from numbers(held)
    yield from panel(held)
    yield from further(held)
    yield from realised_said(held)
    yield from decisions_said(held)
    yield from pilot_said(held)
    yield from _deviations(held)
    yield Heading(_("Harms"))
    yield Paragraph(
        _(
            "The record has no field for harms, so nothing is said of them here. People must write what was looked for and found."
        )
    )
    yield Heading(_("What it means, and its limits"))
    yield (
        Bullets(tuple(held.panel["warnings"]))
        if held.panel["warnings"]
        else Paragraph(_("The analysis gave no warning."))
    )
    yield Paragraph(_("People must write what the result means beside other evidence, and to whom it applies."))
    yield Heading(_("Ethics, data and money"))
    yield from particulars(held, ("ethics", "data_protection", "sharing", "funding"))
    yield from _again(held)
    yield from versions(held)
    yield from checklist_blocks(held)


def _deviations(held: Gathered) -> Iterator[Block]:
    """What differs from the plan that was locked, and from the design that was registered."""
    yield Heading(_("What differs from what was planned"))
    lock = held.panel.get("lock")
    if held.plan is None or not lock:
        yield Paragraph(_("No plan was locked before the arms were told."), "notice")
    elif lock["same"]:
        yield Paragraph(
            _("Nothing: the plan that ran is the one that was locked on %(on)s, before the arms were told.")
            % {"on": on_day(held.plan.at)}
        )
    else:
        yield Paragraph(_("This is not the plan that was locked:"), "notice")
        yield Bullets(tuple(lock["differences"]))
    later = [one for one in held.versions if held.registered and one.number > held.registered.protocol.number]
    if held.registered is None:
        yield Paragraph(_("The design was never registered here."), "notice")
    elif later:
        yield Paragraph(_("Since it was registered the protocol changed:"))
        yield Bullets(tuple(f"{one.number}, {on_day(one.at)}: {one.what_changed}" for one in later))
    else:
        yield Paragraph(
            _("The protocol did not change since it was registered on %(on)s.") % {"on": on_day(held.registered.at)}
        )
    yield from switched(held)
    if looks := held.trial.sights.count():
        yield Paragraph(
            ngettext(
                "Arms that were concealed were looked at %(n)s time before they were told; the record has the reason.",
                "Arms that were concealed were looked at %(n)s times before they were told; the record has the reasons.",
                looks,
            )
            % {"n": looks},
            "notice",
        )


def _again(held: Gathered) -> Iterator[Block]:
    """How somebody who may have the data gets these numbers again."""
    assert held.result is not None
    yield Heading(_("How to get these numbers again"))
    result = held.result
    rows = (
        (_("Program"), f"whatworks {result.version}"),
        (_("Design (SHA-256)"), result.protocol.digest),
        (_("Data (SHA-256)"), result.dataset.digest),
        (_("Columns of the data"), ", ".join(result.dataset.columns)),
        (_("Result (SHA-256)"), result.digest),
    )
    yield Table("", (), rows)
    design = address(reverse("trial_design", args=[held.trial.slug, result.protocol.number]))
    drawn = held.drawn.number if held.drawn else 1
    file = f"{held.trial.slug}-allocation-{drawn}.json"
    yield Paragraph(_("The design is at %(at)s. Whoever may have the data runs:") % {"at": design})
    yield Code(f"whatworks trial analyse design.toml data.csv --allocation {file}")
    yield Paragraph(
        _(
            "The file of data leaves out what the draw says, such as the arm; the archive has a script that puts it back."
        )
    )
