"""The one shape of a result: a frozen dataclass that can say itself as plain data."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from typing import Any

SAYABLE = {bool, str, int, type(None)}  # what JSON holds as it is


def plain(value: Any) -> Any:
    """The value as JSON can hold it: lists, dicts, text, numbers; a number that is missing or infinite is None."""
    if type(value) in (tuple, list):  # long columns of one kind are most of what there is: no call for each number
        kinds = set(map(type, value))
        if kinds <= SAYABLE or (kinds == {float} and math.isfinite(sum(value))):
            return list(value)
        return [one if type(one) is float and math.isfinite(one) else plain(one) for one in value]
    if isinstance(value, bool | str | int) or value is None:
        return value
    if isinstance(value, float):
        return float(value) if math.isfinite(value) else None
    if hasattr(value, "tolist"):
        return plain(value.tolist())
    if is_dataclass(value) and not isinstance(value, type):
        told = (field.name for field in fields(value) if field.metadata.get("plain", True))
        return {name: plain(getattr(value, name)) for name in told}
    if isinstance(value, Mapping):
        return {str(key): plain(inner) for key, inner in value.items()}
    return [plain(inner) for inner in value]


class Result:
    """A base for frozen dataclasses (slots) that hold numbers. Adds `to_dict`, and nothing else."""

    __slots__ = ()

    def to_dict(self) -> dict[str, Any]:
        """The fields by name as plain data, ready for JSON: missing and infinite numbers become None."""
        answer: dict[str, Any] = plain(self)
        return answer
