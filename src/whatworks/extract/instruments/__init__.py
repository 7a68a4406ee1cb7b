"""Instruments for judging how far a study's result may be bent, as versioned TOML files, and a check of filled-in ones.

A file is named KEY-VERSION.toml and never edited once published. Where a file has signalling questions with rules,
`judge` says what they lead to and why; people may override it with a reason. `check` finds what the instrument does not
allow in a filled-in one, such as an overall judgement better than the worst domain.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from pydantic import ValidationError

from whatworks.errors import InputError
from whatworks.extract.instruments.checking import Problem, problems_of
from whatworks.extract.instruments.form import (
    Answer,
    Domain,
    Instrument,
    MayBeWorse,
    Overall,
    OverallRule,
    Part,
    Question,
    Rule,
    Source,
)
from whatworks.extract.instruments.judging import Judged, Judgement, Override, asked, judge
from whatworks.saying import said

__all__ = [
    "HERE", "Answer", "Appraisal", "Domain", "Instrument", "Judged", "Judgement", "MayBeWorse", "Overall",
    "OverallRule", "Override", "Part", "Problem", "Question", "Rule", "Source", "asked", "check", "instrument",
    "instruments", "judge", "read_instrument",
]  # fmt: skip

HERE = Path(__file__).resolve().parent


@dataclass(frozen=True, slots=True)
class Appraisal:
    """One filled-in instrument: a judgement for each domain key, and the overall one."""

    instrument: str
    version: int
    domains: Mapping[str, str]
    overall: str


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
            said(
                "No instrument is called '%(key)s'; there are %(instruments)s.",
                key=key,
                instruments=", ".join(sorted({i.key for i in instruments()})),
            )
        )
    for held in reversed(named):
        if version is None or str(held.version) == str(version):
            return held
    there = ", ".join(str(i.version) for i in named)
    raise InputError(
        said(
            "The instrument '%(key)s' has no version %(version)s; there is %(there)s.",
            key=key,
            version=version,
            there=there,
        )
    )


def read_instrument(path: Path) -> Instrument:
    """The instrument in one file. Raises InputError that names the file and the key that is wrong."""
    return _parse(path.name, path.read_bytes())


@lru_cache(maxsize=32)
def _parse(name: str, text: bytes) -> Instrument:
    try:
        held = Instrument.model_validate(tomllib.loads(text.decode("utf-8")))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as problem:
        raise InputError(
            said("%(name)s: this is not a TOML file (%(problem)s).", name=name, problem=str(problem))
        ) from problem
    except ValidationError as problem:
        error = problem.errors(include_url=False, include_input=False)[0]
        raise InputError(
            said(
                "%(name)s: %(loc)s: %(msg)s.",
                name=name,
                loc=".".join(map(str, error["loc"])) or said("the file"),
                msg=error["msg"],
            )
        ) from problem
    if name != f"{held.key}-{held.version}.toml":
        raise InputError(
            said(
                "%(name)s: it holds %(key)s version %(version)s; name it accordingly.",
                name=name,
                key=held.key,
                version=held.version,
            )
        )
    return held


def check(appraisal: Appraisal) -> list[Problem]:
    """What the instrument does not allow in this appraisal; empty when it allows all. Raises InputError where there is
    no such instrument."""
    held = instrument(appraisal.instrument, appraisal.version)
    return problems_of(held, appraisal.domains, appraisal.overall)
