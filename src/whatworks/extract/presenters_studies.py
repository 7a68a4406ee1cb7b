"""Studies and how far their coding is, as the workspace shows them; nobody's answers are in it."""

from __future__ import annotations

from typing import Any

from django.db.models import Count
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from whatworks.extract.forms_studies import arms_of, included
from whatworks.extract.methods.metrics import METRICS
from whatworks.extract.models import Arm, ArmDetail, Coding, Contrast, Finding, Sheet, Study
from whatworks.extract.presenters_facts import how_words, measured_words, study_pairs, support_pairs
from whatworks.extract.presenters_history import history_of
from whatworks.extract.presenters_judged import appraisals_of
from whatworks.extract.presenters_regrouping import happened, merged_into
from whatworks.people.naming import names
from whatworks.screen.models import Review, Screener
from whatworks.stats.chart import MINUS

STATES = {
    Coding.CODING: gettext_lazy("being coded"),
    Coding.RECONCILING: gettext_lazy("to be reconciled"),
    Coding.SETTLED: gettext_lazy("settled"),
}


def reviews_for(actor: str) -> list[dict[str, Any]]:
    """The reviews whose studies a person works on: those of their teams, and those that have no team."""
    mine = set(Screener.objects.here().filter(user=actor).values_list("review", flat=True))
    teamed = set(Screener.objects.here().values_list("review", flat=True))
    coded = set(Coding.objects.of(actor).values_list("study__review", flat=True))
    rows = Review.objects.annotate(count=Count("studies")).order_by("title", "pk")
    return [
        {"review": one, "studies": studies_of(one, actor)}
        for one in rows
        if one.pk in mine or one.pk in coded or (one.pk not in teamed and one.count)
    ]


def studies_of(review: Review, actor: str) -> list[dict[str, Any]]:
    """Each study of a review, with its codings and how many reports tell of it."""
    held: dict[str, list[dict[str, Any]]] = {}
    for one in Coding.objects.in_review(review).prefetch_related("sheets"):
        held.setdefault(one.study_id, []).append(coding_line(one, actor))
    rows = Study.objects.in_review(review).annotate(
        reports=Count("tellings", distinct=True), results=Count("contrasts", distinct=True)
    )
    return [{"study": one, "codings": held.get(one.pk, [])} for one in rows]


def coding_line(coding: Coding, actor: str) -> dict[str, Any]:
    """One coding in a line: by which frame, how far, who codes it, and whether the person asking does."""
    sheets = [one for one in coding.sheets.all() if one.until is None or one.done_at is not None]
    people = names(one.user_id for one in sheets)
    mine = next((one for one in sheets if one.user_id == actor and one.until is None), None)
    done = sum(one.done_at is not None for one in sheets)
    return {
        "coding": coding,
        "state": STATES[coding.state],
        "done": done,
        "lacks": max(0, coding.needed - len(sheets)),
        "coders": [{"name": people[one.user_id], "done": one.done_at is not None} for one in _placed(sheets)],
        "mine": mine,
        "open": coding.unblinded_at is not None,
    }


def _placed(sheets: list[Sheet]) -> list[Sheet]:
    return sorted(sheets, key=lambda one: one.place)


def study_page(study: Study, actor: str) -> dict[str, Any]:
    """Everything the page of a study shows."""
    tellings = study.tellings.select_related("report").prefetch_related("report__documents").order_by("role", "pk")
    codings = study.codings.select_related("frame", "study").prefetch_related("sheets").order_by("at", "pk")
    arms = arms_of(study).select_related("detail__intervention")
    measures = study.measures.select_related("outcome").order_by("order", "pk")
    return {
        "tellings": [{"role": one.role, "report": one.report, "link": one.report.link()} for one in tellings],
        "arms": [_arm_line(one) for one in arms],
        "measures": [{"measure": one, "words": measured_words(one)} for one in measures],
        "facts": study_pairs(study),
        "support": support_pairs(study),
        "happened": happened(study),
        "merged": merged_into(study),
        "history": history_of(study),
        "codings": [coding_line(one, actor) for one in codings],
        "results": results_of(study),
        "appraisals": appraisals_of(study, actor),
        "unattached": included(study.review_id).exclude(tellings__study=study).count(),
    }


def _arm_line(arm: Arm) -> dict[str, Any]:
    """An arm with what stands beside it; older rows have one count only, of how many the numbers are."""
    detail: ArmDetail | None = getattr(arm, "detail", None)
    analysed = arm.n if detail is None or detail.n_analysed is None else detail.n_analysed
    return {"arm": arm, "detail": detail, "analysed": analysed}


def results_of(study: Study) -> list[dict[str, Any]]:
    """What the study found: each contrast with the finding that stands for it."""
    standing = Finding.objects.filter(contrast__study=study, subject__artefact__superseded_by="").order_by("pk")
    found: dict[str, Finding] = {}
    for one in standing:
        found.setdefault(one.contrast_id, one)
    rows = Contrast.objects.of_study(study).select_related("intervention")
    return [
        {
            "contrast": row,
            "how": how_words(row),
            "effect": in_words(found[row.pk]) if row.pk in found else "",
            "finding": found.get(row.pk),
        }
        for row in rows
    ]


def in_words(finding: Finding) -> str:
    """A finding with its 95 per cent interval on the scale that people read."""
    scale, half = METRICS[finding.metric], 1.959963984540054 * finding.vi**0.5
    told = [f"{float(scale.back(one)):.3g}" for one in (finding.yi, finding.yi - half, finding.yi + half)]
    point, *ends = (one.replace("-", MINUS) for one in told)
    low, high = sorted(ends, key=lambda one: float(one.replace(MINUS, "-")))
    return _("%(title)s %(point)s (95%% interval %(low)s to %(high)s)") % {
        "title": scale.title,
        "point": point,
        "low": low,
        "high": high,
    }
