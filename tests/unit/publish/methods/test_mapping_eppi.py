"""Maps as EPPI-Mapper writes them, read without running them: the layout of real files, wrong files, hostile files."""

from __future__ import annotations

import contextlib
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests import made_up_maps as made
from whatworks.errors import InputError
from whatworks.publish.maps.sources import read_map
from whatworks.publish.methods.mapping import leaves
from whatworks.publish.methods.mapping_counting import counted
from whatworks.publish.methods.mapping_eppi import is_eppi, read_eppi, shape
from whatworks.publish.methods.mapping_words import address, line, plain


def small(**change: Any) -> str:
    """A map of two by two with three entries, changed."""
    constants: dict[str, Any] = {
        "csvData": made.table((1, 1), (1, 1)),
        "filters": made.filters(),
        "referenceData": [
            made.reference(1, [2201, 1201, 4001]),
            made.reference(2, [2201, 2202, 1202, 4002]),
            made.reference(3, [2201]),
        ],
        "segmentAttributes": made.segments(),
    }
    return made.page(**(constants | change))


def test_a_map_of_the_size_of_a_public_one_is_read_whole() -> None:
    """800 items, 9 groups of 43 rows, 7 groups of 24 columns: what the public map of homelessness of 2024 has."""
    held = read_eppi(made.eppi_map())
    assert shape(held) == {
        "items": 800, "row_groups": 9, "rows": 43, "column_groups": 7, "columns": 24, "segments": 5, "filters": 2,
    }  # fmt: skip
    assert held.title == "Made-up map"
    assert held.about == "A map that shows nothing real. Gaps & all."
    assert [one.title for one in held.filters[0].options] == [
        "Here",
        "Far away",
        "Far away: The moon",
        "Far away: The sea",
    ]


def test_an_entry_stands_where_its_codes_cross() -> None:
    """So EPPI-Mapper itself counts: any of its rows with any of its columns."""
    found = counted(read_eppi(small()))
    assert {place: cell.count for place, cell in found.cells.items()} == {
        ("2201", "1201"): 1, ("2201", "1202"): 1, ("2202", "1202"): 1,
    }  # fmt: skip
    assert found.placed == 2


def test_what_belongs_to_publishers_is_left_behind() -> None:
    """An abstract is not ours to show; what is kept is what any reference says."""
    item = read_eppi(small()).items[0]
    assert item.authors == "Nobody A; Noone B"
    assert item.href == "https://doi.org/10.5555/made.up.1"
    assert "abstract" not in repr(item).lower()


def test_the_kinds_of_an_older_file_are_read_too() -> None:
    """In 2018 kinds were four qualities, named, in an object of their own."""
    older = {
        name: {"AttributeId": 4001 + n, "AttributeName": name.title()} for n, name in enumerate(("moderate", "low"))
    }
    held = read_eppi(small(segmentAttributes=None, referenceQualityAttributes=older))
    assert [(one.key, one.title) for one in held.segments] == [("4002", "Low"), ("4001", "Moderate")]
    assert read_eppi(small(segmentAttributes=None)).segments == ()


def test_headings_without_one_over_all_and_with_one_on_a_row_of_its_own() -> None:
    """Some files have a heading over all the rows, some give it a row of its own, some have none."""
    table = made.table((2, 1), (2, 1))
    rows = table["rows"]
    bare = {**table, "totalColDepth": 2, "rows": [*rows[1:3], rows[3][1:], *rows[4:]]}
    own = {**table, "rows": [*rows[:3], [rows[3][0]], rows[3][1:], *rows[4:]]}
    for one in (table, bare, own):
        held = read_eppi(small(csvData=one))
        assert [len(group.parts) for group in held.rows] == [2, 1]
        assert [[leaf.key for leaf in group.parts] for group in held.columns] == [["1201", "1202"], ["1203"]]
        assert [leaf.key for leaf in leaves(held.rows)] == ["2201", "2202", "2203"]


def test_columns_are_hung_by_their_parents_where_all_say_one() -> None:
    """Where a file says the parent, its order of columns need not be that of the groups."""
    table = made.table((1,), (1, 1))
    for heading, parent in zip(table["rows"][2], (1102, 1101), strict=True):
        heading["parentId"] = parent
    held = read_eppi(small(csvData=table))
    assert [[leaf.key for leaf in group.parts] for group in held.columns] == [["1202"], ["1201"]]


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"csvData": {"rows": 7}}, "no table of rows and columns"),
        ({"referenceData": {}}, "no list of studies"),
        ({"referenceData": ["x"]}, "entry 1 is not a reference"),
        ({"csvData": {"rows": [[1], [2]], "totalColDepth": 1}}, "not a list of headings"),
        ({"csvData": made.table() | {"totalColDepth": 99}}, "how many rows of headings"),
        ({"csvData": made.table() | {"totalColDepth": True}}, "how many rows of headings"),
    ],
)
def test_a_file_that_is_not_whole_is_refused_in_a_sentence(change: dict[str, Any], sentence: str) -> None:
    """A page saved by a browser, or half a file: say what is missing and how to mend it."""
    with pytest.raises(InputError, match=sentence):
        read_eppi(small(**change))


def test_spans_that_do_not_add_up_are_refused() -> None:
    """Guessing would put studies under the wrong outcome."""
    table = made.table((1,), (2, 1))
    table["rows"][1][0]["span"] = 5
    with pytest.raises(InputError, match="spans 5 columns that are not there"):
        read_eppi(small(csvData=table))


HOSTILE = '<img src=x onerror="alert(1)"><script>alert(2)</script>Title <b>bold</b> &lt;i&gt; \u202egnp.exe\x00'


def test_hostile_words_are_words_and_hostile_addresses_are_none() -> None:
    """What others wrote must not run, nor turn the reading order round, nor lead where no web page is."""
    table = made.table((1,), (1,))
    table["rows"][2][0]["title"] = HOSTILE
    entry = made.reference(1, [2201, 1201], Title=HOSTILE, URL="javascript:alert(1)", DOI="", Authors=None, Year=7)
    held = read_eppi(small(csvData=table, referenceData=[entry]))
    assert held.items[0].title == "Title bold <i> gnp.exe"
    assert leaves(held.columns)[0].title == "Title bold <i> gnp.exe"
    assert (held.items[0].href, held.items[0].authors, held.items[0].year) == ("", "", "")


@pytest.mark.parametrize(
    "text",
    [
        "javascript:alert(1)",
        "JAVA\nSCRIPT:x",
        "data:text/html,x",
        "//evil.example",
        "/a b",
        "/x?y",
        "https://",
        "http://a b",
        'https://x.org/"onclick',
        "file:///etc",
    ],
)
def test_only_addresses_of_the_web_or_of_this_site_are_addresses(text: str) -> None:
    """A link in a file of somebody else's is followed by our readers."""
    assert address(text) == ""


def test_words_keep_what_they_say() -> None:
    """A title is cut of its marks, not of its meaning."""
    assert plain("Children aged <5 years & over") == "Children aged <5 years & over"
    assert line("a\u200b\tb\n c", 10) == "a b c"
    assert line("x" * 20, 10) == "x" * 9 + "…"
    assert address("https://example.org/a?b=c#d") == "https://example.org/a?b=c#d"
    assert address("/studies/sty-1/") == "/studies/sty-1/"


def test_nothing_is_run_and_a_constant_inside_a_title_is_no_constant() -> None:
    """JSON is read as JSON: a call after `=` is not a table, and a title may speak of constants."""
    text = "<script>const csvData = (() => { while (true); })();</script>" + small(
        referenceData=[made.reference(1, [2201, 1201], Title='const csvData = {"rows": []} is code')]
    )
    assert read_eppi(text).items[0].title.startswith("const csvData")


def test_two_entries_with_one_number_are_both_kept() -> None:
    """A number given twice would make one of them vanish."""
    entries = [made.reference(1, [2201, 1201]), made.reference(1, [2201, 1201])]
    assert len({item.key for item in read_eppi(small(referenceData=entries)).items}) == 2


def test_brackets_without_end_are_refused() -> None:
    """Brackets nested a hundred thousand deep must not end the program."""
    with pytest.raises(InputError, match="no table"):
        read_eppi(f"<script>const csvData = {'[' * 100_000}</script>")


@given(st.text(max_size=60), st.integers(0, 4000))
def test_whatever_is_cut_or_put_in_gives_a_map_or_a_sentence(noise: str, at: int) -> None:
    """A damaged file is refused by an InputError or read; nothing else comes out."""
    whole = small()
    at = min(at, len(whole))
    for text in (whole[:at], whole[:at] + noise + whole[at:]):
        with contextlib.suppress(InputError):
            assert read_map(text.encode("utf-8", "replace")).map.rows


def test_remarks_tell_what_is_odd() -> None:
    """Nobody should find out by counting that something is not drawn."""
    entries = [made.reference(1, [2201, 1201, 4001]), made.reference(2, [2201]), made.reference(3, [2201, 1201])]
    found = read_map(small(referenceData=entries).encode())
    assert found.form == "EPPI-Mapper"
    assert found.remarks == (
        "1 of its 3 items is coded for no row or no column, and stands in no square.",
        "2 of its 3 items are of none of its kinds of evidence: counted, but without a shape.",
    )


def test_other_files_are_told_from_maps() -> None:
    """A spreadsheet, half a JSON, our own JSON of something else: each gets its sentence."""
    for body, sentence in (
        (b"a,b\n1,2\n", "no map that can be read"),
        (b"{", "no JSON"),
        (b'{"a": 1}', "not a map of ours"),
        (b"\xff\xfe{", "no map"),
    ):
        with pytest.raises(InputError, match=sentence):
            read_map(body)
    assert not is_eppi(json.dumps({"csvData": 1}))
