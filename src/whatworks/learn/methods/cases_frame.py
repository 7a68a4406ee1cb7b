"""The frame by which publications about cases are coded: what may be asked of a publication, and what no frame can ask."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from whatworks.errors import InputError
from whatworks.saying import said

# What a frame may ask of. It has no word for a place or a day, and only the age may stand in bands; so no version of it can put
# together place, age and date, which would tell who a child was.
DIMENSIONS = ("theme", "harm", "journey", "lesson", "age")
UNCOUNTED = ("age",)
MOST_PLACE = 80  # characters that say where in a publication something stands; no room for a quotation


@dataclass(frozen=True, slots=True)
class Term:
    """One answer of a dimension, with what belongs to it and what does not."""

    key: str
    title: str
    means: str
    not_meant: str


@dataclass(frozen=True, slots=True)
class Dimension:
    """One question of the frame. `exclusive`: where it counts cases, each case falls under one term only."""

    key: str
    title: str
    asks: str
    counted: bool
    exclusive: bool
    terms: tuple[Term, ...]

    def term(self, key: str) -> Term | None:
        """The term with this key."""
        return next((one for one in self.terms if one.key == key), None)


@dataclass(frozen=True, slots=True)
class Frame:
    """A version of the frame."""

    key: str
    version: int
    title: str
    says: str
    dimensions: tuple[Dimension, ...]

    def dimension(self, key: str) -> Dimension | None:
        """The dimension with this key."""
        return next((one for one in self.dimensions if one.key == key), None)

    def term(self, dimension: str, key: str) -> Term | None:
        """The term with this key in a dimension."""
        held = self.dimension(dimension)
        return held.term(key) if held else None


@dataclass(frozen=True, slots=True)
class Code:
    """That a publication has a term: where it says so, and of how many of its cases, where it counts them and they are many."""

    place: str
    cases: int | None = None


Codes = Mapping[str, Mapping[str, Code]]  # by dimension and term


def frame_of(plain: Mapping[str, Any], where: str) -> Frame:
    """A frame from the plain values of its file. Raises InputError, naming `where`, for what is no frame."""
    key, title, says = (_words(plain, name, where) for name in ("key", "title", "says"))
    version = plain.get("version")
    if not isinstance(version, int) or isinstance(version, bool) or version < 1:
        raise InputError(said("%(where)s: the version is a whole number from 1; give one.", where=where))
    held = tuple(_dimension(one, where) for one in _rows(plain, "dimension", where))
    _once([one.key for one in held], where)
    if "theme" not in [one.key for one in held]:
        raise InputError(said("%(where)s: a frame asks about themes; add the dimension “theme”.", where=where))
    return Frame(key, version, title, says, held)


def _dimension(plain: Mapping[str, Any], where: str) -> Dimension:
    key, title, asks = (_words(plain, name, where) for name in ("key", "title", "asks"))
    if key not in DIMENSIONS:
        raise InputError(
            said(
                "%(where)s: a frame cannot ask about “%(key)s”; it may ask about %(known)s.",
                where=where,
                key=key,
                known=", ".join(DIMENSIONS),
            )
        )
    counted, exclusive = (_flag(plain, name, where) for name in ("counted", "exclusive"))
    if counted and key in UNCOUNTED:
        raise InputError(
            said("%(where)s: cases are not counted by “%(key)s”; take “counted” out.", where=where, key=key)
        )
    terms = tuple(_term(one, where) for one in _rows(plain, "term", where))
    _once([one.key for one in terms], where)
    return Dimension(key, title, asks, counted, exclusive, terms)


def _term(plain: Mapping[str, Any], where: str) -> Term:
    key, title, means, not_meant = (_words(plain, name, where) for name in ("key", "title", "is", "is_not"))
    if not key.replace("-", "").isalnum() or key != key.lower():
        raise InputError(
            said("%(where)s: “%(key)s” is no key; use small letters, figures and dashes.", where=where, key=key)
        )
    return Term(key, title, means, not_meant)


def _flag(plain: Mapping[str, Any], name: str, where: str) -> bool:
    value = plain.get(name, False)
    if not isinstance(value, bool):
        raise InputError(said("%(where)s: “%(name)s” is true or false.", where=where, name=name))
    return value


def _words(plain: Mapping[str, Any], name: str, where: str) -> str:
    value = plain.get(name)
    if not isinstance(value, str) or not value.strip():
        raise InputError(said("%(where)s: “%(name)s” is missing or empty; write it.", where=where, name=name))
    return value.strip()


def _rows(plain: Mapping[str, Any], name: str, where: str) -> Sequence[Mapping[str, Any]]:
    value = plain.get(name)
    if not isinstance(value, list) or not value or not all(isinstance(one, dict) for one in value):
        raise InputError(said("%(where)s: it has no “%(name)s”; a frame needs one or more.", where=where, name=name))
    return value


def _once(keys: Sequence[str], where: str) -> None:
    for key in keys:
        if keys.count(key) > 1:
            raise InputError(
                said("%(where)s: “%(key)s” stands there twice; give each its own key.", where=where, key=key)
            )


def check_codes(frame: Frame, codes: Codes, least: int) -> None:
    """Raises InputError for a code that the frame does not know, that says no place, or that counts too few cases."""
    if not any(codes.values()):
        raise InputError(said("Nothing is coded; choose what the publication says."))
    for key, terms in codes.items():
        dimension = frame.dimension(key)
        for term, code in terms.items():
            held = dimension.term(term) if dimension else None
            if dimension is None or held is None:
                raise InputError(said("The frame has no “%(term)s” under “%(key)s”.", term=term, key=key))
            _check_code(dimension, held, code, least)


def _check_code(dimension: Dimension, term: Term, code: Code, least: int) -> None:
    if not code.place.strip() or len(code.place) > MOST_PLACE:
        raise InputError(
            said(
                "Say on which page or in which paragraph “%(term)s” stands, in at most %(most)s characters.",
                term=term.title,
                most=MOST_PLACE,
            )
        )
    if code.cases is None:
        return
    if not dimension.counted:
        raise InputError(said("Cases are not counted under “%(title)s”.", title=dimension.title))
    if code.cases < least:
        raise InputError(
            said(
                "“%(term)s”: fewer than %(least)s cases are not kept, so that nobody can tell who they were; leave the number empty.",
                term=term.title,
                least=least,
            )
        )


def apart(first: Codes, second: Codes) -> dict[str, list[str]]:
    """The terms that only one of two people coded, by dimension, in order."""
    found = {}
    for key in sorted({*first, *second}):
        if differ := sorted(set(first.get(key, {})) ^ set(second.get(key, {}))):
            found[key] = differ
    return found


def check_either(settled: Codes, first: Codes, second: Codes) -> None:
    """Raises InputError where what is settled is neither the one's nor the other's."""
    for key in {*settled, *first, *second}:
        mine, yours, ours = (set(codes.get(key, {})) for codes in (first, second, settled))
        if odd := (ours - (mine | yours)) | ((mine & yours) - ours):
            raise InputError(
                said(
                    "“%(term)s”: settle on what the one or the other coded; what both coded stays, and what neither coded stays out.",
                    term=min(odd),
                )
            )
