"""Designs in which nothing is drawn by lot (quasi-experiments): their kinds, their analyses, and what they have to say besides."""

from __future__ import annotations

from dataclasses import dataclass

from whatworks.errors import InputError
from whatworks.saying import Said, said
from whatworks.trial.methods.design.fields import told

SERIES, DIFFERENCES, MATCHED = "interrupted-series", "differences", "matched"
QUASI = (SERIES, DIFFERENCES, MATCHED)
OF_SERIES = ("its-quasi-poisson", "its-poisson-naive", "its-ols", "its-newey-west", "its-ar1")
OF_DIFFERENCES = ("did-group-time", "did-by-group", "did-by-exposure", "twfe-cr2")
OF_MATCHED = ("matched-cr2", "matched-adjusted-cr2", "adjusted-cr2", "unmatched-cr2")
QUASI_METHODS = (*OF_SERIES, *OF_DIFFERENCES, *OF_MATCHED)
WHY: dict[str, Said] = {
    SERIES: said("an interrupted series has the points that it has, and how sure it is hangs on how its points vary"),
    DIFFERENCES: said("differences in differences compare the places and times that there are"),
    MATCHED: said("matching takes those who were served and whoever is like them"),
}


@dataclass(frozen=True, slots=True)
class Quasi:
    """`[quasi]`: what a design without a lot says besides its columns."""

    began: float | None = told(
        "Interrupted series: the time, as in the column of periods, from which on it was in force.", None
    )
    changes: tuple[str, ...] = told(
        "Interrupted series: what may have changed; the first of them is what the panel is about.",
        ("level",),
        choices=("level", "slope"),
    )
    waves: int = told("Interrupted series: pairs of sines and cosines for the seasons.", 0, least=0, most=6)
    year: float = told("Interrupted series: how many periods a year has.", 12.0, least=1)
    lags: int = told("Interrupted series: up to how many periods apart points may be alike.", 1, least=1)
    against: str = told(
        "Differences: whom places that have begun are compared with: those that never begin, or all that have not yet.",
        "never",
        choices=("never", "not yet"),
    )
    within: str = told(
        "Differences: the column of what places lie in as a whole, such as the region, whose errors go together.", ""
    )
    ratio: int = told("Matched: how many others for each who was served.", 1, least=1)
    caliper: float = told(
        "Matched: how far apart two who are matched may be, in standard deviations of the score; 0 for any distance.",
        0.2,
        least=0,
    )
    beside: tuple[str, ...] = told(
        "Matched: further columns whose balance is shown, though nobody was matched on them.", ()
    )


LEFT_OUT = Quasi()


def refuse_size(kind: str) -> None:
    """InputError where a design of this kind is asked how many it takes."""
    if kind in QUASI:
        raise InputError(
            said("“%(kind)s” is not sized here: nothing is drawn by lot, and %(why)s.", kind=kind, why=WHY[kind])
        )


def refuse_lot(kind: str, what: Said) -> None:
    """InputError where a design of this kind is asked for what only a trial has; `what` says what that is, in a few words."""
    if kind in QUASI:
        raise InputError(said("In a design “%(kind)s” nothing is drawn by lot: %(what)s.", kind=kind, what=what))


def refuse_quasi(kind: str, outcome: str, declared: str, columns: dict[str, str], quasi: Quasi) -> None:
    """InputError where a design without a lot lacks what it needs, or declares an analysis of another kind.

    `columns`: of [analysis], by field, those of time and of places.
    """
    fitting = {SERIES: OF_SERIES, DIFFERENCES: OF_DIFFERENCES, MATCHED: OF_MATCHED}.get(kind, ())
    if declared and (kind in QUASI or declared in QUASI_METHODS) and declared not in fitting:
        names = ", ".join(fitting) or said("the analyses of a draw by lot")
        raise InputError(
            said("[analysis] declared is “%(declared)s”, which does not go with “%(kind)s”; it can be: %(names)s.",
                 declared=declared, kind=kind, names=names)
        )  # fmt: skip
    needed = {SERIES: ("period",), DIFFERENCES: ("cluster", "period")}.get(kind, ())
    for name in needed:
        if not columns[name]:
            raise InputError(
                said("[analysis] has no %(name)s; “%(kind)s” needs the column of the %(what)s.", name=name, kind=kind,
                     what=said("times") if name == "period" else said("places"))
            )  # fmt: skip
    if kind == SERIES and quasi.began is None:
        raise InputError(
            said("[quasi] has no began; say from which time on it was in force, as the periods are written.")
        )
    if kind == SERIES and outcome not in ("count", "continuous"):
        raise InputError(
            said(
                "An interrupted series is of counts or of numbers; count the events, with the people in [analysis] offset."
            )
        )
    if kind in QUASI and outcome == "time-to-event":
        raise InputError(said("A time to an event is not analysed here; compare shares with the event by the end."))
