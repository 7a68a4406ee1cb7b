"""Every defensible specification of a pooled analysis, in one batched evaluation.

Sources: Steegen, Tuerlinckx, Gelman and Vanpaemel (2016), Perspectives on Psychological Science 11(5), 702-712
(multiverse); Simonsohn, Simmons and Nelson (2020), Nature Human Behaviour 4, 1208-1214 (specification curve); Voracek,
Kossmeier and Tran (2019), Zeitschrift fuer Psychologie 227(1), 64-82 (for meta-analysis).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, get_args

import numpy as np
from numpy.typing import ArrayLike, NDArray

from whatworks.errors import InputError
from whatworks.saying import said
from whatworks.stats.intervals import check_level
from whatworks.synthesise.methods.direction import Band, check_band
from whatworks.synthesise.methods.given import check_effects, column, one_each
from whatworks.synthesise.methods.heterogeneity import Estimator
from whatworks.synthesise.methods.multiverse.choosing import MOST, Places, Sets, Variant, every_set
from whatworks.synthesise.methods.multiverse.deciding import RULE, STATES, moved, states, verdict
from whatworks.synthesise.methods.multiverse.evaluating import Evaluated, Way, evaluate
from whatworks.synthesise.methods.multiverse.results import Dimension, Multiverse, Option, Shares, Specification
from whatworks.synthesise.methods.multiverse.words import cautions
from whatworks.synthesise.methods.weighing import Floats

INTERVALS = ("wald", "t", "hksj", "hksj-adhoc")
MODELS = ("random", "common")
COMMON = "common effect"  # the option of tau2 that has none to estimate


def multiverse(
    yi: Any,
    vi: ArrayLike | None = None,
    *,
    effect: str = "yi",
    variance: str = "vi",
    names: Sequence[str] | str | None = None,
    model: Sequence[str] = MODELS,
    tau2: Sequence[Estimator] = ("REML", "DL", "PM", "ML", "SJ", "HE"),
    interval: Sequence[str] = ("wald", "hksj", "hksj-adhoc"),
    without: Mapping[str, Sequence[Any] | str] | None = None,
    each: bool = True,
    data: Mapping[str, Mapping[str, Variant]] | None = None,
    declared: Mapping[str, str] | None = None,
    level: float = 0.95,
    band: Band | None = None,
) -> Multiverse:
    """Pool effects yi with variances vi (k of each; or a table and the names of its columns) in every combination of
    choices.

    model, tau2, interval: the options of each, the declared one first. The model is an option of tau2 ("common effect"),
    and takes the normal interval only. without: exclusions by name, each True for the rows it takes out (high risk of
    bias, outliers, not randomised), or a column of the table; each of them is a choice, in all combinations. each: leave
    every study (names) out in turn, too. data: other ways to come by the numbers (an imputed r, an ICC): for each choice
    its options, a function of effects and variances that gives both anew, or (for the first choice) the two columns; None
    stands for the numbers as given. declared: options that were declared where they are not the first. band: (low, high,
    source) of effects too small to be worthwhile.

    Selections of the same rows count once; fewer than two rows are left out. InputError says what to mend.
    """
    check_level(level)
    table, pair = (None, (yi, vi)) if vi is not None else (yi, (column(yi, effect), column(yi, variance)))
    y, v = check_effects(*pair)
    if y.size < 2:
        raise InputError(said("One effect leaves nothing to choose; give at least two."))
    labels = one_each(names, table, y.size, "names") or tuple(f"row {row + 1}" for row in range(y.size))
    sets = every_set(y, v, labels, without or {}, data or {}, each, table)
    ways = _ways(model, tau2, interval)
    if (many := len(sets.variants) * len(sets.masks) * len(ways)) > MOST:
        raise InputError(
            said(
                "These choices make %(many)s specifications, more than %(most)s; drop some of them.",
                many=f"{many:,}",
                most=f"{MOST:,}",
            )
        )
    kept = _Asked(level, check_band(band), declared or {}, labels)
    given = {
        "yi": y.tolist(), "vi": v.tolist(), "names": labels, "model": tuple(model), "tau2": tuple(tau2),
        "interval": tuple(interval), "without": _plain(without, table), "each": each, "data": data, "declared": declared,
        "level": level, "band": band,
    }  # fmt: skip
    return _told(sets, ways, evaluate(sets, ways, level), kept, given)


@dataclass(frozen=True, slots=True)
class _Asked:
    """What the result needs to know besides its numbers."""

    level: float
    band: Band | None
    declared: Mapping[str, str]
    labels: tuple[str, ...]


def _plain(without: Mapping[str, Sequence[Any] | str] | None, table: Any) -> dict[str, list[bool]]:
    """Exclusions as columns, wherever they came from."""
    return {
        name: [bool(one) for one in (column(table, marked) if isinstance(marked, str) else marked)]
        for name, marked in (without or {}).items()
    }


def _ways(model: Sequence[str], tau2: Sequence[Estimator], interval: Sequence[str]) -> tuple[Way, ...]:
    """Every way to pool, without those that make no sense."""
    for what, given, known in (
        ("model", model, MODELS), ("tau2", tau2, get_args(Estimator)), ("interval", interval, INTERVALS),
    ):  # fmt: skip
        if isinstance(given, str) or not given or len(set(given)) < len(given):
            raise InputError(
                said(
                    "The options of %(what)s must be a list, each of them once, such as [%(known)r].",
                    what=what,
                    known=known[0],
                )
            )
        if unknown := [one for one in given if one not in known]:
            raise InputError(
                said(
                    "The %(what)s %(unknown)r is not known; choose from %(known)s.",
                    what=what,
                    unknown=unknown[0],
                    known=", ".join(known),
                )
            )
    ways: list[Way] = []
    for one in model:
        if one == "common":
            ways.append(Way(None, "wald"))
        else:
            ways += [Way(estimator, reach) for estimator in tau2 for reach in interval]
    return tuple(ways)


def _told(sets: Sets, ways: tuple[Way, ...], found: Evaluated, asked: _Asked, given: Mapping[str, Any]) -> Multiverse:
    """The result from all evaluated specifications."""
    found = found.ascending()
    named, codes = _codes(sets, ways, found)
    said = states(found.low, found.high, asked.band)
    specifications = _rows(named, codes, found, said)
    at = _declared(named, codes, ways[0], asked.declared)
    own = STATES[said[at]]
    shares = {state: float((said == place).mean()) for place, state in enumerate(STATES)}
    return Multiverse(
        k=len(asked.labels),
        n=len(specifications),
        dropped=sets.few * len(sets.variants) * len(ways),
        dimensions=_dimensions(named, codes, found.estimate, said == said[at]),
        declared=specifications[at],
        low=float(found.estimate[0]),
        median=float(np.median(found.estimate)),
        high=float(found.estimate[-1]),
        shares=Shares(
            float((found.estimate > 0).mean()),
            float((found.estimate < 0).mean()),
            shares["lower"],
            shares["uncertain"],
            shares["higher"],
            None if asked.band is None else shares["no worthwhile effect"],
        ),
        same=shares[own],
        verdict=verdict(shares, own),
        rule=RULE,
        level=asked.level,
        band=asked.band,
        warnings=cautions(asked.labels, specifications[at], bool((found.tau2 == 0).mean() > 0.5)),
        specifications=specifications,
        sets=sets,
        ways=ways,
        given=given,
    )


Named = tuple[tuple[str, tuple[str, ...]], ...]


def _codes(sets: Sets, ways: tuple[Way, ...], found: Evaluated) -> tuple[Named, Places]:
    """The dimensions, and the option of each specification in each of them (s, dimensions)."""
    spread = tuple(dict.fromkeys(way.tau2 or COMMON for way in ways))
    reach = tuple(dict.fromkeys(way.interval for way in ways))
    by_way = np.array([(spread.index(way.tau2 or COMMON), reach.index(way.interval)) for way in ways])
    named = (*sets.named, ("tau2", spread), ("interval", reach))
    codes = np.hstack((sets.numbers[found.variant], sets.selection[found.mask], by_way[found.way]))
    return named, codes


def _rows(named: Named, codes: Places, found: Evaluated, said: Places) -> tuple[Specification, ...]:
    """The specifications one by one."""
    words = [np.array(options, dtype=object)[codes[:, at]].tolist() for at, (_, options) in enumerate(named)]
    told = np.array(STATES, dtype=object)[said].tolist()
    numbers = (column.tolist() for column in (found.k, found.tau2, found.estimate, found.se, found.low, found.high))
    return tuple(map(Specification, zip(*words, strict=True), *numbers, told))


def _declared(named: Named, codes: Places, first: Way, asked: Mapping[str, str]) -> int:
    """The place of the declared specification; InputError when there is no such one."""
    wanted = [0] * len(named)
    known = {name: (at, options) for at, (name, options) in enumerate(named)}
    default = {"tau2": first.tau2 or COMMON, "interval": first.interval}
    if asked.get("tau2") == COMMON:
        default["interval"] = "wald"
    for name, option in {**default, **asked}.items():
        if name not in known:
            raise InputError(
                said(
                    "There is no choice %(name)r to declare; the choices are %(known)s.",
                    name=name,
                    known=", ".join(known),
                )
            )
        at, options = known[name]
        if option not in options:
            raise InputError(
                said(
                    "The choice %(name)r has no option %(option)r; its options are %(options)s.",
                    name=name,
                    option=option,
                    options=", ".join(options),
                )
            )
        wanted[at] = options.index(option)
    places = np.flatnonzero((codes == wanted).all(axis=1))
    if not places.size:
        raise InputError(said("The declared choices make no specification; check that they can be made together."))
    return int(places[0])


def _dimensions(named: Named, codes: Places, estimate: Floats, same: NDArray[np.bool_]) -> tuple[Dimension, ...]:
    """What each option of each choice does."""
    rows = []
    for at, (name, options) in enumerate(named):
        told = []
        for place, option in enumerate(options):
            here = codes[:, at] == place
            if here.any():
                told.append(Option(option, int(here.sum()), float(np.median(estimate[here])), float(same[here].mean())))
        rows.append(Dimension(name, tuple(told), moved(codes, estimate, at)))
    return tuple(rows)
