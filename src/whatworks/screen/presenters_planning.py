"""A plan in words: curves of what would have been found, and a table of what each rule would have cost and missed."""

from __future__ import annotations

from typing import Any

from django.utils.safestring import SafeString
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from whatworks.ledger.models import Job
from whatworks.screen.drawings_leading import band_path, curve_svg
from whatworks.screen.methods.planning import IN_A_ROW, SAFE
from whatworks.screen.methods.stop_words import percent
from whatworks.screen.planning import LEARNERS, PLAN, SEEDS

STATES = {
    Job.WAITING: gettext_lazy("waiting"),
    Job.RUNNING: gettext_lazy("being worked out"),
    Job.DONE: gettext_lazy("done"),
    Job.FAILED: gettext_lazy("not done"),
}
NAMES = {
    "blend": gettext_lazy("Blend (what reviews here use)"),
    "margin": gettext_lazy("Margin"),
    "bayes": gettext_lazy("Bayes"),
    "nearest": gettext_lazy("Nearest"),
    "random": gettext_lazy("In random order"),
}
RULES = {
    "every urn": gettext_lazy("The every-urn test"),
    SAFE: gettext_lazy("The SAFE procedure"),
    **{
        f"{run} in a row": format_lazy(gettext_lazy("After {run} irrelevant in a row (a warning)"), run=run)
        for run in IN_A_ROW
    },
    "read everything": gettext_lazy("Read everything"),
}
HEAD = [
    gettext_lazy("Order"),
    gettext_lazy("Rule"),
    gettext_lazy("Records read"),
    gettext_lazy("Share found"),
    gettext_lazy("Goal reached"),
]


def plans_of(actor: str) -> list[dict[str, Any]]:
    """The last plans of this person."""
    rows = Job.objects.filter(kind=PLAN, by=actor).order_by("-pk")[:10]
    return [
        {"number": job.pk, "name": job.arguments["name"], "state": STATES[job.state], "at": job.made_at} for job in rows
    ]


def plan_page(job: Job) -> dict[str, Any]:
    """One plan, as far as it has come."""
    rows = job.cursor.get("rows", [])
    target = job.arguments["target"]
    return {
        "name": job.arguments["name"],
        "number": job.pk,
        "live": job.state in (Job.WAITING, Job.RUNNING),
        "done": len(rows),
        "total": len(LEARNERS),
        "error": _error(job),
        "answer": _answer(rows, target),
        "curves": [_curve(row) for row in rows],
        "needed": _needed(rows, target),
        "stops": _stops(rows),
        "target": percent(target),
        "confidence": percent(job.arguments["confidence"]),
        "seeds": len(SEEDS),
    }


def _error(job: Job) -> str:
    if job.state != Job.FAILED:
        return ""
    if job.error.startswith("Traceback"):
        return _("This could not be worked out because of a fault of ours; its details are kept as job %(job)s.") % {
            "job": job.pk
        }
    return job.error


def _answer(rows: list[dict[str, Any]], target: float) -> str:
    if not rows:
        return ""
    first = rows[0]
    saved = 1 - first["needed"][1] / first["total"]
    return _(
        "In our order %(target)s of the relevant records would have been found after about %(needed)s of %(total)s "
        "records: %(saved)s less reading. A real review cannot see that moment; the rules below say where it would "
        "have stopped."
    ) % {
        "target": percent(target),
        "needed": f"{first['needed'][1]:,}",
        "total": f"{first['total']:,}",
        "saved": f"{saved:.0%}",
    }


def _curve(row: dict[str, Any]) -> dict[str, Any]:
    """The share found against records read, with the range over the runs behind it."""
    read, across = row["read"], row["total"]
    low, high = ([(x, y) for x, y in zip(read, row[name], strict=True)] for name in ("low", "high"))
    middle = list(zip(read, row["middle"], strict=True))
    name = NAMES.get(row["learner"], row["learner"])
    tenth = next((y for x, y in middle if x >= across / 10), 0.0)
    words = _("%(name)s: %(tenth)s of the relevant found after a tenth of the records; the table has the numbers") % {
        "name": name,
        "tenth": f"{tenth:.0%}",
    }
    band = band_path(low, high, across, 1.0)
    return {"name": name, "svg": SafeString(curve_svg(middle, across, 1.0, words, band=band)), "total": across}


def _needed(rows: list[dict[str, Any]], target: float) -> dict[str, Any]:
    """After which share of the records so much was found, by order."""
    shares = (0.1, 0.2, 0.5)
    table = [
        [
            NAMES.get(row["learner"], row["learner"]),
            *(f"{_at(row, share):.0%}" for share in shares),
            _range(row["needed"], "{:,}"),
        ]
        for row in rows
    ]
    head = [
        _("Order"),
        *(_("Found after %(share)s") % {"share": f"{share:.0%}"} for share in shares),
        _("Records until %(target)s found") % {"target": percent(target)},
    ]
    return {
        "head": head,
        "rows": table,
        "numeric": [1, 2, 3, 4],
        "caption": _("Mean over the runs; in brackets the range"),
    }


def _at(row: dict[str, Any], share: float) -> float:
    return next((y for x, y in zip(row["read"], row["middle"], strict=True) if x >= share * row["total"]), 1.0)


def _range(three: list[Any], said: str) -> str:
    low, middle, high = (said.format(one) for one in three)
    return (
        middle if low == high else _("%(middle)s (%(low)s to %(high)s)") % {"middle": middle, "low": low, "high": high}
    )


def _stops(rows: list[dict[str, Any]]) -> dict[str, Any]:
    table = [
        [
            NAMES.get(row["learner"], row["learner"]),
            RULES.get(stop["rule"], stop["rule"]),
            _range(stop["read"], "{:,}"),
            _range(stop["found"], "{:.0%}"),
            _("in %(reached)s of %(runs)s runs") % {"reached": stop["reached"], "runs": stop["runs"]},
        ]
        for row in rows
        for stop in row["stops"]
    ]
    return {"head": HEAD, "rows": table, "numeric": [2, 3], "caption": _("Mean over the runs; in brackets the range")}
