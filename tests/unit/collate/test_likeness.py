"""Likeness: what folding must remove, and what it must never remove."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.collate.exports import record
from whatworks.collate.methods.likeness import fold
from whatworks.collate.methods.match.people import family_name
from whatworks.collate.methods.match.places import pages_of
from whatworks.collate.methods.match.sketching import sketch
from whatworks.collate.methods.match.titles import numbers_in, without_remarks


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Müller–Ravett’s “After Foster Care”", "Muller-Ravetts after foster care"),
        ("Care & education", "Care and Education."),
        ("10,000 young people", "10 000 young people"),
        ("STRASSE", "Straße"),
        ("Łódź", "Lodz"),
    ],
)
def test_what_exports_disagree_about_is_folded_away(one: str, other: str) -> None:
    assert fold(one) == fold(other)


def test_other_scripts_are_kept() -> None:
    assert fold("Выход из системы опеки") == "выход из системы опеки"


@given(st.text(max_size=60))
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@pytest.mark.parametrize(
    ("title", "numbers"),
    [
        ("outcomes at age 19", ("19",)),
        ("leaving care part ii", ("2",)),
        ("leaving care part two", ("2",)),
        ("second edition", ("2",)),
        ("leaving care part b", ("b",)),
        ("a vitamin c trial in the iv ward", ()),
        ("phase 02", ("2",)),
    ],
)
def test_numbers_tell_parts_apart(title: str, numbers: tuple[str, ...]) -> None:
    assert numbers_in(title) == numbers


@pytest.mark.parametrize(
    ("title", "kind", "core"),
    [
        ("Erratum to: Leaving care in Norway", "notice", "leaving care in norway"),
        ("Corrigendum: Leaving care in Norway", "notice", "leaving care in norway"),
        ("Leaving care in Norway (vol 74, pg 33, 2019)", "notice", "leaving care in norway"),
        ("Leaving care in Norway: study protocol", "protocol", "leaving care in norway"),
        ("Leaving care in Norway: protocol for a randomised trial", "protocol", "leaving care in norway"),
        ("Leaving care in Norway - Reply", "reply", "leaving care in norway"),
        ("Leaving care in Norway: executive summary", "summary", "leaving care in norway"),
        ("Leaving care in Norway. [Erratum appears in J Adolesc. 2019;75(1):3]", "", "leaving care in norway"),
        ("Leaving care in Norway [Review] [88 refs]", "", "leaving care in norway"),
        ("The protocol of leaving care", "", "the protocol of leaving care"),
    ],
)
def test_what_is_about_a_report_is_known_from_its_title(title: str, kind: str, core: str) -> None:
    found = sketch(record(TI=title))
    assert (found.kind, found.title) == (kind, core)


def test_a_title_that_is_all_remark_stays() -> None:
    assert without_remarks("[Review]") == "[Review]"


@pytest.mark.parametrize(
    ("author", "family"),
    [
        ("Prince, Dana M.", "prince"),
        ("Dana M. Prince", "prince"),
        ("Prince DM", "prince"),
        ("van de Schoot, Rens", "van de schoot"),
        ("Müller-Ravett, Sara", "muller ravett"),
        ("", ""),
    ],
)
def test_family_names(author: str, family: str) -> None:
    assert family_name(author) == family


@pytest.mark.parametrize(
    ("pages", "found"),
    [
        ("123-30", ("", 123, 130)),
        ("123-130", ("", 123, 130)),
        ("pp. 123–130", ("", 123, 130)),
        ("155--184", ("", 155, 184)),
        ("S27", ("s", 27, 0)),
        ("e12724", ("e", 12724, 0)),
        ("2243-5; author reply 2243-5", ("", 2243, 2245)),
        ('"63-71, vi"', ("", 63, 71)),
        ("01-Sep", ("", 1, 9)),
        ("811a", ("", 811, 0)),
        ("v", ("", 0, 0)),
        ("215 p", ("", 0, 0)),
    ],
)
def test_pages_are_read_as_exports_write_them(pages: str, found: tuple[str, int, int]) -> None:
    assert pages_of(pages, in_volume=True) == found


def test_a_number_of_pages_is_no_first_page() -> None:
    assert pages_of("39", in_volume=False) == ("", 0, 0)
    assert pages_of("1-39", in_volume=False) == ("", 1, 39)
