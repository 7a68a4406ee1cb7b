"""Plain data: a NaN in JSON would break every reader of the open data."""

from __future__ import annotations

import json
from dataclasses import dataclass

import numpy as np

from whatworks.stats import Result


@dataclass(frozen=True, slots=True)
class Inner(Result):
    share: float


@dataclass(frozen=True, slots=True)
class Outer(Result):
    numbers: tuple[float, ...]
    column: np.ndarray
    count: np.int64
    inner: Inner
    by_name: dict[str, float | None]
    flag: np.bool_


def test_missing_and_infinite_numbers_become_none_and_everything_is_json() -> None:
    outer = Outer(
        (1.5, float("nan")),
        np.array([[1.0, np.inf], [2.0, 3.0]]),
        np.int64(7),
        Inner(float("-inf")),
        {"a": 1.0, "b": None},
        np.bool_(True),
    )
    assert outer.to_dict() == {
        "numbers": [1.5, None],
        "column": [[1.0, None], [2.0, 3.0]],
        "count": 7,
        "inner": {"share": None},
        "by_name": {"a": 1.0, "b": None},
        "flag": True,
    }
    assert json.loads(json.dumps(outer.to_dict(), allow_nan=False)) == outer.to_dict()
