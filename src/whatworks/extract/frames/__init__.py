"""Frames that ship: what to ask of every study, as versioned TOML files named KEY-VERSION.toml, never edited once out."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from whatworks.errors import InputError
from whatworks.extract.methods.coding.frame import Frame
from whatworks.extract.methods.coding.reading import from_toml
from whatworks.saying import said

HERE = Path(__file__).resolve().parent


@lru_cache(maxsize=1)
def frames() -> tuple[Frame, ...]:
    """Every frame that ships, by key and then version."""
    found = (read_frame(path) for path in HERE.glob("*.toml"))
    return tuple(sorted(found, key=lambda frame: (frame.key, frame.version)))


def frame(key: str, version: int | None = None) -> Frame:
    """A frame that ships, the newest version when none is named. Raises InputError where there is none."""
    named = [one for one in frames() if one.key == key]
    if not named:
        raise InputError(
            said(
                "No frame is called %(key)r; there are %(frames)s.",
                key=key[:60],
                frames=", ".join(sorted({f.key for f in frames()})),
            )
        )
    for one in reversed(named):
        if version in (None, one.version):
            return one
    there = ", ".join(str(one.version) for one in named)
    raise InputError(
        said("The frame %(key)r has no version %(version)s; there is %(there)s.", key=key, version=version, there=there)
    )


def read_frame(path: Path) -> Frame:
    """The frame in one file; what it extends is looked for beside it. Raises InputError that names the file."""

    def beside(key: str, version: int) -> Frame:
        return read_frame(path.parent / f"{key}-{version}.toml")

    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(
            said(
                "%(name)s: the frame cannot be read (%(error)s); check its name and encoding.",
                name=path.name,
                error=str(error),
            )
        ) from error
    held = from_toml(text, where=path.name, parents=beside)
    if path.name != f"{held.name}.toml":
        raise InputError(
            said(
                "%(name)s: it holds %(key)s version %(version)s; name it accordingly.",
                name=path.name,
                key=held.key,
                version=held.version,
            )
        )
    return held
