"""Enters rows into a pack by the rooms' own verbs: a centre that holds the pack, the day on which something happened, the files after."""

from __future__ import annotations

import datetime
import os
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path

BY = "rule:demonstration"


def enter(folder: Path, build: Callable[[], None], *, rooms: Sequence[str], there: Callable[[], bool]) -> None:
    """Load the pack into an empty centre, build what is not `there` yet, and write the tables of the rooms beside the pack's.

    Only what an open pack may hold is written. `python -m tools.pack` on the same folder then makes the pack canonical.
    """
    with tempfile.TemporaryDirectory() as home:
        os.environ |= {
            "WHATWORKS_HOME": home,
            "DATABASE_URL": "",
            "DJANGO_SETTINGS_MODULE": "whatworks.web.settings",
            "WHATWORKS_EMAIL_BACKEND": "django.core.mail.backends.dummy.EmailBackend",  # nobody is written to
        }
        import django

        django.setup()
        from whatworks.archive.loading import load_pack
        from whatworks.archive.opening import bring_up_to_date

        bring_up_to_date()
        load_pack(folder=folder, by=BY)
        if there():
            print("already there")
            return
        build()
        for room in rooms:
            _write(folder, room)


def _write(folder: Path, room: str) -> None:
    for table in import_module(f"whatworks.{room}.pack").TABLES:
        for name, text in table.files("open"):
            (folder / name).parent.mkdir(exist_ok=True)
            (folder / name).write_text(text, "utf-8")
            print(name)


@contextmanager
def on(day: datetime.date, hour: int = 10) -> Iterator[None]:
    """Let the clock stand on a day: a row that is made up has the day on which it would have happened."""
    from django.utils import timezone

    runs = timezone.now
    at = datetime.datetime(day.year, day.month, day.day, hour, tzinfo=datetime.UTC)
    timezone.now = lambda: at
    try:
        yield
    finally:
        timezone.now = runs


def day(month: int, number: int, year: int = 2026) -> datetime.date:
    """A day on which something of the made-up county happened."""
    return datetime.date(year, month, number)
