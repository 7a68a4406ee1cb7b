"""The rows and the analyses behind a page, for people who want to check or go on."""

from __future__ import annotations

import csv
import io
from typing import Any

from whatworks.collate.methods.cells import cell
from whatworks.publish.models import Revision
from whatworks.synthesise.methods.r_script import quoted, r_script
from whatworks.synthesise.models import Synthesis

HEAD = ("outcome", "study", "measured", "estimate", "low", "high", "as_printed", "raw", "in_pool", "why_not", "trace")


def page_csv(revision: Revision) -> str:
    """Every row of every table of the page, as published."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(HEAD)
    for outcome in revision.content["outcomes"]:
        for row in (outcome["table"] or {"rows": []})["rows"]:
            writer.writerow([_cell(value) for value in _values(outcome["name"], row)])
    return out.getvalue()


def _values(outcome: str, row: dict[str, Any]) -> list[Any]:
    numbers = [row["estimate"], row["low"], row["high"]]
    return [
        outcome,
        row["name"],
        row["detail"],
        *numbers,
        row["text"],
        row["raw"],
        row["pooled"],
        row["why_not"],
        row["trace"],
    ]


def _cell(value: Any) -> Any:
    """A number stays a number; text that a spreadsheet would run is made text for sure."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else cell(value)


def page_r(revision: Revision) -> str:
    """The analyses of the page for metafor in R, with their inputs in the script."""
    pooled = [outcome["analysis"] for outcome in revision.content["outcomes"] if outcome["analysis"]]
    rests = revision.subject.rests_on.values("input")
    syntheses = Synthesis.objects.filter(pk__in=rests, analysis__in=pooled, role=Synthesis.DEFAULT).select_related(
        "analysis"
    )
    scripts = [_script(one) for one in syntheses.order_by("analysis__title")]
    return "\n".join(scripts) or "# Nothing was put together on this page.\n"


def _script(one: Synthesis) -> str:
    """The script of one result, its inputs written into it, so that it runs with nothing beside it."""
    columns = {
        "study": [quoted(row["study"]) for row in one.inputs],
        "yi": [repr(row["yi"]) for row in one.inputs],
        "vi": [repr(row["vi"]) for row in one.inputs],
    }
    rows = ",\n  ".join(f"{name} = c({', '.join(values)})" for name, values in columns.items())
    lines = r_script(one.result["method"], "yi", "vi", "").splitlines()
    given = [f"data <- data.frame(\n  {rows}\n)" if line.startswith("data <- ") else line for line in lines]
    return "\n".join([f"# {one.analysis.title} ({one.pk})", *given]) + "\n"
