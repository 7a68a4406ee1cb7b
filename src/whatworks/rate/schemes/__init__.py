"""The rating schemes that ship, as versioned TOML files, and how any such file is read.

A file is named KEY-VERSION.toml. A published version is never edited: a change is a new file with the next version, so
a rating that names its scheme and version can always be worked out again.
"""

from __future__ import annotations

import hashlib
import os
import tomllib
from functools import lru_cache
from pathlib import Path

from pydantic import ValidationError

from whatworks.errors import InputError
from whatworks.ledger.sharing import shared
from whatworks.saying import said

from ..methods.scheme import Scheme
from .building import Wrong, build
from .form import SchemeForm

HERE = Path(__file__).resolve().parent


def schemes(folder: Path = HERE) -> tuple[Scheme, ...]:
    """Every scheme in a folder, by key and then version. Raises InputError for a file that is not a scheme."""
    return tuple(sorted((read_scheme(path) for path in folder.glob("*.toml")), key=lambda s: (s.key, s.version)))


@shared
def newest_schemes(folder: Path = HERE) -> tuple[Scheme, ...]:
    """The newest version of every scheme in a folder, by key."""
    return tuple({one.key: one for one in schemes(folder)}.values())


@shared
def load_scheme(key: str, version: int | None = None, folder: Path = HERE) -> Scheme:
    """One scheme by key and version; the newest version when none is named. Raises InputError where there is none."""
    held = _versions(folder)
    if key not in held:
        raise InputError(
            said(
                "No rating scheme is called '%(key)s'; there are %(held)s.",
                key=key,
                held=", ".join(sorted(held)) or said("none"),
            )
        )
    wanted = max(held[key]) if version is None else version
    if wanted not in held[key]:
        there = ", ".join(map(str, sorted(held[key])))
        raise InputError(
            said(
                "The scheme '%(key)s' has no version %(wanted)s; there is %(there)s.",
                key=key,
                wanted=wanted,
                there=there,
            )
        )
    return read_scheme(folder / f"{key}-{wanted}.toml")


def _versions(folder: Path) -> dict[str, set[int]]:
    held: dict[str, set[int]] = {}
    for name in os.listdir(folder):
        stem, dot, ending = name.rpartition(".")
        key, _, version = stem.rpartition("-")
        if version.isdigit() and dot and ending == "toml":
            held.setdefault(key, set()).add(int(version))
    return held


def read_scheme(path: Path) -> Scheme:
    """The scheme in one file. Raises InputError that names the file and the key that is wrong."""
    try:
        text = path.read_bytes()
    except OSError as problem:
        raise InputError(
            said("%(name)s: it cannot be read (%(strerror)s).", name=path.name, strerror=problem.strerror)
        ) from problem
    return _parse(path.name, text)


@lru_cache(maxsize=64)
def _parse(name: str, text: bytes) -> Scheme:
    try:
        form = SchemeForm.model_validate(tomllib.loads(text.decode("utf-8")))
        scheme = build(form, hashlib.sha256(text).hexdigest())
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as problem:
        raise InputError(
            said("%(name)s: this is not a TOML file (%(problem)s).", name=name, problem=str(problem))
        ) from problem
    except ValidationError as problem:
        raise InputError(said("%(name)s: %(first)s", name=name, first=_first(problem))) from problem
    except Wrong as problem:
        raise InputError(said("%(name)s: %(problem)s", name=name, problem=problem.args[0])) from problem
    if name != f"{scheme.key}-{scheme.version}.toml":
        raise InputError(
            said(
                "%(name)s: it holds %(key)s version %(version)s; name it accordingly.",
                name=name,
                key=scheme.key,
                version=scheme.version,
            )
        )
    return scheme


def _first(problem: ValidationError) -> str:
    """The key and the reason of the first thing pydantic found wrong."""
    error = problem.errors(include_url=False, include_input=False)[0]
    where = ".".join(map(str, error["loc"])) or said("the file")
    return said("%(where)s: %(reason)s.", where=where, reason=error["msg"])
