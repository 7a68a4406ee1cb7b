"""Studies with their findings as plain values, for descriptions that other programs read."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from whatworks.extract.methods.coding.linked import Estimated, Found, Investigated, Observed
from whatworks.extract.methods.coding.tables import Told
from whatworks.extract.models import Contrast, ContrastDetail, Finding, Study

_NUMBERS = {
    "n": "n", "mean": "mean", "sd": "sd", "se": "se", "events": "events", "pre_mean": "preMean", "pre_sd": "preSd",
    "clusters": "clusterCount", "icc": "icc",
}  # fmt: skip
_NAMED = re.compile(r"([a-z_]+?)_?([12])")
_SOURCES = {"published effect": "extracted", "statistic": "converted"}


def investigated(studies: Sequence[str], values: Sequence[Told]) -> Iterator[Investigated]:
    """Each study with its reports, its findings that stand, and these coded values, in the order given."""
    held = {one.pk: one for one in Study.objects.filter(pk__in=studies).prefetch_related("tellings")}
    findings = _findings(studies)
    by_study: dict[str, list[Told]] = {}
    for told in values:
        by_study.setdefault(told.study, []).append(told)
    for key in studies:
        reports = sorted(one.report_id for one in held[key].tellings.all())
        yield Investigated(key, held[key].name, reports, findings.get(key, []), by_study.get(key, []))


def _findings(studies: Sequence[str]) -> dict[str, list[Found]]:
    rows = Contrast.objects.filter(study__in=studies).select_related(
        "intervention", "outcome", "detail__arm", "detail__comparison"
    )
    effects: dict[str, list[Finding]] = {}
    standing = Finding.objects.filter(contrast__in=rows.values("pk"), subject__artefact__superseded_by="")
    for one in standing.order_by("pk"):
        effects.setdefault(one.contrast_id, []).append(one)
    found: dict[str, list[Found]] = {}
    for row in rows.order_by("pk"):
        found.setdefault(row.study_id, []).append(_found(row, effects.get(row.pk, [])))
    return found


def _found(row: Contrast, effects: list[Finding]) -> Found:
    detail: ContrastDetail | None = getattr(row, "detail", None)
    context: dict[str, str | float] = {"followUp": row.follow_up, "population": detail.population if detail else ""}
    if row.months is not None:
        context["monthsFromBaseline"] = row.months
    if detail is not None and detail.months_from_end is not None:
        context["monthsFromEnd"] = detail.months_from_end
    arms = (detail.arm, detail.comparison) if detail else (None, None)
    names = (arms[0].name if arms[0] else row.intervention.name, arms[1].name if arms[1] else row.compared_with)
    return Found(
        identifier=row.pk,
        evaluates=names[0],
        compared_to=names[1],
        outcome=row.outcome.name,
        measured=row.measured,
        context={name: value for name, value in context.items() if value != ""},
        observed=tuple(_observed(row, names)),
        effects=tuple(_estimated(row, one, detail) for one in effects),
    )


def _observed(row: Contrast, names: tuple[str, str]) -> Iterator[Observed]:
    """What the contrast's own numbers say of each arm, under the vocabulary's names."""
    for at, name in enumerate(names, 1):
        numbers = {}
        for key, value in row.inputs.items():
            told = _NAMED.fullmatch(key)
            if told and told[2] == str(at) and told[1] in _NUMBERS and isinstance(value, int | float):
                numbers[_NUMBERS[told[1]]] = value
        if numbers:
            yield Observed(name, numbers)


def _estimated(row: Contrast, one: Finding, detail: ContrastDetail | None) -> Estimated:
    handled = {"handled": True, "not handled": False, "not clustered": False}
    return Estimated(
        identifier=one.pk,
        metric=one.metric,
        point=one.yi,
        se=one.vi**0.5,
        source=_SOURCES.get(row.basis, "computed"),
        baseline_adjusted=detail.adjusted if detail else None,
        clustering_adjusted=handled.get(detail.clustering) if detail else None,
    )
