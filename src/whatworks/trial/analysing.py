"""Blind first: data come in by digest, the plan runs on arms dealt out anew and is locked, the arms are told, the result stands.

What is analysed is the file in the store of participants; here only digests, checks and the panel are kept.
"""

from __future__ import annotations

import json
from typing import Any

from django.db import transaction
from django.utils import timezone

import whatworks
from whatworks.errors import ConflictError, InputError
from whatworks.ledger.actions import record
from whatworks.saying import said
from whatworks.trial import participants
from whatworks.trial.delivering import column_of
from whatworks.trial.methods.allocating.concealing import dealt
from whatworks.trial.methods.allocating.listing import NAME
from whatworks.trial.methods.allocating.publishing import rows_of
from whatworks.trial.methods.analysing import AnalysedTrial, answer
from whatworks.trial.methods.design import Design, read
from whatworks.trial.methods.design.parts import INDIVIDUAL, WEDGE
from whatworks.trial.models import (
    Correlation,
    Dataset,
    Trial,
    TrialAnalysis,
    TrialLock,
    TrialProtocol,
    Unblinding,
)
from whatworks.trial.opening import lock
from whatworks.trial.sighting import hidden, refuse_sighted, tell, whole

SMALL = 10  # counts below are withheld, as the Office for National Statistics asks of outputs
Table = dict[str, list[Any]]


@transaction.atomic
def take_in(*, by: str, trial: Trial, content: bytes) -> Dataset:
    """Check outcome data and keep their digest; the rows go to the store of participants. The same file twice is one data set.

    Raises InputError for data that the design cannot be about: a column that is missing, an outcome that is none, an arm not in the design.
    """
    held = Trial.objects.select_for_update().get(pk=trial.pk)
    protocol = _with_design(held)
    design = read(protocol.design)
    given = participants.parsed(content)
    if hidden(held) and design.analysis.arm in given:
        raise InputError(
            said(
                "The data say the arms in “%(column)s”, which are concealed; take that column out.",
                column=design.analysis.arm,
            )
        )
    told = joined(held, design, given)
    told = dealt(design, told) if design.allocation.concealed else told
    if (done := Dataset.objects.filter(trial=held, digest=participants.digest_of(content)).first()) is not None:
        participants.keep(held, content)  # the rows may be gone from here
        return done
    found = answer(design, protocol.design, told, whatworks.__version__, blind=True)
    digest = participants.keep(held, content)
    number = held.datasets.count() + 1
    made: Dataset = Dataset.objects.register(
        Dataset.derived(held.pk, digest),
        trial=held,
        number=number,
        digest=digest,
        rows=len(next(iter(told.values()))),
        columns=list(given),
        checks=[str(one) for one in found.warnings[1:]],
        counts=_counts(found),
        by=by,
        at=timezone.now(),
    )
    record(verb="trial.data", by=by, about=[held], made=[made])
    return made


def _counts(found: AnalysedTrial) -> dict[str, Any]:
    """Rows and clusters in all, over both arms: by arm they could tell who is in which."""
    groups = found.comparisons[0].groups
    left_out = sum(one.left_out for one in groups)
    return {
        "rows": sum(one.rows for one in groups),
        "clusters": sum(one.clusters for one in groups),
        "left_out": left_out if left_out == 0 or left_out >= SMALL else f"fewer than {SMALL}",
    }


@transaction.atomic
def run_blind(*, by: str, trial: Trial, dataset: Dataset) -> TrialAnalysis:
    """The whole plan on arms dealt out anew: that it runs, and on what, before anybody can know what it says.

    Raises ConflictError for somebody who has looked at arms that are concealed.
    """
    refuse_sighted(by, trial)
    return _run(by, trial, dataset, blind=True)


@transaction.atomic
def lock_plan(*, by: str, trial: Trial) -> TrialLock:
    """Lock the plan of the last blind run. Raises ConflictError before there is one, or where the protocol was changed since."""
    refuse_sighted(by, trial)
    blind = trial.analyses.filter(blind=True).order_by("-number").first()
    if blind is None:
        raise ConflictError(said("No analysis has run blind yet; run the plan on scrambled arms first."))
    text = json.dumps(blind.panel["plan"], ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    return lock(by=by, protocol=blind.protocol, what=TrialLock.PLAN, text=text)


@transaction.atomic
def unblind(*, by: str, trial: Trial, reason: str) -> Unblinding:
    """Tell the arms to those who analyse. Raises ConflictError before the plan is locked, InputError without a reason."""
    held = Trial.objects.select_for_update().get(pk=trial.pk)
    if not reason.strip():
        raise InputError(said("Say why the arms are told now; it stands in the record."))
    if (done := held.unblindings.order_by("at").first()) is not None:
        return done
    if not TrialLock.objects.of(held, TrialLock.PLAN).exists():
        raise ConflictError(said("The plan of analysis is not locked yet; run it blind and lock it first."))
    made = Unblinding.objects.create(
        pk=Unblinding.derived(held.pk, 1),
        trial=held,
        after=held.analyses.filter(blind=True).order_by("-number").first(),
        reason=reason.strip(),
        by=by,
        at=timezone.now(),
    )
    file = tell(held, by)
    record(
        verb="trial.unblind",
        by=by,
        about=[held],
        made=[made, *([file] if file else [])],
        payload={"reason": made.reason},
    )
    return made


@transaction.atomic
def run_open(*, by: str, trial: Trial, dataset: Dataset) -> TrialAnalysis:
    """The plan on the arms as drawn. Says what differs from the plan that was locked. Raises ConflictError before unblinding."""
    if not trial.unblindings.exists():
        raise ConflictError(said("The arms are not told yet; lock the plan and unblind first."))
    made = _run(by, trial, dataset, blind=False)
    _bank(made, by)
    return made


def _run(by: str, trial: Trial, dataset: Dataset, *, blind: bool) -> TrialAnalysis:
    held = Trial.objects.select_for_update().get(pk=trial.pk)
    protocol = _with_design(held)
    found = _panel(held, protocol, dataset, blind=blind)
    number = held.analyses.count() + 1
    made: TrialAnalysis = TrialAnalysis.objects.register(
        TrialAnalysis.derived(held.pk, number),
        trial=held,
        protocol=protocol,
        dataset=dataset,
        number=number,
        blind=blind,
        version=whatworks.__version__,
        panel=found,
        digest=found["digest"],
        by=by,
        at=timezone.now(),
    )
    record(verb="trial.analyse", by=by, about=[held, dataset], made=[made], payload={"blind": blind})
    return made


def computed_panel(analysis: TrialAnalysis) -> dict[str, Any]:
    """The panel of a stored analysis, computed again from the file in the store."""
    return _panel(analysis.trial, analysis.protocol, analysis.dataset, blind=analysis.blind)


def _panel(trial: Trial, protocol: TrialProtocol, dataset: Dataset, *, blind: bool) -> dict[str, Any]:
    design = read(protocol.design)
    told = joined(trial, design, participants.table(dataset))
    before = trial.analyses.filter(blind=True).order_by("-number").first() if not blind else None
    drawn = None if design.design.kind == INDIVIDUAL else whole(trial)
    if blind and design.allocation.concealed:
        # A blind run exchanges arms by a seed that anybody can compute: undone, it would tell them. So the true ones stay out of it.
        told, drawn = dealt(design, told), None
    found = answer(
        design, protocol.design, told, whatworks.__version__,
        blind=blind, lock=before.panel if before else None, allocation=drawn,
    )  # fmt: skip
    return found.to_dict()


def joined(trial: Trial, design: Design, told: Table) -> Table:
    """The data with what the record knows of each unit and they do not say: its arm, its strata, its covariates, its uptake.

    So those who bring the data need not know the arms, and nothing is typed twice.
    """
    column, key = design.analysis.arm, design.analysis.cluster or NAME
    drawn = None if design.design.kind == WEDGE else whole(trial)
    if drawn is None:
        if column not in told:
            raise InputError(
                said(
                    "The data have no column “%(column)s”, and nothing was drawn here that could say it.", column=column
                )
            )
        return told
    if key not in told:
        raise InputError(said("The data have no column “%(key)s”, by which units are found in the draw.", key=key))
    listed = {unit[NAME]: unit | {column: drawn["allocation"][unit[NAME]]} for unit in rows_of(drawn)}
    for row, unit in enumerate(told[key], 1):
        if str(unit) not in listed:
            raise InputError(said("Row %(row)s is of %(unit)s, which was not drawn.", row=row, unit=unit))
    names = [name for name in (column, *drawn["list"]["columns"]) if name not in told and name != NAME]
    known = told | {name: [listed[str(unit)][name] for unit in told[key]] for name in names}
    made = column_of(trial, design)
    if made is None or (made[0] in told and not trial.delivered.exists()):
        return known
    if made[0] in told:
        raise InputError(
            said("The data have “%(name)s”, which is made of what was delivered, by the rule of the design; take it out.", name=made[0],)
        )  # fmt: skip
    return known | {made[0]: [made[1][str(unit)] for unit in told[key]]}


def _bank(analysis: TrialAnalysis, by: str) -> None:
    """What the analysis tells later trials of how alike people of one cluster are."""
    share = analysis.panel.get("icc_interval") or {}
    value = analysis.panel.get("icc")
    if value is None:
        return
    design, groups = read(analysis.protocol.design), analysis.panel["groups"]
    made: Correlation = Correlation.objects.register(
        Correlation.derived(analysis.pk, Correlation.ICC),
        measure=Correlation.ICC,
        value=value,
        low=share.get("low"),
        high=share.get("high"),
        outcome=(design.estimand.endpoint or design.analysis.outcome)[:200],
        setting=(design.estimand.population or analysis.trial.title)[:200],
        clusters=sum(one["clusters"] for one in groups),
        people=sum(one["rows"] for one in groups),
        how=str(share.get("method", "")),
        analysis=analysis,
        by=by,
        at=timezone.now(),
    )
    record(verb="trial.bank", by=by, about=[analysis], made=[made])


def _with_design(trial: Trial) -> TrialProtocol:
    newest = trial.newest()
    if newest is None or not newest.design:
        raise InputError(said("This protocol has no design; write one before data are taken in."))
    return newest
