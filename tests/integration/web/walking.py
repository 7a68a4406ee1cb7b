"""Walks every public address from the front page on, as a reader's browser would, and weighs and reads each page."""

from __future__ import annotations

import csv
import gzip
import io
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from urllib.parse import urljoin

from tests.integration.web.markup import Markup, foreign, read, style_faults
from whatworks.archive.rendering import LINK, cleaned

# What a reader's browser has to fetch to show a page: HTML, stylesheets and scripts, as they travel.
TRAVELS = 100_000
# The HTML alone once unpacked: what a slow phone has to read, and a page of a static site weighs on a disk.
UNPACKED = 230_000
MAPS_OF_OTHERS = 400_000  # one table with every cell of a map of some 800 items; it travels as a twentieth of that
WHOLE_FILES = (".html",)  # to take away: one file that needs no other, so that its style and script are in it
RUN = (
    "=",
    "+",
    "-",
    "@",
    "\t",
    "\r",
    "\n",
    "\uff1d",
    "\uff0b",
    "\uff0d",
    "\uff20",
)  # how a spreadsheet's formula begins


@dataclass(frozen=True)
class Answer:
    """What a server sent: its status, its headers with their names in small letters, and the bytes as they travelled."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def kind(self) -> str:
        """The kind of content, without its parameters."""
        return self.headers.get("content-type", "").split(";")[0]

    @property
    def text(self) -> str:
        """The content unpacked."""
        packed = self.headers.get("content-encoding") == "gzip"
        return (gzip.decompress(self.body) if packed else self.body).decode()


@dataclass(frozen=True)
class Weighed:
    """A page: how many bytes it takes to show it, and how many its HTML is when unpacked."""

    address: str
    travels: int
    unpacked: int


@dataclass
class Walk:
    """A walk over a site: what it found wrong, by address, and what each page weighs."""

    get: Callable[[str], Answer]
    host: str
    left_out: Callable[[str], bool] = lambda address: False
    faults: list[str] = field(default_factory=list)
    pages: list[Weighed] = field(default_factory=list)
    titles: dict[str, list[str]] = field(default_factory=dict)
    kinds: set[str] = field(default_factory=set)
    _assets: dict[str, int] = field(default_factory=dict)

    def over(self, starts: Iterable[str]) -> Walk:
        """Follow every link from these addresses on."""
        waiting = list(starts)
        seen = set(waiting)
        while waiting:
            for link in self._visit(waiting.pop()):
                if link not in seen and not self.left_out(link):
                    seen.add(link)
                    waiting.append(link)
        return self

    def same_titles(self) -> list[str]:
        """Titles that pages share which are not two addresses of one thing: a reader could not tell their tabs apart."""
        return [
            f"“{title}”: {', '.join(addresses[:4])}"
            for title, addresses in sorted(self.titles.items())
            if len(addresses) > 2 or (len(addresses) == 2 and not max(addresses).startswith(min(addresses)))
        ]

    def _visit(self, address: str) -> Iterator[str]:
        if address.startswith("/static/"):
            return
        answer = self.get(address)
        self.kinds.add(answer.kind)
        self._say(address, _sent(answer, 404 if "/nowhere/" in address else 200))
        if answer.kind == "text/csv":
            self._say(address, formulas(answer.text))
        if answer.kind == "text/html" and not address.endswith(WHOLE_FILES):
            text = answer.text
            page = read(text, self.host)
            self._say(address, [*page.faults(), *self._weigh(address, answer, text, page)])
            if "?" not in address and answer.status == 200:
                self.titles.setdefault(page.title.strip(), []).append(address)
            yield from (clean for match in LINK.finditer(text) if (clean := cleaned(match["address"])))

    def _weigh(self, address: str, answer: Answer, text: str, page: Markup) -> list[str]:
        assets = {urljoin(address, one) for one in page.fetched if not foreign(one, self.host)}
        own = [one for one in sorted(assets) if one.endswith((".css", ".js"))]
        held = Weighed(address, len(answer.body) + sum(map(self._asset, own)), len(text.encode()))
        self.pages.append(held)
        over = [f"takes {held.travels:,} bytes, more than {TRAVELS:,}"] if held.travels > TRAVELS else []
        most = MAPS_OF_OTHERS if address.startswith("/maps/") else UNPACKED
        return over + ([f"is {held.unpacked:,} bytes of HTML, more than {most:,}"] if held.unpacked > most else [])

    def _asset(self, address: str) -> int:
        if address not in self._assets:
            answer = self.get(address)
            self._say(address, _sent(answer, 200) + (style_faults(answer.text) if answer.kind == "text/css" else []))
            self._assets[address] = len(answer.body)
        return self._assets[address]

    def _say(self, address: str, lines: Iterable[str]) -> None:
        self.faults += [f"{address}: {line}" for line in lines]


def _sent(answer: Answer, expected: int) -> list[str]:
    """What is wrong with how something was sent."""
    policy = answer.headers.get("content-security-policy", "")
    found = [f"answers {answer.status}"] if answer.status != expected else []
    found += ["sets a cookie"] if "set-cookie" in answer.headers else []
    found += ["has no policy against scripts of others"] if "default-src 'none'" not in policy else []
    found += (
        [f"allows what is unsafe: {policy}"] if "unsafe" in policy or "http:" in policy or "https:" in policy else []
    )
    found += ["lets a browser guess its kind"] if answer.headers.get("x-content-type-options") != "nosniff" else []
    packable = answer.kind.startswith("text/") and len(answer.body) > 1000 and answer.status == 200
    found += ["travels unpacked"] if packable and answer.headers.get("content-encoding") != "gzip" else []
    return found


def formulas(table: str) -> list[str]:
    """Cells of a table that a spreadsheet would run: text that begins as a formula does; a number below nought is none."""
    return [
        f"the cell “{cell[:40]}” would be run as a formula"
        for row in csv.reader(io.StringIO(table.removeprefix("\ufeff"), newline=""))
        for cell in row
        if cell.startswith(RUN) and not _number(cell)
    ]


def _number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return cell[0] not in RUN[4:]
