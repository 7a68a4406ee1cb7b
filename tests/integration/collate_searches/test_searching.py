"""Searches: a missing record is seen until somebody says why, and a rerun says what it brought and lost."""

from __future__ import annotations

import csv
import datetime
import io
from pathlib import Path

import pytest
from django.utils import timezone

from whatworks.collate.actions import add_source, import_file, source_named
from whatworks.collate.forms_importing import ExportForm
from whatworks.collate.models import Import, SearchRun, Source, Strategy
from whatworks.collate.search_log import search_log, strategy_page
from whatworks.collate.searching import (
    add_strategy,
    attach_import,
    explain,
    previous,
    record_run,
    rerun,
    revise_strategy,
    tally,
    unexplained,
)
from whatworks.errors import ConflictError, InputError

pytestmark = pytest.mark.django_db

BY = "usr-librarian"
SPRING, AUTUMN = datetime.date(2026, 3, 1), datetime.date(2026, 9, 1)


@pytest.fixture
def source() -> Source:
    return add_source(by=BY, name="PsycINFO", sort="database", platform="Ovid")


@pytest.fixture
def strategy(source: Source) -> Strategy:
    return add_strategy(
        by=BY, source=source, name="Leaving care", text="1. leaving care.tw.\n2. limit 1 to english", limits="English"
    )


def brought(run: SearchRun, folder: Path, *titles: str) -> Import:
    """A file that came of a run."""
    path = folder / f"{run.pk}-{len(titles)}.ris"
    path.write_text("".join(f"TY  - JOUR\nTI  - {title}\nPY  - 2019\nER  - \n\n" for title in titles))
    origin = import_file(by=BY, path=path, source=run.strategy.source)
    attach_import(by=BY, origin=origin, run=run)
    return origin


def test_a_mismatch_is_there_until_it_is_explained(strategy: Strategy, tmp_path: Path) -> None:
    run = record_run(by=BY, strategy=strategy, ran_on=SPRING, hits=3)
    assert not unexplained(run)  # nothing has arrived, so there is nothing to compare
    brought(run, tmp_path, "A first report", "A second report")
    assert tally(run).difference == -1
    assert unexplained(run)
    with pytest.raises(InputError, match="Say why"):
        explain(by=BY, run=run, explanation=" ")
    explain(by=BY, run=run, explanation="One hit is an empty entry of the platform.")
    assert not unexplained(run)
    assert tally(run).difference == -1  # explained is not mended


def test_the_files_of_a_run_are_counted_together(strategy: Strategy, tmp_path: Path) -> None:
    run = record_run(by=BY, strategy=strategy, ran_on=SPRING, hits=3)
    brought(run, tmp_path, "A first report", "A second report")
    brought(run, tmp_path, "A third report")
    assert tally(run).words == "All 3 hits arrived."


def test_a_rerun_says_what_is_new_and_what_has_gone(strategy: Strategy, tmp_path: Path) -> None:
    first = record_run(by=BY, strategy=strategy, ran_on=SPRING, hits=2)
    brought(first, tmp_path, "A first report", "A second report")
    assert rerun(first) is None
    second = record_run(by=BY, strategy=strategy, ran_on=AUTUMN, hits=3)
    brought(second, tmp_path, "A Second Report.", "A third report", "A fourth report")
    found = rerun(second)
    assert found is not None
    assert [row.report.title for row in found.new] == ["A third report", "A fourth report"]
    assert [row.report.title for row in found.gone] == ["A first report"]
    assert found.change.kept == 1
    assert previous(second) == first


def test_a_run_keeps_the_words_that_it_was_run_with(strategy: Strategy) -> None:
    first = record_run(by=BY, strategy=strategy, ran_on=SPRING, hits=2)
    revise_strategy(by=BY, strategy=strategy, text="1. care leavers.tw.")
    second = record_run(by=BY, strategy=strategy, ran_on=SPRING, hits=2)
    first.refresh_from_db()
    assert (first.text[:17], second.text, second.number) == ("1. leaving care.t", "1. care leavers.tw.", 2)
    assert [run["changed"] for run in strategy_page(strategy)["runs"]] == [False, True]


def test_the_log_has_a_row_for_every_run(strategy: Strategy, tmp_path: Path) -> None:
    first = record_run(by=BY, strategy=strategy, ran_on=SPRING, hits=2)
    brought(first, tmp_path, "A first report")
    explain(by=BY, run=first, explanation="One is a duplicate.")
    second = record_run(by=BY, strategy=strategy, ran_on=AUTUMN, hits=None)
    brought(second, tmp_path, "A second report")
    rows = list(csv.DictReader(io.StringIO(search_log())))
    assert [row["Date of search"] for row in rows] == ["2026-03-01", "2026-09-01"]
    assert [row["Hits reported"] for row in rows] == ["2", ""]
    assert [row["Records read"] for row in rows] == ["1", "1"]
    assert [row["Rerun of an earlier search"] for row in rows] == ["", "of 2026-03-01"]
    assert rows[0]["Search as run"] == "1. leaving care.tw.\n2. limit 1 to english"
    assert rows[0]["Explanation of the difference"] == "One is a duplicate."


def test_what_cannot_be_so_is_refused(strategy: Strategy, source: Source, tmp_path: Path) -> None:
    tomorrow = timezone.localdate() + datetime.timedelta(days=1)
    with pytest.raises(InputError, match="still to come"):
        record_run(by=BY, strategy=strategy, ran_on=tomorrow, hits=1)
    with pytest.raises(InputError, match="below 0"):
        record_run(by=BY, strategy=strategy, ran_on=SPRING, hits=-1)
    with pytest.raises(InputError, match="needs a name"):
        add_strategy(by=BY, source=source, name=" ")
    with pytest.raises(InputError, match="needs the words"):
        add_strategy(by=BY, source=source, name="Online", service="openalex")
    with pytest.raises(InputError, match="no 'colour'"):
        add_strategy(by=BY, source=source, name="Coloured", colour="red")
    with pytest.raises(ConflictError, match="already"):
        add_strategy(by=BY, source=source, name="Leaving care")


def test_a_file_belongs_to_one_search_of_its_own_source(strategy: Strategy, tmp_path: Path) -> None:
    run = record_run(by=BY, strategy=strategy, ran_on=SPRING, hits=1)
    origin = brought(run, tmp_path, "A first report")
    again = record_run(by=BY, strategy=strategy, ran_on=AUTUMN, hits=1)
    with pytest.raises(ConflictError, match="another search already"):
        attach_import(by=BY, origin=origin, run=again)
    other = add_source(by=BY, name="ERIC", sort="database")
    elsewhere = record_run(by=BY, strategy=add_strategy(by=BY, source=other, name="Main"), ran_on=SPRING, hits=1)
    with pytest.raises(InputError, match="came from PsycINFO and the search was run in ERIC"):
        attach_import(by=BY, origin=origin, run=elsewhere)


def test_a_source_that_is_known_is_not_named_twice() -> None:
    """The same database typed by two people would else be two sources, or a page that falls over."""
    held = add_source(by=BY, name="PsycINFO", sort="database", platform="Ovid")
    assert source_named(by=BY, name=" psycinfo ", sort="other") == held
    assert source_named(by=BY, name="PsycINFO", sort="other", platform="ovid") == held
    assert source_named(by=BY, name="PsycINFO", sort="database", platform="EBSCO") != held
    assert Source.objects.count() == 2


def test_where_one_is_chosen_sources_and_runs_are_called_by_their_names(strategy: Strategy) -> None:
    for _ in range(2):
        record_run(by=BY, strategy=strategy, ran_on=SPRING, hits=1)
    fields = ExportForm().fields
    assert [str(label) for _, label in fields["source"].choices][1:] == ["PsycINFO (Ovid)"]
    run = "Leaving care, PsycINFO (Ovid), 1 March 2026"
    assert [str(label) for _, label in fields["run"].choices][1:] == [f"{run}, 2", run]
