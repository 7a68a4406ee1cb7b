"""Crossref's works on this machine: the documented shape of its answers, about invented works."""

from __future__ import annotations

from typing import Any

from tests.fakes.serving import Reply, Request

CURSOR = "DnF1ZXJ5VGhlbkZldGNo"  # it stays the same from page to page, as Crossref's does


def work(number: int) -> dict[str, Any]:
    """An invented work, in the documented shape of a work."""
    date = {"date-parts": [[2000 + number % 25, 1, 1]]}
    stamped = {**date, "date-time": "2024-01-01T00:00:00Z", "timestamp": 1704067200000}
    return {
        "indexed": stamped,
        "reference-count": 0,
        "publisher": "Invented Press",
        "issue": "1",
        "content-domain": {"domain": [], "crossmark-restriction": False},
        "short-container-title": ["J Invented"],
        "DOI": f"10.5555/invented.{number}",
        "type": "journal-article",
        "created": stamped,
        "page": f"{number}-{number + 1}",
        "source": "Crossref",
        "is-referenced-by-count": 0,
        "title": [f"Invented work number {number}"],
        "prefix": "10.5555",
        "volume": "1",
        "author": [{"given": "Ada", "family": "Invented", "sequence": "first", "affiliation": []}],
        "member": "0",
        "container-title": ["Journal of Invented Works"],
        "deposited": stamped,
        "score": 1.0,
        "issued": date,
        "references-count": 0,
        "URL": f"https://doi.org/10.5555/invented.{number}",
        "ISSN": ["0000-0000"],
        "published": date,
    }


class CrossrefFake:
    """The list of works: `works` of them. Its cursor is one word for every page: the place is the service's own memory."""

    def __init__(self, works: int = 1200, *, forgets: int = 0) -> None:
        self.works, self.forgets = works, forgets
        self._place = 0

    def __call__(self, request: Request) -> Reply:
        said = request.parameters
        if "from-pub-date:soon" in said.get("filter", ""):
            problem = {"type": "date-not-valid", "value": "soon", "message": "Filter from-pub-date must be a date."}
            return Reply(400, {"status": "failed", "message-type": "validation-failure", "message": [problem]})
        size, cursor = int(said.get("rows", "20")), said.get("cursor")
        if not 0 <= size <= 1000:
            problem = {"type": "parameter-not-valid", "value": str(size), "message": "rows must be from 0 to 1000."}
            return Reply(400, {"status": "failed", "message-type": "validation-failure", "message": [problem]})
        if cursor and cursor != "*" and (self.forgets or cursor != CURSOR):
            self.forgets = max(self.forgets - 1, 0)
            problem = {"type": "cursor-not-valid", "value": cursor, "message": "Cursor is not valid."}
            return Reply(404, {"status": "failed", "message-type": "validation-failure", "message": [problem]})
        start = self._place if cursor == CURSOR else 0
        found = [work(number) for number in range(start, min(start + size, self.works))]
        self._place = start + len(found)
        message = {
            "facets": {},
            "total-results": self.works,
            "items": found,
            "items-per-page": size,
            "query": {"start-index": 0, "search-terms": said.get("query")},
        }
        if cursor:
            message["next-cursor"] = CURSOR
        body = {"status": "ok", "message-type": "work-list", "message-version": "1.0.0", "message": message}
        return Reply(200, body, {"X-Rate-Limit-Limit": "50", "X-Rate-Limit-Interval": "1s", "X-API-Pool": "polite"})
