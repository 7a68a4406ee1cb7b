"""Draw a published allocation again from its file alone, and say where it differs."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from whatworks.errors import InputError
from whatworks.saying import said
from whatworks.stats.lot import Lot
from whatworks.trial.methods.allocating import happening
from whatworks.trial.methods.allocating.committing import refuse_misshapen, seed
from whatworks.trial.methods.allocating.listing import list_digest, refuse_columns, refuse_units
from whatworks.trial.methods.allocating.publishing import (
    FORMAT,
    PRACTICE,
    RECORD,
    STREAM,
    digest_of_draw,
    earlier_of,
    outcome,
    practice_seed,
    rows_of,
)
from whatworks.trial.methods.allocating.ways import RULES, draw
from whatworks.trial.methods.design import digest, read

SHAPES: dict[str, tuple[type, ...]] = {
    "label": (str,), "format": (str,), "stream": (str,), "rules": (str,), "drawn_at": (str,), "design": (dict,), "list": (dict,),
    "commitments": (dict, type(None)), "typed": (str, type(None)), "seed": (str,), "method": (dict,), "allocation": (dict,),
    "counts": (dict,), "balance": (list,), "candidates": (list,), "warnings": (list,), "before": (dict, type(None)),
    "events": (list,), "digest": (str,),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Replayed:
    """Whether the file's own draw came out again, and the first thing that differs, in words."""

    reproduced: bool
    first_difference: str | None


def read_allocation(text: str) -> dict[str, Any]:
    """A published allocation. Raises InputError where it is none, so that nothing in it can be drawn again."""
    try:
        held = json.loads(text, object_pairs_hook=_once, parse_constant=_no_number)
        json.dumps(held, ensure_ascii=False).encode()
    except (ValueError, RecursionError) as error:
        raise InputError(
            said("The allocation is not readable JSON; give the file that trial allocate wrote.")
        ) from error
    refuse_shape(held)
    return dict(held)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object whose names are each there once, so that what a person reads is what is checked."""
    if len({name for name, _ in pairs}) < len(pairs):
        raise ValueError("a name is there twice")
    return dict(pairs)


def _no_number(text: str) -> float:
    raise ValueError(f"{text} is no number of JSON")


def refuse_shape(held: object) -> None:
    """Raise InputError for what is no published allocation, or continues what is none."""
    while held is not None:
        if not isinstance(held, dict) or held.get("format") != FORMAT:
            raise InputError(
                said("This is no published allocation (%(format)s); trial allocate writes one.", format=FORMAT)
            )
        for name, kinds in SHAPES.items():
            if name not in held or not isinstance(held[name], kinds):
                raise InputError(
                    said("The allocation's part “%(name)s” is missing or is not what it should be.", name=name)
                )
        parts = held["design"], held["list"]
        if (
            set(parts[0]) != {"text", "digest"}
            or set(parts[1]) != {"columns", "units", "digest"}
            or set(held) != set(SHAPES)
        ):
            raise InputError(said("The allocation has parts that such a file has not, or lacks some."))
        held = held["before"]


def replay(held: Mapping[str, Any]) -> Replayed:
    """Everything in the file, computed anew from the design, the list and the secrets in it, and compared.

    Raises InputError only for what is no published allocation; whatever else is wrong is the first difference.
    """
    refuse_shape(held)
    try:
        found = next(_differences(held), None)
    except InputError as error:
        found = str(error)
    return Replayed(found is None, found)


def _differences(held: Mapping[str, Any]) -> Iterator[str]:
    if held["before"] is not None and (one := replay(held["before"]).first_difference):
        yield said("The allocation that this one continues: %(one)s", one=one)
    for name, right in (("stream", STREAM), ("rules", RULES)):
        if held[name] != right:
            yield _other(said("the %(name)s", name=name), held[name], right)
    text, listed = held["design"]["text"], held["list"]
    if not _texts([text]) or not _texts(listed["columns"]) or not isinstance(listed["units"], list):
        yield said("The design or the list is no text.")
    if not all(_texts(row) and len(row) == len(listed["columns"]) for row in listed["units"]):
        yield said("A row of the list has not one text for each column.")
    if held["design"]["digest"] != digest(text):
        yield _other(said("the design's digest"), held["design"]["digest"], digest(text))
    refuse_columns(listed["columns"])
    units = rows_of(held)
    refuse_units(units)
    if listed["digest"] != list_digest(units):
        yield _other(said("the list's digest"), listed["digest"], list_digest(units))
    yield from _seed(held)
    design = read(text)
    drawn = draw(design, units, Lot(held["seed"]), earlier_of(held["before"]))
    again = outcome(design, units, drawn)
    yield from unlike("method", held["method"], again["method"])
    yield from _arms(held["allocation"], again["allocation"])
    for name in ("candidates", "counts", "balance"):
        yield from unlike(name, held[name], again[name])
    if held["digest"] != digest_of_draw(held):
        yield _other(said("the digest of the draw"), held["digest"], digest_of_draw(held))
    if problem := happening.broken(held):
        yield problem


def _texts(values: object) -> bool:
    return isinstance(values, list) and all(isinstance(one, str) for one in values)


def _seed(held: Mapping[str, Any]) -> Iterator[str]:
    """The label, and the seed that belongs to it."""
    commitments, typed = held["commitments"], held["typed"]
    if held["label"] not in (RECORD, PRACTICE) or (held["label"] == RECORD) != (commitments is not None):
        yield said("The label is “%(label)s”, which is not what the commitments in the file say.", label=held["label"])
    if (commitments is None) == (typed is None):
        yield said("The file must hold commitments or a typed seed, and not both.")
    if typed is not None:
        right = practice_seed(typed)
    else:
        refuse_misshapen(commitments)
        before = held["before"]["digest"] if held["before"] else None
        listed = rows_of(held)
        right = seed(commitments, design=held["design"]["digest"], units=listed, before=before)
        if held["drawn_at"] < max(one["revealed_at"] for one in commitments["parties"]):
            yield said("The draw is said to be at %(at)s, before the last secret was told.", at=held["drawn_at"])
    if held["seed"] != right:
        yield _other(said("the seed"), held["seed"], right)


def _arms(stated: Mapping[str, str], drawn: Mapping[str, str]) -> Iterator[str]:
    """The first unit in the order of the list whose arm is another, then units that are not in the list."""
    for unit, arm in drawn.items():
        if stated.get(unit) != arm:
            yield said(
                "%(unit)s: the file says %(stated)s, and the draw gives %(drawn)s.",
                unit=unit,
                stated=stated.get(unit, "–"),
                drawn=arm,
            )
    for unit in stated:
        if unit not in drawn:
            yield said("%(unit)s has an arm in the file and is not in the list.", unit=unit)


def unlike(where: str, stated: object, drawn: object) -> Iterator[str]:
    """The places at which two values differ, in words."""
    if type(stated) is not type(drawn):
        yield _other(where, stated, drawn)
    elif isinstance(stated, dict) and isinstance(drawn, dict):
        for name in [*drawn, *(one for one in stated if one not in drawn)]:
            if name in stated and name in drawn:
                yield from unlike(f"{where}, {name}", stated[name], drawn[name])
            else:
                yield _other(f"{where}, {name}", stated.get(name, "–"), drawn.get(name, "–"))
    elif isinstance(stated, list) and isinstance(drawn, list) and len(stated) == len(drawn):
        for number, (one, other) in enumerate(zip(stated, drawn, strict=True), 1):
            yield from unlike(f"{where}, {number}", one, other)
    elif stated != drawn:
        yield _other(where, stated, drawn)


def _other(where: str, stated: object, drawn: object) -> str:
    return said(
        "In %(where)s the file says %(stated)s, and it comes out as %(drawn)s.", where=where, stated=stated, drawn=drawn
    )
