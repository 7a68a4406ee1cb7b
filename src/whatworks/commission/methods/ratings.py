"""Scores as assessors gave them: who scored what, how high, in three columns of one length."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from whatworks.errors import InputError
from whatworks.saying import said

Floats = NDArray[np.float64]
Places = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Ratings:
    """`scores` (rows,) with, for each, the place of its application in `applications` and of its assessor in `assessors`."""

    applications: tuple[str, ...]
    assessors: tuple[str, ...]
    application: Places
    assessor: Places
    scores: Floats

    @property
    def given(self) -> Places:
        """How many scores each application has."""
        return np.bincount(self.application, minlength=len(self.applications)).astype(np.int64)

    @property
    def means(self) -> Floats:
        """The plain mean of each application."""
        found: Floats = np.bincount(self.application, self.scores, len(self.applications)) / self.given
        return found


def ratings_of(rows: Iterable[tuple[str, str, float]]) -> Ratings:
    """Ratings from rows of application, assessor, score, in order of their names.

    Raises InputError where there are none, a score is no finite number, or somebody scored an application twice.
    """
    held = sorted(rows)
    if not held:
        raise InputError(said("There are no scores yet; nothing can be told of them."))
    pairs = [(application, assessor) for application, assessor, _ in held]
    for pair, after in itertools.pairwise(pairs):
        if pair == after:
            raise InputError(
                said("%(assessor)s scored %(application)s twice; keep one.", assessor=pair[1], application=pair[0])
            )
    scores = np.array([score for _, _, score in held], float)
    if not np.isfinite(scores).all():
        raise InputError(said("A score is no finite number; mend it where it was entered."))
    applications, assessors = _names(one for one, _ in pairs), _names(one for _, one in pairs)
    return Ratings(
        applications, assessors, _places([one for one, _ in pairs], applications),
        _places([one for _, one in pairs], assessors), scores,
    )  # fmt: skip


def _names(found: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(set(found)))


def _places(labels: Sequence[str], names: tuple[str, ...]) -> Places:
    at = {name: place for place, name in enumerate(names)}
    return np.array([at[label] for label in labels], dtype=np.int64)
