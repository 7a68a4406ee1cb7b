"""The loop closes: the declared result of an open analysis becomes a contrast in a study of a review, and its finding is computed.

Nobody retypes a number. Pages that rest on what it changes say so themselves from then on.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone

from whatworks.collate.entering import Details, enter_report
from whatworks.collate.importing import source_named
from whatworks.collate.models import Report
from whatworks.errors import ConflictError, InputError
from whatworks.extract.entering import enter_finding
from whatworks.extract.models import Arm, Study
from whatworks.extract.studying import add_arm, describe_support, open_study
from whatworks.ledger.actions import mark_stale, record
from whatworks.saying import said
from whatworks.screen.models import Review
from whatworks.trial.methods.analysing.panel_rows import DIFFERENCE, LOG_ODDS, LOG_RATES, RATES, RISKS
from whatworks.trial.methods.design import Design, read
from whatworks.trial.methods.design.parts import INDIVIDUAL, WEDGE
from whatworks.trial.models import Deposit, Trial, TrialAnalysis
from whatworks.trial.presenters import registration_of

OURS = "Trials of this centre"
FORMULAE = {
    DIFFERENCE: ("md-with-se", "estimate"),
    RISKS: ("rd-with-se", "estimate"),
    RATES: ("ird-with-se", "estimate"),
    LOG_ODDS: ("log-or-from-coefficient", "log_estimate"),
    LOG_RATES: ("log-irr-from-coefficient", "log_estimate"),
}


@transaction.atomic
def deposit(*, by: str, trial: Trial, review: Review) -> Deposit:
    """Pass the declared result on to a review: report, study, arms and contrast are made, and the finding computed. Once.

    Raises ConflictError before there is an open analysis, InputError where the trial names no intervention or outcome of the framework.
    """
    held = Trial.objects.select_for_update().get(pk=trial.pk)
    analysis = held.analyses.filter(blind=False).order_by("-number").first()
    if analysis is None:
        raise ConflictError(said("No analysis has run on the arms as drawn; run it before its result is passed on."))
    if (done := Deposit.objects.filter(analysis=analysis).first()) is not None:
        return done
    if held.intervention is None or held.outcome is None:
        raise InputError(
            said(
                "Say which intervention and which outcome of the framework this trial is about; then its result has a place."
            )
        )
    row = declared(analysis)
    design = read(analysis.protocol.design)
    report = _report(held, by)
    study, arms = _study(held, analysis, design, review, report, by)
    formula, estimate = FORMULAE[row["scale"]]
    contrast = enter_finding(
        by=by, study=study, report=report, intervention=held.intervention, outcome=held.outcome,
        inputs={estimate: row["estimate"], "se": row["se"]}, formula=formula, arms=arms, key=analysis.pk,
        basis="published effect", measured=design.estimand.endpoint or held.outcome.name,
        analysis_set="intention to treat", adjusted=bool(design.analysis.covariates),
        clustering="not clustered" if design.design.kind == INDIVIDUAL else "handled",
        n_total=sum(one["rows"] for one in analysis.panel["groups"]), place=f"Analysis {analysis.number}, {row['method']}",
    )  # fmt: skip
    made = Deposit.objects.create(
        pk=Deposit.derived(analysis.pk), analysis=analysis, contrast=contrast, report=report, by=by, at=timezone.now()
    )
    event = record(verb="trial.deposit", by=by, about=[held, study, held.intervention], made=[made])
    mark_stale(held.intervention.pk, event=event)  # whatever speaks of the intervention has something new to consider
    return made


def declared(analysis: TrialAnalysis) -> Mapping[str, Any]:
    """The line of the panel that was declared beforehand. Raises InputError where none was, or it could not be fitted or has no error."""
    found: Mapping[str, Any] | None = next((row for row in analysis.panel["panel"] if row["declared"]), None)
    if found is None:
        raise InputError(
            said("The design declares no analysis that could be fitted; only a declared result is passed on.")
        )
    if found["se"] is None or found["scale"] not in FORMULAE:
        raise InputError(
            said(
                "The declared analysis (%(method)s) gives no standard error to pool with; declare one that does.",
                method=found["method"],
            )
        )
    return found


def _report(trial: Trial, by: str) -> Report:
    source = source_named(by=by, name=OURS, sort="register")
    details = Details(title=f"{trial.title}: results", sort="RPRT", year=timezone.localdate().year, number=trial.slug)
    return enter_report(by=by, source=source, details=details)


def _study(
    trial: Trial, analysis: TrialAnalysis, design: Design, review: Review, report: Report, by: str
) -> tuple[Study, tuple[Arm, Arm]]:
    """The study with its two arms, the intervention first."""
    kinds = {INDIVIDUAL: "randomised trial", WEDGE: "stepped-wedge cluster randomised trial"}
    groups = analysis.panel["groups"]
    study = open_study(
        by=by, review=review, name=trial.title[:200], design=kinds.get(design.design.kind, "cluster randomised trial"),
        randomised=True, report=report, key=trial.pk, population=design.estimand.population,
        n_total=sum(one["rows"] for one in groups), unit=design.estimand.units[:40],
    )  # fmt: skip
    newest = analysis.protocol.particulars
    registration = registration_of(newest)
    describe_support(by=by, study=study, funder=newest.get("funding", ""), registration=registration[:200])
    arms = {}
    for place, role in ((1, Arm.INTERVENTION), (0, Arm.COMPARISON)):
        arm, group = design.arms[place], groups[place]
        arms[place] = add_arm(
            by=by, study=study, name=(arm.gets or arm.name)[:160], role=role, key=arm.name, n_analysed=group["rows"],
            clusters_analysed=group["clusters"],
        )  # fmt: skip
    return study, (arms[1], arms[0])
