"""What agreement between screeners says in plain words, and when it cannot be trusted."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from whatworks.screen.methods.stop_words import counted, percent
from whatworks.screen.methods.two_screeners import Estimate

FEW_RECORDS = 100  # below it an interval for kappa is too wide to tell good agreement from poor
FEW_INCLUDED = 10  # below it kappa hangs on a handful of records, and its interval covers less often than it says
LOPSIDED = 0.8  # |both - neither| / n from which the paradox of Feinstein and Cicchetti (1990) bites


def said(which: str, observed: Estimate, kappa: Estimate, ac1: Estimate, alone: Estimate, level: float) -> str:
    """The result in a few sentences."""
    words = (
        f"Two screeners decided alike on {_share(observed)} of {which} "
        f"({percent(level)} interval {_share(observed, 'low')} to {_share(observed, 'high')}). "
    )
    words += f"Kappa {_number(kappa)}; AC1 {_number(ac1)}."
    if alone.value is not None:
        words += f" Of what either included, one screener alone would have left out {_share(alone)}."
    return words


def _share(of: Estimate, which: str = "value") -> str:
    value = getattr(of, which)
    return "an unknown share" if value is None else percent(round(value, 3))


def _number(of: Estimate) -> str:
    if of.value is None or of.low is None or of.high is None:
        return "cannot be computed"
    return f"{of.value:.2f} ({of.low:.2f} to {of.high:.2f})"


def table_warnings(records: int, table: Sequence[float], kappa: float | None) -> tuple[str, ...]:
    """Reasons for care with these counts: both, only first, only second, neither."""
    both, first, second, neither = table
    told = []
    if kappa is None:
        told.append(
            "A screener used one answer only, so kappa has no meaning and is left empty; read agreement and AC1 instead."
        )
    if records < FEW_RECORDS:
        told.append(f"Only {counted(records, 'record', 'records')}; draw at least {FEW_RECORDS} by lot.")
    either = int(both + first + second)
    if either < FEW_INCLUDED:
        told.append(
            f"Only {counted(either, 'record was', 'records were')} included by anybody; kappa hangs on these few, and its "
            "interval is too narrow."
        )
    if abs(both - neither) > LOPSIDED * sum(table):
        told.append(
            "Nearly all decisions are the same answer: kappa comes out low even where people agree. "
            "Read it with positive agreement and AC1."
        )
    return tuple(told)


def result_warnings(basis: str, unsampled: int, records: int, pooled: Iterable[str]) -> tuple[str, ...]:
    """Reasons for care with the whole: how the records were chosen first, then what the counts say."""
    told = []
    if unsampled and basis == "all":
        told.append(
            f"{counted(unsampled, 'record', 'records')} judged by two were not drawn by lot. If a ranking chose them, the "
            "figures describe those records, not the review."
        )
    if unsampled and basis == "sample":
        verb = "was" if unsampled == 1 else "were"
        told.append(
            f"{counted(unsampled, 'more record', 'more records')} judged by two {verb} not drawn by lot and {verb} left out."
        )
    if not records:
        told.append("Draw records by lot for two people to judge; without them agreement cannot be known.")
    return (*told, *pooled)
