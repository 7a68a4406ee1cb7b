"""How far two raters agreed before they saw each other's ratings: by scheme, each question and the level."""

from __future__ import annotations

from dataclasses import dataclass

from whatworks.extract.methods.agreeing_judgements import DomainAgreement, of_domain
from whatworks.extract.methods.coding.agreeing import FEW
from whatworks.rate.judging import ratings_of
from whatworks.rate.methods.asking import asked
from whatworks.rate.methods.inputs import shown
from whatworks.rate.methods.scheme import Input, Scheme
from whatworks.rate.models import Assessment, PersonalRating
from whatworks.rate.schemes import load_scheme
from whatworks.saying import said

UNSAID = "cannot tell"


@dataclass(frozen=True, slots=True)
class SchemeAgreement:
    """Agreement by one version of a scheme, over how many things that two people rated to the end."""

    scheme: Scheme
    things: int
    rows: tuple[DomainAgreement, ...]

    @property
    def warning(self) -> str:
        """What to keep in mind about all of it; empty where there is nothing."""
        return said("Agreement beyond chance can hardly be told from so few.") if self.things < FEW else ""


def agreements(*, level: float = 0.95) -> list[SchemeAgreement]:
    """By scheme and version, over what two people rated to the end; of what was rated so twice, the last time."""
    found: dict[tuple[str, int], dict[tuple[str, str], list[PersonalRating]]] = {}
    for one in Assessment.objects.compared():
        held = found.setdefault((one.scheme, int(one.version)), {})
        held[one.about_id, one.title] = ratings_of(one)
    return [_of(load_scheme(*key), list(pairs.values()), level) for key, pairs in sorted(found.items())]


def _of(scheme: Scheme, rated: list[list[PersonalRating]], level: float) -> SchemeAgreement:
    both = [(one[0], one[1]) for one in rated if len(one) == 2]
    names = {name for pair in both for one in pair for name in one.answers}
    rows = [
        of_domain(one.name, one.words, [(_said(one, a), _said(one, b)) for a, b in both], _order(one), level=level)
        for one in asked(scheme, {})
        if one.name in names
    ]
    levels = [(a.level, b.level) for a, b in both]
    rows.append(of_domain("level", "the level", levels, scheme.ladder, level=level))
    return SchemeAgreement(scheme, len(both), tuple(rows))


def _order(declared: Input) -> list[str]:
    """A question's answers in their order, as they are said; none for numbers and words, which have no steps."""
    if declared.kind == "integer" and declared.minimum is not None and declared.maximum is not None:
        return [str(step) for step in range(int(declared.minimum), int(declared.maximum) + 1)]
    if declared.kind == "boolean":
        return ["no", "yes"]
    return list(declared.choices.values())


def _said(declared: Input, one: PersonalRating) -> str:
    value = one.answers.get(declared.name, {}).get("value")
    return UNSAID if value is None else shown(declared, value)
