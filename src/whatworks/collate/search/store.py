"""What both databases do for search, and which of them does it here."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import cache
from typing import Any, Protocol

from django.db import connection

from whatworks.collate.methods.query import Node
from whatworks.collate.methods.tokens import Stream
from whatworks.errors import InputError

FIRST = -1  # before every place


class TooSlow(InputError):
    """A search that was stopped because it took too long."""


@dataclass(frozen=True, slots=True)
class Indexed:
    """One report as it goes into the index."""

    place: int
    report: str
    bundle: int
    digest: int
    stream: Stream


@dataclass(frozen=True, slots=True)
class Restriction:
    """A condition on reports in SQL, which a higher room has made: a query that gives report identifiers."""

    sql: str
    parameters: tuple[Any, ...]


class Store(Protocol):
    """One database's way to keep and find tokens. Both give the same reports for the same tree."""

    def make(self) -> None:
        """Make what is not there yet."""

    def present(self) -> bool:
        """Whether the tables are there."""

    def put(self, rows: Sequence[Indexed]) -> None:
        """Add entries at places that are free."""

    def drop(self, places: Sequence[int]) -> None:
        """Take entries away, with every word of theirs."""

    def empty(self) -> None:
        """Take all entries away."""

    def tidy(self) -> None:
        """Do a little of the merging that keeps searches quick; soon done."""

    def find(
        self, node: Node, *, after: int = FIRST, limit: int, within: Sequence[Restriction] = ()
    ) -> list[tuple[int, int]]:
        """The first places after one, in order, each with its bundle."""

    def condition(self, node: Node) -> tuple[str, list[Any]]:
        """A query in SQL that gives every place that a tree holds of."""

    def beginnings(self, start: str, limit: int) -> list[tuple[str, str]]:
        """Words with this beginning and their stems, the commonest first."""

    def unlike(self) -> list[str]:
        """What is wrong between the list of entries and their words, a sentence each."""

    def tokens_at(self, place: int) -> str:
        """What is indexed at a place, as a line to compare with."""

    def in_time(self, seconds: float) -> AbstractContextManager[None]:
        """Raises TooSlow where what is done inside takes longer."""


@cache
def _store(vendor: str) -> Store:
    if vendor == "postgresql":
        from whatworks.collate.search.postgres import PostgresStore

        return PostgresStore()
    from whatworks.collate.search.sqlite import SqliteStore

    return SqliteStore()


def store() -> Store:
    """The store of the database that is in use."""
    return _store(connection.vendor)


def make(*_: Any) -> None:
    """For the migration: make the tables that Django's models cannot describe."""
    store().make()
