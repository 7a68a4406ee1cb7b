"""Search on PostgreSQL: a tsvector made of our own tokens with their positions, under a GIN index."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import OperationalError, connection, transaction

from whatworks.collate.methods.query import Begins, Every, Node, Some, Term, Without, Years, year_tokens
from whatworks.collate.methods.tokens import EVERYTHING, Stream
from whatworks.collate.search.places import year_at
from whatworks.collate.search.store import FIRST, Indexed, Restriction, TooSlow
from whatworks.saying import said

MANY = 30_000  # results that the server expects; above it they are looked for a few years at a time, newest first

MAKE = (
    "ALTER TABLE collate_entry ADD COLUMN IF NOT EXISTS tokens tsvector",
    # Words lie apart from the short list of entries, which then fits into memory.
    "ALTER TABLE collate_entry SET (toast_tuple_target = 128)",
    "CREATE INDEX IF NOT EXISTS collate_entry_tokens ON collate_entry USING gin (tokens)",
)
FIND = (
    "SELECT place, bundle FROM collate_entry AS e WHERE e.tokens @@ %s::tsquery AND e.place > %s{within} "
    # Adding nought keeps the planner from walking all entries in order to find the few that match.
    "ORDER BY e.place + 0 LIMIT %s"
)
LIST = "SELECT place, bundle FROM collate_entry AS e WHERE e.place > %s{within} ORDER BY e.place LIMIT %s"
SPANS = ((1, 30), (5, 6), (20, 2), (1000, 1))  # years in one go, how often: from this year's decades back to the first


def expression(node: Node) -> str:
    """A tree as the text of a tsquery."""
    if isinstance(node, Term):
        return " <-> ".join(f"'{token}'" for token in node.tokens).join("()")
    if isinstance(node, Begins):
        return f"'{node.mark}:{node.start}':*" if node.mark else f"'{node.start}':*"
    if isinstance(node, Years):
        return expression(Some(tuple(Term((token,)) for token in year_tokens(node))))
    if isinstance(node, Without):
        return f"('{EVERYTHING}' & !{expression(node.part)})"
    if isinstance(node, Some):
        return " | ".join(map(expression, node.parts)).join("()") if node.parts else "'n:'"
    if all(isinstance(part, Without) for part in node.parts):
        node = Every((Term((EVERYTHING,)), *node.parts))
    said = [f"!{expression(part.part)}" if isinstance(part, Without) else expression(part) for part in node.parts]
    return " & ".join(said).join("()")


def vector(stream: Stream) -> str:
    """A stream as the text of a tsvector."""
    return " ".join(f"'{token}':{','.join(map(str, at))}" for token, at in stream.positions().items())


class PostgresStore:
    """Tokens in a tsvector beside each entry."""

    def make(self) -> None:
        with connection.cursor() as cursor:
            for statement in MAKE:
                cursor.execute(statement)

    def present(self) -> bool:
        with connection.cursor() as cursor:
            cursor.execute("SELECT to_regclass('collate_entry_tokens') IS NOT NULL")
            return bool(cursor.fetchone()[0])

    def put(self, rows: Sequence[Indexed]) -> None:
        values = [(row.place, row.report, row.bundle, row.digest, vector(row.stream)) for row in rows]
        with connection.cursor() as cursor:
            cursor.executemany(
                "INSERT INTO collate_entry (place, report_id, bundle, digest, tokens) "
                "VALUES (%s, %s, %s, %s, %s::tsvector)",
                values,
            )

    def drop(self, places: Sequence[int]) -> None:
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM collate_entry WHERE place = ANY(%s)", [list(places)])

    def empty(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM collate_entry")

    def tidy(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT gin_clean_pending_list('collate_entry_tokens')")

    def find(
        self, node: Node, *, after: int = FIRST, limit: int, within: Sequence[Restriction] = ()
    ) -> list[tuple[int, int]]:
        more = "".join(f" AND e.report_id IN ({one.sql})" for one in within)
        parameters = [each for one in within for each in one.parameters]
        with connection.cursor() as cursor:
            if node == Every():
                cursor.execute(LIST.format(within=more), [after, *parameters, limit])
                return list(cursor.fetchall())
            sql = FIND.format(within=more)
            if within or self._expected(cursor, node) <= MANY:
                cursor.execute(sql, [expression(node), after, *parameters, limit])
                return list(cursor.fetchall())
            return self._by_years(cursor, sql, node, after, limit)

    def _expected(self, cursor: Any, node: Node) -> int:
        """How many results the server expects, from its own statistics: a millisecond."""
        sql = "EXPLAIN (FORMAT JSON) SELECT 1 FROM collate_entry WHERE tokens @@ %s::tsquery"
        cursor.execute(sql, [expression(node)])
        plan = cursor.fetchone()[0]
        return int((json.loads(plan) if isinstance(plan, str) else plan)[0]["Plan"]["Plan Rows"])

    def _by_years(self, cursor: Any, sql: str, node: Node, after: int, limit: int) -> list[tuple[int, int]]:
        """The same, a few years at a time until there are enough; the year is part of the question to the index."""
        cursor.execute("SELECT place FROM collate_entry WHERE place > %s ORDER BY place LIMIT 1", [after])
        head = cursor.fetchone()
        if head is None:
            return []
        found: list[tuple[int, int]] = []
        for span in _spans(year_at(head[0])):
            question = f"{expression(span)} & {expression(node)}"
            cursor.execute(sql, [question, after, limit - len(found)])
            found += cursor.fetchall()
            if len(found) >= limit:
                break
        return found

    def condition(self, node: Node) -> tuple[str, list[Any]]:
        return "SELECT place FROM collate_entry WHERE tokens @@ %s::tsquery", [expression(node)]

    def beginnings(self, start: str, limit: int) -> list[tuple[str, str]]:
        sql = (
            "SELECT word, stem FROM collate_word WHERE word LIKE %s "
            'ORDER BY seen DESC, LENGTH(word), word COLLATE "C" LIMIT %s'
        )
        with connection.cursor() as cursor:
            cursor.execute(sql, [f"{start}%", limit])  # a folded word holds none of LIKE's signs
            return list(cursor.fetchall())

    def unlike(self) -> list[str]:
        with connection.cursor() as cursor:
            cursor.execute("SELECT COUNT(*) FROM collate_entry WHERE tokens IS NULL")
            count = cursor.fetchone()[0]
        return [f"{count} entries have no words"] if count else []

    def tokens_at(self, place: int) -> str:
        with connection.cursor() as cursor:
            cursor.execute("SELECT lexeme, positions FROM collate_entry, unnest(tokens) WHERE place = %s", [place])
            rows = cursor.fetchall()
        size = max((position for _, positions, *_ in rows for position in positions), default=0)
        line = ["~"] * size
        for lexeme, positions, *_ in rows:
            for position in positions:
                line[position - 1] = lexeme
        return " ".join(line)

    @contextmanager
    def in_time(self, seconds: float) -> Iterator[None]:
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("SELECT current_setting('statement_timeout'), current_setting('jit')")
                before = cursor.fetchone()
                self._set(cursor, f"{int(seconds * 1000)}ms", "off")  # compiling costs more than any search
                yield
                self._set(cursor, *before)  # the transaction may be a part of another, which goes on
        except OperationalError as error:
            if "statement timeout" in str(error):
                raise TooSlow(said("stopped after %(seconds)s seconds", seconds=f"{seconds:g}")) from error
            raise

    def _set(self, cursor: Any, timeout: str, compiling: str) -> None:
        cursor.execute(
            "SELECT set_config('statement_timeout', %s, true), set_config('jit', %s, true)", [timeout, compiling]
        )


def _spans(newest: int | None) -> Iterator[Node]:
    """Spans of years from the newest back, then the reports without a year."""
    last = newest or 0
    for size, times in SPANS:
        for _ in range(times):
            if last >= 1000:
                yield Years(max(last - size + 1, 1000), last)
            last -= size
    yield Term(("y:0",))
