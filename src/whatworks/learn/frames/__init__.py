"""The frames that ship for coding publications about cases, as TOML files named KEY-VERSION.toml, never edited once out."""

from __future__ import annotations

import tomllib
from functools import lru_cache
from pathlib import Path

from whatworks.errors import InputError
from whatworks.learn.methods.cases_frame import Frame, frame_of
from whatworks.saying import said

HERE = Path(__file__).resolve().parent
KEY = "cases"


@lru_cache(maxsize=4)
def frames(folder: Path = HERE) -> tuple[Frame, ...]:
    """Every version, the oldest first. Raises InputError for a file that is no frame."""
    return tuple(sorted((read_frame(path) for path in folder.glob(f"{KEY}-*.toml")), key=lambda one: one.version))


def newest() -> Frame:
    """The version by which people code now."""
    return frames(HERE)[-1]


def frame(version: int) -> Frame:
    """One version, however old. Raises InputError where there is none."""
    for one in frames(HERE):
        if one.version == version:
            return one
    there = ", ".join(str(one.version) for one in frames(HERE))
    raise InputError(
        said("The frame of cases has no version %(version)s; there is %(there)s.", version=version, there=there)
    )


def read_frame(path: Path) -> Frame:
    """The frame in one file. Raises InputError that names the file."""
    try:
        plain = tomllib.loads(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise InputError(
            said("%(name)s: it cannot be read as TOML (%(error)s); mend it.", name=path.name, error=str(error))
        ) from error
    held = frame_of(plain, path.name)
    if path.name != f"{held.key}-{held.version}.toml":
        raise InputError(
            said("%(name)s: it holds “%(key)s” version %(version)s; name it accordingly.", name=path.name, key=held.key,
                 version=held.version)
        )  # fmt: skip
    return held
