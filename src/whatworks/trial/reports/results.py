"""The numbers of a report: people by arm, the panel of analyses, and what stands beside them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from whatworks.spoken import spoken
from whatworks.trial.methods.analysing.telling import WHAT
from whatworks.trial.presenters_result import result_of, signed
from whatworks.trial.reports.gathering import Gathered
from whatworks.trial.reports.parts import Block, Bullets, Heading, Paragraph, Table

SMALL = 10  # counts of people below are withheld, as the Office for National Statistics asks of outputs
Line = Mapping[str, Any]


def people(count: int) -> str:
    """A count of people as it may be shown: a small one is withheld, none is told as none."""
    return f"{count:,}" if count == 0 or count >= SMALL else _("fewer than %(n)s") % {"n": SMALL}


def numbers(held: Gathered) -> Iterator[Block]:
    """Numbers by arm, and the level of the outcome in each."""
    yield Heading(_("Numbers analysed"))
    groups = {one["arm"]: one for part in (held.panel, *held.panel["further"]) for one in part["groups"]}
    rows = tuple(
        (one["arm"], str(one["clusters"]), people(one["rows"]), people(one["left_out"]), f"{one['level']:.4g}")
        for one in groups.values()
    )
    head = (_("Arm"), _("Units"), _("Rows of the data"), _("Left out for missing values"), _("Level of the outcome"))
    caption = _("Everybody is counted in the arm to which the lot fell.")
    yield Table(caption, head, rows, (3, 2, 2, 3, 3), (1, 2, 3, 4))


def panel(held: Gathered) -> Iterator[Block]:
    """All analyses of the first comparison, then those of further arms."""
    assert held.result is not None
    told = result_of(held.result)
    yield Heading(_("All defensible analyses, side by side"))
    yield _table(
        _("The one that was declared beforehand decides. Where others say something else, that is part of the result."),
        held.panel["panel"],
    )
    if told["icc"]:
        yield Paragraph(_("How alike people of one cluster were (ICC): %(icc)s.") % {"icc": told["icc"]})
    g = held.panel.get("hedges_g")
    if g and g.get("ci_low") is not None:
        yield Paragraph(
            _("In standard deviations (Hedges' g, total variance): %(g)s (%(low)s to %(high)s).")
            % {"g": signed(g["g"], 2), "low": signed(g["ci_low"], 2), "high": signed(g["ci_high"], 2)}
        )
    if told["failed"]:
        yield Heading(_("Analyses that could not be made"), 2)
        yield Bullets(tuple(f"{method}: {reason}" for method, reason in told["failed"]))
    for one in held.panel["further"]:
        first, second = one["arms"]
        yield _table(_("%(second)s against %(first)s") % {"first": first, "second": second}, one["panel"])


def _table(caption: str, rows: Sequence[Line]) -> Table:
    head = (_("Analysis"), _("Estimate"), _("Standard error"), _("df"), _("Interval"), _("p"))
    return Table(caption, head, tuple(_row(one) for one in rows), (7, 3, 3, 2, 5, 2), (1, 2, 3, 4, 5))


def _row(one: Line) -> tuple[str, ...]:
    declared = _(" (DECLARED)") if one["declared"] else ""
    more = "".join(f" {line}" for line in one["warnings"])
    what = spoken(WHAT[one["method"]]) if one["method"] in WHAT else one["model"]
    df = "" if one["df"] is None else f"{one['df']:.1f}"
    name = f"{one['method']}{declared}: {what} ({one['scale']}).{more}"
    return name, fixed(one["estimate"]), fixed(one["se"]), df, interval(one), fixed(one["p"])


def fixed(value: float | None) -> str:
    """A number with four places; nothing where there is none."""
    return "" if value is None else signed(value, 4)


def interval(one: Line) -> str:
    """An interval in words; nothing where an end is missing."""
    if one["ci_low"] is None or one["ci_high"] is None:
        return ""
    return _("%(low)s to %(high)s") % {"low": signed(one["ci_low"], 4), "high": signed(one["ci_high"], 4)}


def further(held: Gathered) -> Iterator[Block]:
    """What was named beforehand and does not decide: further outcomes, subgroups; then what stands beside for missing values."""
    outcomes, groups = held.panel.get("secondary") or (), held.panel.get("subgroups") or ()
    if outcomes or groups:
        yield Heading(_("Further outcomes and subgroups"))
    if outcomes:
        rows = tuple(_outcome(one) for one in outcomes)
        head = (_("Outcome"), _("Estimate"), _("Interval"), _("p, corrected for their number"))
        yield Table(_("Named beforehand; none of them decides."), head, rows, (5, 2, 4, 3), (1, 2, 3))
    for one in groups:
        yield from _subgroup(one)
    if held.panel.get("exposure"):
        yield _table(_("The mean over the time since a cluster changed over"), held.panel["exposure"])
    received = held.panel.get("per_protocol")
    if received and "estimate" in received:
        yield _table(_("Those who did as offered (not a randomised comparison)"), [received])
    yield from _filled(held.panel.get("filled"))


def _outcome(one: Line) -> tuple[str, ...]:
    if one["row"] is None:
        return one["outcome"], "", one["reason"], ""
    return one["outcome"], fixed(one["row"]["estimate"]), interval(one["row"]), fixed(one["p_adjusted"])


def _subgroup(one: Line) -> Iterator[Block]:
    if one["reason"]:
        yield Paragraph(f"{one['column']}: {one['reason']}")
        return
    rows = tuple(
        (part["level"], people(part["rows"]), fixed(part["estimate"]), interval(part)) for part in one["levels"]
    )
    caption = _("By %(column)s: p of a difference between levels %(p)s. The levels by themselves test nothing.") % {
        "column": one["column"], "p": fixed(one["p"]),
    }  # fmt: skip
    head = (_("Level"), _("People"), _("Estimate"), _("Interval"))
    yield Table(caption, head, rows, (4, 2, 3, 4), (1, 2, 3))


def _filled(held: Line | None) -> Iterator[Block]:
    """The result with missing outcomes imputed, and how far they would have to differ to turn it."""
    if not held:
        return
    found, tipping = held["combined"], held["tipping"]
    yield Paragraph(
        _("With missing outcomes imputed (%(n)s times, %(method)s) the estimate is %(estimate)s (%(interval)s), p %(p)s.")
        % {
            "n": found["imputations"], "method": held["method"], "estimate": fixed(found["estimate"]),
            "interval": interval(found), "p": fixed(found["p"]),
        }
    )  # fmt: skip
    if tipping["delta"] is None:
        yield Paragraph(_("No difference of missing outcomes that was looked at would turn that."))
    else:
        yield Paragraph(
            _("It would turn if missing outcomes of the second arm differed by %(delta)s from what was imputed.")
            % {"delta": fixed(tipping["delta"])}
        )
