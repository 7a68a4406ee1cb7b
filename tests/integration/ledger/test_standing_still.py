"""The mark moves with every commit, of this process or another, and stays while nothing is committed."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import transaction

from whatworks.ledger import standing_still
from whatworks.ledger.actions import record_node
from whatworks.ledger.standing_still import mark


@pytest.fixture
def file(tmp_path: Path) -> str:
    path = tmp_path / "some.sqlite3"
    with sqlite3.connect(path) as made:
        made.execute("PRAGMA journal_mode=WAL")
        made.execute("CREATE TABLE t (x)")
    made.close()
    yield str(path)
    standing_still.let_go()


def test_a_file_has_the_same_mark_until_something_is_committed(file: str) -> None:
    before = standing_still._version(file)
    assert before is not None and standing_still._version(file) == before
    other = sqlite3.connect(file)
    other.execute("INSERT INTO t VALUES (1)")
    assert standing_still._version(file) == before  # not committed: nobody can see it
    other.commit()
    after = standing_still._version(file)
    assert after != before and standing_still._version(file) == after
    other.close()


def test_another_process_moves_it(file: str) -> None:
    before = standing_still._version(file)
    code = f"import sqlite3; c = sqlite3.connect({file!r}); c.execute('INSERT INTO t VALUES (2)'); c.commit()"
    subprocess.run([sys.executable, "-c", code], check=True)
    assert standing_still._version(file) != before


def test_watching_anew_never_gives_an_old_mark(file: str) -> None:
    """A count that begins again could be equal by chance to one from before."""
    before = standing_still._version(file)
    standing_still.let_go()
    assert standing_still._version(file) != before


def test_a_database_in_memory_or_that_is_not_there_has_none(tmp_path: Path) -> None:
    assert standing_still._version("file:memory?mode=memory") is None
    assert standing_still._version(str(tmp_path / "none.sqlite3")) is None


@pytest.mark.django_db
def test_inside_a_transaction_there_is_none() -> None:
    """What this transaction has changed, no mark could tell."""
    assert mark() is None


@pytest.mark.django_db(transaction=True)
@pytest.mark.postgres
def test_on_postgresql_it_moves_with_a_commit_and_not_with_what_is_undone_or_read() -> None:
    before = mark()
    assert before is not None
    record_node(verb="test.act", by="test")
    after = mark()
    assert after != before
    with transaction.atomic():
        assert mark() is None
