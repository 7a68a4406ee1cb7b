"""What the last build of the site rested on, page by page, in a file that may be deleted at any time."""

from __future__ import annotations

import gzip
import hashlib
import json
import sys
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any

import django
from django.conf import settings
from django.db import connection
from django.utils import timezone

import whatworks
from whatworks.archive.asking import Answers, Question
from whatworks.archive.rendering import Rendered

FORM = 1  # to be raised when this file is written otherwise
SETTINGS = ("BASE_URL", "LANGUAGE_CODE", "TIME_ZONE", "PRODUCTION", "INSTALLED_APPS", "MIDDLEWARE", "TEMPLATES")
Stored = Callable[[str], "bytes | None"]


def program() -> str:
    """A digest of all that makes a page besides the database: the program's files, its settings, and the day."""
    told = [FORM, sys.version, django.__version__, connection.vendor, timezone.localdate().isoformat(), _code()]
    told += [repr(getattr(settings, name, None)) for name in SETTINGS]
    folders = [Path(one) for engine in settings.TEMPLATES for one in engine.get("DIRS", ())]
    told += [_digest_of(folder) for folder in folders]
    return hashlib.sha256(repr(told).encode()).hexdigest()


@lru_cache(maxsize=1)
def _code() -> str:
    return _digest_of(Path(str(whatworks.__file__)).parent)


def _digest_of(folder: Path) -> str:
    told = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file() and "__pycache__" not in path.parts:
            told.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return told.hexdigest()


class Remembered:
    """The pages of the last build that the same program made: their bytes' digest, links, and what they rest on."""

    def __init__(self, stored: Stored) -> None:
        self._stored, self._answers = stored, Answers()
        self._questions: list[tuple[Question, str]] = []
        self._pages: dict[str, tuple[str, list[str], list[int]]] = {}
        self._standing: dict[int, bool] = {}
        self._read()

    def _read(self) -> None:
        try:
            told = json.loads(gzip.decompress(_path().read_bytes()))
            if told["program"] == program():
                statements = told["statements"]
                self._questions = [((statements[at], params), answer) for at, params, answer in told["questions"]]
                self._pages = told["pages"]
        except (OSError, EOFError, ValueError, KeyError, TypeError, IndexError):
            pass  # not there, cut off, or written otherwise: everything is made anew

    def still(self, address: str) -> Rendered | None:
        """The page as it was made last, when it would be made the same now."""
        if address not in self._pages:
            return None
        digest, links, reads = self._pages[address]
        if not all(self._same(one) for one in reads):
            return None
        body = self._stored(digest)
        return body if body is None else Rendered(address, body, tuple(links), tuple(self._questions[n] for n in reads))

    def _same(self, number: int) -> bool:
        if number not in self._standing:
            question, answer = self._questions[number]
            self._standing[number] = self._answers.of(question) == answer
        return self._standing[number]


class Remembering:
    """Gathers what a build rests on, and keeps it for the next."""

    def __init__(self) -> None:
        self._statements: dict[str, int] = {}
        self._questions: dict[tuple[Question, str], int] = {}
        self._pages: dict[str, Any] = {}

    def add(self, one: Rendered) -> None:
        """Keep what a page rests on, where that can be told."""
        if one.reads is not None:
            numbers = [self._questions.setdefault(read, len(self._questions)) for read in one.reads]
            self._pages[one.address] = [hashlib.sha256(one.body).hexdigest(), list(one.links), numbers]

    def keep(self) -> None:
        """Write it down; a folder that cannot be written only means that the next build makes everything anew."""
        questions = [
            [self._statements.setdefault(sql, len(self._statements)), params, answer]
            for (sql, params), answer in self._questions
        ]
        told = {
            "program": program(),
            "questions": questions,
            "statements": list(self._statements),
            "pages": self._pages,
        }
        path = _path()
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            beside = path.with_suffix(".part")
            beside.write_bytes(gzip.compress(json.dumps(told, ensure_ascii=False).encode(), 1, mtime=0))
            beside.replace(path)
        except OSError:
            return


def _path() -> Path:
    return Path(settings.HOME) / "remembered" / "site.json.gz"
