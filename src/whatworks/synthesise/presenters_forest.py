"""The forest plots of a declared analysis: risk of bias beside each study, a diamond for each group of a moderator."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from whatworks.errors import InputError
from whatworks.extract.applying import applying_to
from whatworks.extract.instruments import Instrument, instrument
from whatworks.extract.methods.metrics import METRICS
from whatworks.extract.models import Appraisal, Contrast
from whatworks.spoken import spoken
from whatworks.stats.chart import Chart
from whatworks.stats.intervals import critical
from whatworks.stats.telling import Told
from whatworks.synthesise.methods.differing import group_words, moderator_of
from whatworks.synthesise.methods.forest import Row, forest
from whatworks.synthesise.methods.pooled import Pooled
from whatworks.synthesise.methods.running import weights_in
from whatworks.synthesise.models import Synthesis
from whatworks.synthesise.reading import is_ratio
from whatworks.synthesise.taking import badness

FAMILIES = ("rob-2", "robins-i")  # instruments whose domains stand beside the studies, by how their keys begin
OVERALL = gettext_lazy("Overall")
NOT_JUDGED = "\N{EM DASH}"
SIGNS = gettext_lazy(
    " Risk of bias: + low (L), ? some concerns (C) or moderate (M), \N{MINUS SIGN} high (H) or serious (S), ! critical (X), "
    "\N{EM DASH} not judged; the table has the words."
)
LEFT_OUT = gettext_lazy(" The last diamond takes in those that are left out of the comparison, too.")
DIAMONDS = gettext_lazy(
    "Squares are results, larger with more weight; lines are intervals; diamonds are pooled results."
)


def forest_of(told: Told, held: Synthesis, metric: str) -> Chart:
    """The forest plot on the scale that people read, named by it, with what was judged of each study."""
    risk, label = judged(held.inputs), METRICS[metric].title
    if isinstance(told, Pooled):
        return _explained(told.chart(risk=risk, ratio=is_ratio(metric), label=label), risk)
    rows = [*_studies(held, risk), *_whole(held.result)]
    return _explained(_drawn(rows, risk, metric, _("Forest plot")), risk)


def grouped_forest(found: Mapping[str, Any], held: Synthesis, metric: str, by: str, item: Any) -> Chart | None:
    """The results under the groups that a moderator makes of them, each with the diamond of the table below; None where
    there are no groups."""
    moderator = moderator_of(by, item)
    if moderator.number or any(row["why_not"] and row["what"] == found["title"] for row in found["rows"]):
        return None
    known = [row for row in held.inputs if not moderator.apart or row.get(by) not in (None, "")]
    risk = judged(held.inputs)
    studies = {row["contrast"]: one for row, one in zip(held.inputs, _studies(held, risk), strict=True)}
    rows: list[Row] = []
    words = group_words(known, moderator)
    for group in found["rows"]:
        rows.append(Row(group["what"], kind="head"))
        rows += [studies[row["contrast"]] for row, word in zip(known, words, strict=True) if word == group["what"]]
        rows.append(_total(_("%(what)s, pooled") % {"what": group["what"]}, group))
    drawn = _drawn(
        [*rows, *_whole(held.result)], risk, metric, _("Forest plot by %(title)s") % {"title": spoken(moderator.title)}
    )
    return _explained(drawn, risk, LEFT_OUT if len(known) < len(held.inputs) else "")


def _drawn(rows: Sequence[Row], risk: Mapping[str, Sequence[str]], metric: str, title: str) -> Chart:
    label = METRICS[metric].title
    return forest(title, rows, DIAMONDS, domains=tuple(risk), ratio=is_ratio(metric), label=label)


def _explained(chart: Chart, risk: Mapping[str, Sequence[str]], more: str = "") -> Chart:
    """The chart with a word on its signs and more, and every row of its table as wide as its head."""
    rows = tuple((*row, *[None] * (len(chart.head) - len(row))) for row in chart.rows)
    return Chart(chart.title, chart.note + (SIGNS if risk else "") + more, chart.svg, chart.head, rows)


def _studies(held: Synthesis, risk: Mapping[str, Sequence[str]]) -> list[Row]:
    """A row for each result, with its own normal interval."""
    reach, weights = critical(0.95), held.result.get("weights")
    if weights is None:
        weights = weights_in(held.inputs, held.result["sigma2"], held.settings["rho"])
    return [
        _study(row, reach, weight, tuple(words[place] for words in risk.values()))
        for place, (row, weight) in enumerate(zip(held.inputs, weights, strict=True))
    ]


def _study(row: Mapping[str, Any], reach: float, weight: float | None, words: tuple[str, ...]) -> Row:
    off = reach * row["vi"] ** 0.5
    return Row(str(row["study"]), row["yi"], row["yi"] - off, row["yi"] + off, weight, "study", words)


def _total(name: str, found: Mapping[str, Any]) -> Row:
    return Row(name, found.get("estimate"), found.get("ci_low"), found.get("ci_high"), None, "total")


def _whole(result: Mapping[str, Any]) -> list[Row]:
    rows = [_total(_("All results"), result)]
    if result.get("pi_low") is not None:
        rows.append(Row(_("A new setting"), None, result["pi_low"], result["pi_high"], None, "prediction"))
    return rows


def judged(inputs: Sequence[Mapping[str, Any]]) -> dict[str, list[str]]:
    """For each domain, in order, the judgement that applies to each result; empty where nothing was judged by RoB 2 or
    ROBINS-I. Where several apply to a result the worst stands, as in taking results."""
    keys = [row.get("contrast", "") for row in inputs]
    held = applying_to(Contrast.objects.filter(pk__in=keys))
    worst: dict[str, Appraisal] = {}
    for key, rows in held.items():
        if known := [one for one in rows if one.instrument.startswith(FAMILIES)]:
            worst[key] = min(known, key=lambda one: badness(one.overall.casefold()))
    columns: dict[str, list[str]] = {}
    tools = _tools(worst.values())
    for named, tool in tools.items():
        for domain in tool.domains:
            head = domain.name if len(tools) == 1 else f"{tool.title.partition(':')[0]}, {domain.name}"
            columns[head] = [_said(worst.get(key), named, domain.key) for key in keys]
    if worst:
        columns[OVERALL] = [worst[key].overall if key in worst else NOT_JUDGED for key in keys]
    return columns


def _tools(appraisals: Iterable[Appraisal]) -> dict[tuple[str, str], Instrument]:
    """The instruments that were used, of those that ship."""
    found = {}
    for key in sorted({(one.instrument, one.version) for one in appraisals}):
        try:
            found[key] = instrument(*key)
        except InputError:
            continue  # it came in with a pack: its overall judgement stands alone
    return found


def _said(one: Appraisal | None, key: tuple[str, str], domain: str) -> str:
    if one is None or (one.instrument, one.version) != key:
        return NOT_JUDGED
    return one.domains.get(domain) or NOT_JUDGED
