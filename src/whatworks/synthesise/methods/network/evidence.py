"""What the studies compare: treatments, studies, and their contrasts turned into independent observations.

A study of p treatments holds p - 1 independent pieces of information. Its pairwise variances give the covariance of its
effects (Ruecker and Schwarzer 2014, Statistics in Medicine 33(25), 4353-4369, equation 6); the eigenvectors of that
covariance turn the study into p - 1 uncorrelated observations, each with a variance of its own to which heterogeneity
adds tau2, whatever tau2 is. So a network with multi-arm studies becomes one regression with a diagonal variance: the
same estimates as the reduced weights of Ruecker (2012) and as generalised least squares, at the cost of two-arm studies.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite, log, sqrt
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from whatworks.errors import InputError
from whatworks.saying import said
from whatworks.synthesise.methods.weighing import Floats

Whole = NDArray[np.intp]
LOOP = 1e-3  # how far the effects of one study may miss each other round a loop: what rounding to three decimals does,
LOOP_SE = 0.05  # or this part of the study's smallest standard error, whichever is more
HUGE = 1e60  # squares of squares of larger numbers overflow
APART = 1e12  # beyond this ratio of variances the sums lose the smaller weights altogether


class Contrast(NamedTuple):
    """One comparison within a study: effect y of treatment a over treatment b (by their places), sampling variance v."""

    study: str
    a: int
    b: int
    y: float
    v: float


@dataclass(frozen=True, slots=True)
class Evidence:
    """The network's data. n treatments, s studies, m independent observations, c pairwise contrasts.

    z, v (m): uncorrelated observations with their sampling variances (two-arm studies: the effect itself); x (m, n):
    what each measures, rows summing to 0; owner (m): its study. arms: treatments of each study by their places, in
    order. left, right, y, w (c): all pairwise effects left over right with variances; pair_of (c): their study. jacobian:
    log-determinant of the change to observations. basic (m, n): the contrasts of each study with its first treatment.
    """

    treatments: tuple[str, ...]
    studies: tuple[str, ...]
    arms: tuple[tuple[int, ...], ...]
    z: Floats
    v: Floats
    x: Floats
    owner: Whole
    basic: Floats
    jacobian: float
    left: Whole
    right: Whole
    y: Floats
    w: Floats
    pair_of: Whole

    @property
    def free(self) -> int:
        """Independent observations beyond those that the treatments' effects take: the degrees of freedom of Q."""
        return self.z.size - len(self.treatments) + 1


def gather(study: Sequence[Any], treat1: Sequence[Any], treat2: Sequence[Any], yi: Any, vi: Any) -> Evidence:
    """Evidence from contrasts: row by row a study, two treatments, the effect of the first over the second, its variance.

    A study of p treatments gives all of its p (p - 1) / 2 contrasts. InputError names the row or study at fault: missing
    numbers, a treatment against itself, contrasts that are missing, double, or cannot belong together, and a network
    that falls apart.
    """
    columns = ((study, "study"), (treat1, "first treatment"), (treat2, "second treatment"))
    names, firsts, seconds = (_names(column, what) for column, what in columns)
    effects, variances = _numbers(yi, "effect"), _numbers(vi, "variance")
    if not len(names) == len(firsts) == len(seconds) == effects.size == variances.size:
        raise InputError(said("Studies, both treatments, effects and variances must be equally long columns."))
    if not names:
        raise InputError(said("There are no contrasts; give one row per comparison of two treatments in a study."))
    treatments = tuple(sorted({*firsts, *seconds}))
    place = {name: at for at, name in enumerate(treatments)}
    by_study: dict[str, list[Contrast]] = {}
    rows = zip(names, firsts, seconds, effects.tolist(), variances.tolist(), strict=True)
    for number, (name, one, other, y, v) in enumerate(rows, start=1):
        _check_row(number, name, one, other, y, v)
        by_study.setdefault(name, []).append(Contrast(name, place[one], place[other], y, v))
    if variances.max() >= APART * variances.min():
        raise InputError(
            said(
                "The variance in row %(row)s is a trillionth of that in row %(other)s, so only "
                "one of them would count; check both.",
                row=variances.argmin() + 1,
                other=variances.argmax() + 1,
            )
        )
    return assemble(treatments, by_study)


def _names(column: Sequence[Any], what: str) -> list[str]:
    """A column of names as text; InputError where one is empty."""
    found = [whole(one) for one in column]
    if "" in found:
        raise InputError(
            said(
                "The %(what)s in row %(found)s is empty; give its name or leave the row out.",
                what=what,
                found=found.index("") + 1,
            )
        )
    return found


def whole(name: Any) -> str:
    """A name as text: 3.0 read from a table of numbers is 3; a missing one is empty."""
    if name is None or (isinstance(name, float) and not isfinite(name)):
        return ""
    return str(int(name)) if isinstance(name, float) and name.is_integer() else str(name).strip()


def _numbers(column: Any, what: str) -> Floats:
    try:
        found = np.atleast_1d(np.asarray([np.nan if one is None else one for one in column], dtype=float))
    except (TypeError, ValueError):
        raise InputError(
            said("The column of %(what)ss must hold numbers; leave out rows where one is missing.", what=what)
        ) from None
    return found


def _check_row(number: int, study: str, one: str, other: str, y: float, v: float) -> None:
    if one == other:
        raise InputError(
            said(
                "Row %(number)s compares %(one)s with itself (study %(study)s); correct or leave out the row.",
                number=number,
                one=one,
                study=study,
            )
        )
    if not isfinite(y):
        raise InputError(
            said(
                "The effect in row %(number)s is missing or infinite; give a number or leave the row out.",
                number=number,
            )
        )
    if not isfinite(v) or v <= 0:
        raise InputError(
            said("The variance in row %(number)s is %(v)s; it must be a number above 0.", number=number, v=f"{v:g}")
        )
    if max(abs(y), v, 1 / v) >= HUGE:
        raise InputError(
            said("The numbers in row %(number)s are beyond what can be computed; check their units.", number=number)
        )


def assemble(treatments: tuple[str, ...], by_study: dict[str, list[Contrast]]) -> Evidence:
    """Evidence from the contrasts of each study."""
    studies = tuple(by_study)
    arms = tuple(tuple(sorted({end for one in rows for end in (one.a, one.b)})) for rows in by_study.values())
    _check_connected(treatments, arms)
    m = sum(len(members) - 1 for members in arms)
    z, v, owner = np.empty(m), np.empty(m), np.empty(m, dtype=np.intp)
    x, basic, at = np.zeros((m, len(treatments))), np.zeros((m, len(treatments))), 0
    pairs: list[tuple[int, int, int, float, float]] = []
    for number, (name, rows) in enumerate(by_study.items()):
        told = _two_arms(rows[0]) if len(rows) == 1 else _several_arms(name, rows, arms[number], treatments)
        here = slice(at, at := at + len(arms[number]) - 1)
        z[here], v[here], owner[here] = told.z, told.v, number
        first, *others = arms[number]
        x[here, (first, *others)] = told.basis
        basic[here, others], basic[here, first] = told.basic, -1.0
        pairs += [(number, *pair) for pair in told.pairs]
    of, left, right, y, w = (np.array(column) for column in zip(*pairs, strict=True))
    jacobian = sum(_jacobian(len(members)) for members in arms)
    return Evidence(treatments, studies, arms, z, v, x, owner, basic, jacobian, left, right, y, w, of)


class _Told(NamedTuple):
    """What one study of p treatments says: independent observations z with variances v, (p - 1), on its treatments by
    the basis (p - 1, p); the identity (p - 1) of its contrasts with the first; all of its pairs: left, right, effect,
    variance."""

    z: Floats | float
    v: Floats | float
    basis: Floats
    basic: Floats
    pairs: list[tuple[int, int, float, float]]


APART_BASIS, ALONE = np.array([[1.0, -1.0]]), np.ones((1, 1))


def _two_arms(one: Contrast) -> _Told:
    """A study of two treatments is its own observation."""
    low, high, y = (one.a, one.b, one.y) if one.a < one.b else (one.b, one.a, -one.y)
    return _Told(y, one.v, APART_BASIS, ALONE, [(low, high, y, one.v)])


def _several_arms(name: str, rows: list[Contrast], members: tuple[int, ...], treatments: tuple[str, ...]) -> _Told:
    middle, spread = _matrices(name, rows, members, treatments)
    basis, variances = _independent(name, spread)
    pairs = [
        (members[i], members[j], float(middle[i] - middle[j]), float(spread[i, j]))
        for i in range(len(members))
        for j in range(i + 1, len(members))
    ]
    return _Told(basis.T @ middle, variances, basis.T, np.eye(len(members) - 1), pairs)


def _jacobian(p: int) -> float:
    return 0.5 * ((p - 1) * log(2) - log(p))


def _matrices(
    name: str, rows: list[Contrast], members: tuple[int, ...], treatments: tuple[str, ...]
) -> tuple[Floats, Floats]:
    """A study's effects by treatment (summing to 0) and its pairwise variances, from all of its contrasts."""
    p, place = len(members), {treatment: at for at, treatment in enumerate(members)}
    y, v = np.zeros((p, p)), np.zeros((p, p))
    for one in rows:
        i, j = place[one.a], place[one.b]
        if v[i, j]:
            told = {"name": name, "one": treatments[one.a], "other": treatments[one.b]}
            raise InputError(
                said(
                    "Study %(name)s compares %(one)s with %(other)s more than once; merge those rows, or give separate "
                    "studies names of their own.",
                    **told,
                )
            )
        y[i, j], y[j, i], v[i, j], v[j, i] = one.y, -one.y, one.v, one.v
    if len(rows) < p * (p - 1) // 2:
        raise InputError(
            said(
                "Study %(name)s has %(p)s treatments, which make %(contrasts)s contrasts, but gives %(count)s; give "
                "all of them with their variances, or give the study's arms.",
                name=name,
                p=p,
                contrasts=p * (p - 1) // 2,
                count=len(rows),
            )
        )
    middle = y.mean(axis=1)
    gap = float(abs(y - (middle[:, None] - middle)).max())
    if gap > max(LOOP, LOOP_SE * sqrt(v[v > 0].min())):
        raise InputError(
            said(
                "The effects of study %(name)s contradict each other: round a loop of its treatments they miss by "
                "%(gap)s; check their signs and which treatment comes first.",
                name=name,
                gap=f"{(gap * p if p == 3 else gap):.3g}",
            )
        )
    return middle, v


def _independent(name: str, spread: Floats) -> tuple[Floats, Floats]:
    """The basis (p, p - 1) in which a study's effects are uncorrelated, and their variances. spread: pairwise variances."""
    p = spread.shape[0]
    helmert = _helmert(p)
    variances, turned = np.linalg.eigh(-0.5 * helmert.T @ spread @ helmert)
    if variances[0] <= 1e-10 * variances[-1]:
        raise InputError(
            said(
                "The variances of study %(name)s cannot belong together (one is larger than the others allow); "
                "check them, or give the study's arms.",
                name=name,
            )
        )
    return sqrt(2) * helmert @ turned, 2 * variances


def _helmert(p: int) -> Floats:
    """An orthonormal basis (p, p - 1) of what differs between p treatments."""
    basis = np.zeros((p, p - 1))
    for k in range(1, p):
        basis[:k, k - 1], basis[k, k - 1] = 1.0, -k
        basis[:, k - 1] /= sqrt(k * (k + 1))
    return basis


def _check_connected(treatments: tuple[str, ...], arms: Sequence[Sequence[int]]) -> None:
    """InputError that names the parts, where no chain of studies joins all treatments."""
    parts = components(len(treatments), arms)
    if len(parts) > 1:
        named = "; ".join(", ".join(treatments[one] for one in part) for part in parts)
        raise InputError(
            said(
                "The network falls into %(count)s parts that no study joins (%(named)s); analyse each on its own.",
                count=len(parts),
                named=named,
            )
        )


def components(n: int, arms: Sequence[Sequence[int]]) -> list[list[int]]:
    """The parts of a network of n treatments that studies join, each in order."""
    part = list(range(n))

    def head(one: int) -> int:
        while part[one] != one:
            part[one] = part[part[one]]
            one = part[one]
        return one

    for members in arms:
        for one in members[1:]:
            part[head(one)] = head(members[0])
    found: dict[int, list[int]] = {}
    for one in range(n):
        found.setdefault(head(one), []).append(one)
    return list(found.values())
