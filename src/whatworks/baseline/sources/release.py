"""What a release of official statistics is: declared column by column, tolerant of what its publisher renames."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from whatworks.saying import said

# What tables write where there is no number, in the words of the publishers (the Department's statistics, and the
# Government Analysis Function's shorthand in tables); “:” and “-” stand in older files and in the Interactive Tool.
SYMBOLS = {
    "c": said("confidential"),
    "x": said("not available"),
    "z": said("not applicable"),
    "k": said("rounds to 0"),
    "low": said("rounds to 0"),
    "u": said("low reliability"),
    ":": said("not available"),
    "-": said("not available"),
    "..": said("not available"),
}
HERE = "w"  # ours: withheld here, in what a centre gives out, though its publisher gave it
WITHHELD = frozenset({"c", HERE})
PLACE = {
    "time_period": "period",
    "geographic_level": "level",
    "new_la_code": "code",
    "old_la_code": "old_code",
    "la_name": "name",
    "geo_breakdown": "name",
    "region_code": "region_code",
    "region_name": "region",
    "country_code": "country_code",
    "country_name": "country",
    "release": "release",
}
ENGLAND, REGIONS = "970", frozenset(map(str, range(980, 991)))  # in the Interactive Tool's numbers of authorities
ASIDE = frozenset({"time_identifier", "geo_breakdown_sn"})  # columns that say nothing of their own


@dataclass(frozen=True, slots=True)
class Place:
    """Where and when a row is of. level: Local authority, Regional or National; code: of nine characters (GSS); old_code:
    of three digits; release: the publication, where a file joins several. What a release does not say is empty."""

    level: str
    period: str
    code: str = ""
    old_code: str = ""
    name: str = ""
    release: str = ""

    @property
    def key(self) -> str:
        """What tells the place from others: its code, else its older one, else its name, else the whole country."""
        return self.code or self.old_code or self.name or self.level


@dataclass(frozen=True, slots=True)
class Cell:
    """One published figure: a number, or the symbol that stands instead of one. kind: what is counted, and of whom."""

    place: Place
    kind: tuple[str, ...]
    value: float | None
    symbol: str
    line: int


@dataclass(frozen=True, slots=True)
class Release:
    """A family of releases. needs: columns that together no other family has; groups: columns that say of whom a row is;
    renamed: what columns were called in other years; words: what cells of groups were called; columns: what stands for
    the columns of place; ends: the last day, as month and day, of the year that a period names. Every other column is a
    measure."""

    key: str
    title: str
    needs: frozenset[str]
    groups: tuple[str, ...] = ()
    renamed: Mapping[str, str] = field(default_factory=dict)
    words: Mapping[str, str] = field(default_factory=dict)
    columns: Mapping[str, str] = field(default_factory=lambda: PLACE)
    ends: tuple[int, int] = (3, 31)

    def fits(self, header: list[str]) -> bool:
        """Whether a file with these columns is of this family."""
        return self.needs <= {self.renamed.get(name, name) for name in header}

    def cells(self, header: list[str], rows: Iterator[list[str]], problems: list[str]) -> Iterator[Cell]:
        """Every figure of a file; what is neither a number nor a symbol, and a row of no place, is a problem by its line."""
        names = [self.renamed.get(name, name) for name in header]
        place = {self.columns[name]: at for at, name in enumerate(names) if name in self.columns}
        groups = [names.index(name) for name in self.groups]
        measures = [
            (at, name)
            for at, name in enumerate(names)
            if name not in self.columns and name not in self.groups and name not in ASIDE
        ]
        for line, row in enumerate(rows, start=2):
            if len(row) != len(names):
                problems.append(f"Line {line} has {len(row)} cells where the header has {len(names)}; it is left out.")
                continue
            where = _place(row, place)
            if not (where.period and where.level and (where.key != where.level or where.level == "National")):
                problems.append(f"Line {line} does not say of which place and time it is; it is left out.")
                continue
            of = tuple(self.words.get(row[at].strip(), row[at].strip()) for at in groups)
            for at, name in measures:
                yield _cell(where, (name, *of), row[at].strip(), line, problems)


def _place(row: list[str], at: Mapping[str, int]) -> Place:
    said = {name: row[place].strip() for name, place in at.items()}
    old = said.get("old_code", "").removesuffix(".0")  # a spreadsheet made a number of it
    level = said.get("level") or ("National" if old == ENGLAND else "Regional" if old in REGIONS else "Local authority")
    if "level" not in said and level != "Local authority":
        return Place(level, said.get("period", ""), "", old, said.get("name", ""))
    code, name = said.get("code", ""), said.get("name", "")
    if level == "Regional":
        code, name = said.get("region_code", ""), said.get("region", "") or name
    if level == "National":
        code, name = said.get("country_code", ""), said.get("country", "") or "England"
    code, old, name = ("" if one in SYMBOLS else one for one in (code, old, name))
    return Place(level, said.get("period", ""), code, old, name, said.get("release", ""))


def _cell(where: Place, kind: tuple[str, ...], said: str, line: int, problems: list[str]) -> Cell:
    if said in SYMBOLS:
        return Cell(where, kind, None, said, line)
    try:
        return Cell(where, kind, float(said.replace(",", "").removesuffix("%")), "", line)
    except ValueError:
        shown = f"“{said[:30]}” is neither a number nor a symbol that is known" if said else "is empty"
        problems.append(f"Line {line}, {kind[0]}: {shown}; it counts as no number.")
        return Cell(where, kind, None, said or "empty", line)
