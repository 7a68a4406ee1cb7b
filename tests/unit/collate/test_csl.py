"""CSL-JSON, and what holds for every format in JSON: records counted apart, nothing dropped, broken ones named."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.collate.exports import RIS, read_bytes, read_text
from tests.unit.collate.structured import CSL_ITEMS, STRUCTURED, as_lines
from whatworks.collate.methods.keeping import kept_text, kept_value
from whatworks.collate.methods.names import csl_name, dated
from whatworks.collate.sources import read, write, write_ris
from whatworks.errors import InputError

ONE = json.dumps(CSL_ITEMS[0])
JSON = sorted(name for name in STRUCTURED if "JSON" in name)

values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=8,
)
fields = st.sampled_from(
    "title author editor issued accessed page keyword volume issue DOI ISSN custom abstract translator odd".split()
)


def item(**changes: Any) -> Any:
    """The record of the first item with other fields."""
    return read_text(json.dumps([CSL_ITEMS[0] | changes]))[1][0]


def test_an_item_is_read_whole() -> None:
    record = read_bytes(STRUCTURED["CSL-JSON"])[1][0]
    assert (record.entry_type, record.title, record.venue) == ("JOUR", "Leaving care", "Journal of Examples")
    assert record.authors == ("Example, Ada M.", "van den Berg, Bea", "Leaving Care Study Group")
    assert (record.year, record.volume, record.issue, record.pages) == (2019, "74", "1", "33-44")
    assert (record.doi, record.identifier) == ("10.5555/leaving.2019.004", "example2019")
    assert record.keywords == ("housing", "leaving care")
    assert (record.first("DA"), record.first("Y2")) == ("2019/07/03", "2020-01-02")
    assert record.first("csl:custom") == '{"score":0.5,"seen":null}'


@pytest.mark.parametrize("form", ["list", "lines", "one", "items", "pretty", "sequence"])
def test_every_form(form: str) -> None:
    first, second = CSL_ITEMS
    text = {
        "list": json.dumps(CSL_ITEMS),
        "lines": as_lines(*CSL_ITEMS).decode(),
        "one": json.dumps(first),
        "items": json.dumps({"items": CSL_ITEMS}),
        "pretty": json.dumps(first, indent=2) + "\n" + json.dumps(second, indent=2),
        "sequence": "".join(f"\x1e{json.dumps(one)}\n" for one in CSL_ITEMS),
    }[form]
    result, records = read_text(text)
    assert [one.title for one in records] == ["Leaving care", "Annual report"][: 1 if form == "one" else 2]
    assert (result.format, result.notes, result.unreadable) == ("CSL-JSON", [], [])


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ({"family": "Berg", "given": "B"}, "Berg, B"),
        ({"family": "Gogh", "non-dropping-particle": "van", "given": "V"}, "van Gogh, V"),
        ({"family": "Humboldt", "dropping-particle": "von", "given": "A"}, "Humboldt, A von"),
        ({"family": "King", "given": "M. L.", "suffix": "Jr"}, "King, M. L., Jr"),
        ({"literal": "Department for Education"}, "Department for Education"),
        ({"name": "A group"}, "A group"),
        ({"given": "Plato"}, "Plato"),
        ("Berg, B", "Berg, B"),
        ({"family": 7}, ""),
        (None, ""),
    ],
)
def test_names(name: Any, line: str) -> None:
    assert csl_name(name) == line


@pytest.mark.parametrize(
    ("parts", "date"),
    [
        ([[2019, 5, 3]], "2019/05/03"),
        ([["2019", "5"]], "2019/05"),
        ([2019], "2019"),
        ([[None]], ""),
        ([], ""),
        ("x", ""),
    ],
)
def test_dates(parts: Any, date: str) -> None:
    assert dated(parts) == date


@pytest.mark.parametrize(
    ("issued", "year"),
    [
        ({"raw": "3 May 2019"}, 2019),
        ({"literal": "c. 1999"}, 1999),
        ({"date-parts": [[2001], [2002]]}, 2001),
        ("2003", 2003),
    ],
)
def test_dates_in_other_forms(issued: Any, year: int) -> None:
    assert item(issued=issued).year == year


def test_a_member_that_comes_twice_is_kept_twice() -> None:
    """JSON's own way is to forget the first."""
    record = read_text('[{"type":"book","title":"A","title":"B","note":"x"}]')[1][0]
    assert record.title == "A"
    assert record.first("csl:title (2)") == "B"


def test_what_was_written_here_comes_back_as_it_was(tmp_path: Path) -> None:
    records = read_text(RIS)[1]
    for name in ("out.json", "out.jsonl"):
        write([("x.ris", one) for one in records], tmp_path / name)
        assert [one.tags for one in read(tmp_path / name)] == [one.tags for one in records]


def test_what_somebody_changed_since_is_read_as_they_changed_it(tmp_path: Path) -> None:
    """The tags that we left beside it would bring the old title back."""
    write([("x.ris", read_text(RIS)[1][0])], tmp_path / "out.json")
    items = json.loads((tmp_path / "out.json").read_text())
    items[0]["title"] = "Another title"
    record = read_text(json.dumps(items))[1][0]
    assert record.title == "Another title"
    assert "prince_effects_2019" in record.first("csl:custom")


# --- what holds for every format in JSON -------------------------------------------------------------------------------


@given(values)
def test_a_kept_value_can_be_had_again(value: Any) -> None:
    assert kept_value(kept_text(value)) == value
    assert type(kept_value(kept_text(value))) is type(value)


@given(st.dictionaries(fields, values, max_size=5))
def test_no_member_of_any_shape_is_dropped_and_none_stops_the_reading(odd: dict[str, Any]) -> None:
    result, records = read_text(json.dumps([CSL_ITEMS[0] | odd, CSL_ITEMS[1]]))
    assert len(records) == result.record_starts == 2
    held = dict(records[0].tags)
    texts = [value for _, value in records[0].tags]
    for name, value in odd.items():
        kept = kept_text(value).replace("\0", "\ufffd")  # within nested JSON it is an escape, which harms nobody
        assert kept in (held.get(f"csl:{name}"), *texts) or str(value).replace("\0", "\ufffd") in texts
    assert [one.tags for one in read_text("".join(write_ris(records)))[1]] == [one.tags for one in records]


@pytest.mark.parametrize("name", JSON)
def test_tags_of_every_format_go_through_ris_and_back(name: str) -> None:
    records = read_bytes(STRUCTURED[name])[1]
    assert len(records) == 2
    assert [one.tags for one in read_text("".join(write_ris(records)))[1]] == [one.tags for one in records]


@pytest.mark.parametrize("name", sorted(STRUCTURED))
@given(where=st.floats(0, 1), cut=st.booleans(), what=st.binary(max_size=3))
def test_damage_anywhere_loses_nothing_in_silence(name: str, where: float, cut: bool, what: bytes) -> None:
    """Whatever a file holds: an InputError, or as many records and reports of unreadable ones as record starts."""
    data = STRUCTURED[name]
    at = int(where * len(data))
    damaged = data[:at] + what + (b"" if cut else data[at + 1 :])
    try:
        result, records = read_bytes(damaged, partial=True)
    except InputError:
        return
    assert result.record_starts == len(records) + len(result.unreadable)
    assert all(value.encode() is not None for one in records for _, value in one.tags)
    if cut and at < len(data) - 8 and result.format != "CSV":
        told = [*result.notes, *result.unreadable]
        assert len(records) == 2 or told or "lines" in name


@pytest.mark.parametrize("size", [1, 3, 64])
@pytest.mark.parametrize("name", JSON)
def test_where_a_file_is_cut_into_pieces_does_not_matter(name: str, size: int, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = [one.tags for one in read_bytes(STRUCTURED[name])[1]]
    for module in ("lines", "json_text"):
        monkeypatch.setattr(f"whatworks.collate.sources.{module}.CHUNK", size)
    assert [one.tags for one in read_bytes(STRUCTURED[name])[1]] == whole


def test_lines_lead_back_to_the_file() -> None:
    text = json.dumps(CSL_ITEMS, indent=2)
    rows = text.split("\n")
    assert [rows[one.line - 1] for one in read_text(text)[1]] == ["  {", "  {"]


@pytest.mark.parametrize("cut", ["[{0},{0}", "[{0}", "{0}\n{1}", '{{"items":[{0}]', '{{"items":[{0},'])
def test_a_file_that_is_cut_off_is_refused(cut: str) -> None:
    text = cut.format(ONE, ONE[:-30])
    with pytest.raises(InputError, match="the file ends"):
        read_text(text)
    assert len(read_text(text, partial=True)[1]) >= 1


def test_a_record_that_lacks_a_quotation_mark_costs_only_itself() -> None:
    text = f'[\n{ONE},\n{{"type": "book", "title": "No end}},\n{ONE}\n]'
    result, records = read_text(text)
    assert [one.position for one in records] == [1, 3]
    assert [one.line for one in result.unreadable] == [3]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-32", "cp1252"])
def test_every_encoding(encoding: str) -> None:
    text = json.dumps([CSL_ITEMS[0] | {"title": "Müller – care"}], ensure_ascii=False)
    result, records = read_bytes(text.encode(encoding))
    assert records[0].title == "Müller – care"
    assert result.encoding.startswith("utf-8+cp1252" if encoding == "cp1252" else "utf-")


def test_characters_that_no_database_keeps_are_replaced_with_a_note() -> None:
    result, records = read_text('[{"type":"book","title":"a\\u0000b\\ud800c\\ud83d\\ude00"}]')
    assert records[0].title == "a\ufffdb\ufffdc😀"
    assert "U+FFFD" in result.notes[0].text


@pytest.mark.parametrize("text", ["[]", '{"items":[]}'])
def test_a_file_without_records_is_refused(text: str) -> None:
    with pytest.raises(InputError):
        read_text(text)
