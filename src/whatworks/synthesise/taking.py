"""Which results a declared analysis takes as things stand: what the plan selects among all that are held on its question."""

from __future__ import annotations

from collections.abc import Iterable

from whatworks.errors import InputError
from whatworks.extract.applying import applying_to
from whatworks.extract.methods.computing import formula_for
from whatworks.extract.models import Contrast
from whatworks.extract.models import ContrastQuerySet as Contrasts
from whatworks.saying import said
from whatworks.synthesise.methods.plan import Plan
from whatworks.synthesise.methods.selecting import Chosen, Held, select
from whatworks.synthesise.models import Analysis, AnalysisMember

WORST_FIRST = ("critical", "serious", "high", "some concerns", "moderate", "low")


def contrasts_for(intervention: str, outcome: str) -> Contrasts:
    """Every result that is held on an outcome of an intervention or one of its parts."""
    return Contrast.objects.about(intervention).filter(outcome=outcome).order_by("pk")


def choose(analysis: Analysis, plan: Plan) -> Chosen:
    """What the plan takes, and why not the rest."""
    rows = list(contrasts_for(analysis.intervention_id, analysis.outcome_id).select_related("study", "report"))
    risks = risk_of(rows)
    return select(plan, [_held(row, plan, risks.get(row.pk, "")) for row in rows])


def risk_of(contrasts: Iterable[Contrast]) -> dict[str, str]:
    """By result, the overall judgement that applies to it in small letters, the worst where instruments differ.

    Instruments write “High” and “Serious”, packs of before “high”. A result to which no judgement applies is absent.
    """
    held = applying_to(contrasts)
    return {pk: min((one.overall.casefold() for one in rows), key=badness) for pk, rows in held.items()}


def badness(overall: str) -> int:
    """Where a judgement in small letters stands, from the worst on; after all others where it is none of them."""
    return WORST_FIRST.index(overall) if overall in WORST_FIRST else len(WORST_FIRST)


def _held(row: Contrast, plan: Plan, risk: str) -> Held:
    unsafe = row.unsafe or ("" if row.formula else said("no effect can be computed from its numbers"))
    study = {"study": row.study_id, "name": row.study.name, "randomised": row.study.randomised}
    return Held(row.pk, unsafe=unsafe, scale=_on_scale(row, plan.metric), months=row.months, risk=risk, **study)


def _on_scale(row: Contrast, metric: str) -> bool:
    try:
        return bool(row.formula) and bool(formula_for(row.formula, row.inputs, metric))
    except (InputError, KeyError):
        return False


def take(analysis: Analysis, plan: Plan) -> Chosen:
    """Bring the members of an analysis to what its plan takes now. Returns the choice."""
    chosen = choose(analysis, plan)
    held = set(analysis.members.values_list("contrast_id", flat=True))
    analysis.members.exclude(contrast__in=chosen.taken).delete()
    AnalysisMember.objects.bulk_create(
        AnalysisMember(id=AnalysisMember.derived(analysis.pk, one), analysis=analysis, contrast_id=one)
        for one in chosen.taken
        if one not in held
    )
    return chosen
