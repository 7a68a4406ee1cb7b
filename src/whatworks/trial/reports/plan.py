"""The plan of analysis as a document: what decides, what runs beside it, on which columns, and whether it was locked."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from whatworks.spoken import on_day, spoken
from whatworks.trial.methods.analysing.telling import WHAT
from whatworks.trial.methods.design.parts import BINARY, CONTINUOUS, INDIVIDUAL
from whatworks.trial.methods.sizing.assuming import over_periods
from whatworks.trial.reports.gathering import Gathered
from whatworks.trial.reports.parts import Block, Bullets, Code, Document, Heading, Paragraph, Table
from whatworks.trial.reports.sections import document, sized, title_page


def plan(held: Gathered) -> Document:
    """The whole plan of analysis."""
    return document(held, _("Plan of analysis of a trial"), "plan", _blocks(held))


def _blocks(held: Gathered) -> Iterator[Block]:
    yield from title_page(held)
    yield from _standing(held)
    yield Heading(_("What is estimated"))
    meant = held.design.estimand
    rows = (
        (_("Population"), meant.population),
        (_("Unit of analysis"), meant.units),
        (_("Unit of allocation"), meant.clusters),
        (_("Outcome"), meant.endpoint or held.design.analysis.outcome),
        (_("Comparison"), meant.summary),
        (_("What happens after allocation"), meant.handling),
    )
    yield Table("", (), tuple((name, value or _("Not in the record.")) for name, value in rows))
    yield Heading(_("The analysis"))
    yield from how_analysed(held)
    yield from _beside(held)
    yield from sized(held)
    yield Heading(_("How it is run"))
    yield Paragraph(
        _(
            "First on arms that are dealt out anew, so that the plan can be tried while nobody can know what it says; then locked."
        )
    )
    yield Code(
        "whatworks trial analyse design.toml data.csv --blind --json > blind.json\n"
        "whatworks trial analyse design.toml data.csv --locked blind.json --json"
    )
    if held.plan is not None:
        yield Heading(_("The plan as it was locked"))
        yield Code(held.plan.text)


def _standing(held: Gathered) -> Iterator[Block]:
    """Whether the plan is locked, and whether before the arms were told."""
    yield Heading(_("Where the plan stands"))
    if held.plan is None:
        yield Paragraph(_("This plan is not locked yet. It can still change."), "notice")
        return
    yield Paragraph(
        _("Locked on %(on)s, by the SHA-256 of its text: %(digest)s.")
        % {"on": on_day(held.plan.at), "digest": held.plan.digest}
    )
    if held.unblinded is None:
        yield Paragraph(_("The arms have not been told to those who analyse."))
    elif held.plan.at <= held.unblinded.at:
        yield Paragraph(
            _("The arms were told after that, on %(on)s: %(why)s")
            % {"on": on_day(held.unblinded.at), "why": held.unblinded.reason}
        )
    if held.plan.protocol_id != held.protocol.pk:
        yield Paragraph(
            _("It was locked under protocol %(n)s, and a newer one stands.") % {"n": held.plan.protocol.number},
            "notice",
        )


def how_analysed(held: Gathered) -> Iterator[Block]:
    """The declared analysis and all that the design says of the data."""
    told = held.design.analysis
    decides = f"{told.declared}: {spoken(WHAT[told.declared])}" if told.declared in WHAT else _("None was declared.")
    rows = (
        (_("The analysis that decides"), decides),
        (_("Two-sided level"), f"{held.design.design.alpha:g}"),
        (_("Column of the outcome"), told.outcome),
        (_("Column of the arm"), told.arm),
        (_("Column of the cluster"), told.cluster),
        (_("Column of the period"), told.period),
        (_("Time at risk"), told.offset),
        (_("Strata of the draw"), ", ".join(told.strata)),
        (_("Adjusted for"), ", ".join(told.covariates)),
        (_("Further random levels"), ", ".join(told.random)),
        (_("Who took the offer up"), told.received),
        (_("Further outcomes"), ", ".join(told.secondary)),
        (_("Correction for several outcomes"), told.multiplicity if told.secondary else ""),
        (_("Subgroups, named beforehand"), ", ".join(told.subgroups)),
        (_("Missing outcomes"), missing(held)),
        (_("Seed and number of what a computer draws"), f"{told.seed}; {told.draws:,}"),
    )
    yield Table("", (), tuple(row for row in rows if row[1]))
    yield Paragraph(clustering(held))


def missing(held: Gathered) -> str:
    """What is done about missing outcomes, as the program does it."""
    left_out = _("Rows without a value that the analysis needs are left out and counted by arm.")
    if held.design.design.outcome not in (CONTINUOUS, BINARY) or over_periods(held.design):
        return left_out
    return (
        left_out
        + " "
        + _(
            "Where outcomes are missing, a second analysis imputes them, and looks how different they would have to be."
        )
    )


def clustering(held: Gathered) -> str:
    """How clusters come into the analysis."""
    if held.design.design.kind == INDIVIDUAL and not held.design.analysis.cluster:
        return _("People were drawn one by one; no clusters come into the analysis.")
    return _("Clusters come into it: errors and degrees of freedom are those of clusters, not of people.")


def _beside(held: Gathered) -> Iterator[Block]:
    """The analyses that stand beside the declared one, known once the plan has run blind."""
    if held.blind is None:
        yield Paragraph(
            _("Every other defensible analysis runs beside it; which ones is known once the plan has run blind.")
        )
        return
    yield Heading(_("What runs beside it"), 2)
    rows = [one["method"] for one in held.blind.panel["panel"] if not one["declared"]]
    yield Bullets(tuple(f"{name}: {spoken(WHAT[name])}" for name in rows if name in WHAT))
