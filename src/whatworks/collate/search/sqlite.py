"""Search on SQLite: an FTS5 index without content whose row numbers are the places, so that it gives results in order."""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from time import monotonic
from typing import Any

from django.db import OperationalError, connection

from whatworks.collate.methods.query import Begins, Every, Node, Some, Term, Without, Years, year_tokens
from whatworks.collate.methods.tokens import EVERYTHING
from whatworks.collate.search.places import window
from whatworks.collate.search.store import FIRST, Indexed, Restriction, TooSlow
from whatworks.saying import said

LAST = (1 << 62) - 1
STEPS = 20_000  # of SQLite's machine between two looks at the clock; well under a millisecond
MERGE_PAGES = 200

MAKE = (
    # Tokens come ready-made: this tokeniser only splits at spaces. Scores are not used, so no sizes are kept.
    "CREATE VIRTUAL TABLE IF NOT EXISTS collate_search USING "
    "fts5(tokens, content='', columnsize=0, detail=full, tokenize=\"ascii tokenchars ':_~-'\")",
    # An index without content forgets a report only when told its tokens again.
    "CREATE TABLE IF NOT EXISTS collate_search_tokens (place INTEGER PRIMARY KEY, packed BLOB NOT NULL)",
)
FIND = (
    "SELECT e.place, e.bundle FROM collate_search AS s CROSS JOIN collate_entry AS e ON e.place = s.rowid "
    "WHERE s.collate_search MATCH %s AND s.rowid > %s AND s.rowid <= %s {within} ORDER BY s.rowid LIMIT %s"
)
LIST = "SELECT e.place, e.bundle FROM collate_entry AS e WHERE e.place > %s AND e.place <= %s {within} ORDER BY e.place LIMIT %s"


def expression(node: Node) -> str:
    """A tree in the query language of FTS5."""
    if isinstance(node, Term):
        return f'"{" ".join(node.tokens)}"'
    if isinstance(node, Begins):
        return f'"{node.mark}:{node.start}" *' if node.mark else f'"{node.start}" *'
    if isinstance(node, Years):
        return expression(Some(tuple(Term((token,)) for token in year_tokens(node))))
    if isinstance(node, Some):
        return f"({' OR '.join(map(expression, node.parts))})" if node.parts else '"n:"'
    if isinstance(node, Without):
        return f'("{EVERYTHING}" NOT {expression(node.part)})'
    wanted = [expression(part) for part in node.parts if not isinstance(part, Without)] or [f'"{EVERYTHING}"']
    unwanted = [expression(part.part) for part in node.parts if isinstance(part, Without)]
    said = f"({' AND '.join(wanted)})"
    return f"({said} NOT ({' OR '.join(unwanted)}))" if unwanted else said


def parted(node: Node) -> tuple[Node, int, int]:
    """The tree without the years that hold of all of it, and the first and last place that these allow."""
    parts = node.parts if isinstance(node, Every) else (node,)
    first, last = 0, LAST
    for part in parts:
        if isinstance(part, Years):
            begin, end = window(part)
            first, last = max(first, begin), min(last, end)
    return Every(tuple(part for part in parts if not isinstance(part, Years))), first, last


class SqliteStore:
    """Tokens in FTS5."""

    def make(self) -> None:
        with connection.cursor() as cursor:
            for statement in MAKE:
                cursor.execute(statement)

    def present(self) -> bool:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT COUNT(*) FROM sqlite_master WHERE name IN ('collate_search', 'collate_search_tokens')"
            )
            return bool(cursor.fetchone()[0] == 2)

    def put(self, rows: Sequence[Indexed]) -> None:
        rows = sorted(rows, key=lambda row: row.place)  # in order, or each step back would write a segment of its own
        self._forget([row.place for row in rows])
        lines = [(row.place, row.stream.line()) for row in rows]
        with connection.cursor() as cursor:
            cursor.executemany("INSERT INTO collate_search (rowid, tokens) VALUES (%s, %s)", lines)
            packed = [(place, zlib.compress(line.encode(), 1)) for place, line in lines]
            cursor.executemany("INSERT INTO collate_search_tokens (place, packed) VALUES (%s, %s)", packed)
            entries = [(row.place, row.report, row.bundle, row.digest) for row in rows]
            cursor.executemany(
                "INSERT INTO collate_entry (place, report_id, bundle, digest) VALUES (%s, %s, %s, %s)", entries
            )

    def drop(self, places: Sequence[int]) -> None:
        self._forget(sorted(places))
        with connection.cursor() as cursor:
            cursor.executemany("DELETE FROM collate_entry WHERE place = %s", [(place,) for place in places])

    def _forget(self, places: Sequence[int]) -> None:
        """Take words out of the index wherever some are held for a place, whatever the list of entries says."""
        with connection.cursor() as cursor:
            for place in places:
                cursor.execute("SELECT packed FROM collate_search_tokens WHERE place = %s", [place])
                if held := cursor.fetchone():
                    line = zlib.decompress(held[0]).decode()
                    cursor.execute(
                        "INSERT INTO collate_search (collate_search, rowid, tokens) VALUES ('delete', %s, %s)",
                        [place, line],
                    )
                    cursor.execute("DELETE FROM collate_search_tokens WHERE place = %s", [place])

    def empty(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO collate_search (collate_search) VALUES ('delete-all')")
            cursor.execute("DELETE FROM collate_search_tokens")
            cursor.execute("DELETE FROM collate_entry")

    def tidy(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO collate_search (collate_search, rank) VALUES ('merge', %s)", [MERGE_PAGES])

    def find(
        self, node: Node, *, after: int = FIRST, limit: int, within: Sequence[Restriction] = ()
    ) -> list[tuple[int, int]]:
        rest, first, last = parted(node)
        more = "".join(f" AND e.report_id IN ({one.sql})" for one in within)
        parameters: list[Any] = [
            max(after, first - 1),
            last,
            *(each for one in within for each in one.parameters),
            limit,
        ]
        sql = LIST.format(within=more)
        if rest != Every():
            sql, parameters = FIND.format(within=more), [expression(rest), *parameters]
        with connection.cursor() as cursor:
            cursor.execute(sql, parameters)
            return list(cursor.fetchall())

    def condition(self, node: Node) -> tuple[str, list[Any]]:
        rest, first, last = parted(node)
        sql = "SELECT rowid FROM collate_search WHERE collate_search MATCH %s AND rowid >= %s AND rowid <= %s"
        return sql, [expression(rest), first, last]

    def beginnings(self, start: str, limit: int) -> list[tuple[str, str]]:
        sql = (
            "SELECT word, stem FROM collate_word WHERE word >= %s AND word < %s "
            "ORDER BY seen DESC, LENGTH(word), word LIMIT %s"
        )
        with connection.cursor() as cursor:
            cursor.execute(sql, [start, start + chr(0x10FFFF), limit])
            return list(cursor.fetchall())

    def unlike(self) -> list[str]:
        sentences = []
        with connection.cursor() as cursor:
            for one, other, said in (
                ("collate_entry", "collate_search_tokens", "entries have no words"),
                ("collate_search_tokens", "collate_entry", "sets of words have no entry"),
            ):
                cursor.execute(f"SELECT COUNT(*) FROM {one} WHERE place NOT IN (SELECT place FROM {other})")  # noqa: S608
                if count := cursor.fetchone()[0]:
                    sentences.append(f"{count} {said}")
            try:
                cursor.execute("INSERT INTO collate_search (collate_search) VALUES ('integrity-check')")
            except OperationalError as error:
                sentences.append(f"the index of words is damaged ({error})")
        return sentences

    def tokens_at(self, place: int) -> str:
        with connection.cursor() as cursor:
            cursor.execute("SELECT packed FROM collate_search_tokens WHERE place = %s", [place])
            held = cursor.fetchone()
        return zlib.decompress(held[0]).decode() if held else ""

    @contextmanager
    def in_time(self, seconds: float) -> Iterator[None]:
        connection.ensure_connection()
        until = monotonic() + seconds
        connection.connection.set_progress_handler(lambda: int(monotonic() > until), STEPS)
        try:
            yield
        except OperationalError as error:
            if "interrupted" in str(error):
                raise TooSlow(said("stopped after %(seconds)s seconds", seconds=f"{seconds:g}")) from error
            raise
        finally:
            connection.connection.set_progress_handler(None, 0)
