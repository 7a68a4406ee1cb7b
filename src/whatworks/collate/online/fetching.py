"""Fetching: a saved search rerun: what it would cost, and then its works, page by page, as JSON lines."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from whatworks.collate.online.services import SERVICES, Page, Service
from whatworks.errors import InputError
from whatworks.ledger.online.asking import DAY, Asker, Etiquette, Refused, Wording
from whatworks.ledger.online.keeping import Shelf
from whatworks.saying import said

SEARCHING = Wording(
    asked=said("the search"),
    kept=said("the search goes on where it stopped"),
    wait=said("rerun the search then, it goes on where it stopped"),
    more=said("rerun with a larger one to go on where it stopped, or narrow the search"),
    mend=said("correct the search, or the key"),
)


@dataclass(frozen=True, slots=True)
class Preview:
    """What a search would give and cost: hits now, requests to fetch them all, and US dollars at the published price."""

    service: str
    hits: int
    requests: int
    dollars: float
    budget: int

    @property
    def affordable(self) -> bool:
        """Whether the budget allows all of it."""
        return self.requests <= self.budget

    def to_dict(self) -> dict[str, object]:
        """As JSON types."""
        return {
            "service": self.service,
            "hits": self.hits,
            "requests": self.requests,
            "dollars": self.dollars,
            "budget": self.budget,
            "affordable": self.affordable,
        }

    def summary(self) -> str:
        """One sentence."""
        price = f", about ${self.dollars:,.4f} at its published price" if self.dollars else ", free of charge"
        enough = "within" if self.affordable else "more than"
        return (
            f"{self.service} has {self.hits:,} hits for this search now; fetching them takes {self.requests:,} requests"
            f"{price}, {enough} the budget of {self.budget:,}."
        )


def _service(name: str) -> Service:
    found = SERVICES.get(name.strip().lower())
    if found is None:
        raise InputError(
            said(
                "%(name)r is no service that searches can be rerun against; choose %(services)s.",
                name=name,
                services=" or ".join(SERVICES),
            )
        )
    return found


class Fetching:
    """A search that is being rerun: iterate for its works, a JSON line each, as the service gave them.

    `hits` is what the service reported with the first page, `works` how many came, `requests` how many requests went
    out; `notes` says what a person should know (works that came twice, hits that never came). All are final when the last
    line is out. What was fetched is kept, so that the same call after an interruption goes on where it stopped.
    """

    def __init__(self, service: Service, query: str, asker: Asker, etiquette: Etiquette, max_age: float) -> None:
        self._service, self._asker, self._etiquette, self._max_age = service, asker, etiquette, max_age
        self._parameters = service.parameters(query)
        self.hits = 0
        self.works = self.twice = 0
        self.notes: list[str] = []
        self._seen: set[str] = set()

    @property
    def requests(self) -> int:
        """How many requests went out so far; pages from the cache cost none."""
        return self._asker.made

    def _ask(self, cursor: str, number: int, max_age: float) -> Page:
        service = self._service
        name, size = service.size
        parameters = self._parameters | {name: str(size), "cursor": cursor}
        return service.page(
            self._asker.ask(service.base, parameters, _secret(service, self._etiquette), max_age, number)
        )

    def __iter__(self) -> Iterator[bytes]:
        try:
            yield from self._pages(self._max_age)
        except Refused as refusal:
            if refusal.status not in (400, 404, 410) or not self._seen:
                raise
            self.notes.append("the place in the list was no longer known to the service; it was gone through again")
            twice = self.twice
            yield from self._pages(0.0)
            self.twice = twice
        self._compare()

    def _pages(self, max_age: float) -> Iterator[bytes]:
        """Every page from the first, to one without works or cursor, or that brings nothing new, or the last hit."""
        cursor, number, known = "*", 1, len(self._seen)
        passed = 0
        while cursor:
            page = self._ask(cursor, number, max_age)
            if number == 1:
                self._check_budget(page)
            before = self.works
            yield from (line for work in page.works if (line := self._line(work)))
            passed += len(page.works)
            stuck = self.works == before and passed > known
            if not page.works or stuck or (self.works >= page.hits and passed >= page.hits):
                return
            cursor, number = page.cursor, number + 1

    def _check_budget(self, page: Page) -> None:
        """Refuse before the second page what the budget cannot pay; pages from the cache cost nothing."""
        self.hits = max(page.hits, 0)
        pages = -(-self.hits // self._service.size[1])
        if not self._asker.from_cache and pages - 1 > self._etiquette.requests - self._asker.made:
            raise InputError(
                said(
                    "%(name)s has %(hits)s hits for this search, which takes %(pages)s requests; the budget is "
                    "%(requests)s: narrow the search, or allow more.",
                    name=self._service.name,
                    hits=f"{self.hits:,}",
                    pages=f"{pages:,}",
                    requests=f"{self._etiquette.requests:,}",
                )
            )

    def _line(self, work: Any) -> bytes:
        name = work.get(self._service.identifier) if isinstance(work, dict) else None
        if isinstance(name, str) and name:
            if name in self._seen:
                self.twice += 1
                return b""
            self._seen.add(name)
        self.works += 1
        return _line_of(work)

    def _compare(self) -> None:
        if self.twice:
            self.notes.append(
                f"{self.twice:,} works came more than once, as the list changed meanwhile; each is given once"
            )
        if self.works != self.hits:
            self.notes.append(f"{self._service.name} reported {self.hits:,} hits and gave {self.works:,} works")


def _line_of(work: Any) -> bytes:
    """The work as one line; escaped where it holds what no encoding can."""
    try:
        return json.dumps(work, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
    except UnicodeEncodeError:
        return json.dumps(work, separators=(",", ":")).encode() + b"\n"


def _secret(service: Service, etiquette: Etiquette) -> dict[str, str]:
    pairs = ((service.key, etiquette.key), (service.mail, etiquette.mailto))
    return {name: value for name, value in pairs if name and value}


def fetch(
    service: str,
    query: str,
    etiquette: Etiquette,
    *,
    cache: Path | None = None,
    max_age: float = DAY,
    base: str = "",
    sleep: Callable[[float], None] = time.sleep,
    now: Callable[[], float] = time.time,
) -> Fetching:
    """A saved search rerun against `openalex` or `crossref`: works as JSON lines, for the ordinary readers.

    Answers are kept in the folder `cache` and used again for `max_age` seconds (0: always asked anew). `base` names
    another address of the same service. Raises InputError with one sentence, on the way too: the lines that came are
    right, and the same call goes on from the cache.
    """
    chosen = _service(service)
    chosen = replace(chosen, base=base) if base else chosen
    asker = Asker(chosen.name, etiquette, SEARCHING, apart=chosen.apart, cache=Shelf(cache), sleep=sleep, now=now)
    return Fetching(chosen, query, asker, etiquette, max_age)


def count(
    service: str,
    query: str,
    etiquette: Etiquette,
    *,
    base: str = "",
    sleep: Callable[[float], None] = time.sleep,
    now: Callable[[], float] = time.time,
) -> Preview:
    """How many hits a saved search has now and what fetching them would cost, by one request that is never cached."""
    chosen = _service(service)
    chosen = replace(chosen, base=base) if base else chosen
    asker = Asker(chosen.name, etiquette, SEARCHING, apart=chosen.apart, cache=Shelf(None), sleep=sleep, now=now)
    parameters = chosen.parameters(query)
    page = chosen.page(asker.ask(chosen.base, parameters | {chosen.size[0]: "1"}, _secret(chosen, etiquette), 0.0))
    requests = -(-max(page.hits, 0) // chosen.size[1])
    return Preview(chosen.name, max(page.hits, 0), requests, requests * chosen.cost(parameters), etiquette.requests)
