"""A declared analysis as words, numbers and drawings for those who work on it."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext as _

from whatworks.extract.methods.metrics import METRICS
from whatworks.ledger.models import Artefact, Event, Lineage
from whatworks.people.naming import names
from whatworks.saying import said
from whatworks.spoken import on_day, spoken, spoken_capital
from whatworks.stats.chart import shown
from whatworks.synthesise.coded import items_of, recoded
from whatworks.synthesise.methods.plan import Plan, in_words
from whatworks.synthesise.methods.running import result_of
from whatworks.synthesise.models import Analysis, Declaration, Lock, Synthesis
from whatworks.synthesise.presenters_forest import forest_of
from whatworks.synthesise.presenters_history import history
from whatworks.synthesise.presenters_otherwise import tried
from whatworks.synthesise.reading import readable, with_interval
from whatworks.synthesise.taking import choose, contrasts_for
from whatworks.synthesise.tasks import running


def published_of(analysis: Analysis) -> Synthesis | None:
    """The result that the page as approved rests on; None where no page shows this analysis."""
    carried = Lineage.objects.filter(output__kind="revision", output__artefact__superseded_by="").values("input")
    return analysis.syntheses.filter(role=Synthesis.DEFAULT, pk__in=carried).order_by("-pk").first()


def current_of(analysis: Analysis) -> Synthesis | None:
    """The result as computed last."""
    return analysis.syntheses.current().filter(role=Synthesis.DEFAULT).first()


def listed() -> list[dict[str, Any]]:
    """Every analysis with where it stands."""
    locked = set(Lock.objects.values_list("analysis", flat=True))
    declared = set(Declaration.objects.values_list("analysis", flat=True))
    rows = Analysis.objects.select_related("review", "intervention", "outcome").order_by("title", "pk")
    stale = set(Artefact.objects.stale().filter(subject__kind="synthesis").values_list("pk", flat=True))
    current = {one.analysis_id: one for one in Synthesis.objects.current().filter(role=Synthesis.DEFAULT)}
    return [
        {
            "analysis": row,
            "standing": _standing(row, row.pk in declared, row.pk in locked, current.get(row.pk), stale),
            "result": with_interval(row.metric, current[row.pk].result) if row.pk in current else "",
            "k": current[row.pk].result["k"] if row.pk in current else None,
        }
        for row in rows
    ]


def _standing(row: Analysis, declared: bool, locked: bool, held: Synthesis | None, stale: set[str]) -> str:
    if declared and not locked:
        return _("Declared, plan not locked yet")
    if held is None:
        return _("Locked, not run yet")
    if held.pk in stale or recoded(held):
        return _("Something behind it has changed")
    return _("Run as declared") if declared else _("Run; how it was declared is not recorded")


def analysis_page(analysis: Analysis, plan: Plan | None) -> dict[str, Any]:
    """Everything the page of an analysis shows."""
    lock = Lock.objects.filter(analysis=analysis).select_related("declaration").first()
    declarations = list(analysis.declarations.order_by("number"))
    held, public = current_of(analysis), published_of(analysis)
    people = names([*(one.by for one in declarations), *([lock.by] if lock else [])])
    return {
        "plan": in_words(plan, items_of(analysis.review_id)) if plan else [],
        "declarations": [{"row": one, "who": people[one.by]} for one in declarations],
        "lock": {"row": lock, "who": people[lock.by]} if lock else None,
        "taken": _taken(analysis, plan),
        "job": running(analysis),
        "moved": _moved(held),
        "result": _result(analysis, held) if held else None,
        "public": _beside(analysis, held, public),
        "sensitivity": tried(analysis, held) if held else [],
        "history": history(analysis, held) if held else None,
    }


def _taken(analysis: Analysis, plan: Plan | None) -> dict[str, Any]:
    """Every result on the question: what is taken, and why not the rest."""
    members = set(analysis.members.values_list("contrast_id", flat=True))
    chosen = choose(analysis, plan) if plan else None
    taken = set(chosen.taken) if chosen else members
    rows: list[list[Any]] = []
    for row in contrasts_for(analysis.intervention_id, analysis.outcome_id).select_related("study", "report"):
        why = spoken(
            (chosen.left.get(row.pk, "") if chosen else row.unsafe) or said("it was not declared as part of it")
        )
        name = [{"number": row.study.name, "trace": row.pk}]
        rows.append(
            [name, row.subject_title(), _("Taken") if row.pk in taken else _("Left out: %(why)s") % {"why": why}]
        )
    head = [_("Study"), _("What it reports"), _("In this analysis")]
    return {"head": head, "rows": sorted(rows, key=lambda row: row[0][0]["trace"] not in taken), "count": len(taken)}


def _moved(held: Synthesis | None) -> str:
    """What has changed behind the result since it was computed; empty where nothing has."""
    if held is None:
        return ""
    if recoded(held):
        return _("coders decided otherwise on what effects are compared by")
    uid = Artefact.objects.filter(pk=held.pk).values_list("stale_event", flat=True).first()
    event = Event.objects.filter(uid=uid).first() if uid else None
    return f"{event.verb}, {on_day(event.at)}" if event else ""


def _result(analysis: Analysis, held: Synthesis) -> dict[str, Any]:
    told = result_of(held.inputs, held.settings)
    result, metric = held.result, analysis.metric
    low, high = readable(metric, result.get("pi_low"), result.get("pi_high"))
    pairs = [
        (gettext("Results put together"), str(result["k"])),
        (spoken_capital(METRICS[metric].title), with_interval(metric, result)),
        ("p", shown(result["p"]) if result.get("p") is not None else gettext("not computed")),
        (
            gettext("In a new setting like these"),
            gettext("%(low)s to %(high)s") % {"low": low, "high": high}
            if low
            else gettext("cannot be said: it needs at least three studies"),
        ),
        (
            gettext("Variance between studies (tau\N{SUPERSCRIPT TWO})"),
            shown(result.get("tau2")) or gettext("not estimated"),
        ),
        (
            gettext("Variation beyond chance (I\N{SUPERSCRIPT TWO})"),
            f"{result['i2']:.0f}%" if result.get("i2") is not None else gettext("one study"),
        ),
        (
            gettext("Method"),
            gettext("%(method)s, version %(version)s") % {"method": held.method, "version": held.version},
        ),
    ]
    text, _, sources = told.report().partition("\n\nReferences\n")
    return {
        "row": held,
        "words": f"{spoken(METRICS[metric].title)} {with_interval(metric, result)}",
        "pairs": pairs,
        "warnings": result.get("warnings", []),
        "chart": forest_of(told, held, metric),
        "report": text,
        "references": [line.removeprefix("- ") for line in sources.splitlines()],
    }


def _beside(analysis: Analysis, held: Synthesis | None, public: Synthesis | None) -> dict[str, str] | None:
    """The published number beside the would-be one, where they differ; None where they are the same, or nothing is out."""
    if public is None or held is None or public.pk == held.pk:
        return None
    now, out = with_interval(analysis.metric, held.result), with_interval(analysis.metric, public.result)
    return {"public": out, "now": now, "identifier": public.pk}
