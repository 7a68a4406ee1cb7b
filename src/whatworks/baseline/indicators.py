"""What is counted, of whom, and from which release: indicators as data, read once."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources

from whatworks.errors import InputError
from whatworks.saying import said

RATE, COUNT, PERCENT, MONTHLY = "rate", "count", "percent", "monthly"


@dataclass(frozen=True, slots=True)
class Break:
    """A period from which numbers cannot be read on from those before; `area` is empty where it is so everywhere."""

    period: str
    why: str
    area: str = ""


@dataclass(frozen=True, slots=True)
class Indicator:
    """One indicator. kind: rate (numerator over denominator, per so many), count, percent, or monthly (twelve measures of a
    year); published: the measure in which the publisher gives the same rate, rounded."""

    key: str
    name: str
    kind: str
    unit: str
    plain: str
    release: str
    numerator: str = ""
    denominator: str = ""
    denominator_release: str = ""
    per: float = 1.0
    published: str = ""
    months: tuple[str, ...] = ()
    month_group: str = ""
    besides: tuple[str, ...] = ()
    cautions: tuple[str, ...] = ()
    unconfirmed: str = ""
    outcome: str = ""  # the slug of the outcome of the framework that it counts, where it counts just that
    breaks: tuple[Break, ...] = ()

    @property
    def compared(self) -> bool:
        """Whether places are set beside each other by it."""
        return self.kind == RATE

    @property
    def below(self) -> str:
        """The release that what it is counted from is of."""
        return self.denominator_release or self.release

    def measures(self) -> set[tuple[str, str]]:
        """Everything it is made of: release and measure."""
        made = {(self.release, name) for name in (self.numerator, self.published) if name}
        made |= {(self.below, self.denominator)} if self.denominator else set()
        return made | {(self.release, self.month_measure(month)) for month in self.months}

    def month_measure(self, month: str) -> str:
        """The measure that holds one month of each year."""
        return f"{month} | {self.month_group}"

    def said(self) -> str:
        """What a number of it is, such as “children for every 10,000”."""
        return {
            RATE: said("%(unit)s for every %(n)s", unit=self.unit, n=f"{self.per:,.0f}"),
            PERCENT: said("%(unit)s out of 100", unit=self.unit),
            MONTHLY: said("%(unit)s in a month", unit=self.unit),
        }.get(self.kind, self.unit)


@cache
def indicators() -> dict[str, Indicator]:
    """Every indicator by its key, in the order of the file."""
    text = (resources.files("whatworks.baseline") / "definitions" / "indicators.toml").read_text("utf-8")
    found = [_indicator(row) for row in tomllib.loads(text)["indicator"]]
    return {one.key: one for one in found}


def _indicator(row: dict[str, object]) -> Indicator:
    plain = {key: tuple(value) if isinstance(value, list) else value for key, value in row.items()}
    plain["breaks"] = tuple(Break(**one) for one in row.get("breaks", ()))  # type: ignore[attr-defined]
    return Indicator(**plain)  # type: ignore[arg-type]


def indicator(key: str) -> Indicator:
    """One indicator; InputError where there is none of that key."""
    if key not in indicators():
        raise InputError(
            said(
                "There is no indicator “%(key)s”; there are %(indicators)s.",
                key=key,
                indicators=", ".join(indicators()),
            )
        )
    return indicators()[key]


def needed(release: str) -> set[str]:
    """The measures of a release that indicators are made of."""
    return {name for one in indicators().values() for held, name in one.measures() if held == release}
