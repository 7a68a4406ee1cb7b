"""What a scheme is told: values checked against its declared inputs, and judgements with a person's name."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from whatworks.errors import InputError
from whatworks.saying import Said, said

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
            raise InputError(
                said(
                    "%(key)s %(version)s has no input called '%(name)s'; it knows: %(known)s.",
                    key=scheme.key,
                    version=scheme.version,
                    name=name,
                    known=known,
                )
            )
        if isinstance(raw, Mapping):
            raw = _judged(scheme, name, raw)
        if isinstance(raw, Judged):
            judgements[name] = raw
            raw = raw.value
        if raw is not None and not (isinstance(raw, str) and not raw.strip()):
            values[name] = checked(scheme, declared, raw)
    broken = contradiction(scheme, values)
    if broken:
        raise InputError(said("%(key)s %(version)s: %(broken)s", key=scheme.key, version=scheme.version, broken=broken))
    return Told(values, judgements)


def _judged(scheme: Scheme, name: str, stored: Mapping[str, object]) -> Judged:
    value, by, reason = (stored.get(part, "") for part in ("value", "by", "reason"))
    if set(stored) - {"value", "by", "reason"} or not isinstance(by, str) or not isinstance(reason, str):
        raise InputError(
            said(
                "%(key)s %(version)s, input '%(name)s': a judgement has value, by and reason only.",
                key=scheme.key,
                version=scheme.version,
                name=name,
            )
        )
    if value is not None and not isinstance(value, bool | int | float | str):
        raise InputError(
            said(
                "%(key)s %(version)s, input '%(name)s': a judgement's value is one plain value.",
                key=scheme.key,
                version=scheme.version,
                name=name,
            )
        )
    return Judged(value, by, reason)


def checked(scheme: Scheme, declared: Input, raw: object) -> Value:
    """The value, if it is of the declared kind and within its range; InputError otherwise."""
    value = _of_kind(declared, raw)
    if value is None:
        choices = ", ".join(declared.choices)
        allowed = said("one of %(choices)s", choices=choices) if choices else _KINDS[declared.kind]
        raise InputError(
            said(
                "%(where)s: %(raw)r will not do; give %(allowed)s.",
                where=_place(scheme, declared),
                raw=raw,
                allowed=allowed,
            )
        )
    if isinstance(value, str | bool):
        return value
    if declared.minimum is not None and value < declared.minimum:
        raise InputError(
            said(
                "%(where)s: %(value)s is below %(minimum)s, the least it can be.",
                where=_place(scheme, declared),
                value=value,
                minimum=f"{declared.minimum:g}",
            )
        )
    if declared.maximum is not None and value > declared.maximum:
        raise InputError(
            said(
                "%(where)s: %(value)s is above %(maximum)s, the most it can be.",
                where=_place(scheme, declared),
                value=value,
                maximum=f"{declared.maximum:g}",
            )
        )
    return value


def _place(scheme: Scheme, declared: Input) -> Said:
    return said("%(key)s %(version)s, input '%(name)s'", key=scheme.key, version=scheme.version, name=declared.name)


_KINDS = {
    "number": said("a finite number"),
    "integer": said("a whole number"),
    "boolean": said("true or false"),
    "text": said("some text"),
    "choice": said("one of its choices"),
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
        return said("not given")
    if isinstance(value, bool):
        return said("yes") if value else said("no")
    if isinstance(value, str):
        return declared.choices.get(value, value)
    if isinstance(value, int) or abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{Decimal(f'{value:.3g}'):f}"
