"""Having ratings computed. A machine proposes; what people judge of it is in the modules about judging."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import transaction

from whatworks.ledger.actions import computed, freshen, record
from whatworks.ledger.fields import PUBLIC
from whatworks.rate.gathering import SCHEMES, Ground
from whatworks.rate.methods.running import run_scheme
from whatworks.rate.models import Rating
from whatworks.rate.schemes import load_scheme


@transaction.atomic
def rate(*, by: str, grounds: Iterable[Ground]) -> list[Rating]:
    """Compute every shipped scheme on every ground. Returns the ratings made; what still holds is left alone."""
    made = [
        new
        for ground in grounds
        for scheme, gather in SCHEMES.items()
        if (new := _rate_one(ground, scheme, gather(ground))) is not None
    ]
    if made:
        record(verb="rate.compute", by=by, made=made, payload={"ratings": len(made)}, audience=PUBLIC)
    return made


def held_rating(ground: Ground, scheme: str) -> Rating | None:
    """The rating that stands for a ground by a scheme now."""
    of = Rating.objects.current().filter(scheme=scheme, intervention=ground.intervention, outcome=ground.outcome)
    return (
        of.filter(synthesis__analysis=ground.analysis).first() if ground.analysis else of.filter(synthesis=None).first()
    )


def _rate_one(ground: Ground, scheme: str, inputs: dict[str, Any]) -> Rating | None:
    version = str(load_scheme(scheme).version)
    synthesis = ground.default if ground.analysis else None
    held = held_rating(ground, scheme)
    if held and (held.inputs, held.version, held.synthesis_id) == (inputs, version, synthesis and synthesis.pk):
        freshen(held.pk)
        return None
    same = Rating.objects.filter(scheme=scheme, intervention=ground.intervention, outcome=ground.outcome)
    rating = Rating.objects.register(
        Rating.derived(
            scheme, ground.intervention.pk, ground.outcome.pk, ground.analysis and ground.analysis.pk, same.count()
        ),
        scheme=scheme,
        version=version,
        intervention=ground.intervention,
        outcome=ground.outcome,
        synthesis=synthesis,
        inputs=inputs,
        result=run_scheme(scheme, version, inputs),
    )
    ground_rows = [row.pk for row in (*ground.contrasts, *ground.published)]
    computed(
        output=rating,
        method=f"rate.{scheme}",
        version=version,
        inputs=inputs,
        rests_on=[*ground_rows, *([synthesis.pk] if synthesis else []), *(one.pk for one in ground.findings.values())],
        replaces=held.pk if held else "",
    )
    return rating
