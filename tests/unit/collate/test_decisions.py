"""Decisions of others: what Rayyan, Covidence, ASReview and EPPI-Reviewer export, in the shapes in which they do it."""

from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.collate.exports import record
from tests.unit.collate.tables import ASREVIEW, COVIDENCE, RAYYAN, SCOPUS_2023, read_table, workbook
from whatworks.collate.methods.decisions import FULL_TEXT, TITLE_AND_ABSTRACT, OthersDecision, decisions_in
from whatworks.collate.methods.keeping import kept_text
from whatworks.collate.methods.records import Record
from whatworks.collate.sources import read_stream, write_ris


def told(one: OthersDecision) -> tuple[str, str, str]:
    return one.tool, one.who, one.verdict


def test_rayyan_says_what_each_person_decided() -> None:
    _, (first, second) = read_table(RAYYAN)
    ash, bo = decisions_in(first)
    assert [told(ash), told(bo)] == [("Rayyan", "Ash", "include"), ("Rayyan", "Bo", "exclude")]
    assert ash.labels == bo.labels == ("England", "care leavers")
    assert (ash.reason, bo.reason) == ("", "wrong population,wrong outcome")
    assert 'USER-NOTES: {"Bo"=>["adults"]}' in bo.raw
    assert [told(one) for one in decisions_in(second)] == [("Rayyan", "Ash", "maybe")]


@pytest.mark.parametrize(
    ("note", "votes"),
    [
        ('RAYYAN-INCLUSION: {"Ash"=>"Included"}', [("Ash", "include")]),
        ('RAYYAN-INCLUSION: {"Ash"=>"Excluded"} | RAYYAN-LABELS: maybe', [("Ash", "exclude")]),
        (
            'Own note. | RAYYAN-INCLUSION: {"a \\"b\\""=>"Maybe", "c"=>"Included"}',
            [('a "b"', "maybe"), ("c", "include")],
        ),
        ('RAYYAN-INCLUSION: {"Ash"=>true, "Bo"=>false}', [("Ash", "include"), ("Bo", "exclude")]),
        ("RAYYAN-INCLUSION: Included", [("", "include")]),
        ('RAYYAN-INCLUSION: {"Ash"=>nil}', []),
        ("RAYYAN-LABELS: only a label", []),
        ("a note that speaks of Rayyan", []),
    ],
)
def test_rayyan_in_ris_notes(note: str, votes: list[tuple[str, str]]) -> None:
    assert [(one.who, one.verdict) for one in decisions_in(record(TI="x", N1=note))] == votes


def test_a_label_of_a_person_is_no_verdict() -> None:
    """A label that reads `excluded` must not turn an inclusion round."""
    (one,) = decisions_in(record(N1='RAYYAN-INCLUSION: {"Ash"=>"Included"} | RAYYAN-LABELS: excluded'))
    assert (one.verdict, one.labels) == ("include", ("excluded",))


def test_covidence_says_why_a_report_was_excluded() -> None:
    _, (first, second) = read_table(COVIDENCE)
    (one,) = decisions_in(first)
    assert told(one) == ("Covidence", "", "exclude")
    assert (one.stage, one.reason) == (FULL_TEXT, "Wrong study design")
    assert one.labels == ("Awaiting classification", "England")
    assert decisions_in(second) == ()


@pytest.mark.parametrize(
    ("file", "verdict", "stage"),
    [
        ("review_12345_irrelevant_csv_20240320131744.csv", "exclude", TITLE_AND_ABSTRACT),
        ("review_12345_select_csv_20240320131744.csv", "include", TITLE_AND_ABSTRACT),
        ("review_12345_included_csv_20240320131744.csv", "include", FULL_TEXT),
        ("review_12345_excluded_csv_20240320131744.csv", "exclude", FULL_TEXT),
    ],
)
def test_covidence_says_which_list_it_is_in_the_name_of_the_file(file: str, verdict: str, stage: str) -> None:
    _, (_, second) = read_table(COVIDENCE, file)
    (one,) = decisions_in(second, file)
    assert (one.tool, one.verdict, one.stage) == ("Covidence", verdict, stage)


def test_a_list_that_waits_is_no_decision() -> None:
    _, (_, second) = read_table(COVIDENCE)
    assert decisions_in(second, "review_12345_screen_csv_20240320131744.csv") == ()


def test_votes_in_columns_of_covidence_are_read() -> None:
    table = COVIDENCE.replace("Notes,Tags", "Notes,Tags,Full text vote: Ash,Full text vote: Bo").replace(
        "Chan 2020,,", "Chan 2020,,,Yes,Maybe"
    )
    _, (_, second) = read_table(table)
    assert [(one.who, one.verdict, one.stage) for one in decisions_in(second)] == [
        ("Full text vote: Ash", "include", FULL_TEXT),
        ("Full text vote: Bo", "maybe", FULL_TEXT),
    ]


@pytest.mark.parametrize(("data", "name"), [(ASREVIEW.encode(), "x.csv"), (workbook(ASREVIEW), "x.xlsx")])
def test_asreview_2_says_who_when_and_what(data: bytes, name: str) -> None:
    _, records = read_table(data, name)
    (one,), (two,), none = (decisions_in(record) for record in records)
    assert told(one) == ("ASReview", "Ash", "include")
    assert (one.stage, one.when) == (TITLE_AND_ABSTRACT, "2025-03-01T10:15:00")
    assert "asreview_note: good one" in one.raw
    assert (two.verdict, none) == ("exclude", ())


@pytest.mark.parametrize(
    ("header", "value", "verdict"),
    [("included", "1", "include"), ("label_included", "0", "exclude"), ("included", "-1", ""), ("included", "", "")],
)
def test_asreview_1_says_it_in_a_column_of_its_own(header: str, value: str, verdict: str) -> None:
    table = f"title,{header},asreview_ranking,asreview_prior,exported_notes_1\nLeaving care,{value},1,1,why not\n"
    _, (one,) = read_table(table)
    found = decisions_in(one)
    assert [decision.verdict for decision in found] == ([verdict] if verdict else [])
    assert all(decision.labels == ("prior",) and "why not" in decision.raw for decision in found)


def test_asreview_keeps_the_columns_of_the_table_it_was_given() -> None:
    """An export of a Scopus table is still told as one; the decision stands in it all the same."""
    head, first, second = SCOPUS_2023.splitlines()
    result, records = read_table(f'{head},"asreview_label"\n{first},"1"\n{second},"0"\n')
    assert result.format == "Scopus CSV"
    assert [decision.verdict for one in records for decision in decisions_in(one)] == ["include", "exclude"]


def test_asreview_in_ris_notes() -> None:
    notes = [
        "ASReview_irrelevant",
        "asreview_label: 0",
        'asreview_time: "2025-03-01 10:15:00"',
        'asreview_user_name: "Ash"',
    ]
    (one,) = decisions_in(record(TI="x", N1=notes))
    assert (told(one), one.when) == (("ASReview", "Ash", "exclude"), "2025-03-01T10:15:00")
    (wrapped,) = decisions_in(record(TI="x", N1=["<p>ASReview_relevant</p>", "ASReview_prior"]))
    assert (wrapped.verdict, wrapped.labels) == ("include", ("prior",))
    assert decisions_in(record(TI="x", N1="ASReview_not_seen")) == ()


def test_seconds_since_1970_are_a_time_in_utc() -> None:
    _, (one,) = read_table("title,asreview_label,asreview_time\nCare,1,1740824100.5\n")
    assert decisions_in(one)[0].when == "2025-03-01T10:15:00.500000+00:00"


def test_eppi_reviewer_says_it_by_its_codes() -> None:
    codes = [{"verdict": "exclude", "stage": "Full text", "reason": "Not about care", "note": "p. 3", "raw": "12"}]
    (one,) = decisions_in(Record(1, 1, (("TY", "JOUR"), ("eppi:Screening", kept_text(codes)))))
    assert (told(one), one.stage) == (("EPPI-Reviewer", "", "exclude"), "Full text")
    assert (one.reason, one.labels) == ("Not about care", ("p. 3",))


def test_a_field_called_label_of_another_format_is_no_decision() -> None:
    """BibLaTeX has a field `label`; it says how an entry is cited."""
    assert decisions_in(Record(1, 1, (("TY", "JOUR"), ("bibtex:label", "1")))) == ()


def test_decisions_survive_ris_and_back() -> None:
    for table in (RAYYAN, COVIDENCE, ASREVIEW):
        _, records = read_table(table)
        again = list(read_stream(io.BytesIO("".join(write_ris(records)).encode()), path="out.ris"))
        assert [decisions_in(one) for one in again] == [decisions_in(one) for one in records]


WORDS = st.sampled_from(
    ["RAYYAN-INCLUSION: ", '{"a"=>"Included"}', "{", '"', "=>", "| ", "RAYYAN-LABELS:", "Exclusion reason: ", ";",
     "ASReview_relevant", "asreview_time: ", "[[", "é", "\n", "1"]
)  # fmt: skip
TAGS = st.sampled_from(
    ["N1", "csv:asreview_label", "covidence:Tags", "rayyan:RAYYAN-INCLUSION", "eppi:Screening", "TI"]
)


@given(st.lists(st.tuples(TAGS, st.lists(WORDS, max_size=8).map("".join)), max_size=5), st.lists(WORDS).map("".join))
def test_whatever_the_tags_say_nothing_is_raised_and_each_decision_has_its_text(
    tags: list[tuple[str, str]], file: str
) -> None:
    for one in decisions_in(Record(1, 1, (("TY", "JOUR"), *tags)), file):
        assert one.verdict in ("include", "exclude", "maybe", "conflict")
        assert one.raw
        assert set(one.to_dict()) == {"tool", "verdict", "who", "stage", "reason", "labels", "when", "raw"}
