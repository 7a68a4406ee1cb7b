"""A call as data: what it is for, its dates and money, gateways, criteria with anchors, groups and rules of selection, from one TOML text.

A published text is locked by its digest: applicants read the very rules that the assessors, the integer programme and a lot work by.
"""

from __future__ import annotations

import datetime
import hashlib
import tomllib
import typing
from collections.abc import Mapping
from dataclasses import MISSING, dataclass, field, fields
from typing import Any

from whatworks.commission.methods.portfolio import Limits, Quota
from whatworks.commission.methods.weighting import Scale
from whatworks.errors import InputError
from whatworks.saying import Said, said

Texts = tuple[str, ...]
Anchors = Mapping[str, str]
LONGEST = 40_000


@dataclass(frozen=True, slots=True)
class About:
    """[call]: what it is, in plain words, its dates (each with a zone) and its money in whole pounds."""

    plain: str
    opens: datetime.datetime
    closes: datetime.datetime
    budget: int
    most: int
    least: int = 0
    decided_by: datetime.datetime | None = None
    assessors_each: int = 3
    contact: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """[[questions]]: what an application answers."""

    key: str
    asks: str
    words: int = 500


@dataclass(frozen=True, slots=True)
class Gateway:
    """[[gateways]]: what must be so for an application to be assessed at all."""

    key: str
    asks: str


@dataclass(frozen=True, slots=True)
class Criterion:
    """[[criteria]]: what is scored, how much it weighs, and what each score means."""

    key: str
    title: str
    weight: float
    anchors: Anchors

    @property
    def points(self) -> tuple[int, ...]:
        """The scores that may be given, lowest first."""
        return tuple(sorted(int(point) for point in self.anchors))

    @property
    def described(self) -> tuple[tuple[int, str], ...]:
        """Each score with what it means."""
        return tuple((point, self.anchors[str(point)]) for point in self.points)


@dataclass(frozen=True, slots=True)
class Group:
    """[[groups]]: how applications are told apart for coverage, such as kind, region or size."""

    key: str
    title: str
    values: Texts


@dataclass(frozen=True, slots=True)
class Rule:
    """[[quotas]]: at least and at most so many awards of one value of a group."""

    group: str
    value: str
    least: int = 0
    most: int | None = None


@dataclass(frozen=True, slots=True)
class Selection:
    """[selection]: the level of rank intervals; whether a lot may decide between those that cannot be told apart, and above which value."""

    level: float = 0.5
    lot: bool = False
    threshold: float = 0.0
    signed_by: str = ""


@dataclass(frozen=True, slots=True)
class Rules:
    """All of it."""

    about: About
    criteria: tuple[Criterion, ...]
    questions: tuple[Question, ...]
    gateways: tuple[Gateway, ...] = ()
    groups: tuple[Group, ...] = ()
    quotas: tuple[Rule, ...] = ()
    selection: Selection = field(default_factory=Selection)

    @property
    def scales(self) -> tuple[Scale, ...]:
        """The criteria as they are reckoned with."""
        return tuple(Scale(one.key, one.weight, one.points[0], one.points[-1]) for one in self.criteria)

    @property
    def limits(self) -> Limits:
        """Money, places and rules as the integer programme takes them."""
        quotas = tuple(Quota(one.group, one.value, one.least, one.most) for one in self.quotas)
        return Limits(self.about.budget, self.about.most, self.about.least, quotas)


LISTED: dict[str, type[Any]] = {
    "criteria": Criterion, "questions": Question, "gateways": Gateway, "groups": Group, "quotas": Rule,
}  # fmt: skip
SINGLE: dict[str, type[Any]] = {"call": About, "selection": Selection}
NAMES: dict[Any, Said] = {
    str: said("a text in quotes"), int: said("a whole number"), float: said("a number"), bool: said("true or false"),
    datetime.datetime: said("a time with its zone, such as 2026-03-01T17:00:00Z"), Texts: said("a list of texts"),
    Anchors: said('scores with what they mean, such as { "0" = "not met", "1" = "met" }'),
}  # fmt: skip


def digest(text: str) -> str:
    """SHA-256 of the text, as `sha256sum` gives it for the file; lines that end as on Windows count as ours."""
    return hashlib.sha256(text.replace("\r\n", "\n").encode()).hexdigest()


def read(text: str) -> Rules:
    """The rules that a TOML text says. Raises InputError that names the section, the field, and what may stand there."""
    if len(text) > LONGEST:
        raise InputError(said("The rules are longer than %(most)s characters; shorten them.", most=f"{LONGEST:,}"))
    try:
        found = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise InputError(said("The rules are not readable TOML: %(why)s.", why=str(error))) from error
    _refuse_unknown(found, {**LISTED, **SINGLE}, said("The rules"))
    if "call" not in found:
        raise InputError(said("The rules have no section [call]; start with its dates and budget."))
    parts: dict[str, Any] = {name: _list(found.get(name, []), name, kind) for name, kind in LISTED.items()}
    about = _section(found["call"], "[call]", About)
    rules = Rules(about=about, selection=_section(found.get("selection", {}), "[selection]", Selection), **parts)
    if wrong := _contradiction(rules):
        raise InputError(wrong)
    return rules


def _list(held: Any, name: str, kind: type[Any]) -> tuple[Any, ...]:
    if not (isinstance(held, list) and all(isinstance(one, dict) for one in held)):
        raise InputError(said("Write [[%(name)s]], once for each, in double brackets.", name=name))
    return tuple(_section(one, f"[[{name}]] {number}", kind) for number, one in enumerate(held, 1))


def _section(held: Any, where: str, kind: type[Any]) -> Any:
    if not isinstance(held, dict):
        raise InputError(said("%(where)s is a section: write its fields below it.", where=where))
    known = {one.name: one for one in fields(kind)}
    _refuse_unknown(held, known, where)
    hints, values = typing.get_type_hints(kind), {}
    for name, one in known.items():
        if name in held:
            values[name] = _value(held[name], hints[name], f"{where} {name}")
        elif one.default is MISSING and one.default_factory is MISSING:
            raise InputError(said("%(where)s has no %(name)s; write it.", where=where, name=name))
    return kind(**values)


def _value(held: Any, hint: Any, where: str) -> Any:
    wanted = next((one for one in typing.get_args(hint) if one is not type(None)), hint) if _optional(hint) else hint
    if wanted == Texts and isinstance(held, list) and held and all(isinstance(one, str) for one in held):
        return tuple(held)
    if wanted == Anchors and isinstance(held, dict) and _anchored(held):
        return dict(held)
    if wanted is float and isinstance(held, int) and not isinstance(held, bool):
        return float(held)
    zoned = not isinstance(held, datetime.datetime) or held.tzinfo is not None
    if wanted in NAMES and type(held) is wanted and zoned:
        return held
    raise InputError(said("%(where)s must be %(what)s.", where=where, what=NAMES[wanted]))


def _optional(hint: Any) -> bool:
    return type(None) in typing.get_args(hint)


def _anchored(held: dict[str, Any]) -> bool:
    """Two or more scores, whole and not below nought, each with its meaning."""
    return len(held) > 1 and all(key.isdecimal() and isinstance(said, str) and said for key, said in held.items())


def _refuse_unknown(held: Mapping[str, Any], known: Mapping[str, Any], where: str) -> None:
    if unknown := sorted(set(held) - set(known)):
        raise InputError(
            said(
                "%(where)s: there is no “%(name)s”; there are %(known)s.",
                where=where,
                name=unknown[0],
                known=", ".join(known),
            )
        )


def _contradiction(rules: Rules) -> Said | None:
    """What cannot hold together, in a sentence."""
    about, choice = rules.about, rules.selection
    if not rules.criteria or not rules.questions:
        return said("A call needs at least one of [[criteria]] and one of [[questions]].")
    if about.closes <= about.opens:
        return said("[call] closes is not after opens; mend one of them.")
    if about.budget <= 0 or about.most < 1 or not 0 <= about.least <= about.most:
        return said("[call] needs a budget above nought and at least one award; least may not be above most.")
    for name in ("criteria", "questions", "gateways", "groups"):
        keys = [one.key for one in getattr(rules, name)]
        if len(set(keys)) < len(keys):
            return said("Two of [[%(name)s]] have the same key; each needs its own.", name=name)
    if any(one.weight < 0 for one in rules.criteria) or sum(one.weight for one in rules.criteria) <= 0:
        return said("The weights of [[criteria]] must not be below nought, and not all of them nought.")
    known = {one.key: one.values for one in rules.groups}
    for one in rules.quotas:
        if one.value not in known.get(one.group, ()):
            told = said(
                "[[quotas]] speaks of %(group)s = %(value)s, which no [[groups]] has.", group=one.group, value=one.value
            )
            return told
        if one.least < 0 or (one.most is not None and one.most < one.least):
            return said("[[quotas]] on %(value)s: at most must not be below at least.", value=one.value)
    return _selection(choice)


def _selection(choice: Selection) -> Said | None:
    if not 0 < choice.level < 1:
        return said("[selection] level must lie between 0 and 1, such as 0.5.")
    if choice.lot and not (0 < choice.threshold <= 100 and choice.signed_by.strip()):
        return said(
            "[selection] lot needs a threshold of quality between 0 and 100, and signed_by: the office that answers for it."
        )
    return None
