"""How far two appraisers agreed before they saw each other's judgements, domain by domain, over a review."""

from __future__ import annotations

from dataclasses import dataclass

from whatworks.errors import InputError
from whatworks.extract.appraising_two import verdicts_of
from whatworks.extract.instruments import Instrument, instrument
from whatworks.extract.methods.agreeing_judgements import DomainAgreement, of_domain
from whatworks.extract.methods.coding.agreeing import FEW
from whatworks.extract.models import Appraising, Verdict
from whatworks.extract.supporting import OVERALL
from whatworks.saying import said
from whatworks.screen.models import Review


@dataclass(frozen=True, slots=True)
class InstrumentAgreement:
    """Agreement by one version of an instrument: over how many things judged by two, and each domain and overall."""

    instrument: Instrument
    things: int
    rows: tuple[DomainAgreement, ...]

    @property
    def warning(self) -> str:
        """What to keep in mind about all of it; empty where there is nothing."""
        return said("Agreement beyond chance can hardly be told from so few.") if self.things < FEW else ""


def agreements_in(review: Review | str, *, level: float = 0.95) -> list[InstrumentAgreement]:
    """By each instrument, over what two people judged to the end; of a thing that was judged so twice, the last time."""
    found: dict[tuple[str, str], dict[tuple[str, str], list[Verdict]]] = {}
    for one in Appraising.objects.compared(review):
        held = found.setdefault((one.instrument, one.version), {})
        held[one.study_id, one.about] = list(verdicts_of(one).values())
    shown = [_of(key, list(pairs.values()), level) for key, pairs in sorted(found.items())]
    return [one for one in shown if one is not None]


def _of(key: tuple[str, str], pairs: list[list[Verdict]], level: float) -> InstrumentAgreement | None:
    try:
        held = instrument(*key)
    except InputError:
        return None  # judged by an instrument that came in with a pack and does not ship
    both = [(one[0], one[1]) for one in pairs if len(one) == 2]
    rows = [
        of_domain(
            domain.key,
            domain.name,
            [(first.domains.get(domain.key, ""), second.domains.get(domain.key, "")) for first, second in both],
            held.judgements,
            level=level,
        )
        for domain in held.domains
    ]
    if not held.overall.none:
        said = [(first.overall, second.overall) for first, second in both]
        order = held.overall.judgements or held.judgements
        rows.append(of_domain(OVERALL, "Overall", said, order, level=level))
    return InstrumentAgreement(held, len(both), tuple(rows))
