"""Where each field of a merged report comes from: the fullest value, or the one that a person chose."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from whatworks.collate.methods.fullest import RULES, Telling, choose

EMPTY = {"title": "(no title)", "authors": "", "year": None, "venue": "", "doi": "", "url": "", "sort": ""}


def chosen(*said: dict[str, object], **picked: str) -> dict[str, str]:
    """The report (a, b, ...) from which each field comes."""
    tellings = [Telling("abcdef"[at], EMPTY | fields) for at, fields in enumerate(said)]
    return {one.field: one.report for one in choose(tellings, picked)}


def test_the_fullest_value_wins_and_shouting_loses() -> None:
    shout = {"title": "LEAVING CARE: A LONG STUDY OF YOUNG PEOPLE", "venue": "J. Soc. Work", "authors": "Smith, J."}
    calm = {"title": "Leaving care", "venue": "Journal of Social Work", "authors": "Smith, John; Jones, Ann"}
    found = chosen(shout, calm)
    assert (found["title"], found["venue"], found["authors"]) == ("b", "b", "b")


def test_a_year_and_a_doi_are_those_that_most_records_give() -> None:
    """One export's misprint must not win for having come first."""
    found = chosen(
        {"year": 2009, "doi": "10.1/wrong"}, {"year": 2019, "doi": "10.1/x"}, {"year": 2019, "doi": "10.1/X"}
    )
    assert (found["year"], found["doi"]) == ("b", "b")


def test_nobody_is_no_author_and_a_general_type_no_type() -> None:
    found = chosen({"authors": "[Anonymous]", "sort": "GEN"}, {"authors": "Lee, A.", "sort": "RPRT"})
    assert (found["authors"], found["sort"]) == ("b", "b")


def test_between_equals_the_speaking_report_is_kept() -> None:
    same = {"title": "Leaving care", "year": 2019}
    assert set(chosen(same, same).values()) == {"a"}


def test_a_person_chooses_and_a_choice_of_a_record_that_is_gone_counts_for_nothing() -> None:
    assert chosen({"year": 2018}, {"year": 2019}, year="b")["year"] == "b"
    assert chosen({"year": 2018}, {"year": 2019}, year="z")["year"] == "a"


values = st.fixed_dictionaries(
    {
        "title": st.text(max_size=5),
        "authors": st.text(max_size=5),
        "year": st.none() | st.integers(1900, 1903),
        "venue": st.text(max_size=3),
        "doi": st.sampled_from(["", "10.1/a", "10.1/b"]),
        "url": st.sampled_from(["", "https://a.example"]),
        "sort": st.sampled_from(["", "GEN", "JOUR"]),
    }
)


@given(st.lists(values, min_size=1, max_size=5))
def test_every_field_has_one_source_and_nothing_said_is_lost_to_nothing(said: list[dict[str, object]]) -> None:
    """A field that any record fills is never left empty."""
    found = chosen(*said)
    assert list(found) == list(RULES)
    for field, report in found.items():
        value = said["abcdef".index(report)][field]
        assert value not in (None, "") or all(one[field] in (None, "") for one in said)
