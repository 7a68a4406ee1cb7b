"""What the caller gives to a multilevel model, as arrays: effects, moderators, factors, sampling errors, clusters."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from whatworks.errors import InputError
from whatworks.saying import said
from whatworks.stats.designs import as_numbers, is_missing
from whatworks.stats.model_formulas import Bools, check_columns, model_matrix
from whatworks.synthesise.methods.given import check_effects, column
from whatworks.synthesise.methods.multilevel.grouping import Floats, Grouping, coded, crossing
from whatworks.synthesise.methods.multilevel.sampling import Sampling, correlated, independent, known

Levels = str | Mapping[str, Iterable[Any]] | None


@dataclass(frozen=True, slots=True, eq=False)
class Given:
    """k effects y with model matrix x (k, p) and its names; factors by name; their sampling errors; the clusters.

    together: the levels inside which errors would correlate; labels: each column of labels as it came, for scripts;
    chains: which of them make each factor; left_out: the rows left out, in words.
    """

    y: Floats
    x: Floats
    names: tuple[str, ...]
    factors: dict[str, Grouping]
    sampling: Sampling
    together: Grouping | None
    cluster: Grouping | None
    cluster_name: str
    labels: dict[str, tuple[Any, ...]]
    chains: tuple[tuple[str, ...], ...]
    left_out: str


@dataclass(slots=True)
class Reader:
    """Looks up what is given as a name in the table, and takes the rest as it is; rows that are not kept fall out."""

    table: Any
    kept: Bools | None = None

    def values(self, given: Any, what: str, n: int | None = None) -> list[Any]:
        """One value for each row kept."""
        if isinstance(given, str):
            if self.table is None:
                raise InputError(
                    said(
                        "%(what)s is named %(given)r, but there is no table; give its values, or table=.",
                        what=what,
                        given=given,
                    )
                )
            given = column(self.table, given)
        found = given.tolist() if isinstance(given, np.ndarray) and given.ndim == 1 else list(given)
        total = n if self.kept is None else self.kept.size
        if total is not None and len(found) != total:
            raise InputError(
                said(
                    "%(what)s has %(count)s values for %(total)s effects; give one for each.",
                    what=what,
                    count=len(found),
                    total=total,
                )
            )
        return (
            found if self.kept is None else [one for one, keep in zip(found, self.kept.tolist(), strict=True) if keep]
        )

    def labels(self, given: Any, what: str, n: int) -> tuple[Any, ...]:
        """One label for each row kept, none of them missing."""
        found = tuple(self.values(given, what, n))
        if not any(map(is_missing, set(found))):
            return found
        for row, label in enumerate(found, start=1):
            if is_missing(label):
                raise InputError(
                    said("Row %(row)s of %(what)s is empty; say to which one the effect belongs.", row=row, what=what)
                )
        return found


def levels_of(given: Levels) -> dict[str, Any]:
    """`study/esid` or a mapping of names to labels as a mapping, the outermost first."""
    if given is None:
        return {}
    if isinstance(given, str):
        names = [name.strip() for name in given.split("/")]
        if not all(names) or len(set(names)) < len(names):
            raise InputError(
                said("The levels %(given)r cannot be read; write the outer first, as in study/effect.", given=given)
            )
        return {name: name for name in names}
    return dict(given)


def moderators(
    reader: Reader, formula: str | None, needed: Sequence[str], x: Any, intercept: bool, n: int | None
) -> tuple[Floats | None, tuple[str, ...], str | None, str]:
    """The model matrix (None: ones alone), its names, the response named in the formula, the rows left out in words."""
    if formula is not None:
        if x is not None:
            raise InputError(said("Give the moderators by formula or by x, not by both."))
        if reader.table is None:
            raise InputError(said("A formula needs table=, where its columns are."))
        matrix = model_matrix(formula, reader.table, needed)
        reader.kept = matrix.kept
        return matrix.x, matrix.names, matrix.response or None, matrix.left_out
    if x is None:
        return None, ("intercept",), None, ""
    return (*columns(x, intercept, n), None, "")


def columns(x: Any, intercept: bool, n: int | None) -> tuple[Floats, tuple[str, ...]]:
    """Moderators given as a mapping of names to numbers, or as an array (k, q), with the intercept before them."""
    by_name = dict(x) if isinstance(x, Mapping) else None
    try:
        array = np.array(list(by_name.values()), dtype=float).T if by_name else np.asarray(x, dtype=float)
    except (TypeError, ValueError):
        raise InputError(
            said("The moderators x must be numbers, one column each and as many rows as effects.")
        ) from None
    array = array[:, None] if array.ndim == 1 else array
    if array.ndim != 2 or (n is not None and len(array) != n) or not np.isfinite(array).all():
        raise InputError(said("The moderators x must be numbers without gaps, %(n)s rows and one column each.", n=n))
    names = tuple(by_name) if by_name else tuple(f"x{number}" for number in range(1, array.shape[1] + 1))
    if intercept:
        array, names = np.column_stack([np.ones(len(array)), array]), ("intercept", *names)
    check_columns(array, names)
    return array, names


@dataclass(frozen=True, slots=True, eq=False)
class Asked:
    """The call as it came; see `multilevel` for what each may be."""

    yi: Any
    vi: Any
    table: Any
    formula: str | None
    x: Any
    intercept: bool
    nested: Levels
    crossed: Sequence[Levels]
    v: Any
    rho: float | None
    cluster: Any
    subgroup: Any

    @property
    def chains(self) -> list[dict[str, Any]]:
        """The factors, each as its levels from the outermost."""
        more = (self.crossed,) if isinstance(self.crossed, str | Mapping) else self.crossed
        return [chain for chain in (levels_of(self.nested), *map(levels_of, more)) if chain]

    @property
    def columns(self) -> list[str]:
        """The columns of the table without whose value a row is of no use."""
        inside = [one for chain in self.chains for one in chain.values()]
        given = [*inside, self.cluster, self.subgroup, None if self.v is not None else self.vi]
        own = [] if self.formula is not None and self.formula.split("~")[0].strip() else [self.yi]
        return list(dict.fromkeys(one for one in (*own, *given) if isinstance(one, str)))


def read(asked: Asked) -> Given:
    """Everything checked; InputError says what is wrong and where."""
    reader, chains = Reader(asked.table), asked.chains
    size = None if isinstance(asked.yi, str) else len(list(asked.yi))
    by_name = asked.formula is None and asked.x is None and asked.table is not None and size is None
    matrix, names, response, left_out = moderators(
        reader, "~ 1" if by_name else asked.formula, asked.columns, asked.x, asked.intercept, size
    )
    y, v, sampling = _effects(reader, asked, response or asked.yi, size)
    n = y.size
    labels = {name: reader.labels(given, name, n) for chain in chains for name, given in chain.items()}
    cluster_name, clusters = _clusters(reader, asked.cluster, chains, labels, n)
    if clusters is not None:
        labels.setdefault(cluster_name, clusters)
    inside = [] if clusters is None else [coded(clusters)]
    if asked.subgroup is not None:
        inside.append(coded(reader.labels(asked.subgroup, said("The subgroup"), n)))
    together = crossing(inside) if clusters is not None else None
    if sampling is None:
        sampling = alike(v, asked.rho, together)
    elif asked.rho is not None:
        raise InputError(said("Give the sampling covariance by v or by rho, not by both."))
    return Given(
        y,
        np.ones((n, 1)) if matrix is None else matrix,
        names,
        {name: group for chain in chains for name, group in _nested(chain, labels)},
        sampling,
        together,
        None if clusters is None else coded(clusters),
        cluster_name,
        labels,
        tuple(tuple(chain) for chain in chains),
        left_out,
    )


def _effects(reader: Reader, asked: Asked, response: Any, size: int | None) -> tuple[Floats, Floats, Sampling | None]:
    """Effects and variances, with the sampling covariance where it was given."""
    y = numbers(reader, response, said("The effect"), size)
    if asked.v is None:
        return (*check_effects(y, numbers(reader, asked.vi, said("The variance"), size)), None)
    v = asked.v if reader.kept is None or reader.kept.all() else _some(asked.v, reader.kept)
    named = isinstance(asked.vi, str)
    held = None if named or asked.vi is None else np.asarray(numbers(reader, asked.vi, said("The variance"), size))
    sampling = known(held, v, len(y))
    return (*check_effects(y, sampling.v), sampling)


def numbers(reader: Reader, given: Any, what: str, n: int | None) -> list[float]:
    """A column of numbers; what is missing is left to the check of the rows."""
    if isinstance(given, np.ndarray) and given.dtype == np.float64 and given.shape == (n,) and reader.kept is None:
        ready: list[float] = given.tolist()
        return ready
    found = reader.values(given, what, n)
    as_floats = as_numbers(found)
    if as_floats is None:
        raise InputError(_not_a_number(reader, found, given if isinstance(given, str) else what))
    answer: list[float] = as_floats.tolist()
    return answer


def _not_a_number(reader: Reader, found: Sequence[Any], name: str) -> str:
    """Which row of the table as it was given has text where a number should be."""
    place = next(i for i, cell in enumerate(found) if as_numbers([cell]) is None)
    row = place if reader.kept is None else int(np.flatnonzero(reader.kept)[place])
    return said(
        "Row %(row)s of %(name)s is %(found)r, which is not a number; correct it, or leave the row out.",
        row=row + 1,
        name=name,
        found=found[place],
    )


def _some(v: Any, kept: Bools) -> Any:
    full = known(None, v, kept.size).matrix
    return None if full is None else full[np.ix_(kept, kept)]


def _clusters(
    reader: Reader, cluster: Any, chains: list[dict[str, Any]], labels: dict[str, tuple[Any, ...]], n: int
) -> tuple[str, tuple[Any, ...] | None]:
    """The cluster of each row: as given, or the outermost level."""
    if cluster is None:
        outer = next(iter(chains[0])) if chains else ""
        return outer, labels.get(outer)
    if isinstance(cluster, str) and cluster in labels:
        return cluster, labels[cluster]
    return (cluster if isinstance(cluster, str) else "cluster"), reader.labels(cluster, said("The cluster"), n)


def alike(v: Floats, rho: float | None, together: Grouping | None) -> Sampling:
    """Errors that correlate by rho among the effects of a level of together, where rho is given."""
    if rho is None:
        return independent(v)
    if together is None:
        raise InputError(said("A correlation rho needs clusters inside which it holds; give cluster= or nested=."))
    return correlated(v, rho, together)


def _nested(chain: Mapping[str, Any], labels: Mapping[str, tuple[Any, ...]]) -> list[tuple[str, Grouping]]:
    """Each level of a chain inside those before it, named as in metafor (`study/esid`)."""
    found: list[tuple[str, Grouping]] = []
    for name in chain:
        own = coded(labels[name])
        whole = f"{found[-1][0]}/{name}" if found else name
        found.append((whole, crossing([found[-1][1], own]) if found else own))
    return found
