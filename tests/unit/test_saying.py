"""A sentence made in English can be said in another language, however far it was carried."""

from __future__ import annotations

import json
import pickle

import pytest

from whatworks.errors import InputError
from whatworks.saying import Said, said, said_of

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
