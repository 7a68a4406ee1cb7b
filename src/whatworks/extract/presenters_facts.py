"""What is said of a study, its parts and its results, in words for the workspace."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from whatworks.extract.forms_entering import CLUSTERED
from whatworks.extract.forms_mending import INVOLVED
from whatworks.extract.models import Contrast, ContrastDetail, Measure, Study, StudyDetail

Pairs = list[tuple[str, str]]


def study_pairs(study: Study) -> Pairs:
    """A study's own facts by name; what is not said is left out."""
    told = [
        (_("Design"), study.design),
        (_("Drawn by lot"), _("Yes") if study.randomised else _("No")),
        (_("Country"), study.country),
        (_("Place"), study.place),
        (_("When"), study.years),
        (_("Who took part"), study.population),
        (_("How many"), f"{study.n_total:,} {study.unit or _('people')}" if study.n_total is not None else ""),
        (_("Counted"), study.unit if study.n_total is None else ""),
        (_("To keep in mind"), study.caution),
    ]
    return [pair for pair in told if pair[1]]


def support_pairs(study: Study) -> Pairs:
    """Who paid for a study and took part in it; empty where nothing is said."""
    row = StudyDetail.objects.filter(study=study).first()
    if row is None:
        return []
    told = [
        (_("Paid for by"), row.funder),
        (_("Whoever paid"), INVOLVED.get(row.funder_involved, "")),
        (_("Who developed it"), INVOLVED.get(row.developer_involved, "")),
        (_("Interests"), row.interests),
        (_("Registration"), row.registration),
        (_("Drawn or grouped"), row.clusters),
    ]
    return [pair for pair in told if pair[1]]


def measured_words(row: Measure) -> str:
    """An outcome as measured in a line.

    >>> from whatworks.scope.models import Outcome
    >>> measured_words(Measure(outcome=Outcome(name="Attendance"), instrument="Register", priority="primary"))
    'Attendance, by Register; primary.'
    """
    first = ", ".join(
        part
        for part in (
            row.outcome.name,
            _("by %(instrument)s") % {"instrument": row.instrument} if row.instrument else "",
            _("told by %(informant)s") % {"informant": row.informant} if row.informant else "",
            _("counted in %(unit)s") % {"unit": row.unit} if row.unit else "",
            _("in %(population)s") % {"population": row.population} if row.population else "",
        )
        if part
    )
    return "; ".join(part for part in (first, row.direction, row.priority) if part) + "."


def how_words(contrast: Contrast) -> list[str]:
    """When and how a result was measured and analysed, one short phrase each."""
    row: ContrastDetail | None = getattr(contrast, "detail", None)
    return [one for one in _how(contrast, row or ContrastDetail()) if one]


def _how(contrast: Contrast, row: ContrastDetail) -> Iterator[str]:
    start = contrast.months if row.months_from_baseline is None else row.months_from_baseline
    if start is not None:
        said = ngettext("%(count)s month from the start", "%(count)s months from the start", _plural(start))
        yield said % {"count": f"{start:g}"}
    if (after := row.months_from_end) is not None:
        yield ngettext(
            "%(count)s month from the end of treatment", "%(count)s months from the end of treatment", _plural(after)
        ) % {"count": f"{after:g}"}
    yield _("in %(population)s") % {"population": row.population} if row.population else ""
    yield row.analysis_set if row.analysis_set != "not reported" else _("who was analysed is not reported")
    yield _adjusted(row)
    yield CLUSTERED.get(row.clustering, "").lower()
    if row.icc is not None:
        yield _("ICC %(icc)s (%(icc_source)s)") % {"icc": f"{row.icc:g}", "icc_source": row.icc_source}
    yield (
        _("%(cluster_size)s in a cluster") % {"cluster_size": f"{row.cluster_size:g}"}
        if row.cluster_size is not None
        else ""
    )


def _plural(count: float) -> int:
    """The number that chooses between one month and several: half a month is not one."""
    return 1 if count == 1 else max(2, round(count))


def _adjusted(row: ContrastDetail) -> str:
    if row.adjusted is None:
        return _("adjusted for %(adjusted_for)s") % {"adjusted_for": row.adjusted_for} if row.adjusted_for else ""
    if not row.adjusted:
        return _("not adjusted")
    return (
        _("adjusted for %(adjusted_for)s") % {"adjusted_for": row.adjusted_for} if row.adjusted_for else _("adjusted")
    )
