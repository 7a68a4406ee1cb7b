"""Services: what OpenAlex and Crossref are called, which parameters a search of theirs may have, and how they page.

From their published documentation, as it stood in 2026. What each costs is theirs to change: it is shown, not promised.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from whatworks.errors import InputError
from whatworks.saying import said


@dataclass(frozen=True, slots=True)
class Page:
    """One page of an answer: works, how many hits there are in all, and the cursor of the next page ("" for none)."""

    works: tuple[Any, ...]
    hits: int
    cursor: str


@dataclass(frozen=True, slots=True)
class Service:
    """One open service that searches can be rerun against."""

    name: str
    base: str
    plain: str  # the parameter that a search without any stands for
    allowed: frozenset[str]
    size: tuple[str, int]  # the parameter for works a page, and how many are asked for
    identifier: str  # the member of a work by which it is known
    apart: float  # least seconds between two requests
    page: Callable[[Mapping[str, Any]], Page]
    cost: Callable[[Mapping[str, str]], float]  # US dollars a request
    key: str  # the parameter that a key is sent as; "" where none is taken
    mail: str  # the parameter that the address of who asks is sent as

    def parameters(self, query: str) -> dict[str, str]:
        """What to ask for a saved search: words, or parameters as they stand in an address (`filter=...&search=...`).

        Raises InputError where it is empty or has a parameter that is not a search's.
        """
        text = query.strip().removeprefix("?")
        if not text:
            raise InputError(said("The search for %(name)s is empty; give words, or its parameters.", name=self.name))
        if text.partition("=")[0] not in self.allowed:
            return {self.plain: text}
        found = dict(parse_qsl(text, keep_blank_values=True))
        foreign = sorted(set(found) - self.allowed)
        if foreign:
            known = ", ".join(sorted(self.allowed))
            raise InputError(
                said(
                    "A search for %(name)s has no parameter %(foreign)r; it may have %(known)s.",
                    name=self.name,
                    foreign=foreign[0],
                    known=known,
                )
            )
        return found


def _whole(value: Any) -> int:
    return value if type(value) is int and value >= 0 else -1


def _list(value: Any) -> tuple[Any, ...]:
    return tuple(value) if isinstance(value, list) else ()


def _openalex_page(answer: Mapping[str, Any]) -> Page:
    meta = answer.get("meta")
    if not isinstance(meta, dict) or not isinstance(answer.get("results"), list):
        raise InputError(said("OpenAlex answered in a form that is not documented; its service may have changed."))
    return Page(_list(answer["results"]), _whole(meta.get("count")), str(meta.get("next_cursor") or ""))


def _crossref_page(answer: Mapping[str, Any]) -> Page:
    message = answer.get("message")
    if not isinstance(message, dict) or not isinstance(message.get("items"), list):
        raise InputError(said("Crossref answered in a form that is not documented; its service may have changed."))
    works = _list(message["items"])
    cursor = str(message.get("next-cursor") or "") if works else ""  # Crossref gives a cursor after the last page too
    return Page(works, _whole(message.get("total-results")), cursor)


def _openalex_cost(parameters: Mapping[str, str]) -> float:
    """Prices of OpenAlex: a search costs ten times as much as a filter."""
    words = any(name.startswith("search") for name in parameters) or ".search:" in parameters.get("filter", "")
    return 0.001 if words else 0.0001


OPENALEX = Service(
    name="OpenAlex",
    base="https://api.openalex.org/works",
    plain="search",
    allowed=frozenset({"search", "filter", "sort"}),
    size=("per_page", 100),
    identifier="id",
    apart=0.2,
    page=_openalex_page,
    cost=_openalex_cost,
    key="api_key",
    mail="mailto",
)
CROSSREF = Service(
    name="Crossref",
    base="https://api.crossref.org/works",
    plain="query",
    allowed=frozenset(
        {"filter", "query", "query.author", "query.bibliographic", "query.container-title", "query.title"}
    ),
    size=("rows", 500),
    identifier="DOI",
    apart=1.0,
    page=_crossref_page,
    cost=lambda parameters: 0.0,
    key="",
    mail="mailto",
)
SERVICES: dict[str, Service] = {"openalex": OPENALEX, "crossref": CROSSREF}
