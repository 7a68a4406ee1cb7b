"""The practice map as a table: read from a file that people made, whole or not at all, and written for a spreadsheet."""

from __future__ import annotations

import csv
import datetime
import io
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.db import transaction

from whatworks.baseline.methods.standing import DOING, NAMES, NOT_KNOWN, PLANNED, STOPPED, TRIED, Word, days
from whatworks.baseline.models import Practice, Standing
from whatworks.baseline.models.practice import STATUSES
from whatworks.baseline.practising import authorities, faults_of, identifier_of, take_word, word_of
from whatworks.errors import InputError
from whatworks.ledger.actions import record
from whatworks.ledger.fields import PUBLIC
from whatworks.people.models import Area
from whatworks.saying import joined, said
from whatworks.spreadsheets import cell, uncell

LARGEST = 1024 * 1024  # bytes: some five thousand lines
COLUMNS = {
    "place": ("place", "area", "authority", "local authority", "council", "name"),
    "place_code": ("code", "place code", "area code"),
    "practice": ("practice", "practice slug", "practice name"),
    "status": ("status",),
    "on": ("on", "date", "as of"),
    "since": ("since", "start", "started"),
    "until": ("until", "end", "ended"),
    "scale": ("scale", "size"),
    "delivered_by": ("delivered by", "who delivers", "delivery"),
    "partners": ("partners", "partner agencies", "agencies"),
    "cost": ("cost",),
    "cost_of": ("cost of", "cost for", "cost is for"),
    "source": ("source",),
    "source_url": ("source url", "source address", "url", "link"),
    "said_by": ("said by", "who said so"),
    "identifier": ("identifier", "id"),
}
NEEDED = ("practice", "status", "on", "source", "said_by")
STATUS_WORDS = {
    "doing": DOING, "doing it": DOING, "tried": TRIED, "tried it": TRIED, "stopped": STOPPED, "stopped it": STOPPED,
    "planned": PLANNED, "plans it": PLANNED, "not known": NOT_KNOWN, "unknown": NOT_KNOWN,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a file: what it says of which practice in which place, and whether that is held already."""

    number: int
    area: Area
    practice: Practice
    word: Word
    held: bool

    @property
    def says(self) -> str:
        """Its status in words."""
        return STATUSES[self.word.status]


@dataclass(slots=True)
class Looked:
    """A file as it was understood: its lines, and everything that is wrong with it. With any fault nothing is taken."""

    lines: list[Line] = field(default_factory=list)
    faults: list[tuple[int, str]] = field(default_factory=list)  # number of the line and a sentence; 0: the whole file

    @property
    def new(self) -> list[Line]:
        """The lines that say what is not held yet."""
        return [one for one in self.lines if not one.held]


@transaction.atomic
def take_csv(*, by: str, body: bytes, name: str = "the file") -> Looked:
    """Take a file in: every line, or none where one is wrong. What is held already changes nothing.

    Raises InputError with every fault, each with its line.
    """
    looked = look(body)
    if looked.faults:
        raise InputError(joined(" ", (_placed(number, sentence) for number, sentence in looked.faults)))
    made = [take_word(area=one.area, practice=one.practice, word=one.word)[0] for one in looked.new]
    if made:
        about = {row.area_id for row in made} | {row.practice_id for row in made}
        payload = {"file": name[:200], "rows": len(made), "held": len(looked.lines) - len(made)}
        record(verb="baseline.take-practice-file", by=by, about=about, made=made, payload=payload, audience=PUBLIC)
    return looked


def _placed(number: int, sentence: str) -> str:
    return said("Line %(number)s: %(fault)s", number=number, fault=sentence) if number else sentence


def look(body: bytes) -> Looked:
    """What a file says, and what is wrong with it, without taking anything."""
    found = Looked()
    try:
        header, rows = _table(body)
    except InputError as error:
        found.faults.append((0, error.args[0]))
        return found
    register, practices = PlacesThen(), _practices()
    for number, cells in rows:
        if len(cells) > len(header) and any(cells[len(header) :]):
            wide = said(
                "It has %(cells)s cells where the head has %(head)s; quote the comma.",
                cells=len(cells),
                head=len(header),
            )
            found.faults.append((number, wide))
            continue
        told = {name: cell for name, cell in zip(header, cells, strict=False) if name}
        _read(number, told, register, practices, found)
    if not found.lines and not found.faults:
        found.faults.append((0, said("The file has a head and no line under it; add at least one.")))
    _compare(found)
    return found


def _table(body: bytes) -> tuple[list[str], list[tuple[int, list[str]]]]:
    if len(body) > LARGEST:
        raise InputError(
            said("The file is larger than %(largest)s MB; divide it by practice.", largest=LARGEST // 1024**2)
        )
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(said("The file is not UTF-8 text; in a spreadsheet, save it as “CSV UTF-8”.")) from error
    if "\0" in text:
        raise InputError(said("The file is not a table of text; in a spreadsheet, save it as “CSV UTF-8”."))
    first = text.partition("\n")[0]
    mark = max(",;\t", key=first.count)
    try:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=mark, strict=True)
        lines = [(reader.line_num, [_plain(cell) for cell in cells]) for cells in reader]
    except csv.Error as error:
        raise InputError(
            said("The table cannot be read (%(error)s); save it again as CSV.", error=str(error))
        ) from error
    lines = [(number, cells) for number, cells in lines if any(cells)]
    return _header(lines[0][1] if lines else []), lines[1:]


def _plain(written: str) -> str:
    """A cell's text. The apostrophe with which we kept a spreadsheet from running it is taken off again."""
    return uncell(" ".join(written.split()))


def _header(cells: list[str]) -> list[str]:
    known = {word: name for name, words in COLUMNS.items() for word in (*words, name.replace("_", " "))}
    names = [known.get(re.sub(r"[\s_-]+", " ", cell).strip().casefold(), "") for cell in cells]
    if twice := next((one for one in names if one and names.count(one) > 1), ""):
        raise InputError(said("Two columns say “%(columns)s”; keep one of them.", columns=COLUMNS[twice][0]))
    needed = [*(["place"] if "place_code" not in names else []), *NEEDED]
    if missing := [COLUMNS[one][0] for one in needed if one not in names]:
        raise InputError(
            said(
                "The first line names no column %(missing)s; add it there.",
                missing=joined(said(" and no column "), missing),
            )
        )
    return names


def _read(
    number: int, told: Mapping[str, str], register: PlacesThen, practices: Mapping[str, Practice], found: Looked
) -> None:
    status = re.sub(r"[\s_-]+", " ", told.get("status", "")).casefold()
    given = {name: told.get(name, "") for name in NAMES} | {"status": STATUS_WORDS.get(status, told.get("status", ""))}
    word = Word(**given).trimmed()
    faults: list[str] = []
    practice = practices.get(told["practice"].casefold()) if told.get("practice") else None
    if practice is None:
        named = told.get("practice", "")[:60]
        faults.append(
            said("No practice is called “%(named)s”; add it to the map first, or correct the name.", named=named)
        )
    place, area = told.get("place_code") or told.get("place", ""), None
    try:
        area = register.find(place, word.on)
    except InputError as error:
        faults.append(error.args[0])
    faults += [sentence for _, sentence in faults_of(area or Area(name=place), word)]
    if area and practice and not faults:
        before = _before(told.get("identifier", ""), word, faults)
        found.lines.append(Line(number, area, practice, word, held=before))
    found.faults += [(number, sentence) for sentence in dict.fromkeys(faults)]


def _before(identifier: str, word: Word, faults: list[str]) -> bool:
    """Whether the line is a row of ours, written out before. One that was changed since is a fault."""
    held = Standing.objects.filter(pk=identifier).first() if identifier else None
    if held is not None and identifier and word_of(held).parts() != word.parts():
        faults.append(
            said(
                "It differs from %(held)s, which is held; correct that one on its page, or leave this cell empty.",
                held=identifier,
            )
        )
    return held is not None


def _compare(found: Looked) -> None:
    """Say which lines are held already, leave out repeats, and refuse lines that gainsay each other."""
    keys = {one.number: identifier_of(one.area, one.practice, one.word) for one in found.lines}
    held = set(Standing.objects.filter(pk__in=list(keys.values())).values_list("pk", flat=True))
    lines: dict[str, Line] = {}
    first: dict[tuple[str, str, str], Line] = {}
    for one in found.lines:
        key = keys[one.number]
        before = first.setdefault((one.area.pk, one.practice.pk, one.word.on), one)
        if before.word.status != one.word.status and not one.held:
            told = said(
                "Line %(number)s says otherwise of the same place, practice and day; keep one of the two.",
                number=before.number,
            )
            found.faults.append((one.number, told))
        lines.setdefault(key, Line(one.number, one.area, one.practice, one.word, held=one.held or key in held))
    found.lines, found.faults = list(lines.values()), sorted(found.faults)


class PlacesThen:
    """Places by code and by name, as they were on a day."""

    def __init__(self) -> None:
        self.by_name: dict[str, list[Area]] = defaultdict(list)
        for one in authorities().order_by("pk"):
            self.by_name[_key(one.code)].append(one)
            self.by_name[_key(one.name)].append(one)

    def find(self, text: str, on: str) -> Area:
        """The place of that code or name that existed on the day. InputError where there is none."""
        found = self.by_name.get(_key(text), [])
        if not found:
            raise InputError(
                said(
                    "No place has the code or the name “%(text)s”; write it as the list of places does.", text=text[:60]
                )
            )
        try:
            first, last = days(on)
        except InputError:
            return found[-1]  # that the day is none is said of the day
        there = [one for one in found if _there(one, first, last)]
        if len(there) > 1:
            raise InputError(
                said(
                    "%(count)s places were called “%(text)s” then; give the code: %(codes)s.",
                    count=len(there),
                    text=text[:60],
                    codes=_codes(there),
                )
            )
        return there[0] if there else found[-1]  # that it was not there then is said of the day


def _there(area: Area, first: datetime.date, last: datetime.date) -> bool:
    return (area.valid_from is None or area.valid_from <= last) and (area.valid_to is None or area.valid_to >= first)


def _codes(areas: Iterable[Area]) -> str:
    return joined(said(" or "), sorted(one.code for one in areas))


def _key(text: str) -> str:
    return " ".join(text.replace("&", " and ").split()).casefold()


def _practices() -> dict[str, Practice]:
    rows = list(Practice.objects.order_by("pk"))
    return {one.name.casefold(): one for one in rows} | {one.slug.casefold(): one for one in rows}


HEAD = (
    "place_code", "place", "practice", "status", "on", "since", "until", "scale", "delivered_by", "partners", "cost",
    "cost_of", "source", "source_url", "said_by", "stands", "replaced_because", "identifier",
)  # fmt: skip


FORM = ("place", "practice", "status", *NAMES[1:])  # the head of an empty table to fill in


def as_csv(rows: Iterable[Mapping[str, str]], head: tuple[str, ...] = HEAD) -> str:
    """Rows for a spreadsheet: text that it would run as a formula begins with an apostrophe."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(head)
    writer.writerows([cell(row.get(name, "")) for name in head] for row in rows)
    return out.getvalue()
