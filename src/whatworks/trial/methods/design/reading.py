"""A design from its TOML, with one sentence for each thing that is wrong in it, and the digest that a registration locks."""

from __future__ import annotations

import dataclasses
import difflib
import hashlib
import json
import tomllib
import types
import typing
from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

from whatworks.errors import InputError
from whatworks.saying import Said, said
from whatworks.trial.methods.design.conduct import Compliance, Component, Link, Question, Target
from whatworks.trial.methods.design.conducting import refuse_conduct
from whatworks.trial.methods.design.fields import Meaning, meaning_of
from whatworks.trial.methods.design.parts import (
    About,
    Allocation,
    Analysis,
    Arm,
    Criterion,
    Design,
    Estimand,
    Size,
)
from whatworks.trial.methods.design.unlotted import QUASI, Quasi, refuse_quasi

Section = TypeVar("Section")
SECTIONS: dict[str, type[Any]] = {
    "design": About, "estimand": Estimand, "arms": Arm, "size": Size, "allocation": Allocation, "analysis": Analysis,
    "progression": Criterion, "compliance": Compliance, "component": Component, "target": Target, "logic": Link, "pilot": Question,
    "quasi": Quasi,
}  # fmt: skip
LISTED = ("arms", "progression", "component", "target", "logic", "pilot")
ARMS = (Arm("control"), Arm("intervention"))
KINDS_OF: dict[type[Any], Said] = {
    str: said("a text in quotes"), int: said("a whole number"), float: said("a number"), bool: said("true or false"),
}  # fmt: skip


def read(text: str) -> Design:
    """The design that a TOML text says. Raises InputError that names the section, the field and what may stand there."""
    try:
        found = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise InputError(said("The design is not readable TOML: %(why)s.", why=str(error))) from error
    _refuse_unknown(found, SECTIONS, "")
    if "design" not in found:
        raise InputError(said('The design has no section [design]; start it with kind = "cluster", or another kind.'))
    parts: dict[str, Any] = {}
    for name, kind in SECTIONS.items():
        held = found.get(name, [] if name in LISTED else {})
        if name in LISTED:
            if not (isinstance(held, list) and all(isinstance(one, dict) for one in held)):
                raise InputError(said("Write [[%(name)s]], once for each, in double brackets.", name=name))
            parts[name] = tuple(_section(kind, f"[[{name}]] {n}", one) for n, one in enumerate(held, 1))
        else:
            if not isinstance(held, dict):
                raise InputError(said("%(name)s is a section: write [%(name)s] and its fields below.", name=name))
            parts[name] = _section(kind, f"[{name}]", held)
    parts["arms"] = parts["arms"] or ARMS
    design = Design(**parts)
    _refuse_contradictions(design)
    refuse_conduct(design)
    told, about = design.analysis, design.design
    refuse_quasi(
        about.kind, about.outcome, told.declared, {"cluster": told.cluster, "period": told.period}, design.quasi
    )
    return design


def as_data(design: Design) -> dict[str, Any]:
    """A design as plain values, with whatever was left out at its default."""
    found: dict[str, Any] = json.loads(json.dumps(dataclasses.asdict(design)))
    return found


def digest(text: str) -> str:
    """SHA-256 of the text of a design, as `sha256sum` gives it for the file; lines that end as on Windows count as ours."""
    return hashlib.sha256(text.replace("\r\n", "\n").encode()).hexdigest()


def _section(kind: type[Section], where: str, held: Mapping[str, Any]) -> Section:
    fields = {field.name: field for field in dataclasses.fields(kind)}  # type: ignore[arg-type]
    _refuse_unknown(held, fields, where)
    hints = typing.get_type_hints(kind)
    values = {}
    for name, field in fields.items():
        if name in held:
            values[name] = _value(held[name], hints[name], meaning_of(field), f"{where} {name}")
        elif field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING:
            raise InputError(
                said("%(where)s has no %(name)s: %(says)s", where=where, name=name, says=meaning_of(field).says)
            )
    return kind(**values)


def _value(value: Any, hint: Any, meaning: Meaning, where: str) -> Any:
    if typing.get_origin(hint) is tuple:
        kinds = typing.get_args(hint)
        if not isinstance(value, list) or (kinds[-1] is not Ellipsis and len(value) != len(kinds)):
            raise InputError(said("%(where)s must be a list in square brackets.", where=where))
        return tuple(_one(each, kinds[0], meaning, where) for each in value)
    kinds = typing.get_args(hint) if isinstance(hint, types.UnionType) else (hint,)
    return _one(value, kinds[0], meaning, where)


def _one(value: Any, kind: type[Any], meaning: Meaning, where: str) -> Any:
    if kind is str and isinstance(value, (int, float)) and not isinstance(value, bool):
        value = str(value)  # a version or a share may be written as a number
    right = isinstance(value, (int, float) if kind is float else kind) and isinstance(value, bool) == (kind is bool)
    if not right:
        raise InputError(
            said("%(where)s is %(value)r; it must be %(kind)s.", where=where, value=value, kind=KINDS_OF[kind])
        )
    if meaning.choices and value not in meaning.choices:
        listed = ", ".join(one for one in meaning.choices if one)
        raise InputError(
            said("%(where)s is “%(value)s”; it can be: %(listed)s.", where=where, value=value, listed=listed)
        )
    if kind in (int, float) and not _within(value, meaning):
        raise InputError(
            said("%(where)s is %(value)s; it must be %(bounds)s.", where=where, value=value, bounds=_bounds(meaning))
        )
    return float(value) if kind is float else value


def _within(value: float, meaning: Meaning) -> bool:
    low = meaning.least if meaning.least is not None else float("-inf")
    high = meaning.most if meaning.most is not None else float("inf")
    return low <= value <= high and abs(value) != float("inf")


def _bounds(meaning: Meaning) -> Said:
    if meaning.most is None:
        return said("%(least)s or more", least=meaning.least) if meaning.least is not None else said("a finite number")
    return said("from %(least)s to %(most)s", least=meaning.least, most=meaning.most)


def _refuse_unknown(held: Iterable[str], known: Iterable[str], where: str) -> None:
    for name in held:
        if name not in known:
            near = difflib.get_close_matches(name, list(known), 1)
            hint = (
                said("; did you mean “%(near)s”?", near=near[0])
                if near
                else said("; it can have: %(all)s.", all=", ".join(known))
            )
            place = where or said("the design")
            raise InputError(said("“%(name)s” is not known in %(place)s%(hint)s", name=name, place=place, hint=hint))


def _refuse_contradictions(design: Design) -> None:
    names = [arm.name for arm in design.arms]
    if len(names) < 2 or len(set(names)) < len(names) or not all(names):
        raise InputError(said("A trial needs two [[arms]] or more, each with a name of its own."))
    if design.design.kind in QUASI and len(names) > 2:
        raise InputError(said("A design without a lot compares two [[arms]]; write one for each comparison."))
    if design.size.effect is not None and design.size.ratio is not None:
        raise InputError(said("[size] gives both effect and ratio; give one, so that they cannot disagree."))
    if design.size.sequences and design.size.steps not in (None, len(design.size.sequences)):
        raise InputError(
            said(
                "[size] has %(steps)s steps and %(n)s sequences; give one of the two.",
                steps=design.size.steps,
                n=len(design.size.sequences),
            )
        )
    for one in design.progression:
        if one.red >= one.green:
            raise InputError(
                said(
                    "[[progression]] %(name)s: green (%(green)s) must lie above red (%(red)s).",
                    name=one.name,
                    green=one.green,
                    red=one.red,
                )
            )
