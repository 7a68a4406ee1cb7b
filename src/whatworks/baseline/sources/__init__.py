"""Official statistics as they are published: one small declaration per release, one reader for all. No silent gap."""

from __future__ import annotations

import csv
import gzip
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TextIO

from whatworks.baseline.sources.release import SYMBOLS, WITHHELD, Cell, Place, Release
from whatworks.baseline.sources.releases import RELEASES
from whatworks.errors import InputError
from whatworks.saying import said
from whatworks.stats.results import Result

__all__ = ["RELEASES", "SYMBOLS", "Cell", "Counted", "Place", "Release", "cells", "counted", "release_of"]


@dataclass(frozen=True, slots=True)
class Counted(Result):
    """What a file holds. areas: places, regions and the country among them; indicators: what is counted, by whom it is of;
    cells: figures, withheld ones too; suppressed: those withheld as confidential; symbols: how often each stands instead
    of a number; problems: what cannot be read, by line."""

    file: str
    release: str
    title: str
    areas: int
    periods: tuple[str, ...]
    indicators: int
    cells: int
    suppressed: int
    symbols: dict[str, int]
    problems: tuple[str, ...]
    of_areas: frozenset[str] = field(metadata={"plain": False})
    of_indicators: frozenset[tuple[str, ...]] = field(metadata={"plain": False})

    def summary(self) -> str:
        """The file in a sentence."""
        if not self.cells:
            return f"{self.file}: {self.title}. It holds no figure."
        withheld = f", {self.suppressed:,} of them withheld as confidential" if self.suppressed else ""
        wrong = f" {len(self.problems):,} cannot be read:" if self.problems else ""
        when = self.periods[0] if len(self.periods) == 1 else f"{self.periods[0]} to {self.periods[-1]}"
        return (
            f"{self.file}: {self.title}. {_many(self.cells, 'figure')} on {_many(self.indicators, 'indicator')} of "
            f"{_many(self.areas, 'place')}, {when}{withheld}.{wrong}"
        )


def _many(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def counted(path: Path) -> Counted:
    """Read a file to its end and say what is in it; InputError where it is of no release that is known."""
    problems: list[str] = []
    release, figures = cells(path, problems)
    areas, periods, kinds, symbols, number = set(), set(), set(), Counter[str](), 0
    for one in figures:
        number += 1
        areas.add(one.place.key)
        periods.add(one.place.period)
        kinds.add((release.key, *one.kind))
        if one.symbol:
            symbols[one.symbol] += 1
    return Counted(
        file=path.name,
        release=release.key,
        title=release.title,
        areas=len(areas),
        periods=tuple(sorted(periods)),
        indicators=len(kinds),
        cells=number,
        suppressed=sum(symbols[symbol] for symbol in WITHHELD),
        symbols=dict(sorted(symbols.items())),
        problems=tuple(problems),
        of_areas=frozenset(areas),
        of_indicators=frozenset(kinds),
    )


def release_of(header: list[str], name: str = "The file") -> Release:
    """The family of releases to which a file with these columns belongs; InputError where it is none that is known."""
    found = next((one for one in RELEASES if one.fits(header)), None)
    if found is None:
        raise InputError(
            said(
                "%(name)s is of no release that is known: its columns are %(header)s%(more)s; give a file as its "
                "publisher made it.",
                name=name,
                header=", ".join(header[:8]),
                more=said(" and others") if len(header) > 8 else "",
            )
        )
    return found


def cells(path: Path, problems: list[str]) -> tuple[Release, Iterator[Cell]]:
    """The release of a file, and its figures one by one; what cannot be read is told in `problems`, by line."""
    with _opened(path) as stream:
        header = next(csv.reader(stream), [])
    release = release_of([name.strip() for name in header], path.name)
    return release, _read(path, release, problems)


def _read(path: Path, release: Release, problems: list[str]) -> Iterator[Cell]:
    with _opened(path) as stream:
        rows = csv.reader(stream)
        header = [name.strip() for name in next(rows)]
        try:
            yield from release.cells(header, rows, problems)
        except (csv.Error, UnicodeDecodeError, EOFError, gzip.BadGzipFile) as error:
            raise InputError(
                said(
                    "%(name)s breaks off or is no text in UTF-8 (%(error)s); fetch it again.",
                    name=path.name,
                    error=str(error),
                )
            ) from None


@contextmanager
def _opened(path: Path) -> Iterator[TextIO]:
    try:
        with path.open("rb") as bare:
            packed = bare.read(2) == b"\x1f\x8b"
        opened = gzip.open if packed else open
        with opened(path, "rt", encoding="utf-8-sig", newline="") as stream:
            yield stream
    except OSError as error:
        raise InputError(
            said(
                "%(path)s cannot be read (%(strerror)s); check its name.",
                path=path,
                strerror=error.strerror or str(error),
            )
        ) from None
    except UnicodeDecodeError:
        raise InputError(said("%(name)s is no text in UTF-8; save it as CSV in UTF-8.", name=path.name)) from None
