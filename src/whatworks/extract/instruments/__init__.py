"""Instruments for judging how far a study's result may be bent, as versioned TOML files, and a check of filled-in ones.

A file is named KEY-VERSION.toml and never edited once published. The judging is people's; `check` only finds what the
instrument does not allow, such as an overall judgement better than the worst domain.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from whatworks.errors import InputError

HERE = Path(__file__).resolve().parent


class _Form(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Domain(_Form):
    """One way in which a result can be bent: a key, our own short name, and what the tool calls it."""

    key: str = Field(min_length=1)
    name: str = Field(min_length=1)
    of: str = Field(min_length=1)


class MayBeWorse(_Form):
    """Where so many domains share the worst judgement, the overall one may be this instead."""

    worst: str
    domains: int = Field(ge=1)
    overall: str


class Overall(_Form):
    """How the overall judgement follows from the domains."""

    says: str
    may_be_worse: tuple[MayBeWorse, ...] = ()
    no_information: str = ""
    no_information_unless: tuple[str, ...] = ()


class Source(_Form):
    """Where a part comes from. What nobody has checked says `unconfirmed = true`."""

    says: str
    where: str = ""
    mark: Literal["seen", "memory", "ours"]
    unconfirmed: bool = False
    note: str = ""

    @model_validator(mode="after")
    def _says_so(self) -> Self:
        if self.unconfirmed is not (self.mark == "memory") or (
            self.unconfirmed and "unconfirmed text" not in self.note
        ):
            raise ValueError(
                "a source from memory, and only that, says unconfirmed = true with the note 'unconfirmed text'"
            )
        return self


class Instrument(_Form):
    """A versioned instrument: what it judges, its domains, the judgements allowed (best first), the overall rule."""

    key: str = Field(pattern=r"^[a-z][a-z0-9-]*$")
    version: int = Field(ge=1)
    title: str
    also_called: tuple[str, ...] = ()
    judges: str
    judgements: tuple[str, ...] = Field(min_length=2)
    domains: tuple[Domain, ...] = Field(min_length=1)
    overall: Overall
    sources: tuple[Source, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        if len({domain.key for domain in self.domains}) < len(self.domains):
            raise ValueError("two domains share a key")
        named = [
            *self.overall.no_information_unless,
            *(w for m in self.overall.may_be_worse for w in (m.worst, m.overall)),
        ]
        for judgement in named:
            if judgement not in self.judgements:
                raise ValueError(f"overall: '{judgement}' is no judgement of this instrument")
        return self

    @property
    def allowed(self) -> tuple[str, ...]:
        """Every judgement a domain or the overall may have."""
        return (*self.judgements, self.overall.no_information) if self.overall.no_information else self.judgements

    @property
    def unconfirmed(self) -> bool:
        """Whether any part rests on a text that nobody has checked: then no conformance may be claimed."""
        return any(source.unconfirmed for source in self.sources)

    def judgement(self, word: str) -> str | None:
        """The judgement as the instrument spells it, or None where it is none of them."""
        spelt = {allowed.casefold(): allowed for allowed in self.allowed}
        return spelt.get(" ".join(word.split()).casefold())


@dataclass(frozen=True, slots=True)
class Appraisal:
    """One filled-in instrument: a judgement for each domain key, and the overall one."""

    instrument: str
    version: int
    domains: Mapping[str, str]
    overall: str


@dataclass(frozen=True, slots=True)
class Problem:
    """Something the instrument does not allow: in which domain (or `overall`), and a sentence."""

    where: str
    sentence: str


def instruments() -> tuple[Instrument, ...]:
    """Every instrument that ships, by key and then version."""
    held = (read_instrument(path) for path in HERE.glob("*.toml"))
    return tuple(sorted(held, key=lambda instrument: (instrument.key, instrument.version)))


def instrument(key: str, version: int | str | None = None) -> Instrument:
    """An instrument by key or another name it goes by; the newest version when none is named. Raises InputError."""
    wanted = key.strip().casefold()
    named = [i for i in instruments() if wanted in {i.key, *(name.casefold() for name in i.also_called)}]
    if not named:
        raise InputError(
            f"No instrument is called '{key}'; there are {', '.join(sorted({i.key for i in instruments()}))}."
        )
    for held in reversed(named):
        if version is None or str(held.version) == str(version):
            return held
    there = ", ".join(str(i.version) for i in named)
    raise InputError(f"The instrument '{key}' has no version {version}; there is {there}.")


def read_instrument(path: Path) -> Instrument:
    """The instrument in one file. Raises InputError that names the file and the key that is wrong."""
    return _parse(path.name, path.read_bytes())


@lru_cache(maxsize=32)
def _parse(name: str, text: bytes) -> Instrument:
    try:
        held = Instrument.model_validate(tomllib.loads(text.decode("utf-8")))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as problem:
        raise InputError(f"{name}: this is not a TOML file ({problem}).") from problem
    except ValidationError as problem:
        error = problem.errors(include_url=False, include_input=False)[0]
        raise InputError(f"{name}: {'.'.join(map(str, error['loc'])) or 'the file'}: {error['msg']}.") from problem
    if name != f"{held.key}-{held.version}.toml":
        raise InputError(f"{name}: it holds {held.key} version {held.version}; name it accordingly.")
    return held


def check(appraisal: Appraisal) -> list[Problem]:
    """What the instrument does not allow in this appraisal; empty when it allows all. Raises InputError where there is
    no such instrument."""
    held = instrument(appraisal.instrument, appraisal.version)
    judged, problems = _domains(held, appraisal.domains)
    overall = held.judgement(appraisal.overall)
    if overall is None:
        return [*problems, Problem("overall", f"'{appraisal.overall}' is no judgement of {held.title.split(':')[0]}.")]
    return problems + _overall(held, judged, overall)


def _domains(held: Instrument, given: Mapping[str, str]) -> tuple[dict[str, str], list[Problem]]:
    known = {domain.key: domain for domain in held.domains}
    problems = [
        Problem(key, f"'{key}' is no domain of {held.title.split(':')[0]}.") for key in given if key not in known
    ]
    judged: dict[str, str] = {}
    for key, domain in known.items():
        word = given.get(key, "")
        spelt = held.judgement(word)
        if spelt is not None:
            judged[key] = spelt
        elif word.strip():
            problems.append(Problem(key, f"{domain.name}: '{word}' is none of {', '.join(held.allowed)}."))
        else:
            problems.append(Problem(key, f"{domain.name}: no judgement is recorded."))
    return judged, problems


def _overall(held: Instrument, judged: Mapping[str, str], overall: str) -> list[Problem]:
    ranked = [held.judgements.index(word) for word in judged.values() if word in held.judgements]
    if overall == held.overall.no_information:
        return _without_information(held, judged)
    if not ranked:
        return []
    worst = held.judgements[max(ranked)]
    shared = ranked.count(max(ranked))
    step = held.judgements.index(overall) - max(ranked)
    if step < 0:
        return [Problem("overall", f"Overall is {overall}, better than the worst domain, which is {worst}.")]
    opened = {more.overall for more in held.overall.may_be_worse if more.worst == worst and shared >= more.domains}
    if step > 0 and overall not in opened:
        return [Problem("overall", f"Overall is {overall}, worse than {worst}, the worst domain, without cause to be.")]
    if overall == held.judgements[0] and held.overall.no_information in judged.values():
        return [Problem("overall", f"Overall is {overall}, but a domain says {held.overall.no_information}.")]
    return []


def _without_information(held: Instrument, judged: Mapping[str, str]) -> list[Problem]:
    bad = [word for word in judged.values() if word in held.overall.no_information_unless]
    if bad:
        return [Problem("overall", f"Overall says {held.overall.no_information}, but a domain is {bad[0]}.")]
    if held.overall.no_information not in judged.values():
        return [Problem("overall", f"Overall says {held.overall.no_information}, but every domain was judged.")]
    return []
