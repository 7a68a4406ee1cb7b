"""What people do with findings: run a declared analysis, freezing its result with everything it was computed from."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from whatworks.errors import ConflictError
from whatworks.extract.actions import compute_findings, current_finding
from whatworks.extract.methods.computing import formula_for
from whatworks.extract.models import Contrast, Finding
from whatworks.ledger.actions import computed, freshen, record
from whatworks.ledger.fields import PUBLIC
from whatworks.saying import said
from whatworks.synthesise.asking import asked_of, same_asked
from whatworks.synthesise.coded import coded_values
from whatworks.synthesise.declaring import plan_in_force
from whatworks.synthesise.following import ask_followers
from whatworks.synthesise.methods.coded import parts_of
from whatworks.synthesise.methods.otherwise import VERSION as SENSITIVITY_VERSION
from whatworks.synthesise.methods.otherwise import Asked, otherwise
from whatworks.synthesise.methods.otherwise_tables import counts_in
from whatworks.synthesise.methods.plan import Plan
from whatworks.synthesise.methods.running import VERSION, method_of, run_plan
from whatworks.synthesise.models import Analysis, Lock, Sensitivity, Synthesis
from whatworks.synthesise.taking import risk_of, take


def settings_of(analysis: Analysis, role: str, plan: Plan | None = None) -> dict[str, Any]:
    """The model and interval of a role: the house default or the plan's, or what the review's authors used."""
    of = plan or analysis
    settings: dict[str, Any] = {"model": of.model, "tau2": of.tau2, "metric": of.metric}
    if plan and plan.model == "multilevel":
        return settings | {"rho": plan.rho}
    if role == Synthesis.AS_PUBLISHED:
        # The published fits stopped where metafor's default does, about 1e-5 short of the best variance between studies.
        return settings | {"interval": analysis.published_interval, "stop": "metafor"}
    # Hartung and Knapp's interval can come out narrower than the normal one when few results happen to be alike.
    floor = {"floor": "wald"} if of.interval == "hksj" else {}
    return settings | {"interval": of.interval} | floor


def inputs_of(analysis: Analysis) -> list[dict[str, Any]]:
    """The findings an analysis takes, as they stand, in a fixed order."""
    plan, rows = plan_in_force(analysis), []
    for member in analysis.members.select_related("contrast__study", "contrast__report").order_by("contrast_id"):
        contrast = member.contrast
        if not contrast.poolable:
            continue  # its report was retracted, or somebody found it unsafe, after the analysis was declared
        finding = current_finding(contrast, formula_for(contrast.formula, contrast.inputs, analysis.metric))
        if finding is not None:
            counts = counts_in(finding.inputs, contrast.sign) if plan and "tables" in plan.sensitivity else None
            rows.append(_as_input(finding, contrast.sign) | ({"counts": counts} if counts else {}))
    return _described(rows, plan) if plan else rows


def _described(rows: list[dict[str, Any]], plan: Plan) -> list[dict[str, Any]]:
    """The inputs with what a declared plan may compare them by, and the coded values that this one asks about."""
    contrasts = Contrast.objects.select_related("study").in_bulk([row["contrast"] for row in rows])
    risks = risk_of(contrasts.values())
    coded = coded_values(contrasts.values(), [one for one in plan.moderators if parts_of(one)])
    return [row | _about(contrasts[row["contrast"]], risks) | coded[row["contrast"]] for row in rows]


def _about(contrast: Contrast, risks: dict[str, str]) -> dict[str, Any]:
    study = contrast.study
    told = {"study_id": study.pk, "randomised": study.randomised, "country": study.country}
    return told | {"risk": risks.get(contrast.pk, ""), "months": contrast.months}


def _as_input(finding: Finding, sign: int) -> dict[str, Any]:
    contrast = finding.contrast
    people = contrast.n_total or (finding.n1 + finding.n2 if finding.n1 and finding.n2 else None)
    return {
        "finding": finding.pk,
        "contrast": contrast.pk,
        "study": contrast.study.name,
        "yi": sign * finding.yi,
        "vi": finding.vi,
        "n": people,
    }


@transaction.atomic
def run(*, by: str, analysis: Analysis) -> list[Synthesis]:
    """Run a declared analysis in each of its roles. Returns the results made; what still holds is left alone.

    A plan that is not locked yet is not run: nobody looks at results while they can still choose by them.
    """
    plan = plan_in_force(analysis)
    if plan is not None:
        if not Lock.objects.filter(analysis=analysis).exists():
            return []
        analysis = Analysis.objects.get(pk=analysis.pk)  # its plan may have changed since the caller read the row
        take(analysis, plan)
    members = [member.contrast for member in analysis.members.select_related("contrast")]
    compute_findings(by=by, contrasts=members, metric=analysis.metric)
    inputs = inputs_of(analysis)
    roles = [Synthesis.DEFAULT] + ([Synthesis.AS_PUBLISHED] if analysis.published_interval else [])
    asked = asked_of(analysis, plan) if plan else []
    made = [new for role in roles if (new := _run_role(analysis, role, inputs, plan, asked)) is not None]
    tried = [_try_otherwise(one, asked) for one in made if asked]
    if made:
        record(verb="synthesise.run", by=by, about=[analysis], made=[*made, *tried], audience=PUBLIC)
    return made


def _try_otherwise(synthesis: Synthesis, keys: list[Asked]) -> Sensitivity:
    """Keep what the result would have been by the other choices that the plan names."""
    found = otherwise(synthesis.inputs, synthesis.settings, keys)
    told = {"synthesis": synthesis, "version": SENSITIVITY_VERSION, "keys": keys, "result": found}
    made: Sensitivity = Sensitivity.objects.register(Sensitivity.derived(synthesis.pk), **told)
    of = {"synthesis": synthesis.pk, "keys": keys}
    version = SENSITIVITY_VERSION
    computed(output=made, method="synthesise.otherwise", version=version, inputs=of, rests_on=[synthesis.pk])
    return made


def _run_role(
    analysis: Analysis, role: str, inputs: list[dict[str, Any]], plan: Plan | None, asked: list[Asked]
) -> Synthesis | None:
    settings = settings_of(analysis, role, plan)
    held = analysis.syntheses.current().filter(role=role).first()
    same = held and (held.inputs, held.settings, held.version) == (inputs, settings, VERSION)
    if held and same and same_asked(held, asked):
        freshen(held.pk)
        return None
    if not inputs:
        return None  # nothing to pool: the result held, if any, stays stale until a person looks
    synthesis = Synthesis.objects.register(
        Synthesis.derived(analysis.pk, role, analysis.syntheses.filter(role=role).count()),
        analysis=analysis,
        role=role,
        method=method_of(settings),
        version=VERSION,
        settings=settings,
        inputs=inputs,
        result=run_plan(inputs, settings),
    )
    computed(
        output=synthesis,
        method=method_of(settings),
        version=VERSION,
        inputs={"settings": settings, "inputs": inputs},
        rests_on=[analysis.pk, *(row["finding"] for row in inputs)],
        replaces=held.pk if held else "",
    )
    return synthesis


@transaction.atomic
def put_forward(*, by: str, analysis: Analysis) -> Analysis:
    """Have an analysis shown on its intervention's page: the would-be page with it waits for an editor to approve it."""
    analysis = Analysis.objects.select_for_update().get(pk=analysis.pk)
    if not analysis.syntheses.current().exists():
        raise ConflictError(said("This analysis has no result yet; lock its plan and run it first."))
    if not analysis.lead:
        analysis.lead = True
        analysis.save(update_fields=["lead"])
        record(verb="synthesise.put-forward", by=by, about=[analysis], made=[analysis], audience=PUBLIC)
        ask_followers(by)
    return analysis
