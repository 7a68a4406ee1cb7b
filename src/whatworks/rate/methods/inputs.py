"""What a scheme is told: values checked against its declared inputs, and judgements with a person's name."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from whatworks.errors import InputError

from .conditions import Value, Values
from .scheme import Input, Scheme

_BLANK = re.compile(r"\{(\w+)(?:\.(by|reason)|:([^{}|]+)\|([^{}|]+))?\}")


@dataclass(frozen=True, slots=True)
class Judged:
    """A value somebody judged: who, and why. An empty `by` means that nobody has put their name to it yet."""

    value: Value | None
    by: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """What a scheme was told: plain values, and the judgements behind some of them."""

    values: Mapping[str, Value]
    judgements: Mapping[str, Judged]

    def to_dict(self) -> dict[str, object]:
        """What was told, as plain values that evaluate takes back: to be stored beside the outcome."""
        told: dict[str, object] = dict(self.values)
        for name, judged in self.judgements.items():
            told[name] = {"value": judged.value, "by": judged.by, "reason": judged.reason}
        return told


def read(scheme: Scheme, inputs: Mapping[str, object]) -> Told:
    """Check inputs against the scheme and take them in; left out, None or blank counts as not given.

    Raises InputError for a name the scheme does not know, a value of the wrong kind or out of range, and inputs
    that contradict each other.
    """
    values: dict[str, Value] = {}
    judgements: dict[str, Judged] = {}
    for name, raw in inputs.items():
        declared = scheme.inputs.get(name)
        if declared is None:
            known = ", ".join(scheme.inputs)
            raise InputError(f"{scheme.key} {scheme.version} has no input called '{name}'; it knows: {known}.")
        if isinstance(raw, Mapping):
            raw = _judged(scheme, name, raw)
        if isinstance(raw, Judged):
            judgements[name] = raw
            raw = raw.value
        if raw is not None and not (isinstance(raw, str) and not raw.strip()):
            values[name] = checked(scheme, declared, raw)
    broken = contradiction(scheme, values)
    if broken:
        raise InputError(f"{scheme.key} {scheme.version}: {broken}")
    return Told(values, judgements)


def _judged(scheme: Scheme, name: str, stored: Mapping[str, object]) -> Judged:
    value, by, reason = (stored.get(part, "") for part in ("value", "by", "reason"))
    if set(stored) - {"value", "by", "reason"} or not isinstance(by, str) or not isinstance(reason, str):
        raise InputError(f"{scheme.key} {scheme.version}, input '{name}': a judgement has value, by and reason only.")
    if value is not None and not isinstance(value, bool | int | float | str):
        raise InputError(f"{scheme.key} {scheme.version}, input '{name}': a judgement's value is one plain value.")
    return Judged(value, by, reason)


def checked(scheme: Scheme, declared: Input, raw: object) -> Value:
    """The value, if it is of the declared kind and within its range; InputError otherwise."""
    where = f"{scheme.key} {scheme.version}, input '{declared.name}'"
    value = _of_kind(declared, raw)
    if value is None:
        allowed = f"one of {', '.join(declared.choices)}" if declared.choices else _KINDS[declared.kind]
        raise InputError(f"{where}: {raw!r} will not do; give {allowed}.")
    if isinstance(value, str | bool):
        return value
    if declared.minimum is not None and value < declared.minimum:
        raise InputError(f"{where}: {value} is below {declared.minimum:g}, the least it can be.")
    if declared.maximum is not None and value > declared.maximum:
        raise InputError(f"{where}: {value} is above {declared.maximum:g}, the most it can be.")
    return value


_KINDS = {
    "number": "a finite number",
    "integer": "a whole number",
    "boolean": "true or false",
    "text": "some text",
    "choice": "one of its choices",
}


def _of_kind(declared: Input, raw: object) -> Value | None:
    if declared.kind == "boolean":
        return raw if isinstance(raw, bool) else None
    if declared.kind == "integer":
        return raw if isinstance(raw, int) and not isinstance(raw, bool) else None
    if declared.kind == "number":
        return raw if isinstance(raw, int | float) and not isinstance(raw, bool) and math.isfinite(raw) else None
    if not isinstance(raw, str):
        return None
    if declared.kind == "choice":
        return raw if raw in declared.choices else None
    return raw.strip()


def contradiction(scheme: Scheme, values: Values) -> str:
    """The sentence of the first check that the inputs break; empty when they agree with each other."""
    for check in scheme.checks:
        if check.must.holds(values) is False:
            return fill(scheme, check.sentence, Told(values, {}))
    return ""


def fill(scheme: Scheme, sentence: str, told: Told) -> str:
    """The sentence with its blanks filled by what was given.

    {name} is the value, {name.by} and {name.reason} are those of a judgement, {name:study|studies} counts.
    """

    def said(found: re.Match[str]) -> str:
        name, part, one, many = found.groups()
        if part is None:
            value = told.values.get(name)
            words = shown(scheme.inputs[name], value)
            return words if one is None else f"{words} {one if value == 1 else many}"
        judged = told.judgements.get(name)
        if part == "by":
            return (judged and judged.by) or "nobody yet"
        return (judged and judged.reason.strip().rstrip(".")) or "no reason recorded"

    return _BLANK.sub(said, sentence) if "{" in sentence else sentence


def blanks(sentence: str) -> tuple[str, ...]:
    """The inputs a sentence mentions; a brace that belongs to no blank is given back as it stands."""
    stray = tuple(_BLANK.sub("", sentence)) if "{" in sentence or "}" in sentence else ()
    return tuple(found.group(1) for found in _BLANK.finditer(sentence)) + tuple(c for c in stray if c in "{}")


def shown(declared: Input, value: Value | None) -> str:
    """A value as a reader sees it: plain words for a choice, yes or no, and no more digits than help."""
    if value is None:
        return "not given"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str):
        return declared.choices.get(value, value)
    if isinstance(value, int) or abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{Decimal(f'{value:.3g}'):f}"
