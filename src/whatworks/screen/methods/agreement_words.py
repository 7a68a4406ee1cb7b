"""What agreement between screeners says in plain words, and when it cannot be trusted."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from whatworks.saying import joined, said, said_of
from whatworks.screen.methods.stop_words import percent
from whatworks.screen.methods.two_screeners import Estimate

FEW_RECORDS = 100  # below it an interval for kappa is too wide to tell good agreement from poor
FEW_INCLUDED = 10  # below it kappa hangs on a handful of records, and its interval covers less often than it says
LOPSIDED = 0.8  # |both - neither| / n from which the paradox of Feinstein and Cicchetti (1990) bites


def worded(which: str, observed: Estimate, kappa: Estimate, ac1: Estimate, alone: Estimate, level: float) -> str:
    """The result in a few sentences."""
    words = [
        said(
            "Two screeners decided alike on %(share)s of %(which)s (%(level)s interval %(low)s to %(high)s).",
            share=_share(observed),
            which=which,
            level=percent(level),
            low=_share(observed, "low"),
            high=_share(observed, "high"),
        ),
        said("Kappa %(kappa)s; AC1 %(ac1)s.", kappa=_number(kappa), ac1=_number(ac1)),
    ]
    if alone.value is not None:
        left = _share(alone)
        words.append(said("Of what either included, one screener alone would have left out %(share)s.", share=left))
    return joined(" ", words)


def _share(of: Estimate, which: str = "value") -> str:
    value = getattr(of, which)
    return said("an unknown share") if value is None else percent(round(value, 3))


def _number(of: Estimate) -> str:
    if of.value is None or of.low is None or of.high is None:
        return said("cannot be computed")
    told = {"value": f"{of.value:.2f}", "low": f"{of.low:.2f}", "high": f"{of.high:.2f}"}
    return said("%(value)s (%(low)s to %(high)s)", **told)


def table_warnings(records: int, table: Sequence[float], kappa: float | None) -> tuple[str, ...]:
    """Reasons for care with these counts: both, only first, only second, neither."""
    both, first, second, neither = table
    told = []
    if kappa is None:
        told.append(
            said(
                "A screener used one answer only, so kappa has no meaning and is left empty; read agreement "
                "and AC1 instead."
            )
        )
    if records < FEW_RECORDS:
        told.append(
            said_of(
                records,
                "Only %(n)s record; draw at least %(least)s by lot.",
                "Only %(n)s records; draw at least %(least)s by lot.",
                n=f"{records:,}",
                least=FEW_RECORDS,
            )
        )
    either = int(both + first + second)
    if either < FEW_INCLUDED:
        told.append(
            said_of(
                either,
                "Only %(n)s record was included by anybody; kappa hangs on these few, and its interval is too narrow.",
                "Only %(n)s records were included by anybody; kappa hangs on these few, and its interval is too narrow.",
                n=f"{either:,}",
            )
        )
    if abs(both - neither) > LOPSIDED * sum(table):
        told.append(
            said(
                "Nearly all decisions are the same answer: kappa comes out low even where people agree. Read "
                "it with positive agreement and AC1."
            )
        )
    return tuple(told)


def result_warnings(basis: str, unsampled: int, records: int, pooled: Iterable[str]) -> tuple[str, ...]:
    """Reasons for care with the whole: how the records were chosen first, then what the counts say."""
    told = []
    if unsampled and basis == "all":
        told.append(
            said_of(
                unsampled,
                "%(n)s record judged by two were not drawn by lot. If a ranking chose them, the figures describe those "
                "records, not the review.",
                "%(n)s records judged by two were not drawn by lot. If a ranking chose them, the figures describe those "
                "records, not the review.",
                n=f"{unsampled:,}",
            )
        )
    if unsampled and basis == "sample":
        told.append(
            said_of(
                unsampled,
                "%(n)s more record judged by two was not drawn by lot and was left out.",
                "%(n)s more records judged by two were not drawn by lot and were left out.",
                n=f"{unsampled:,}",
            )
        )
    if not records:
        told.append(said("Draw records by lot for two people to judge; without them agreement cannot be known."))
    return (*told, *pooled)
