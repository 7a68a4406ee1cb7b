"""Does the conclusion hold? Without each study, without the influential ones, and under other defensible choices."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, get_args

import numpy as np
from numpy.typing import ArrayLike

from whatworks.errors import InputError
from whatworks.saying import said
from whatworks.stats.chart import Chart
from whatworks.stats.results import Result, plain
from whatworks.stats.telling import Recipe, Told, kept, paragraph, recipe
from whatworks.synthesise.methods.direction import Band, State
from whatworks.synthesise.methods.given import check_effects, column, one_each
from whatworks.synthesise.methods.heterogeneity import Estimator
from whatworks.synthesise.methods.influence.diagnosing import Influence, influence
from whatworks.synthesise.methods.influence.leaving_out import Refits, leave_one_out
from whatworks.synthesise.methods.multiverse.choosing import STUDY, Variant
from whatworks.synthesise.methods.multiverse.deciding import STATES, states
from whatworks.synthesise.methods.multiverse.results import Multiverse
from whatworks.synthesise.methods.multiverse.specifying import COMMON, multiverse
from whatworks.synthesise.methods.multiverse.words import SOURCES
from whatworks.synthesise.methods.multiverse.words import interval as interval_of
from whatworks.synthesise.methods.pooling import Interval, Model, Pooled, pool
from whatworks.synthesise.methods.weighing import Floats

ESTIMATORS: tuple[Estimator, ...] = ("REML", "DL", "PM", "ML", "SJ", "HE")
INTERVALS: tuple[Interval, ...] = ("wald", "hksj", "hksj-adhoc")
DIAGNOSTICS = (
    "Viechtbauer and Cheung (2010). Outlier and influence diagnostics for meta-analysis. Research Synthesis Methods 1(2), "
    "112-125."
)
NAMED = 5  # studies named in a sentence before "and others"


@dataclass(frozen=True, slots=True)
class Conclusion(Result):
    """One way in which the declared conclusion could fall, whether it stands, and why it is said so."""

    question: str
    holds: bool
    reason: str


@dataclass(frozen=True, slots=True)
class Sensitivity(Told):
    """How much the declared conclusion hangs on single studies and on choices.

    state: what the declared interval says (higher, lower, uncertain, no worthwhile effect); holds: it stands in every
    one of `conclusions`. leave_one_out: the pool without each study; influence: diagnostics of each; multiverse: all
    choices at once.
    """

    state: State
    holds: bool
    conclusions: tuple[Conclusion, ...]
    pooled: Pooled
    leave_one_out: Refits
    influence: Influence
    multiverse: Multiverse
    warnings: tuple[str, ...]
    given: Mapping[str, Any] = kept()

    def to_dict(self) -> dict[str, Any]:
        """The numbers as plain data; leave_one_out and influence row by row, with what was omitted."""
        told: dict[str, Any] = plain(self)
        rows = (row.to_dict() for row in self.leave_one_out.rows)
        told["leave_one_out"] = [{"omitted": row.pop("label"), **row} for row in rows]
        told["influence"] = [row.to_dict() for row in self.influence.rows]
        return told

    def summary(self) -> str:
        """The declared conclusion, and each way in which it stands or falls."""
        stands = sum(one.holds for one in self.conclusions)
        lines = [
            f"The declared analysis says {interval_of(self.multiverse.declared)}: {self.state}. It stands in {stands} of "
            f"{len(self.conclusions)} respects."
        ]
        lines += [
            f"{'Holds' if one.holds else 'Does not hold'}: {one.question}: {one.reason}" for one in self.conclusions
        ]
        return "\n".join(lines)

    def report(self) -> str:
        """Methods and results as a paragraph, with sources."""
        methods = (
            "We asked whether the conclusion hangs on single studies (each left out in turn; influence diagnostics of "
            f"Viechtbauer and Cheung 2010) or on defensible choices ({self.multiverse.n:,} specifications at once, Steegen "
            "et al. 2016)."
        )
        found = (
            f"{'Holds' if one.holds else 'Does not hold'}: {one.question}: {one.reason}" for one in self.conclusions
        )
        return paragraph(
            (methods, self.pooled.summary(), *found, self.multiverse.rule, *self.warnings), (DIAGNOSTICS, *SOURCES)
        )

    def chart(self) -> Chart:
        """The specification curve; charts of the other parts are with them."""
        return self.multiverse.chart()

    def r_script(self) -> str:
        """All parts for R's metafor, one after the other."""
        parts = (self.pooled, self.leave_one_out, self.influence, self.multiverse)
        return "\n".join(part.r_script() for part in parts)

    @property
    def recipe(self) -> Recipe:
        """Enough to do all of it again."""
        return recipe("sensitivity", self.given)


def sensitivity(
    yi: Any,
    vi: ArrayLike | None = None,
    *,
    effect: str = "yi",
    variance: str = "vi",
    names: Sequence[str] | str | None = None,
    model: Model = "random",
    tau2: Estimator = "REML",
    interval: Interval = "wald",
    level: float = 0.95,
    without: Mapping[str, Sequence[Any] | str] | None = None,
    data: Mapping[str, Mapping[str, Variant]] | None = None,
    band: Band | None = None,
) -> Sensitivity:
    """Pool effects yi with variances vi (k of each, three or more; or a table and its columns), and try to overturn it.

    model, tau2, interval: the declared analysis, which the usual other ones are set against; without, data, band: as in
    `multiverse`. names: the study of each effect; effects of one study are left out together. InputError as there.
    """
    table, pair = (None, (yi, vi)) if vi is not None else (yi, (column(yi, effect), column(yi, variance)))
    y, v = check_effects(*pair)
    if y.size < 3:
        raise InputError(
            said("%(size)s effects leave no room for a sensitivity analysis; give at least three.", size=y.size)
        )
    if interval not in (known := ("wald", "t", "hksj", "hksj-adhoc")):
        told = {"interval": interval, "known": ", ".join(known)}
        raise InputError(said("The interval %(interval)r is not known here; choose one of %(known)s.", **told))
    labels = one_each(names, table, y.size, "names") or tuple(f"row {row + 1}" for row in range(y.size))
    if len(set(labels)) < 2:
        raise InputError(said("All effects are of one study, so none can be left out; give at least two studies."))
    marks = {
        name: column(table, mark) if isinstance(mark, str) else list(mark) for name, mark in (without or {}).items()
    }
    pooled = pool(y, v, names=labels, model=model, tau2=tau2, interval=interval, level=level, band=band)
    given = {
        "yi": y.tolist(), "vi": v.tolist(), "names": labels, "model": model, "tau2": tau2, "interval": interval,
        "level": level, "without": marks, "data": data, "band": band,
    }  # fmt: skip
    return _tried(y, v, labels, pooled, _multiverse(y, v, labels, pooled, marks, data), given)


def _tried(
    y: Floats, v: Floats, labels: tuple[str, ...], pooled: Pooled, many: Multiverse, given: dict[str, Any]
) -> Sensitivity:
    """Everything that is tried on a pooled result, and what came of it."""
    same = {name: given[name] for name in ("model", "tau2", "interval", "level")}
    grouped: dict[str, Any] = {"study": labels} if len(set(labels)) < len(labels) else {"names": labels}
    refits = leave_one_out(y, v, **grouped, **same)
    found = influence(y, v, names=labels, **same)
    told = tuple(_conclusions(many, refits, found, pooled.band))
    return Sensitivity(
        state=many.declared.state,
        holds=all(one.holds for one in told),
        conclusions=told,
        pooled=pooled,
        leave_one_out=refits,
        influence=found,
        multiverse=many,
        warnings=tuple(dict.fromkeys((*pooled.warnings, *refits.warnings, *many.warnings))),
        given=given,
    )


def _multiverse(
    y: Floats,
    v: Floats,
    labels: tuple[str, ...],
    pooled: Pooled,
    without: Mapping[str, Sequence[Any]],
    data: Mapping[str, Mapping[str, Variant]] | None,
) -> Multiverse:
    """All choices, the declared ones first."""
    method = pooled.method
    common = method.model == "common"
    reach = method.interval if method.interval in get_args(Interval) and not common else "wald"
    return multiverse(
        y,
        v,
        names=labels,
        model=("common", "random") if common else ("random", "common"),
        tau2=tuple(dict.fromkeys((method.tau2, *ESTIMATORS))),
        interval=tuple(dict.fromkeys((reach, *INTERVALS))),
        without=without,
        data=data,
        declared={"tau2": COMMON} if common else None,
        level=method.level,
        band=pooled.band,
    )


def _conclusions(many: Multiverse, refits: Refits, found: Influence, band: Band | None) -> Iterator[Conclusion]:
    """Each way in which the conclusion could fall."""
    yield _without_each(many.declared.state, refits, band)
    marked = tuple(dict.fromkeys(name for name, flag in zip(found.name, found.influential, strict=True) if flag))
    reason = f"{_listed(marked)} would move the estimate unusually far." if marked else "None is past the usual marks."
    yield Conclusion("no study moves the estimate unusually far", not marked, reason)
    yield from _one_at_a_time(many)
    yield Conclusion(
        "all choices at once",
        many.verdict == "holds",
        f"{100 * many.same:.3g} per cent of {many.n:,} specifications conclude the same; by the rule set beforehand the "
        f"conclusion {many.verdict}.",
    )


def _without_each(own: State, refits: Refits, band: Band | None) -> Conclusion:
    """Does every refit without one study say what all say?"""
    low, high = (np.array([0.0 if end is None else end for end in ends]) for ends in (refits.ci_low, refits.ci_high))
    said = [STATES[at] for at in states(low, high, band)]
    other = tuple(label for label, state in zip(refits.label, said, strict=True) if state != own)
    reason = f"It hangs on {_listed(other)}." if other else f"All {len(said)} say the same."
    return Conclusion("without any one study", not other, reason)


def _one_at_a_time(many: Multiverse) -> Iterator[Conclusion]:
    """For each choice, the declared analysis with that choice alone made otherwise."""
    own = many.declared
    by_choices = {row.choices: row for row in many.specifications}
    for at, part in enumerate(many.dimensions):
        if part.name == STUDY or len(part.options) < 2:
            continue
        rows = {
            option.name: by_choices.get((*own.choices[:at], option.name, *own.choices[at + 1 :]))
            for option in part.options
        }
        there = {name: row for name, row in rows.items() if row is not None}
        other = tuple(
            f"{name} ({interval_of(row)}: {row.state})" for name, row in there.items() if row.state != own.state
        )
        reason = f"It changes with {_listed(other)}." if other else f"All {len(there)} options say the same."
        yield Conclusion(f"whatever is chosen for {part.name!r}", not other, reason)


def _listed(names: Sequence[str]) -> str:
    """Names in a sentence."""
    return ", ".join(names[:NAMED]) + (" and others" if len(names) > NAMED else "")
