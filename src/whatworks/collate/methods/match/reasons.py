"""Reasons: one sentence for a person on why two records are taken for one, asked about, or kept apart."""

from __future__ import annotations

from functools import lru_cache

from whatworks.collate.methods.match.comparing import Compared, People, Said
from whatworks.collate.methods.match.rules import DIFFERENT, RULES, SAME
from whatworks.collate.methods.match.sketches import KINDS, SORTS, Sketches
from whatworks.collate.methods.match.wording import Wording
from whatworks.saying import said

_TITLES = {
    Wording.MISSING: "One of them has no title",
    Wording.EXACT: "The titles are equal",
    Wording.SPELLING: "The titles differ in spelling only",
    Wording.ORDER: "The titles have the same words in another order",
    Wording.START: "One title begins with the other",
    Wording.END: "One title ends with the other",
    Wording.WITHIN: "One title has all words of the other",
    Wording.FORMS: "The titles differ in the forms of words",
    Wording.CHANGED: "The titles differ in a word or two",
    Wording.ALIKE: "The titles are alike",
    Wording.FAR: "The titles differ",
}
_FIELDS = ("year", "venue", "volume", "issue", "page", "doi", "abstract")
_NAMES = dict(zip(_FIELDS, "year|journal|volume|issue|first page|DOI|abstract".split("|"), strict=True))
_PEOPLE = {
    People.ALL: "authors",
    People.FEWER: "authors",
    People.FIRST: "first author",
    People.SOME: "some authors",
    People.WRITTEN: "authors, written otherwise,",
}
_BUT = {
    "doi-version": "the DOIs are two versions of one",
    "doi-contradicted": "the DOI is the same although the rest contradicts it",
    "doi-differs": "the DOIs differ",
    "meeting": "one may be the abstract of a talk and the other the paper",
    "journals": "the journals or series differ",
    "instalments": "issue and pages differ and it may be a second part",
    "years": "the years differ and it may be a yearly report",
    "words": "the words may matter",
    "cut": "the rest of one title may matter",
    "authors": "the authors differ",
    "alone": "little else is known",
    "short": "the title is short and may be anybody's",
    "weights-unsure": "not enough agrees to be sure",
    "weights": "one of them is kept apart from a record like the other",
    "place": "one of them is kept apart from a record like the other",
    "doi": "one of them is kept apart from a record like the other",
    "issuer": "one of them is kept apart from a record like the other",
    "version": "one is a preprint or working paper and the other a later version",
    "unlike": "they have too little in common",
}


def reason_of(s: Sketches, c: Compared, at: int, rule: int, decision: int) -> str:
    """The sentence for one pair; its facts come first, then what was made of them."""
    name = RULES[rule]
    if name == "number" or name == "number-at-one-place":
        return _about_numbers(s, c, at, name)
    said = tuple(int(getattr(c, field)[at]) for field in _FIELDS)
    kinds = (int(c.kinds[at]), int(c.sorts[at])) if name in ("kind", "kind-near", "sort") else (0, 0)
    return _sentence(int(c.wording[at]), int(c.people[at]), said, name, decision, kinds)


def _about_numbers(s: Sketches, c: Compared, at: int, name: str) -> str:
    told = sorted(s.told[number[at]] or "none" for number in (c.one, c.other))
    place = (
        said(", but volume and first page agree")
        if name == "number-at-one-place"
        else said(": parts, waves or editions")
    )
    return said("The titles differ in a number (%(told)s)%(place)s.", told=" and ".join(told), place=place)


@lru_cache(maxsize=65536)
def _sentence(
    wording: int, people: int, said: tuple[int, ...], rule: str, decision: int, kinds: tuple[int, int]
) -> str:
    agree = [name for field, name in _NAMES.items() if said[_FIELDS.index(field)] == Said.SAME]
    agree = ([_PEOPLE[People(people)]] if people in _PEOPLE else []) + agree
    facts = _TITLES[Wording(wording)]
    if agree:
        facts += f"; {_listed(agree)} agree{'s' if agree in (['year'], ['journal'], ['DOI'], ['first author']) else ''}"
    if decision == SAME:
        return f"{facts}."
    return f"{facts}, but {_but(rule, decision, kinds)}{_differing(said) if rule == 'weights-unsure' else ''}."


def _but(rule: str, decision: int, kinds: tuple[int, int]) -> str:
    if rule in ("kind", "kind-near"):
        return said(
            "one is %(a)s and the other %(a_kinds)s", a=_a(KINDS[kinds[0] // 16]), a_kinds=_a(KINDS[kinds[0] % 16])
        )
    if rule == "sort":
        return said(
            "one is %(a)s and the other %(a_sorts)s", a=_a(SORTS[kinds[1] // 16]), a_sorts=_a(SORTS[kinds[1] % 16])
        )
    return _BUT["unlike" if decision == DIFFERENT else rule]


def _differing(said: tuple[int, ...]) -> str:
    differ = [_NAMES[field] for field, one in zip(_FIELDS, said, strict=True) if one == Said.DIFFER]
    return f" ({_listed(differ)} differ{'' if len(differ) > 1 else 's'})" if differ else ""


def _a(kind: str) -> str:
    if not kind:
        return "a report"
    return f"{'an' if kind[0] in 'aei' else 'a'} {kind}"


def _listed(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
