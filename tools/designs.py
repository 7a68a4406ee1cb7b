"""The parts of docs/reference/design.md that are written from the code: every section and field, and an example of each kind."""

from __future__ import annotations

import dataclasses
import types
import typing
from collections.abc import Iterator
from typing import Any

from tools.sources import ROOT

Lines = Iterator[str]
FOLDER = ROOT / "tests/spec/designs"
KINDS = {str: "text", int: "whole number", float: "number", bool: "true or false"}


def sections() -> Lines:
    """A table for each section of a design: fields, what they may be, what stands where they are left out."""
    from tools.reference import code, table
    from whatworks.trial.methods.design.reading import LISTED, SECTIONS

    for name, kind in SECTIONS.items():
        head = f"[[{name}]]" if name in LISTED else f"[{name}]"
        said = " ".join((kind.__doc__ or "").split()).partition(": ")[2]
        yield from (f"### {code(head)}", "", f"{said[0].upper()}{said[1:]}", "")
        hints = typing.get_type_hints(kind)
        rows = [_row(field, hints[field.name]) for field in dataclasses.fields(kind)]
        yield from table(("field", "means", "is", "left out"), rows)


def _row(field: dataclasses.Field[Any], hint: Any) -> tuple[str, str, str, str]:
    from whatworks.trial.methods.design.fields import meaning_of

    meaning = meaning_of(field)
    return f"`{field.name}`", meaning.says, f"{_kind(hint)}{_limits(meaning)}", _without(field)


def _kind(hint: Any) -> str:
    if typing.get_origin(hint) is tuple:
        inner = typing.get_args(hint)
        return f"list of {KINDS[inner[0]]}s"
    kinds = typing.get_args(hint) if isinstance(hint, types.UnionType) else (hint,)
    return KINDS[kinds[0]]


def _limits(meaning: Any) -> str:
    if meaning.choices:
        return ": " + ", ".join(f"`{one}`" for one in meaning.choices if one)
    if meaning.least is None:
        return ""
    return f", {meaning.least:g} or more" if meaning.most is None else f", {meaning.least:g} to {meaning.most:g}"


def _without(field: dataclasses.Field[Any]) -> str:
    if field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING:
        return "must be given"
    factory: Any = field.default_factory
    value = field.default if field.default is not dataclasses.MISSING else factory()
    if value in (None, "", ()):
        return "—"
    if isinstance(value, bool):
        return "`true`" if value else "`false`"
    return f"`{list(value)}`" if isinstance(value, tuple) else f"`{value}`"


def examples() -> Lines:
    """Each example, with what size, power and mdes answer for it."""
    from tools.reference import table
    from whatworks.trial.methods.design import read
    from whatworks.trial.methods.design.unlotted import QUASI
    from whatworks.trial.methods.sizing import planning

    for file in sorted(FOLDER.glob("*.toml")):
        text = file.read_text("utf-8")
        design = read(text)
        first, _, rest = text.partition("\n")
        yield from (f"### {file.stem}", "", first.removeprefix("# "), "", "```toml", rest.strip(), "```", "")
        if design.design.kind in QUASI:
            yield from (_not_sized(design), "")
            continue
        found = planning.power(design)
        smallest = planning.mdes(design)
        ratio = f", a ratio of {smallest.mdes_ratio:.3f}" if smallest.mdes_ratio else ""
        answers = [
            ("`trial power`", f"{found.power:.4f}"),
            ("`trial size`", f"{planning.size(design).clusters} in all"),
            ("`trial mdes`", f"{smallest.mdes:.4g}{ratio}"),
        ]
        yield from table(("asked", "answer"), answers)
        yield from (f"By: {found.method} ({found.source}).", "")
        yield from (f"- {warning}" for warning in found.warnings)
        yield ""


def _not_sized(design: Any) -> str:
    """What size, power and mdes answer for a design in which nothing is drawn."""
    from whatworks.errors import InputError
    from whatworks.trial.methods.sizing import planning

    try:
        planning.size(design)
    except InputError as error:
        return f"`trial size`, `power` and `mdes`: {error}"
    raise AssertionError("a design without a lot was sized")
