"""Drawings: every count is in the picture and in the table, each kind looks its kind, and no text leaves its box."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.shared import needs_shared
from tests.unit.screen.flows import HELD, care_leavers, held
from whatworks.screen.drawings import NARROW, described, prisma_rows, prisma_svg
from whatworks.screen.methods.measure import text_width, wrap
from whatworks.screen.methods.prisma import Flow, Tally, build_flow

SVG = "{http://www.w3.org/2000/svg}"
PUBLISHED = [Tally(tally.item, tally.label, tally.n + 1) for tally in HELD]
BOTH_FORMS = pytest.mark.parametrize("narrow", [False, True], ids=["wide", "narrow"])


def drawn(flow: Flow, *, narrow: bool) -> ElementTree.Element:
    return ElementTree.fromstring(prisma_svg(flow, narrow=narrow))


def texts(root: ElementTree.Element) -> list[str]:
    return [text.text or "" for text in root.iter(f"{SVG}text")]


def cards(root: ElementTree.Element) -> list[ElementTree.Element]:
    return [box for box in root.iter(f"{SVG}rect") if box.get("rx") == "8"]


@needs_shared
@BOTH_FORMS
def test_every_published_count_is_drawn(narrow: bool) -> None:
    flow = build_flow(published=care_leavers())
    said = texts(drawn(flow, narrow=narrow))
    assert {f"{box.published:,}" for box in flow.boxes.values()} <= set(said)
    reasons = [part.label for item in ("dbr_excluded", "other_excluded") for part in flow.boxes[item].parts]
    assert [label for label in reasons if label not in " ".join(said)] == []


@BOTH_FORMS
def test_published_boxes_are_dashed_and_say_so(narrow: bool) -> None:
    root = drawn(build_flow(published=PUBLISHED), narrow=narrow)
    assert all(card.get("stroke-dasharray") == "6 4" for card in cards(root))
    assert texts(root).count("published") == len(cards(root))


@BOTH_FORMS
def test_held_boxes_are_solid(narrow: bool) -> None:
    root = drawn(held(), narrow=narrow)
    assert all(card.get("stroke-dasharray") is None for card in cards(root))
    assert "published" not in texts(root)


@BOTH_FORMS
def test_where_there_are_both_each_is_drawn_and_no_sum(narrow: bool) -> None:
    flow = build_flow(held=[Tally("new_reports", "", 28)], published=[Tally("new_reports", "", 27)])
    said = texts(drawn(flow, narrow=narrow))
    assert {"27", "28", "held here"} <= set(said)
    assert "55" not in said


@BOTH_FORMS
def test_a_gap_on_the_way_is_drawn_as_a_gap(narrow: bool) -> None:
    """A review that never said how many were screened must not look as if nobody were."""
    said = " ".join(texts(drawn(held(records_screened=None), narrow=narrow)))
    assert "records screened: not recorded" in said


def test_a_long_list_of_reasons_keeps_its_sum() -> None:
    tallies = [Tally("dbr_excluded", f"Reason {n}", n) for n in range(1, 13)]
    said = texts(drawn(build_flow(held=tallies), narrow=True))
    assert said.count("for 5 other reasons") == 1
    assert "15" in said  # 1 + 2 + 3 + 4 + 5
    assert "78" in said


def test_names_from_outside_cannot_break_the_drawing() -> None:
    hostile = '<script>alert("1")</script> &\x0b<b>'
    flow = build_flow(held=[Tally("dbr_excluded", hostile, 4)], title=hostile)
    root = drawn(flow, narrow=False)
    assert not list(root.iter(f"{SVG}script"))
    assert root.findtext(f"{SVG}title") == hostile.replace("\x0b", " ")


def test_the_drawing_has_a_name_and_says_in_words_what_it_shows() -> None:
    root = drawn(held(), narrow=False)
    ids = {element.get("id"): element.text for element in root if element.get("id")}
    assert root.get("role") == "img"
    assert [ids[name] for name in str(root.get("aria-labelledby")).split()] == [
        "Flow of records, reports and studies through the review",
        described(held()),
    ]
    assert "Duplicate records removed: 74 held here." in described(held())


def test_colours_are_the_pages_own_with_a_fallback() -> None:
    root = drawn(build_flow(published=PUBLISHED), narrow=False)
    colours = {element.get(name) for element in root.iter() for name in ("fill", "stroke")} - {None, "none"}
    assert colours
    assert all(str(colour).startswith("var(--") and "#" in str(colour) for colour in colours)


@needs_shared
def test_the_table_says_what_the_drawing_shows_and_more() -> None:
    flow = build_flow(published=care_leavers(), held=[Tally("new_reports", "", 28)])
    rows = prisma_rows(flow)
    whole = {(row.text, row.route): (row.published, row.held) for row in rows if not row.part}
    assert whole["Reports of included studies", "All"] == (27, 28)
    assert whole["Reports excluded", "Other methods"] == (96, None)
    assert sum(row.published or 0 for row in rows if row.part and row.unit == "records") == 2442
    assert {row.stage for row in rows} == {"Identification", "Screening", "Included"}


LABELS = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), min_size=1, max_size=60)


@given(
    numbers=st.lists(st.integers(min_value=0, max_value=9_999_999), min_size=6, max_size=6),
    labels=st.lists(LABELS, max_size=10, unique=True),
    narrow=st.booleans(),
)
def test_every_box_is_inside_the_drawing_and_every_text_in_the_width(
    numbers: list[int], labels: list[str], narrow: bool
) -> None:
    items = (
        "database_results",
        "duplicates",
        "records_screened",
        "other_sought_reports",
        "other_assessed",
        "new_studies",
    )
    tallies = [Tally(item, "", n) for item, n in zip(items, numbers, strict=True)]
    tallies += [Tally("other_excluded", label, 3) for label in labels]
    root = drawn(build_flow(published=tallies, held=tallies[:2]), narrow=narrow)
    left, top, width, height = map(float, str(root.get("viewBox")).split())
    for box in root.iter(f"{SVG}rect"):
        x, y = float(box.get("x", 0)), float(box.get("y", 0))
        assert left <= x
        assert x + float(box.get("width", 0)) <= left + width
        assert top <= y
        assert y + float(box.get("height", 0)) <= top + height
    for text in root.iter(f"{SVG}text"):
        if text.get("text-anchor") is None and text.get("font-weight") is None:
            assert float(text.get("x", 0)) + text_width(text.text or "", float(text.get("font-size", 0))) <= width


def test_lines_break_between_words_and_long_words_within() -> None:
    assert wrap("reports assessed for eligibility", 14, 120) == ["reports", "assessed for", "eligibility"]
    assert "".join(wrap("x" * 100, 14, 50)) == "x" * 100
    assert max(text_width(line, 14) for line in wrap("x" * 100, 14, 50)) <= 50
    assert wrap("", 14, 50) == [""]


def test_the_narrow_form_fits_a_phone() -> None:
    root = drawn(held(), narrow=True)
    assert float(str(root.get("width"))) <= NARROW + 2 <= 390 - 30
    assert min(float(text.get("font-size", 0)) for text in root.iter(f"{SVG}text")) >= 11
