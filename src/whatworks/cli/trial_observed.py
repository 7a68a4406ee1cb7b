"""What goes with the panel of some designs, in tables: a series, cells of places, the balance of those matched, several arms at once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import typer

from whatworks.cli.synthesise import show

if TYPE_CHECKING:
    from whatworks.trial.methods.analysing.together import Together


def show_details(kind: str, details: Mapping[str, Any]) -> None:
    """Print them by the kind of the design."""
    {"interrupted-series": _series, "differences": _places, "matched": _matched}[kind](details)


def show_together(told: Together) -> None:
    """All arms against the first, over the same draws."""
    rows = [(one.arm, one.difference, one.p, one.p_adjusted) for one in told.arms]
    number = f"{told.schemes:,} {'allocations' if told.exact else 'draws'}"
    title = f"All arms at once ({told.scale}), over {number}; corrected: {told.correction}"
    show(title, ("arm", "difference", "p", "p, corrected"), rows)


def _series(told: Mapping[str, Any]) -> None:
    rows = [_line(one, "method", "change")[:5] for one in told["changes"]]
    show(
        "Changes, slopes for each unit of time (--json has every point)",
        ("method", "change", "estimate", "se", "p"),
        rows,
    )
    alike = told["autocorrelation"]
    if alike is not None:
        typer.echo(f"Neighbouring points are alike by {alike:.3f} (Ljung and Box p = {told['p_alike']:.3g}).")
    if "averted" in told:
        what = "fewer" if told["averted"] >= 0 else "more"
        typer.echo(
            f"After the change {abs(told['averted']):,.0f} events {what} than expected; counts are spread "
            f"{told['dispersion']:.2f} times as much as chance spreads them."
        )


def _places(told: Mapping[str, Any]) -> None:
    if "cells" not in told:
        return
    head = ("estimate", "se", "p", "from", "to")
    show(
        "By time since it began; below 0, before",
        ("since", *head),
        [_line(one, "since") for one in told["by_exposure"]],
    )
    show("By the time at which places began", ("began", *head), [_line(one, "group") for one in told["by_group"]])


def _matched(told: Mapping[str, Any]) -> None:
    rows = [
        (
            one["name"], "yes" if one["matched_on"] else "no", one["difference_before"], one["difference_after"], one["ratio_before"],
            one["ratio_after"],
        )
        for one in told["balance"]
    ]  # fmt: skip
    head = ("covariate", "matched on", "apart before", "apart after", "variances before", "after")
    show("Balance, in standard deviations of those served; more than 0.1 is unlike", head, rows)
    typer.echo(f"{told['matched']} of {told['treated']} matched with {told['others']} others.")
    if unseen := told.get("unseen"):
        typer.echo(
            f"To explain the result away, something unmeasured would have to go with both service and outcome by a risk ratio of "
            f"{unseen['e_value']:.2f}; its interval, by {unseen['e_value_of_interval']:.2f}."
        )


def _line(one: Mapping[str, Any], *first: str) -> tuple[Any, ...]:
    return (*(one[name] for name in first), one["estimate"], one["se"], one["p"], one["ci_low"], one["ci_high"])
