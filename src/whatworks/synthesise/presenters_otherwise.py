"""What a result hangs on, as the page of an analysis shows it: a table for each thing tried, with its drawing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from whatworks.errors import InputError
from whatworks.stats.chart import Chart, shown
from whatworks.synthesise.methods.coded import coded_item
from whatworks.synthesise.methods.otherwise import BY, Asked, key_of
from whatworks.synthesise.methods.otherwise_choices import every_choice
from whatworks.synthesise.methods.otherwise_priors import chance
from whatworks.synthesise.models import Analysis, Sensitivity, Synthesis
from whatworks.synthesise.presenters_forest import grouped_forest
from whatworks.synthesise.reading import is_ratio, readable, with_interval

Row = Mapping[str, Any]
Columns = tuple[list[str], list[list[str]]]
RESULTS = gettext_lazy("Results")
ON_LOGARITHMS = gettext_lazy(" Its scale is the logarithm of the ratio.")


def tried(analysis: Analysis, held: Synthesis) -> list[dict[str, Any]]:
    """Everything that the plan had tried otherwise, in its order."""
    kept = Sensitivity.objects.filter(synthesis=held).first()
    if kept is None:
        return []
    pairs = zip(kept.keys, kept.result, strict=True)
    return [
        {"key": f"tried-{place}", "title": one["title"], "said": one["said"]}
        | _table(analysis.metric, one)
        | {"chart": _chart(analysis.metric, held, asked, one)}
        for place, (asked, one) in enumerate(pairs, 1)
    ]


def _table(metric: str, one: Row) -> dict[str, Any]:
    """The rows in the columns that suit what was tried; one that could not be computed has its reason in the last."""
    head, cells = COLUMNS.get(one["key"], _estimates)(metric, one["rows"])
    rows = [
        _why(row, head) if row["why_not"] else [row["what"], *told]
        for row, told in zip(one["rows"], cells, strict=True)
    ]
    words = [place for place, row in enumerate(one["rows"]) if row["why_not"]]
    last = len(head) - 1 if one["key"] == "influence" else len(head)
    return {"head": head, "rows": rows, "numeric": list(range(1, last)), "words": words}


def _why(row: Row, head: Sequence[str]) -> list[str]:
    counted = str(row["k"]) if head[1] == RESULTS else ""
    return [row["what"], counted, *[""] * (len(head) - 3), row["why_not"]]


def _estimates(metric: str, rows: Sequence[Row]) -> Columns:
    head = [_("Tried"), RESULTS, _("Estimate (95% interval)")]
    return head, [[str(row["k"]), with_interval(metric, row)] for row in rows]


def _influence(metric: str, rows: Sequence[Row]) -> Columns:
    head = [
        _("Study"),
        _("Cook\N{RIGHT SINGLE QUOTATION MARK}s distance"),
        "DFFITS",
        _("Leverage"),
        _("Beyond the usual limits"),
    ]
    numbers = [[shown(row.get(name)) or _("cannot be said") for name in ("cook_d", "dffits", "hat")] for row in rows]
    return head, [
        [*told, ", ".join(row.get("beyond", ())) or _("none")] for told, row in zip(numbers, rows, strict=True)
    ]


def _priors(metric: str, rows: Sequence[Row]) -> Columns:
    banded = any("p_above_band" in row for row in rows)
    head = [_("Prior of tau"), _("Mean (95% credible interval)"), _("Above no difference")]
    head += [_("Above the smallest worthwhile"), _("Below it on the other side")] if banded else []
    names = ("p_above", "p_above_band", "p_below_band")[: len(head) - 2]
    return head, [
        [with_interval(metric, row), *(chance(row[name]) if name in row else "" for name in names)] for row in rows
    ]


def _choices(metric: str, rows: Sequence[Row]) -> Columns:
    head = [_("Choice"), _("Combinations"), _("Middle estimate"), _("Conclude as declared")]
    return head, [[str(row["k"]), _middle(metric, row), f"{100 * row.get('same', 0):.0f}%"] for row in rows]


def _middle(metric: str, row: Row) -> str:
    middle, low, high = readable(metric, row.get("estimate"), row.get("low"), row.get("high"))
    return (
        _("%(middle)s (all from %(low)s to %(high)s)") % {"middle": middle, "low": low, "high": high} if low else middle
    )


COLUMNS = {"influence": _influence, "priors": _priors, "every-choice": _choices}


def _chart(metric: str, held: Synthesis, asked: Asked, one: Row) -> Chart | None:
    """The specification curve, or the forest by a moderator; drawn anew from what was frozen."""
    key, more = key_of(asked), {} if isinstance(asked, str) else asked
    if key.startswith(BY):
        item = coded_item(more["item"]) if more.get("item") else None
        return grouped_forest(one, held, metric, key.removeprefix(BY), item)
    if key != "every-choice":
        return None
    try:
        drawn = every_choice(held.inputs, held.settings, more.get("band")).chart()
    except InputError:
        return None
    note = drawn.note + (ON_LOGARITHMS if is_ratio(metric) else "")
    return Chart(drawn.title, note, drawn.svg, drawn.head, drawn.rows)
