"""What moves when a study is split or merged, by name, and what happened to a study before."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from whatworks.collate.models import Report
from whatworks.extract.forms_regrouping import result_line
from whatworks.extract.forms_studies import arms_of
from whatworks.extract.models import Appraisal, Arm, Contrast, Measure, Regrouping, Study, StudyReport
from whatworks.extract.regrouping import moving_state
from whatworks.people.naming import names

Group = dict[str, Any]


def moving(row: Regrouping) -> dict[str, Any]:
    """What a regrouping moves and leaves, by name, and the state to hand back with it."""
    moved = row.moved
    groups = [
        _group(_("Reports"), [_cited(one.report) for one in _rows(StudyReport, moved, "tellings", "report")]),
        _group(_("Reports that tell of both"), _reports(moved.get("shared", []))),
        _group(_("Reports that the other study has already"), _reports([one["report"] for one in moved["dropped"]])),
        _group(_("Arms"), [one.name for one in _rows(Arm, moved, "arms")]),
        _group(_("Outcomes as measured"), [one.name for one in _rows(Measure, moved, "measures")]),
        _group(_("Outcomes that both have from now on"), _likened(moved)),
        _group(_("Results"), [result_line(one) for one in _rows(Contrast, moved, "contrasts", "intervention")]),
        _group(
            _("Judgements of its risk of bias"),
            [_judged(one) for one in _rows(Appraisal, moved, "appraisals", "report")],
        ),
    ]
    return {
        "groups": [one for one in groups if one["names"]],
        "other": row.other.name,
        "seen": moving_state(row.kind, row.other, moved),
        "stays": _staying(row.study) if row.kind == Regrouping.SPLIT else [],
        "codings": row.study.codings.count(),
    }


def _group(title: str, found: list[str]) -> Group:
    return {"title": title, "names": found}


def _rows(model: Any, moved: Mapping[str, Any], name: str, *related: str) -> list[Any]:
    rows = model.objects.filter(pk__in=moved.get(name, [])).order_by("pk")
    return list(rows.select_related(*related) if related else rows)


def _cited(report: Report) -> str:
    return str(report.citation())


def _reports(keys: list[str]) -> list[str]:
    return [_cited(one) for one in Report.objects.filter(pk__in=keys).order_by("pk")]


def _likened(moved: Mapping[str, Any]) -> list[str]:
    keys = [key for key, _ in moved.get("likened", [])]
    return [one.name for one in Measure.objects.filter(pk__in=keys).order_by("pk")]


def _judged(row: Appraisal) -> str:
    return _("%(instrument)s, version %(version)s: %(overall)s") % {
        "instrument": row.instrument,
        "version": row.version,
        "overall": row.overall or _("no overall judgement"),
    }


def _staying(study: Study) -> list[Group]:
    """What a study has when the other's part has gone."""
    tellings = study.tellings.select_related("report").order_by("pk")
    groups = [
        _group(_("Reports"), [_cited(one.report) for one in tellings]),
        _group(_("Arms"), [one.name for one in arms_of(study)]),
        _group(_("Outcomes as measured"), [one.name for one in study.measures.order_by("pk")]),
        _group(
            _("Results"), [result_line(one) for one in study.contrasts.select_related("intervention").order_by("pk")]
        ),
        _group(_("Judgements of its risk of bias"), [_judged(one) for one in study.appraisals.order_by("pk")]),
    ]
    return [one for one in groups if one["names"]]


def happened(study: Study) -> list[dict[str, Any]]:
    """The splits and merges of a study, oldest first: in words, by whom, and whether it can be taken back."""
    rows = list(Regrouping.objects.of(study).select_related("study", "other", "undoes"))
    undone = {one.undoes_id for one in rows}
    people = names(one.by for one in rows)
    return [
        {
            "row": one,
            "kind": one.kind,
            "here": one.study_id == study.pk,
            "by": people[one.by],
            "stands": one.kind == Regrouping.MERGE and one.pk not in undone,
        }
        for one in rows
    ]


def merged_into(study: Study) -> Regrouping | None:
    """The merge by which a study is another now, while it stands."""
    found: Regrouping | None = (
        Regrouping.objects.standing().filter(kind=Regrouping.MERGE, study=study).select_related("other").first()
    )
    return found
