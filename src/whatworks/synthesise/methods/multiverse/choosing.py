"""The choices of an analysis that could have been made otherwise, and every set of studies and numbers they lead to."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import product
from math import prod
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from whatworks.errors import InputError
from whatworks.saying import said
from whatworks.synthesise.methods.given import check_effects, column
from whatworks.synthesise.methods.weighing import Floats

AS_GIVEN, KEPT, LEFT_OUT, NOBODY = "as given", "kept", "left out", "none"
STUDY = "study left out"
MOST = 200_000  # specifications in one multiverse: above it the table, not the arithmetic, fills the memory
Variant = Callable[[Floats, Floats], tuple[Any, Any]] | tuple[Any, Any] | None
Places = NDArray[np.intp]


class Sets(NamedTuple):
    """Every data set that the choices lead to: a variant of the numbers with a selection of the rows.

    variants: effects and variances; numbers: the options (v, dimensions of data) that lead to each. masks (m, k): which
    rows count; selection (m, dimensions of selection): the options that lead to each. named: dimensions with their
    options, data first. few: how many selections were dropped because fewer than two studies were left.
    """

    variants: tuple[tuple[Floats, Floats], ...]
    numbers: Places
    masks: Floats
    selection: Places
    named: tuple[tuple[str, tuple[str, ...]], ...]
    few: int


def every_set(
    y: Floats,
    v: Floats,
    names: Sequence[str],
    without: Mapping[str, Sequence[Any] | str],
    data: Mapping[str, Mapping[str, Variant]],
    each: bool,
    table: Any,
) -> Sets:
    """All combinations of variants, exclusions and (each) studies left out; selections that are the same, once."""
    studies = tuple(dict.fromkeys(names)) if each else ()
    _check_size(data, without, len(studies))
    variants, numbers, dimensions = _variants(y, v, data)
    flags = {name: _flags(name, marked, y.size, table) for name, marked in without.items()}
    masks, selection, few = _selections(flags, names, studies)
    named = [*dimensions, *((name, (KEPT, LEFT_OUT)) for name in flags)]
    if each:
        named.append((STUDY, (NOBODY, *studies)))
    if len({"tau2", "interval", *(name for name, _ in named)}) < len(named) + 2:
        raise InputError(said("Two choices have the same name; rename one of them."))
    return Sets(variants, numbers, masks, selection, tuple(named), few)


def _check_size(data: Mapping[str, Mapping[str, Variant]], without: Mapping[str, Any], studies: int) -> None:
    """Refuse more data sets than can be told apart by anybody."""
    many = 2 ** len(without) * (1 + studies) * prod(1 + len(options) for options in data.values())
    if many > MOST:
        raise InputError(
            said(
                "These choices make up to %(many)s data sets, more than %(most)s; drop some of them.",
                many=f"{many:,}",
                most=f"{MOST:,}",
            )
        )


def _variants(
    y: Floats, v: Floats, data: Mapping[str, Mapping[str, Variant]]
) -> tuple[tuple[tuple[Floats, Floats], ...], Places, list[tuple[str, tuple[str, ...]]]]:
    """The numbers in every combination of the ways to come by them; as they were given, first."""
    named: list[tuple[str, tuple[str, ...]]] = []
    ways: list[list[Variant]] = []
    for name, options in data.items():
        base = next((option for option, way in options.items() if way is None), AS_GIVEN)
        others = [option for option in options if option != base]
        named.append((name, (base, *others)))
        ways.append([None, *(options[option] for option in others)])
    fixed = [name for name, options in data.items() if any(isinstance(way, tuple) for way in options.values())]
    if len(fixed) > 1 or (fixed and next(iter(data)) != fixed[0]):
        raise InputError(
            said(
                "Columns of effects and variances for %(fixed)r would undo another choice; give them for the "
                "first choice only, and functions of effects and variances for the others.",
                fixed=fixed[-1],
            )
        )
    numbers = np.array(list(product(*(range(len(one)) for one in ways))), dtype=np.intp).reshape(
        -1 if ways else 1, len(ways)
    )
    variants = []
    for chosen in numbers.tolist():
        now = (y, v)
        for (name, labels), way, at in zip(named, ways, chosen, strict=True):
            now = _taken(now, way[at], y.size, f"{labels[at]!r} of {name!r}")
        variants.append(now)
    return tuple(variants), numbers, named


def _taken(now: tuple[Floats, Floats], way: Variant, k: int, where: str) -> tuple[Floats, Floats]:
    """The numbers after one choice; InputError says which choice gives impossible ones."""
    if way is None:
        return now
    try:
        found = check_effects(*(way(*now) if callable(way) else way))
    except InputError as error:
        raise InputError(said("In the choice %(where)s: %(error)s", where=where, error=error.args[0])) from None
    except (TypeError, ValueError):
        raise InputError(
            said(
                "The choice %(where)s must give effects and variances, two columns of %(k)s numbers.", where=where, k=k
            )
        ) from None
    if found[0].size != k:
        raise InputError(
            said(
                "The choice %(where)s gives %(size)s effects where there are %(k)s; leave rows out by flags.",
                where=where,
                size=found[0].size,
                k=k,
            )
        )
    return found


def _flags(name: str, marked: Sequence[Any] | str, k: int, table: Any) -> NDArray[np.bool_]:
    """Which rows an exclusion takes out."""
    values = column(table, marked) if isinstance(marked, str) else list(marked)
    if len(values) != k:
        raise InputError(
            said(
                "The exclusion %(name)r must mark each of %(k)s effects, not %(count)s.",
                name=name,
                k=k,
                count=len(values),
            )
        )
    if any(value not in (0, 1) for value in values):
        raise InputError(
            said(
                "The exclusion %(name)r must be True (or 1) for rows to leave out and False (or 0) for others.",
                name=name,
            )
        )
    found = np.array([bool(value) for value in values])
    if not found.any():
        raise InputError(said("The exclusion %(name)r marks no row; leave it out, since it is no choice.", name=name))
    return found


def _selections(
    flags: Mapping[str, NDArray[np.bool_]], names: Sequence[str], studies: tuple[str, ...]
) -> tuple[Floats, Places, int]:
    """Rows that count (m, k), the options that lead there (m, dimensions), and how many had too few studies."""
    label = np.array(names)
    omitted = [np.zeros(label.size, dtype=bool), *(label == study for study in studies)]
    seen: dict[bytes, None] = {}
    masks, selection, few = [], [], 0
    for chosen in sorted(product((0, 1), repeat=len(flags)), key=sum):
        out = np.zeros(label.size, dtype=bool)
        for taken, marked in zip(chosen, flags.values(), strict=True):
            out |= marked & bool(taken)
        for at, one in enumerate(omitted):
            keep = ~(out | one)
            if (key := keep.tobytes()) in seen:
                continue
            seen[key] = None
            if keep.sum() < 2:
                few += 1
                continue
            masks.append(keep)
            selection.append((*chosen, at) if studies else chosen)
    if not masks:
        raise InputError(said("No choice leaves two effects to pool; give more studies."))
    return np.array(masks, dtype=float), np.array(selection, dtype=np.intp).reshape(len(masks), -1), few
