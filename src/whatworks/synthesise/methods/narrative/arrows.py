"""What does each study say about each kind of outcome, when it reports several? The effect direction plot.

Results of one study on one domain become one direction: that of at least 70 per cent of them, else unclear. Sources: Thomson
and Thomas (2013), Research Synthesis Methods 4(1), 95-101; Boon and Thomson (2021), the same 12(1), 29-33, who add the sign
test per domain.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from whatworks.errors import InputError
from whatworks.saying import said
from whatworks.stats.chart import Chart, Plane
from whatworks.stats.results import Result
from whatworks.stats.telling import Recipe, Told, kept, paragraph, recipe
from whatworks.synthesise.methods.narrative import references
from whatworks.synthesise.methods.narrative.directions import ARROWS, Direction, directions_of
from whatworks.synthesise.methods.narrative.votes import VoteCount, vote_count

AGREE = 0.70  # of the results of a study on a domain must point one way: Thomson and Thomas (2013)
LARGE, SMALL = 300, 50  # people in the intervention group: large arrows above, small below (the same)
BIASES = ("low", "some", "high")
WIDTH, HEIGHT = 110, 34


@dataclass(frozen=True, slots=True)
class Arrow(Result):
    """One study on one domain. results: how many it reports there (those without a direction left out); n: its people."""

    study: str
    domain: str
    direction: Direction
    results: int
    higher: int
    lower: int
    n: float | None
    risk_of_bias: str | None


@dataclass(frozen=True, slots=True)
class EffectDirection(Told):
    """The arrows, study by domain, and the vote in each domain. studies, domains: in the order first met."""

    studies: tuple[str, ...]
    domains: tuple[str, ...]
    arrows: tuple[Arrow, ...]
    votes: Mapping[str, VoteCount]
    warnings: tuple[str, ...]
    rows: Mapping[str, Sequence[Any] | None] = kept()

    def summary(self) -> str:
        """The vote in each domain."""
        return " ".join(f"{domain}: {self.votes[domain].summary()}" for domain in self.domains)

    def report(self) -> str:
        """Methods and results."""
        method = (
            "Several results of a study within an outcome domain were made one direction: that of at least 70% of them, else "
            "unclear. Directions were counted across studies in each domain, with an exact sign test that leaves out unclear "
            "ones."
        )
        cited = (references.THOMSON, references.BOON, references.HANDBOOK)
        return paragraph((method, self.summary(), *self.warnings), cited)

    def chart(self) -> Chart:
        """Arrows in a grid: up, down or sideways; larger for larger studies; with the risk of bias in words."""
        across, down = len(self.domains), len(self.studies)
        plane = Plane(
            x=(0.0, float(across)),
            y=(float(down), 0.0),
            width=220 + WIDTH * across,
            height=60 + HEIGHT * down,
            left=180,
            right=40,
            top=40,
            bottom=20,
        )
        for column, domain in enumerate(self.domains):
            plane.words(plane.at_x(column + 0.5), 20, domain[:16], anchor="middle", bold=True)
        for row, study in enumerate(self.studies):
            plane.words(8, plane.at_y(row + 0.5), study[:26])
            plane.level(float(row))
        for arrow in self.arrows:
            self._draw(plane, arrow)
        note = (
            "An arrow up is a higher outcome, down a lower one, both sides unclear or mixed; large above 300 people in the "
            "intervention group, small below 50; the number is how many results it stands for."
        )
        head = ("study", "domain", "direction", "results", "people", "risk of bias")
        rows = [
            (a.study, a.domain, f"{ARROWS[a.direction]} {a.direction}", a.results, a.n, a.risk_of_bias)
            for a in self.arrows
        ]
        return plane.chart("Direction of effects by study and domain", note, head, rows)

    def _draw(self, plane: Plane, arrow: Arrow) -> None:
        x, y = self.domains.index(arrow.domain) + 0.5, self.studies.index(arrow.study) + 0.5
        size = 9.0 if arrow.n is None else 12.0 if arrow.n > LARGE else 6.0 if arrow.n < SMALL else 9.0
        wide, high = size / WIDTH, size / HEIGHT
        css = f"risk-{arrow.risk_of_bias}" if arrow.risk_of_bias else "dot"
        if arrow.direction == "unclear":
            for side in (-1, 1):
                tip = [
                    (x + side * 1.6 * wide, y),
                    (x + side * 0.2 * wide, y - 0.7 * high),
                    (x + side * 0.2 * wide, y + 0.7 * high),
                ]
                plane.area(tip, css=css, opacity=0.75)
        else:
            way = -1 if arrow.direction == "higher" else 1
            plane.area(
                [(x, y + way * high), (x - wide, y - way * high), (x + wide, y - way * high)], css=css, opacity=0.75
            )
        said = f"{arrow.results}" + (f" {arrow.risk_of_bias}" if arrow.risk_of_bias else "")
        plane.words(plane.at_x(x) + 22, plane.at_y(y), said)

    def r_script(self) -> str:
        """The sign tests in base R: domain and p on a line each."""
        lines = [
            f'cat("{domain}", format(binom.test({vote.higher}, {vote.higher + vote.lower})$p.value, digits = 15), "\\n")'
            for domain, vote in self.votes.items()
            if vote.p is not None
        ]
        return "\n".join(lines or ["# no domain has a study with a clear direction"]) + "\n"

    @property
    def recipe(self) -> Recipe:
        """Enough to draw it again."""
        return recipe("effect_direction", self.rows)


def effect_direction(
    study: Sequence[Any],
    domain: Sequence[Any],
    direction: Sequence[Any],
    *,
    n: Sequence[float | None] | None = None,
    risk_of_bias: Sequence[str | None] | None = None,
) -> EffectDirection:
    """Make an effect direction plot of results, one row each: study, outcome domain, direction.

    direction: numbers (their sign) or higher, lower, unclear; None where not reported. n: people in the intervention group;
    risk_of_bias: low, some or high; both belong to the study (the first given counts). InputError: unequal lengths, words.
    """
    studies, domains, found = [str(one) for one in study], [str(one) for one in domain], directions_of(direction)
    if not studies:
        raise InputError(said("There are no results; give at least one row with study, domain and direction."))
    lengths = {len(studies), len(domains), len(found), *(len(part) for part in (n, risk_of_bias) if part is not None)}
    if len(lengths) > 1:
        raise InputError(
            said("The columns study, domain and direction (and n, risk_of_bias) must be equally long; complete them.")
        )
    people, biases = _of_study(studies, n), _of_study(studies, risk_of_bias)
    for name, bias in biases.items():
        if bias not in BIASES:
            raise InputError(
                said("The risk of bias of %(name)s is %(bias)r; write low, some or high.", name=name, bias=bias)
            )
    arrows = tuple(_arrows(studies, domains, found, people, biases))
    order = tuple(dict.fromkeys(domains))
    votes = {one: vote_count([a.direction for a in arrows if a.domain == one] or [None]) for one in order}
    lost = found.count(None)
    return EffectDirection(
        studies=tuple(dict.fromkeys(studies)),
        domains=order,
        arrows=arrows,
        votes=votes,
        warnings=tuple(_cautions(lost)),
        rows={"study": studies, "domain": domains, "direction": list(direction), "n": n, "risk_of_bias": risk_of_bias},
    )


def _of_study(studies: Sequence[str], column: Sequence[Any] | None) -> dict[str, Any]:
    """The first value given for each study."""
    known: dict[str, Any] = {}
    for name, value in zip(studies, column or [None] * len(studies), strict=True):
        if value is not None and value != "":
            known.setdefault(name, value)
    return known


def _arrows(
    studies: Sequence[str],
    domains: Sequence[str],
    found: Sequence[Direction | None],
    people: Mapping[str, Any],
    biases: Mapping[str, Any],
) -> Iterator[Arrow]:
    """One arrow for each study and domain with a reported direction, in the order first met."""
    groups: dict[tuple[str, str], list[Direction]] = {}
    for name, domain, direction in zip(studies, domains, found, strict=True):
        if direction is not None:
            groups.setdefault((name, domain), []).append(direction)
    for (name, domain), given in groups.items():
        higher, lower = given.count("higher"), given.count("lower")
        yield Arrow(name, domain, agreed(given), len(given), higher, lower, people.get(name), biases.get(name))


def agreed(given: Sequence[Direction]) -> Direction:
    """The direction of at least 70 per cent of results, else unclear."""
    ways: tuple[Direction, ...] = ("higher", "lower")
    return next((way for way in ways if given.count(way) >= AGREE * len(given) - 1e-9), "unclear")


def _cautions(lost: int) -> Iterator[str]:
    yield "An effect direction plot says which way results point, not how large effects are nor how sure."
    if lost:
        yield f"{lost} results report no direction and are left out; say so."
