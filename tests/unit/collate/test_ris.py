"""RIS: no record is lost in silence, whatever an export does; nothing but an InputError comes out of any file."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.shared import SHARED, needs_shared
from tests.unit.collate.exports import RIS, read_bytes, read_text
from whatworks.collate.methods.records import Record
from whatworks.collate.sources import lines as lines_module
from whatworks.collate.sources import read, ris, write_ris
from whatworks.errors import InputError

TITLES = [
    "Effects of individual risk and state housing factors on adverse outcomes in a national sample of youth",
    "Youth transitioning from foster care: Background and federal programs",
]


def tags_of(text: str) -> list[tuple[tuple[str, str], ...]]:
    return [record.tags for record in read_text(text)[1]]


# --- what exports do ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "mangle",
    [
        lambda text: text.replace("\n", "\r\n"),
        lambda text: text.replace("\n", "\r"),
        lambda text: text.replace("\n", "\r\r\n"),
        lambda text: text.replace("  - ", " - "),
        lambda text: text.replace("  - ", "- "),
        lambda text: re.sub(r"(?m)^([A-Z][A-Z0-9])  - ?", r"\1-", text),
        lambda text: text.replace("  - ", "  -"),
        lambda text: text.replace("  - ", "\t- "),
        lambda text: text.replace("  - ", "\u00a0\u00a0- "),
        lambda text: text.replace("  - ", "  – "),
        lambda text: re.sub(r"(?m)^[A-Z][A-Z0-9](?=  -)", lambda tag: tag.group().lower(), text),
        lambda text: re.sub(r"(?m)^(?=\S)", "   ", text),
        lambda text: text.replace("ER  -\n", "ER\n"),
        lambda text: text.replace("ER  -\n", ""),
        lambda text: text.replace("ER  -\n\n", "ER  - \n"),
        lambda text: text.rstrip(),
        lambda text: "Cochrane export\n\nRecord #1 of 2\n" + text.replace("ER  -\n\nTY", "ER  -\n\nRecord #2 of 2\nTY"),
        lambda text: "\ufeff" + text,
        lambda text: text.replace("TY  - JOUR", "TY  - jour "),
        lambda text: text.replace("PY  -", "XX  - kept\nPY  -"),
    ],
)
def test_both_records_come_out_of_every_variant(mangle: Callable[[str], str]) -> None:
    result, records = read_text(mangle(RIS))
    assert [record.title for record in records] == TITLES
    assert [record.year for record in records] == [2019, 2019]
    assert records[0].authors == ("Prince, Dana M.", "Vidal, Sarah")
    assert records[0].doi == "10.1016/j.adolescence.2019.05.004"
    assert records[0].entry_type == "JOUR"
    assert (result.record_starts, result.unreadable) == (2, [])


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-32", "cp1252", "latin-1"])
def test_every_encoding(encoding: str) -> None:
    _, records = read_bytes(RIS.replace("Vidal", "Müller-Ravett").encode(encoding))
    assert records[0].authors[1] == "Müller-Ravett, Sarah"


def test_wrapped_lines_belong_to_the_tag_above() -> None:
    text = RIS.replace("PY  - 2019\nJO", "AB  - One line\n  and the next\n\nA paragraph\nEl-Salhy, M.\nPY  - 2019\nJO")
    assert read_text(text)[1][0].abstract == "One line\n  and the next\n\nA paragraph\nEl-Salhy, M."


@pytest.mark.parametrize(
    "line", ["US - based services", "El-Salhy, M., 2014", "T1-weighted", "of 12 - 18 years", "Ty - he said"]
)
def test_text_that_looks_like_a_tag_stays_text(line: str) -> None:
    text = RIS.replace("PY  - 2019\nJO", f"AB  - Young people in\n{line}\nPY  - 2019\nJO")
    assert read_text(text)[1][0].abstract == f"Young people in\n{line}"


def test_a_bare_er_within_an_abstract_does_not_end_the_record() -> None:
    text = RIS.replace("PY  - 2019\nJO", "AB  - seen in the\nER\nwithin a week\nPY  - 2019\nJO")
    result, records = read_text(text)
    assert records[0].abstract == "seen in the\nER\nwithin a week"
    assert records[0].year == 2019
    assert result.notes == []


def test_a_record_without_an_end_is_given_out_and_noted() -> None:
    result, records = read_text(RIS.replace("ER  -\n", "", 1))
    assert [record.title for record in records] == TITLES
    assert [(note.line, "no end line" in note.text) for note in result.notes] == [(1, True)]


def test_text_outside_records_is_noted_with_its_lines() -> None:
    result, _ = read_text("AU  - Lost, A.\nTI  - Lost\nER  -\n\n" + RIS + "\nfooter\n")
    assert [note.line for note in result.notes] == [1, 26]
    assert "lines 1 to 3" in result.notes[0].text
    assert "before any type line" in result.notes[0].text


def test_an_empty_record_is_a_record_and_noted() -> None:
    result, records = read_text("TY  - JOUR\nER  - \n" + RIS)
    assert records[0].tags == (("TY", "JOUR"),)
    assert "empty" in result.notes[0].text


def test_positions_and_lines_lead_back_to_the_file() -> None:
    _, records = read_text("heading\n" + RIS)
    rows = ("heading\n" + RIS).split("\n")
    assert [record.position for record in records] == [1, 2]
    assert all(rows[record.line - 1].startswith("TY  -") for record in records)


def test_repeated_and_unknown_tags_are_all_kept_in_order() -> None:
    tags = [("TY", "JOUR"), ("N1", "a"), ("ZZ", "b"), ("N1", "c"), ("C1", ""), ("L1", "d"), ("A4", "e")]
    text = "".join(f"{tag}  - {value}\n" for tag, value in tags) + "ER  - \n"
    assert tags_of(text) == [tuple(tags)]


# --- what cannot be read -----------------------------------------------------------------------------------------


def test_a_file_cut_inside_a_record_is_refused_with_the_line() -> None:
    with pytest.raises(InputError, match=r"line 16.*--partial to keep the records before it \(1\)"):
        read_text(RIS[: RIS.index("Background")])


def test_with_partial_the_cut_record_is_listed() -> None:
    result, records = read_text(RIS[: RIS.index("Background")], partial=True)
    assert [record.title for record in records] == TITLES[:1]
    assert [(one.line, "TI line" in one.reason) for one in result.unreadable] == [(16, True)]


@pytest.mark.parametrize("rest", ["T", "TY", "TY  "])
def test_a_file_cut_inside_a_type_line_is_refused(rest: str) -> None:
    with pytest.raises(InputError, match="line 21: the file ends within the type line"):
        read_text(f"{RIS}{rest}")
    result, records = read_text(f"{RIS}{rest}", partial=True)
    assert (len(records), result.record_starts) == (2, 2)
    assert result.notes[0].line == 21


def test_a_record_with_a_line_beyond_the_bound_is_listed_and_the_rest_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lines_module, "LONGEST_LINE", 300)
    monkeypatch.setattr(lines_module, "CHUNK", 64)
    result, records = read_text(RIS.replace("PY  - 2019\nJO", f"AB  - {'long ' * 200}\nPY  - 2019\nJO"))
    assert [record.title for record in records] == TITLES[1:]
    assert [one.line for one in result.unreadable] == [1]
    assert "line 6" in result.unreadable[0].reason


def test_a_record_beyond_the_bound_is_listed_and_the_rest_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ris, "LONGEST_RECORD", 2000)
    result, records = read_text(RIS.replace("PY  - 2019\nJO", "KW  - more\n" * 100 + "PY  - 2019\nJO"))
    assert [record.title for record in records] == TITLES[1:]
    assert "longer than 2,000" in result.unreadable[0].reason


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "empty"),
        (b" \r\n\n", "empty"),
        (b"Dear all,\nplease find attached\n", "no record starts"),
        (b"%PDF-1.7 \x00\xff", "PDF"),
        (b'<?xml version="1.0"?><xml/>', "XML"),
    ],
)
def test_another_format_is_refused_in_one_sentence(data: bytes, says: str) -> None:
    with pytest.raises(InputError, match=says) as caught:
        read_bytes(data, partial=True)
    assert str(caught.value).startswith("export.ris: ")
    assert str(caught.value).count("\n") == 0


# --- laws --------------------------------------------------------------------------------------------------------

LINES = RIS.split("\n")
MUTATIONS = st.lists(
    st.tuples(
        st.sampled_from(["drop", "double", "blank", "text", "orphan", "swap", "bom"]),
        st.integers(min_value=0, max_value=10**6),
    ),
    max_size=12,
)


def mutated(lines: list[str], mutations: list[tuple[str, int]]) -> list[str]:
    """The lines after an export has been edited, cut, joined and mailed."""
    lines = list(lines)
    for what, where in mutations:
        at = where % len(lines)
        if what == "drop" and len(lines) > 1:
            del lines[at]
        elif what == "double":
            lines.insert(at, lines[at])
        elif what == "swap":
            lines[at], lines[0] = lines[0], lines[at]
        else:
            lines.insert(
                at, {"blank": "", "text": "Wrapped text - of 2019", "orphan": "ZZ  - value"}.get(what, "\ufeff")
            )
    return lines


def starts_in(lines: list[str]) -> int:
    """The slow twin of the count: lines that begin with TY, two spaces and a dash."""
    return sum(line.removeprefix("\ufeff").startswith("TY  -") for line in lines)


@given(mutations=MUTATIONS, end=st.sampled_from(["\n", "\r\n", "\r"]), cut=st.integers(min_value=0, max_value=40))
def test_conservation_under_mutation(mutations: list[tuple[str, int]], end: str, cut: int) -> None:
    """Every record start comes out or is listed, and every tag line of the file is in a record, listed, or noted."""
    lines = mutated(LINES, mutations)
    text = end.join(lines)
    text = text[: len(text) - cut]
    kept = text.split(end)
    if not starts_in(kept):
        with pytest.raises(InputError):
            read_text(text, partial=True)
        return
    result, records = read_text(text, partial=True)
    assert result.record_starts == starts_in(kept) == len(records) + len(result.unreadable)
    written = [value for record in records for _, value in record.tags]
    if not result.unreadable and not result.notes:
        assert sum(line[2:5] == "  -" and not line.startswith("ER") for line in kept) == len(written)


@needs_shared
@given(data=st.data(), mutations=MUTATIONS)
def test_conservation_on_mutated_real_exports(data: st.DataObject, mutations: list[tuple[str, int]]) -> None:
    name = data.draw(
        st.sampled_from(["asreview_scopus", "asreview_proquest", "asysd_scopus", "asreview_pubmed_zotero"])
    )
    text = (SHARED / "ris" / f"{name}.ris").read_text(encoding="utf-8-sig")
    lines = mutated(text.split("\n"), mutations)
    result, records = read_text("\n".join(lines), partial=True)
    assert result.record_starts == starts_in(lines) == len(records) + len(result.unreadable)


TAG = st.from_regex(r"[A-Z][A-Z0-9]", fullmatch=True).filter(lambda tag: tag not in ("TY", "ER"))
VALUE = st.text(st.characters(exclude_characters="\r\n\ufeff", codec="utf-8"), max_size=30).filter(
    lambda value: "ï»¿" not in value
)
RECORD = st.lists(st.tuples(TAG, VALUE), max_size=8).map(lambda pairs: Record(1, 1, (("TY", "JOUR"), *pairs)))


@given(st.lists(RECORD, min_size=1, max_size=4))
def test_what_is_written_is_read_again_tag_for_tag(records: list[Record]) -> None:
    assert tags_of("".join(write_ris(records))) == [record.tags for record in records]


@pytest.mark.parametrize(
    "value",
    [
        "one\n\nER\n\ntwo",
        "one\n \nTY  - BOOK\n",
        "\nER\n\n",
        "\n\nAU  - x",
        "one\n\ufeff\ufeffTY  - BOOK",
        "one\n\ufeffER\n",
    ],
)
def test_a_hostile_line_however_it_hides_stays_in_its_value(value: str) -> None:
    written = "".join(write_ris([Record(1, 1, (("TY", "JOUR"), ("KW", value), ("nbib:MH", value), ("YR", "2019")))]))
    (found,) = tags_of(written)
    assert [tag for tag, _ in found] == ["TY", "KW", "nbib:MH", "YR"]


@given(st.lists(st.tuples(TAG, st.text(max_size=40)), min_size=1, max_size=6))
def test_no_value_however_made_can_start_a_record_or_end_one(pairs: list[tuple[str, str]]) -> None:
    """A value that did not come from RIS may hold lines such as "TY  - JOUR"; they must stay in their tag."""
    hostile = [(tag, f"{value}\nTY  - JOUR\nER\n\nER  - \nAU  - {value}") for tag, value in pairs]
    found = tags_of("".join(write_ris([Record(1, 1, (("TY", "JOUR"), *hostile))])))
    assert [tag for tag, _ in found[0]] == ["TY", *(tag for tag, _ in pairs)]
    assert len(found) == 1


@given(mutations=MUTATIONS)
def test_reading_what_was_read_and_written_changes_nothing(mutations: list[tuple[str, int]]) -> None:
    text = "\n".join(mutated(LINES, mutations))
    if not starts_in(text.split("\n")):
        return
    _, records = read_text(text, partial=True)
    if records:
        assert tags_of("".join(write_ris(records))) == [record.tags for record in records]


@given(
    start=st.sampled_from([b"", b"TY  - JOUR\n", b"\xff\xfe", b"\xfe\xff", b"TY-JOUR\r"]), data=st.binary(max_size=300)
)
def test_no_bytes_raise_anything_but_an_input_error(start: bytes, data: bytes) -> None:
    for partial in (False, True):
        with contextlib.suppress(InputError):
            result, records = read_bytes(start + data, partial=partial)
            assert result.record_starts == len(records) + len(result.unreadable)


@needs_shared
@pytest.mark.parametrize("path", sorted((SHARED / "ris").glob("*.ris")), ids=lambda path: path.stem)
def test_every_real_export_conserves_and_round_trips(path: Path) -> None:
    """The first line of a file with a byte-order mark is a record start like any other."""
    result = read(path)
    records = list(result)
    text = path.read_text(encoding="utf-8-sig")
    assert result.record_starts == len(re.findall(r"(?m)^TY  -", text)) == len(records)
    assert tags_of("".join(write_ris(records))) == [record.tags for record in records]
    lines = len(re.findall(r"(?m)^[A-Z][A-Z0-9]  -", text))
    assert sum(len(record.tags) for record in records) == lines - len(records)  # all tag lines but the end lines
