"""OpenAlex's works on this machine: the documented shape of its answers, about invented works."""

from __future__ import annotations

import base64
from typing import Any

from tests.fakes.serving import Reply, Request


def place(number: int) -> dict[str, Any]:
    """Where an invented work stands, in the documented shape of a Location."""
    source = {
        "id": "https://openalex.org/S9000000001",
        "display_name": "Journal of Invented Works",
        "issn_l": "0000-0000",
        "issn": ["0000-0000"],
        "is_oa": False,
        "host_organization": None,
        "host_organization_name": None,
        "type": "journal",
    }
    return {
        "is_oa": False,
        "landing_page_url": f"https://doi.org/10.5555/invented.{number}",
        "pdf_url": None,
        "source": source,
        "license": None,
        "version": None,
    }


def work(number: int) -> dict[str, Any]:
    """An invented work, in the documented shape of a Work."""
    name = f"https://openalex.org/W{9_000_000_000 + number}"
    author = {"id": "https://openalex.org/A9000000001", "display_name": "Ada Invented", "orcid": None}
    authorship = {"author_position": "first", "author": author, "institutions": [], "raw_author_name": "Invented, Ada"}
    return {
        "id": name,
        "doi": f"https://doi.org/10.5555/invented.{number}",
        "title": f"Invented work number {number}",
        "display_name": f"Invented work number {number}",
        "publication_year": 2000 + number % 25,
        "publication_date": f"{2000 + number % 25}-01-01",
        "ids": {"openalex": name, "doi": f"https://doi.org/10.5555/invented.{number}"},
        "language": "en",
        "primary_location": place(number),
        "type": "article",
        "is_retracted": False,
        "authorships": [authorship],
        "cited_by_count": 0,
        "biblio": {"volume": "1", "issue": None, "first_page": str(number), "last_page": None},
        "keywords": [],
        "locations": [place(number)],
        "referenced_works": [],
        "abstract_inverted_index": {"Nothing": [0], "in": [1], "it": [2], "happened.": [3]},
        "updated_date": "2024-01-01T00:00:00",
        "created_date": "2024-01-01",
    }


class OpenAlexFake:
    """The list of works: `works` of them, under a cursor that names a place in the list.

    `key` (if set) is asked of everybody; `moves` is how many works slip to the front between two pages, so that some come
    twice; `forgets` makes the service refuse its own cursors once.
    """

    def __init__(self, works: int = 250, *, key: str = "", moves: int = 0, forgets: int = 0) -> None:
        self.works, self.key, self.moves, self.forgets = works, key, moves, forgets

    def __call__(self, request: Request) -> Reply:
        said = request.parameters
        if self.key and said.get("api_key") != self.key:
            return Reply(401, {"error": "Unauthorized", "message": f"API key {said.get('api_key')} is not valid"})
        if "publication_year:abc" in said.get("filter", ""):
            return Reply(
                400, {"error": "Invalid query parameters error.", "message": "Invalid filter: publication_year:abc"}
            )
        size, cursor = int(said.get("per_page", "25")), said.get("cursor")
        if not 1 <= size <= 100:
            return Reply(400, {"error": "Invalid query parameters error.", "message": "per-page must be from 1 to 100"})
        start = 0
        if cursor and cursor != "*":
            if self.forgets:
                self.forgets -= 1
                return Reply(400, {"error": "Invalid query parameters error.", "message": "Cursor value is invalid"})
            start = max(int(base64.b64decode(cursor)) - self.moves, 0)
        found = [work(number) for number in range(start, min(start + size, self.works))]
        after = start + len(found)
        next_cursor = base64.b64encode(str(after).encode()).decode() if cursor and found else None
        meta = {
            "count": self.works,
            "db_response_time_ms": 5,
            "page": None if cursor else 1,
            "per_page": size,
            "next_cursor": next_cursor,
            "groups_count": None,
        }
        left = {"X-RateLimit-Limit": "1000", "X-RateLimit-Remaining": "999"}
        return Reply(200, {"meta": meta, "results": found, "group_by": []}, left)
