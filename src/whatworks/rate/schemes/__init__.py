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

from ..methods.scheme import Scheme
from .building import Wrong, build
from .form import SchemeForm

HERE = Path(__file__).resolve().parent


def schemes(folder: Path = HERE) -> tuple[Scheme, ...]:
    """Every scheme in a folder, by key and then version. Raises InputError for a file that is not a scheme."""
    return tuple(sorted((read_scheme(path) for path in folder.glob("*.toml")), key=lambda s: (s.key, s.version)))


def newest_schemes(folder: Path = HERE) -> tuple[Scheme, ...]:
    """The newest version of every scheme in a folder, by key."""
    return tuple({one.key: one for one in schemes(folder)}.values())


def load_scheme(key: str, version: int | None = None, folder: Path = HERE) -> Scheme:
    """One scheme by key and version; the newest version when none is named. Raises InputError where there is none."""
    held = _versions(folder)
    if key not in held:
        raise InputError(f"No rating scheme is called '{key}'; there are {', '.join(sorted(held)) or 'none'}.")
    wanted = max(held[key]) if version is None else version
    if wanted not in held[key]:
        there = ", ".join(map(str, sorted(held[key])))
        raise InputError(f"The scheme '{key}' has no version {wanted}; there is {there}.")
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
        raise InputError(f"{path.name}: it cannot be read ({problem.strerror}).") from problem
    return _parse(path.name, text)


@lru_cache(maxsize=64)
def _parse(name: str, text: bytes) -> Scheme:
    try:
        form = SchemeForm.model_validate(tomllib.loads(text.decode("utf-8")))
        scheme = build(form, hashlib.sha256(text).hexdigest())
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as problem:
        raise InputError(f"{name}: this is not a TOML file ({problem}).") from problem
    except ValidationError as problem:
        raise InputError(f"{name}: {_first(problem)}") from problem
    except Wrong as problem:
        raise InputError(f"{name}: {problem}") from problem
    if name != f"{scheme.key}-{scheme.version}.toml":
        raise InputError(f"{name}: it holds {scheme.key} version {scheme.version}; name it accordingly.")
    return scheme


def _first(problem: ValidationError) -> str:
    """The key and the reason of the first thing pydantic found wrong."""
    error = problem.errors(include_url=False, include_input=False)[0]
    return f"{'.'.join(map(str, error['loc'])) or 'the file'}: {error['msg']}."
