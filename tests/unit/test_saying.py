"""A sentence made in English can be said in another language, however far it was carried."""

from __future__ import annotations

import datetime
import json
import pickle

import pytest

from whatworks.errors import InputError
from whatworks.saying import Said, as_html, dated, filled, joined, month_of, said, said_of

WORDS = {"%(n)s page of %(what)s": "%(n)s tudalen o %(what)s", "a guide": "ganllaw", "Kept.": "Wedi'i gadw."}


def one(text: str) -> str:
    return WORDS.get(text, text)


def several(text: str, plural: str, number: int) -> str:
    return WORDS.get(text, text if number == 1 else plural)


def made(number: int = 2) -> Said:
    return said_of(number, "%(n)s page of %(what)s", "%(n)s pages of %(what)s", n=number, what=said("a guide"))


def test_it_is_its_english_text_wherever_it_is_kept_or_compared() -> None:
    assert made() == "2 pages of a guide"
    assert json.dumps({"said": made()}) == '{"said": "2 pages of a guide"}'
    assert str(InputError(made(1))) == "1 page of a guide"


def test_what_is_put_in_is_said_in_the_same_language() -> None:
    assert made().spoken(one, several) == "2 tudalen o ganllaw"
    assert said("Kept.").spoken(one, several) == "Wedi'i gadw."


def test_it_comes_back_whole_from_another_process() -> None:
    assert pickle.loads(pickle.dumps(made())).spoken(one, several) == "2 tudalen o ganllaw"  # noqa: S301 - our own bytes, made on this line


def test_a_text_without_values_is_taken_as_it_stands() -> None:
    assert said("95% of pages") == "95% of pages"
    assert said("95% of pages").spoken(one, several) == "95% of pages"


def test_a_name_that_is_missing_is_a_defect_at_once() -> None:
    with pytest.raises(KeyError):
        said("%(file)s has no column %(column)s.", file="trial.csv")


def test_several_are_said_one_after_the_other() -> None:
    assert joined("; ", [made(1), "100%", said("Kept.")]) == "1 page of a guide; 100%; Kept."
    assert joined("; ", [made(1), said("Kept.")]).spoken(one, several) == "1 tudalen o ganllaw; Wedi'i gadw."
    assert joined(" ", []) == joined(" ", []).spoken(lambda _text: "the head of a catalogue", several) == ""


def test_a_sentence_is_kept_open_and_filled_later() -> None:
    assert filled(said("at least %(n)s"), n=3) == "at least 3"


def test_days_and_months() -> None:
    assert dated(datetime.date(2026, 3, 4)) == "4 March 2026" == f"{datetime.date(2026, 3, 4):%-d %B %Y}"
    assert [month_of(datetime.date(2026, n, 1)) for n in range(1, 13)] == [
        f"{datetime.date(2026, n, 1):%B %Y}" for n in range(1, 13)
    ]


def test_what_stands_in_a_page_is_escaped_whoever_says_it() -> None:
    assert as_html("<b>") == "&lt;b&gt;"
    assert as_html(said("%(n)s < %(m)s", n=1, m=2)) == "1 &lt; 2"
