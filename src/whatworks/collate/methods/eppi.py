"""EPPI-Reviewer's own coding: code sets with their hierarchy, codes given to items with quoted text and arms, outcomes.

Names are matched without regard to capitals, since versions of the program differ in them. Every value keeps the JSON it
was read from in `raw`, so that what is not named here is not lost either.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from whatworks.collate.methods.keeping import kept_text
from whatworks.collate.methods.records import Record


@dataclass(frozen=True, slots=True)
class Code:
    """One code of a code set; `path` names it and those above it, the outermost first."""

    identifier: str
    name: str
    kind: str  # as the program says: "Selectable (show checkbox)", "Include", "Exclude", "Outcome", "Intervention"
    description: str
    path: tuple[str, ...]
    raw: str
    children: tuple[Code, ...] = ()

    def all(self) -> Iterator[Code]:
        """This code and every one below it, in the order of the file."""
        yield self
        for child in self.children:
            yield from child.all()


@dataclass(frozen=True, slots=True)
class CodeSet:
    """One coding tool with its codes."""

    identifier: str
    name: str
    kind: str  # "Standard", "Screening", "Administration"
    description: str
    codes: tuple[Code, ...]
    raw: str

    def all(self) -> Iterator[Code]:
        """Every code of the set, in the order of the file."""
        for code in self.codes:
            yield from code.all()


@dataclass(frozen=True, slots=True)
class Quote:
    """A passage that a code was given to: its text, the document, and where it stands there (None: not said)."""

    text: str
    document: str
    start: int | None
    end: int | None
    raw: str


@dataclass(frozen=True, slots=True)
class Coding:
    """One code given to one item, for the whole study or one arm of it, with the note and the passages beside it."""

    item: str
    code: str
    note: str
    arm: str  # "" for the whole study
    arm_title: str
    quotes: tuple[Quote, ...]
    raw: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """One outcome of one item: what was compared on what, and the numbers under the names that the program gives them."""

    item: str
    identifier: str
    title: str
    kind: str
    intervention: str
    comparison: str
    measure: str
    timepoint: str
    arms: tuple[str, str]
    numbers: tuple[tuple[str, float], ...]
    codes: tuple[str, ...]
    raw: str


@dataclass(frozen=True, slots=True)
class EppiFile:
    """All that one export holds; codings and outcomes name their item by its `ItemId`, codes by their `AttributeId`."""

    references: tuple[Record, ...]
    code_sets: tuple[CodeSet, ...]
    codings: tuple[Coding, ...]
    outcomes: tuple[Outcome, ...]
    notes: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, object]:
        """As JSON types; references by their identifiers."""
        return {
            "references": [record.identifier for record in self.references],
            "code_sets": [asdict(one) for one in self.code_sets],
            "codings": [asdict(one) for one in self.codings],
            "outcomes": [asdict(one) for one in self.outcomes],
            "notes": list(self.notes),
        }

    def summary(self) -> str:
        """One sentence: how much of each there is."""
        codes = sum(1 for one in self.code_sets for _ in one.all())
        return (
            f"{len(self.references):,} references, {len(self.code_sets):,} code sets with {codes:,} codes, "
            f"{len(self.codings):,} codings, {len(self.outcomes):,} outcomes."
        )


@dataclass(frozen=True, slots=True)
class Screened:
    """What screening says of one item: a verdict, the code set and code that say it, and the note beside it."""

    verdict: str  # "include" or "exclude"
    stage: str
    reason: str
    note: str
    raw: str


SCREENING = "eppi:Screening"
"""The tag under which a reference carries its screening codes by name; made by the reader, as codes only have numbers."""


def _folded(value: Any) -> dict[str, Any]:
    return {key.lower(): held for key, held in value.items()} if isinstance(value, Mapping) else {}


def _text(value: Any) -> str:
    return "" if value is None or isinstance(value, (dict, list, bool)) else str(value)


def _place(value: Any) -> int | None:
    return value if type(value) is int and value >= 0 else None


def _list(value: Any, *names: str) -> list[Any]:
    """A list, also where it lies within an object under one of these names."""
    if isinstance(value, list):
        return value
    held = _folded(value)
    return next((held[name] for name in names if isinstance(held.get(name), list)), [])


def code_sets_in(value: Any) -> tuple[CodeSet, ...]:
    """The code sets of an export's `CodeSets`; what has another shape gives none."""
    found = []
    for one in _list(value):
        held = _folded(one)
        if held:
            kind = held.get("settype")
            found.append(
                CodeSet(
                    identifier=_text(held.get("setid", held.get("reviewsetid"))),
                    name=_text(held.get("setname")),
                    kind=_text(_folded(kind).get("settypename")) or _text(kind),
                    description=_text(held.get("setdescription")),
                    codes=_codes(held.get("attributes"), ()),
                    raw=kept_text(one),
                )
            )
    return tuple(found)


def _codes(value: Any, above: tuple[str, ...]) -> tuple[Code, ...]:
    found = []
    for one in _list(value, "attributeslist"):
        held = _folded(one)
        if held:
            name = _text(held.get("attributename"))
            below = {key: value for key, value in one.items() if key.lower() != "attributes"}
            found.append(
                Code(
                    identifier=_text(held.get("attributeid")),
                    name=name,
                    kind=_text(held.get("attributetype")),
                    description=_text(held.get("attributesetdescription")) or _text(held.get("attributedescription")),
                    path=(*above, name),
                    raw=kept_text(below),
                    children=_codes(held.get("attributes"), (*above, name)),
                )
            )
    return tuple(found)


def codings_in(item: Mapping[str, Any]) -> tuple[Coding, ...]:
    """The codes that were given to one reference."""
    held = _folded(item)
    name = _text(held.get("itemid"))
    return tuple(_coding(name, one) for one in _list(held.get("codes")) if isinstance(one, Mapping))


def _coding(item: str, value: Mapping[str, Any]) -> Coding:
    held = _folded(value)
    arm = _text(held.get("armid"))
    return Coding(
        item=item,
        code=_text(held.get("attributeid")),
        note=_text(held.get("additionaltext")),
        arm="" if arm == "0" else arm,
        arm_title=_text(held.get("armtitle")),
        quotes=tuple(_quote(one) for one in _list(held.get("itemattributefulltextdetails"))),
        raw=kept_text(value),
    )


def _quote(value: Any) -> Quote:
    held = _folded(value)
    return Quote(
        text=_text(held.get("text")) if held else _text(value),
        document=_text(held.get("doctitle")),
        start=_place(held.get("textfrom")),
        end=_place(held.get("textto")),
        raw=kept_text(value),
    )


_NO_NUMBER = {"outcomeid", "itemsetid", "outcometypeid", "nrows", "itemid"}


def outcomes_in(item: Mapping[str, Any]) -> tuple[Outcome, ...]:
    """The outcomes that were entered for one reference."""
    held = _folded(item)
    name = _text(held.get("itemid"))
    found = _list(held.get("outcomes"), "outcomeslist", "outcomes")
    return tuple(_outcome(name, one) for one in found if isinstance(one, Mapping))


def _outcome(item: str, value: Mapping[str, Any]) -> Outcome:
    held = _folded(value)
    time = _text(held.get("timepointdisplayvalue"))
    time = time or f"{_text(held.get('itemtimepointvalue'))} {_text(held.get('itemtimepointmetric'))}".strip()
    codes = _list(held.get("outcomecodes"), "outcomeitemattributeslist")
    return Outcome(
        item=item,
        identifier=_text(held.get("outcomeid")),
        title=_text(held.get("title")),
        kind=_text(held.get("outcometypename")),
        intervention=_text(held.get("interventiontext")),
        comparison=_text(held.get("controltext")),
        measure=_text(held.get("outcometext")),
        timepoint=time,
        arms=(_text(held.get("grp1armname")), _text(held.get("grp2armname"))),
        numbers=tuple(
            (key, float(one))
            for key, one in value.items()
            if type(one) in (int, float) and key.lower() not in _NO_NUMBER and not key.lower().startswith("item")
        ),
        codes=tuple(_text(_folded(one).get("attributeid")) for one in codes),
        raw=kept_text(value),
    )


def screening_codes(code_sets: tuple[CodeSet, ...]) -> dict[str, tuple[str, CodeSet, Code]]:
    """Verdict, set and code for the number of each code that decides on an item.

    Such are the codes whose own type is `Include` or `Exclude`, which only sets for screening can have.
    """
    return {
        code.identifier: (code.kind.strip().lower(), one, code)
        for one in code_sets
        for code in one.all()
        if code.kind.strip().lower() in ("include", "exclude") and code.identifier
    }


def screened_in(item: Mapping[str, Any], deciding: Mapping[str, tuple[str, CodeSet, Code]]) -> tuple[Screened, ...]:
    """What the codes of one reference decide, and its status where it stands outside the review."""
    found = []
    for coding in codings_in(item):
        if coding.code in deciding:
            verdict, one, code = deciding[coding.code]
            reason = code.name if verdict == "exclude" else ""
            found.append(Screened(verdict, one.name, reason, coding.note, coding.raw))
    held = _folded(item)
    if not found and _text(held.get("itemstatus")).strip().upper() == "E":
        said = _text(held.get("itemstatustooltip"))
        found.append(Screened("exclude", "", said, "", kept_text({"ItemStatus": "E", "ItemStatusTooltip": said})))
    return tuple(found)
