"""Words of the practice map as a table: whole or not at all, every fault with its line, formulas harmless."""

from __future__ import annotations

import csv
import io

import pytest

from tests.integration.baseline.practised import BY, meetings, mentors, place, word
from whatworks.baseline.models import Standing
from whatworks.baseline.practice_csv import LARGEST, as_csv, look, take_csv
from whatworks.baseline.practising import say_standing
from whatworks.baseline.presenters_practice import csv_rows
from whatworks.errors import InputError
from whatworks.ledger.models import Event

pytestmark = pytest.mark.django_db
HEAD = "Said by,SOURCE,on,Status,practice,Place\n"


@pytest.fixture(autouse=True)
def _map() -> None:
    place(1), meetings(), mentors()


def lines(*rows: str, head: str = HEAD) -> bytes:
    return (head + "".join(f"{row}\n" for row in rows)).encode()


def faults(body: bytes) -> list[tuple[int, str]]:
    found = look(body).faults
    with pytest.raises(InputError):
        take_csv(by=BY, body=body)
    assert not Standing.objects.exists(), "a file with a fault is not taken in part"
    return found


def test_columns_are_found_by_name_in_any_order_and_case() -> None:
    body = lines(
        "head of service,A call,2026-03,Doing it,MEETINGS of families,fernshire", "x,y,2019,Not known,mentors,X99000002"
    )
    assert len(take_csv(by=BY, body=body, name="map.csv").new) == 2
    rows = Standing.objects.order_by("on").values_list("area__name", "practice__slug", "status")
    assert list(rows) == [("Mereton", "mentors", "not-known"), ("Fernshire", "meetings-of-families", "doing")]
    assert Event.objects.filter(verb="baseline.take-practice-file").count() == 1


def test_the_same_file_twice_changes_nothing() -> None:
    body = lines("head of service,A call,2026-03,doing,mentors,Fernshire")
    take_csv(by=BY, body=body)
    events = Event.objects.count()
    again = take_csv(by=BY, body=b"\xef\xbb\xbf" + body.replace(b"\n", b"\r\n"))
    assert (len(again.lines), again.new) == (1, [])
    assert (Standing.objects.count(), Event.objects.count()) == (1, events)


def test_a_word_from_the_form_and_the_same_from_a_file_are_one() -> None:
    say_standing(by=BY, area=place(1), practice=mentors(), word=word(cost="2600 GBP 2024"))
    body = lines("head of service,A call,2026-03,doing,mentors,Fernshire,2600 GBP 2024", head=HEAD.strip() + ",cost\n")
    assert take_csv(by=BY, body=body).new == []


def test_every_fault_is_said_with_its_line() -> None:
    body = lines(
        "head of service,A call,25/01/2019,doing,mentors,Fernshire",
        "head of service,A call,2026-03,doing,mentors,Nowhere",
        "head of service,A call,2026-03,often,mending,Fernshire",
        '"head, of service",,2026-03,doing,mentors,Fernshire',
    )
    found = faults(body)
    assert [number for number, _ in found] == [2, 3, 4, 4, 5]
    said = " ".join(sentence for _, sentence in found)
    for part in (
        "write 2019-01-25",
        "code or the name “Nowhere”",
        "“often” is no status",
        "called “mending”",
        "Say where",
    ):
        assert part in said


def test_a_place_is_the_one_that_had_the_name_on_the_day() -> None:
    take_csv(by=BY, body=lines("x,y,2018,doing,mentors,Twin", "x,y,2020,doing,mentors,twin"))
    rows = Standing.objects.order_by("on").values_list("area__code", flat=True)
    assert list(rows) == ["X99000005", "X99000006"]


def test_a_place_that_was_not_there_or_could_be_two_is_said() -> None:
    found = faults(
        lines("x,y,2020,doing,mentors,Old Combe", "x,y,2018,doing,mentors,Combe", "x,y,2019,doing,mentors,Twin")
    )
    assert "Old Combe existed until 31 March 2019" in found[0][1]
    assert "Combe did not exist before 1 April 2019" in found[1][1]
    assert "give the code: X99000005 or X99000006" in found[2][1]


def test_lines_that_gainsay_each_other_are_refused_and_equal_ones_count_once() -> None:
    one, other = "x,y,2020,doing,mentors,Fernshire", "x,y,2020,stopped,mentors,Fernshire"
    assert faults(lines(one, other)) == [
        (3, "Line 2 says otherwise of the same place, practice and day; keep one of the two.")
    ]
    assert len(take_csv(by=BY, body=lines(one, one)).lines) == 1


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        (b"", "names no column place"),
        (b"\n\n", "names no column place"),
        (HEAD.encode(), "no line under it"),
        (b"place,practice\nFernshire,mentors\n", "no column status and no column on"),
        (("place,area," + HEAD).encode() + b"a,b,c\n", "Two columns say “place”"),
        ("Stätte,".encode("latin-1"), "is not UTF-8"),
        (b"PK\x03\x04\x00\x00", "is not a table of text"),
        (HEAD.encode() + b'"x,y\n', "cannot be read"),
        (b"x" * (LARGEST + 1), "larger than 1 MB"),
    ],
)
def test_what_is_no_table_of_ours_is_refused_in_a_sentence(body: bytes, sentence: str) -> None:
    ((number, said),) = faults(body)
    assert number == 0
    assert sentence in said


def test_more_cells_than_columns_are_not_lost_silently() -> None:
    assert (
        "7 cells where the head has 6" in faults(lines("head, of service,A call,2026-03,doing,mentors,Fernshire"))[0][1]
    )


def test_semicolons_do_as_well() -> None:
    assert len(take_csv(by=BY, body=lines("x;y;2020;doing;mentors;Fernshire", head=HEAD.replace(",", ";"))).new) == 1


def test_a_formula_is_kept_as_text_and_comes_out_harmless() -> None:
    evil = '=HYPERLINK("https://evil.example")'
    body = lines(f'"{evil.replace(chr(34), chr(34) * 2)}",@SUM(A1),2020,doing,mentors,Fernshire')
    take_csv(by=BY, body=body)
    assert Standing.objects.get().said_by == evil
    cells = next(csv.DictReader(io.StringIO(as_csv(csv_rows(mentors())))))
    assert (cells["said_by"], cells["source"]) == (f"'{evil}", "'@SUM(A1)")


def test_what_was_written_out_changes_nothing_when_it_comes_back() -> None:
    said = say_standing(by=BY, area=place(1), practice=mentors(), word=word(scale="-2 teams", cost="2600 GBP 2024"))
    body = as_csv(csv_rows(mentors())).encode("utf-8-sig")
    assert take_csv(by=BY, body=body).new == []
    ((number, sentence),) = look(body.replace(b"doing", b"tried")).faults
    assert (number, sentence.partition(",")[0]) == (2, f"It differs from {said.pk}")
