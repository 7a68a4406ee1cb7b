"""Decisions handed out: every report once, as other programs read it, and read back here as what was decided."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from tests.integration.screen.team import FULL, TITLE, imported, person, review_of
from whatworks.collate.methods.decisions import decisions_in
from whatworks.collate.sources import read
from whatworks.errors import InputError
from whatworks.people.models import User
from whatworks.screen.deciding import say
from whatworks.screen.handing_out import FORMS, asreview_pieces, csv_pieces, decided, form_named, ris_pieces
from whatworks.screen.methods.decision_files import COLUMNS
from whatworks.screen.methods.protocol import StageRules
from whatworks.screen.models import Candidate, Review
from whatworks.screen.telling import paragraph_of
from whatworks.screen.waves import add_search

pytestmark = pytest.mark.django_db


@pytest.fixture
def lead() -> User:
    return person("ada")


@pytest.fixture
def review(lead: User) -> Review:
    """Four reports: one in, one out, one at full text out, one not decided."""
    held = review_of(lead, title_rules=StageRules("single"))
    add_search(by=lead.pk, review=held, name="=cmd()", imports=[imported(4)])
    rows = Candidate.objects.at(held, TITLE).order_by("number")
    for row, decision in zip(rows, ("include", "include", "exclude"), strict=False):
        say(by=lead.pk, candidate=row.pk, decision=decision, reason="Wrong design" if decision == "exclude" else "")
    texts = Candidate.objects.at(held, FULL).order_by("number")
    say(by=lead.pk, candidate=texts[0].pk, decision="exclude", reason="Wrong population")
    return held


def table(pieces: object) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO("".join(pieces))))  # type: ignore[call-overload]


def test_every_report_stands_once_at_each_stage_with_its_decision(review: Review) -> None:
    """A report left out of the file is a decision lost."""
    rows = table(csv_pieces(review))
    assert tuple(rows[0]) == COLUMNS
    assert sorted((row["stage"], row["decision"], row["reason"], row["opinions"]) for row in rows) == [
        (FULL, "exclude", "Wrong population", "1"),
        (FULL, "open", "", "0"),
        (TITLE, "exclude", "Wrong design", "1"),
        (TITLE, "include", "", "1"),
        (TITLE, "include", "", "1"),
        (TITLE, "open", "", "0"),
    ]
    assert all(row["abstract"].startswith("We looked at") for row in rows)


def test_only_a_spreadsheet_is_guarded_against_formulas(review: Review) -> None:
    """A program that reads the table must get the words as they are."""
    assert {row["wave"] for row in table(csv_pieces(review))} == {"=cmd()"}
    assert {row["wave"] for row in table(csv_pieces(review, spreadsheet=True))} == {"'=cmd()"}


@pytest.mark.parametrize("form", ["ris", "asreview"])
def test_what_is_handed_out_reads_back_as_what_was_decided(review: Review, form: str, tmp_path: Path) -> None:
    """The next tool, and we ourselves, must find the decisions again."""
    path = tmp_path / f"decisions.{FORMS[form].ending}"
    path.write_text("".join(FORMS[form].pieces(review, TITLE)), encoding="utf-8")
    records = list(read(path))
    assert len(records) == 4
    found = sorted(one.verdict for record in records for one in decisions_in(record, path.name))
    assert found == ["exclude", "include", "include"]
    assert {record.title for record in records} == {one.record.title for one in decided(review, TITLE)}
    assert all(record.abstract and record.year for record in records)


def test_ris_shows_the_decision_where_reference_managers_show_it(review: Review) -> None:
    """EndNote shows the label, custom fields and notes."""
    said = "".join(ris_pieces(review, FULL))
    for line in (
        "LB  - Excluded",
        "C1  - full text",
        "C2  - exclude",
        "C3  - Wrong population",
        "N1  - ASReview_irrelevant",
    ):
        assert line in said
    assert "N1  - ASReview_not_seen" in said


def test_asreview_gets_its_columns_and_its_labels(review: Review) -> None:
    """1, 0 or nothing: ASReview refuses everything else."""
    rows = table(asreview_pieces(review))
    assert {"title", "abstract", "authors", "keywords", "year", "doi", "url", "included"} <= set(rows[0])
    assert sorted(row["included"] for row in rows) == ["", "0", "1", "1"]


def test_a_form_or_stage_that_is_not_there_is_said_so(review: Review) -> None:
    """One clear sentence."""
    with pytest.raises(InputError, match="choose one of ris"):
        form_named("docx")
    with pytest.raises(InputError, match="no stage"):
        list(decided(review, "abstract"))


def test_the_flow_and_the_paragraph_come_from_the_same_rows(review: Review) -> None:
    """A report whose text and diagram differ is sent back."""
    assert "Records screened so far (1 still waiting)" in "".join(FORMS["prisma"].pieces(review, ""))
    said = paragraph_of(review, agreement="They agreed.")
    assert "3 records have been screened so far, of which 1 was excluded." in said
    assert "1 full text to be assessed" in said
    assert "ada" not in said
