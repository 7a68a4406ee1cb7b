"""Declaring an analysis before its results are seen, locking the plan, and departing from it in the open."""

from __future__ import annotations

from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.text import slugify

from whatworks.errors import ConflictError, InputError
from whatworks.extract.methods.metrics import METRICS
from whatworks.extract.models import Finding
from whatworks.ledger.actions import mark_stale, record
from whatworks.ledger.fields import PUBLIC
from whatworks.ledger.models import Lineage, Subject
from whatworks.saying import said
from whatworks.scope.models import Intervention, Outcome
from whatworks.screen.models import Review
from whatworks.synthesise.coded import items_of
from whatworks.synthesise.methods.plan import Plan, changes, plan_of
from whatworks.synthesise.models import Analysis, Declaration, Lock, PublishedResult, Synthesis
from whatworks.synthesise.taking import contrasts_for

LONGEST_TITLE = 200


def plan_in_force(analysis: Analysis) -> Plan | None:
    """The plan of an analysis as it stands; None where how it was declared is not recorded."""
    held = Declaration.objects.in_force(analysis)
    return plan_of(held.plan, METRICS) if held else None


@transaction.atomic
def declare(
    *,
    by: str,
    review: Review,
    intervention: Intervention,
    outcome: Outcome,
    title: str,
    unit: str,
    plan: dict[str, Any],
) -> Analysis:
    """Declare an analysis: what it asks and what it will do. It is not run before its plan is locked.

    Raises InputError where the plan cannot be so, ConflictError where an analysis has this title already.
    """
    title, found = title.strip(), plan_of(plan, METRICS, items_of(review))
    if not title or len(title) > LONGEST_TITLE:
        raise InputError(
            said("Give the analysis a title of at most %(longest_title)s characters.", longest_title=LONGEST_TITLE)
        )
    about = {"review": review, "intervention": intervention, "outcome": outcome}
    told = {"metric": found.metric, "model": found.model, "tau2": found.tau2, "interval": found.interval}
    slug = slugify(title)[:80]
    taken = said("There is an analysis called “%(title)s”; give this one another title.", title=title[:60])
    if not slug:
        raise InputError(said("Give the analysis a title with letters or digits in it, so that it has an address."))
    if Analysis.objects.filter(slug=slug).exists():
        raise ConflictError(taken)
    try:
        with transaction.atomic():
            made = Analysis.objects.register(
                title=title, slug=slug, unit=unit.strip() or "people", declared_by=by, lead=False, **about, **told
            )
    except IntegrityError:
        raise ConflictError(taken) from None
    first = _keep(made, by=by, plan=found, number=1, known=known_of(made))
    payload = {"plan": first.plan, "known": first.known}
    record(verb="synthesise.declare", by=by, about=[review], made=[made, first], payload=payload, audience=PUBLIC)
    return made


@transaction.atomic
def change_plan(*, by: str, analysis: Analysis, plan: dict[str, Any], seen: int, why: str = "") -> Declaration:
    """Declare an analysis otherwise. Before the lock that is another declaration; after it a deviation, which says why.

    `seen` is the number of the declaration that was changed: a ConflictError where somebody changed it meanwhile.
    """
    analysis = Analysis.objects.select_for_update().get(pk=analysis.pk)
    coded = items_of(analysis.review_id)
    held, found = Declaration.objects.in_force(analysis), plan_of(plan, METRICS, coded)
    if held is None:
        raise ConflictError(said("How this analysis was declared is not recorded; declare a new one."))
    if held.number != seen:
        raise ConflictError(said("Somebody changed the plan meanwhile; look at it as it is now, then change it."))
    moved = changes(plan_of(held.plan, METRICS), found, coded)
    if not moved:
        return held
    locked = Lock.objects.filter(analysis=analysis).exists()
    if locked and not why.strip():
        raise InputError(said("The plan is locked: say why you depart from it; readers see the reason."))
    told: dict[str, Any] = {"known": known_of(analysis), "changes": moved, "deviation": locked, "why": why.strip()}
    made = _keep(analysis, by=by, plan=found, number=held.number + 1, **told)
    for name in ("metric", "model", "tau2", "interval"):
        setattr(analysis, name, getattr(found, name))
    analysis.save(update_fields=["metric", "model", "tau2", "interval"])
    verb = "synthesise.deviate" if locked else "synthesise.redeclare"
    payload = {"changes": moved, "why": made.why}
    event = record(verb=verb, by=by, about=[analysis], made=[analysis, made], payload=payload, audience=PUBLIC)
    mark_stale(analysis.pk, event=event)
    return made


@transaction.atomic
def lock_plan(*, by: str, analysis: Analysis, seen: int) -> Lock:
    """Fix the plan of an analysis, so that it may be run. A second time is the same lock."""
    analysis = Analysis.objects.select_for_update().get(pk=analysis.pk)
    if held := Lock.objects.filter(analysis=analysis).first():
        return held
    declaration = Declaration.objects.in_force(analysis)
    if declaration is None:
        raise ConflictError(said("How this analysis was declared is not recorded, so there is no plan to lock."))
    if declaration.number != seen:
        raise ConflictError(said("Somebody changed the plan meanwhile; read it as it is now, then lock it."))
    told = {"analysis": analysis, "declaration": declaration, "known": known_of(analysis)}
    made = Lock.objects.create(id=Lock.derived(analysis.pk), by=by, at=timezone.now(), **told)
    payload = {"declaration": declaration.number, "known": made.known}
    record(verb="synthesise.lock", by=by, about=[analysis], made=[made], payload=payload, audience=PUBLIC)
    return made


def _keep(analysis: Analysis, *, by: str, plan: Plan, number: int, **told: Any) -> Declaration:
    told = {"changes": []} | told
    key = Declaration.derived(analysis.pk, number)
    place = {"analysis": analysis, "number": number, "by": by, "at": timezone.now()}
    made: Declaration = Declaration.objects.register(key, plan=plan.to_dict(), **place, **told)
    return made


def known_of(analysis: Analysis) -> list[str]:
    """What of its results can be known now, in sentences: an honest reader weighs a plan by it. Empty where nothing is."""
    held = contrasts_for(analysis.intervention_id, analysis.outcome_id)
    numbers = held.exclude(formula="").count()
    effects = Finding.objects.filter(contrast__in=held).values("contrast").distinct().count()
    pooled = Synthesis.objects.filter(analysis__intervention=analysis.intervention, analysis__outcome=analysis.outcome)
    theirs = PublishedResult.objects.filter(intervention=analysis.intervention, outcome=analysis.outcome).count()
    shown = Subject.objects.filter(pk__in=Lineage.descendants(*held.values_list("pk", flat=True)), kind="revision")
    said = (
        (numbers, f"The numbers of {_many(numbers, 'result')} on this question had been extracted."),
        (effects, f"{_many(effects, 'effect')} had been computed from them."),
        (pooled.count(), f"{_many(pooled.count(), 'pooled result')} on this question had been computed here."),
        (theirs, f"{_many(theirs, 'result')} that others published on this question were held."),
        (shown.count(), "A page that readers could see showed results on this question."),
    )
    return [sentence for count, sentence in said if count]


def _many(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"
