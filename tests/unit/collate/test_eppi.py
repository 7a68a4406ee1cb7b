"""EPPI-Reviewer JSON: references, code sets with their hierarchy, codings with quoted text and arms, outcomes, verdicts."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.unit.collate.exports import read_bytes, read_text
from tests.unit.collate.structured import EPPI, STRUCTURED
from whatworks.collate.methods.decisions import decisions_in
from whatworks.collate.methods.eppi import EppiFile, Quote
from whatworks.collate.methods.keeping import kept_value
from whatworks.collate.sources.eppi import read_eppi
from whatworks.errors import InputError


@pytest.fixture
def export(tmp_path: Path) -> EppiFile:
    """The sample as values."""
    path = tmp_path / "export.json"
    path.write_bytes(STRUCTURED["EPPI-Reviewer JSON"])
    return read_eppi(path)


def test_a_reference_is_read_whole() -> None:
    record = read_bytes(STRUCTURED["EPPI-Reviewer JSON"])[1][0]
    assert (record.entry_type, record.title, record.venue) == ("JOUR", "Leaving care", "Journal of Examples")
    assert record.authors == ("Example Ada M", "Muster Jörg")
    assert (record.year, record.volume, record.issue, record.pages) == (2019, "74", "1", "33-44")
    assert (record.doi, record.identifier) == ("10.5555/leaving.2019.004", "1001")
    assert record.keywords == ("housing", "leaving care")


def test_every_member_is_kept() -> None:
    record = read_bytes(STRUCTURED["EPPI-Reviewer JSON"])[1][0]
    held = dict(record.tags)
    texts = {value for _, value in record.tags}
    for name, value in EPPI["References"][0].items():
        assert kept_value(held[f"eppi:{name}"]) == value if f"eppi:{name}" in held else str(value) in texts


def test_code_sets_keep_their_hierarchy(export: EppiFile) -> None:
    screening, extraction = export.code_sets
    assert (screening.name, screening.kind) == ("Screen on title & abstract", "Screening")
    assert [code.kind for code in screening.codes] == ["Exclude", "Include"]
    assert [code.path for code in extraction.all()] == [("Country",), ("Country", "England")]
    assert extraction.codes[0].children[0].identifier == "202"
    assert json.loads(screening.raw) == EPPI["CodeSets"][0]


def test_codings_have_arms_and_quoted_text(export: EppiFile) -> None:
    include, country, exclude = export.codings
    assert (country.item, country.code, country.note, country.arm, country.arm_title) == (
        "1001", "202", "p. 3", "31", "Treatment",
    )  # fmt: skip
    assert [(one.text, one.document, one.start, one.end) for one in country.quotes] == [
        ("in England", "paper.pdf", 10, 20)
    ]
    assert isinstance(country.quotes[0], Quote)
    assert (include.arm, exclude.item) == ("", "1002")


def test_outcomes_have_their_numbers(export: EppiFile) -> None:
    (outcome,) = export.outcomes
    assert (outcome.item, outcome.title, outcome.measure) == ("1001", "Placement moves", "Stability")
    assert (outcome.timepoint, outcome.arms, outcome.codes) == ("2 months", ("Treatment", "Control"), ("202",))
    assert dict(outcome.numbers) == {"Data1": 50.0, "Data2": 49.5, "SMD": -0.25, "SESMD": 0.2}


def test_screening_codes_become_decisions() -> None:
    first, second = read_bytes(STRUCTURED["EPPI-Reviewer JSON"])[1]
    assert [(one.tool, one.verdict, one.stage) for one in decisions_in(first)] == [
        ("EPPI-Reviewer", "include", "Screen on title & abstract")
    ]
    (excluded,) = decisions_in(second)
    assert (excluded.verdict, excluded.reason) == ("exclude", "Exclude on topic")


def test_an_item_outside_the_review_is_excluded_where_no_code_says_so() -> None:
    bare = {
        "References": [{"ItemId": 1, "Title": "T", "Codes": [], "ItemStatus": "E", "ItemStatusTooltip": "Excluded"}]
    }
    assert decisions_in(read_text(json.dumps(bare))[1][0])[0].verdict == "exclude"


def test_code_sets_behind_the_references_are_read_and_noted(tmp_path: Path) -> None:
    turned = {"References": EPPI["References"], "CodeSets": EPPI["CodeSets"]}
    result, records = read_text(json.dumps(turned))
    assert "stand behind the references" in result.notes[0].text
    assert not records[0].first("eppi:Screening")
    (tmp_path / "x.json").write_text(json.dumps(turned))
    assert len(read_eppi(tmp_path / "x.json").code_sets) == 2


def test_two_files_do_not_share_their_codes() -> None:
    """A code's number means something in its own review only."""
    read_bytes(STRUCTURED["EPPI-Reviewer JSON"])
    other = {"References": [{"ItemId": 1, "Title": "T", "Codes": [{"AttributeId": 101}]}], "CodeSets": []}
    assert not read_text(json.dumps(other))[1][0].first("eppi:Screening")


@pytest.mark.parametrize(
    "odd",
    [
        {"CodeSets": {"a": 1}},
        {"CodeSets": [None, 1, {"Attributes": "x"}, {"SetType": 3, "Attributes": {"AttributesList": [None, 4]}}]},
        {"References": [{"ItemId": 1, "Title": "T", "Codes": {"x": 1}, "Outcomes": "none"}]},
        {"References": [{"ItemId": 1, "Title": "T", "Codes": [1, {"ItemAttributeFullTextDetails": ["said"]}]}]},
        {"References": [{"ItemId": 1, "Title": ["T"], "Authors": 3, "Pages": 5, "Keywords": None, "TypeName": 1}]},
    ],
)
def test_odd_shapes_stop_nothing(odd: dict[str, Any], tmp_path: Path) -> None:
    (tmp_path / "x.json").write_text(json.dumps(EPPI | odd))
    found = read_eppi(tmp_path / "x.json")
    assert found.references
    assert json.loads(json.dumps(found.to_dict()))["references"]


def test_what_it_holds_in_one_sentence(export: EppiFile) -> None:
    assert export.summary() == "2 references, 2 code sets with 4 codes, 3 codings, 1 outcomes."


def test_another_format_is_refused(tmp_path: Path) -> None:
    (tmp_path / "x.json").write_bytes(STRUCTURED["CSL-JSON"])
    with pytest.raises(InputError, match="no JSON export of EPPI-Reviewer"):
        read_eppi(tmp_path / "x.json")
    with pytest.raises(InputError, match="cannot be read"):
        read_eppi(tmp_path / "absent.json")
