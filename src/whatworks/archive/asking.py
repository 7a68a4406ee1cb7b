"""What a page asked the database, and whether it would be answered the same today.

A page is made from what the database answers, from the program's own files, and from the day. So a page whose questions are
all answered as they were, by the same program on the same day, is the same page, and need not be made again. Work that the
program keeps between pages is keyed by something it asks for each time; that question is noted with the rest. What pages of
one build share (`ledger.sharing`) comes with the questions that it took, and they are noted for each page that uses it.
"""

from __future__ import annotations

import datetime
import hashlib
import json
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from copy import copy
from typing import Any, TypeAlias

from django.db import connection
from django.db.models import Model
from django.utils import timezone

from whatworks.ledger.sharing import sharing
from whatworks.ledger.standing_still import mark

Question: TypeAlias = tuple[str, str]  # a statement, and its parameters as JSON
Asked: TypeAlias = "dict[Question, None] | None"  # None where something cannot be asked again
Shared = OrderedDict[tuple[Any, ...], "tuple[Any, Asked]"]  # what was read, and what was asked for it
SHARED = 600  # reads that are kept: those of some thirty pages, whose files follow each other
NEAR = datetime.timedelta(minutes=10)  # a parameter so near is the clock, and will be another tomorrow


class Unrepeatable(Exception):
    """What was asked cannot be asked again with the same meaning."""


class Noted:
    """The questions of one page; `questions` is None once it asked something that cannot be asked again."""

    def __init__(self, shared: Shared) -> None:
        self.questions: Asked = {}
        self._shared = shared

    def __call__(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        if self.questions is not None:
            try:
                self.questions[_question(sql, params, many)] = None
            except Unrepeatable:
                self.questions = None
        return execute(sql, params, many, context)

    def once(self, key: tuple[Any, ...], read: Callable[[], Any]) -> Any:
        """What another page read already, with its questions; or what is read now, kept for the next."""
        before, self.questions = self.questions, {}
        try:
            if key in self._shared:
                self._shared.move_to_end(key)
                made, self.questions = self._shared[key]
            else:
                made = read()
                self._shared[key] = made, self.questions
                if len(self._shared) > SHARED:
                    self._shared.popitem(last=False)
        finally:
            self.questions = _together(before, self.questions)
        return _as_read(made, {})


def _as_read(found: Any, rows: dict[Model, Model]) -> Any:
    """Rows as if they were read just now: what a page loads through one of them, the page after it must ask for again."""
    if type(found) is tuple:
        return tuple(_as_read(one, rows) for one in found)
    if not isinstance(found, Model):
        return found
    if found not in rows:
        rows[found] = copy(found)
        held = rows[found]._state.fields_cache
        held |= {name: _as_read(related, rows) for name, related in held.items()}
    return rows[found]


def _together(first: Asked, second: Asked) -> Asked:
    return None if first is None or second is None else first | second


@contextmanager
def noting(shared: Shared | None = None) -> Iterator[Noted]:
    """Note every question that is asked while this is open; `shared` is what earlier pages read."""
    noted = Noted(OrderedDict() if shared is None else shared)
    with connection.execute_wrapper(noted), sharing(noted):
        yield noted


def _question(sql: str, params: Any, many: bool) -> Question:
    if many or not sql.lstrip().startswith(("SELECT", "WITH")) or isinstance(params, dict):
        raise Unrepeatable
    return sql, json.dumps([_held(value) for value in params or ()], ensure_ascii=False)


def _held(value: Any) -> Any:
    """A parameter in a form that JSON keeps."""
    if isinstance(value, (list, tuple)):
        return [_held(one) for one in value]
    if isinstance(value, datetime.datetime):
        if value.tzinfo is None or abs(timezone.now() - value) < NEAR:
            raise Unrepeatable
        return {"at": value.isoformat()}
    if isinstance(value, datetime.date):
        return {"on": value.isoformat()}
    if isinstance(value, str):
        _refuse_clock(value)
    if value is None or isinstance(value, (str, int, float)):
        return value  # also the numbers that PostgreSQL's driver is given, which say how wide they are
    raise Unrepeatable


def _refuse_clock(text: str) -> None:
    """SQLite is given moments as text, in UTC."""
    if len(text) < 19 or not text[:4].isdecimal() or text[4] != "-":
        return
    try:
        at = datetime.datetime.fromisoformat(text)
    except ValueError:
        return
    if abs(timezone.now() - (at if at.tzinfo else at.replace(tzinfo=datetime.UTC))) < NEAR:
        raise Unrepeatable


def _given(value: Any) -> Any:
    if isinstance(value, list):
        return [_given(one) for one in value]
    if isinstance(value, dict):
        if "at" in value:
            return datetime.datetime.fromisoformat(value["at"])
        return datetime.date.fromisoformat(value["on"])
    return value


class Answers:
    """The digest of each question's answer now, and what pages share. Asked once each, as long as nothing is committed."""

    def __init__(self) -> None:
        self._mark = mark()
        self._found: dict[Question, str] = {}
        self.shared: Shared = OrderedDict()

    def of(self, question: Question) -> str:
        """The digest of what the database answers to a question."""
        if question not in self._found:
            sql, params = question
            with connection.cursor() as cursor:
                cursor.execute(sql, [_given(value) for value in json.loads(params)] or None)
                self._found[question] = hashlib.sha256(repr(cursor.fetchall()).encode()).hexdigest()[:32]
        return self._found[question]

    def stand(self) -> bool:
        """Whether nothing was committed since the first of them; if something was, all are forgotten.

        Inside a transaction nobody else can change what is seen, and what this process changes no mark tells: so
        everything is asked again.
        """
        now = mark()
        if now is None:
            self._forget()
            return True
        if now == self._mark:
            return True
        self._mark = now
        self._forget()
        return False

    def _forget(self) -> None:
        self._found = {}
        self.shared.clear()
