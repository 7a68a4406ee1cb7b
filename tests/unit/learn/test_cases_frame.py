"""The frame of cases: what no version of it can ask, refused files, and what two people may settle on."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from whatworks.errors import InputError
from whatworks.learn.frames import HERE, frames, read_frame
from whatworks.learn.methods.cases_frame import DIMENSIONS, Code, apart, check_codes, check_either, frame_of

SHIPPED = tomllib.loads((HERE / "cases-1.toml").read_text("utf-8"))
FRAME = frame_of(SHIPPED, "cases-1.toml")


def changed(**more: Any) -> dict[str, Any]:
    return SHIPPED | more


def dimension(**more: Any) -> dict[str, Any]:
    term = {"key": "a", "title": "A", "is": "a", "is_not": "b"}
    return {"key": "theme", "title": "T", "asks": "?", "term": [term]} | more


def test_every_version_that_ships_is_read_and_every_term_says_what_it_is_and_is_not() -> None:
    assert [one.version for one in frames()] == list(range(1, len(frames()) + 1))
    for one in frames():
        for asked in one.dimensions:
            for term in asked.terms:
                assert term.means and term.not_meant and term.means != term.not_meant


def test_no_frame_can_ask_about_a_place_or_a_day() -> None:
    """Age, place and date together tell who a child was. The frame has words for one of them, and only in bands."""
    assert not {"place", "area", "council", "date", "day", "year", "country", "sex", "ethnicity"} & set(DIMENSIONS)
    for key in ("place", "council", "date", "year", "ethnicity"):
        with pytest.raises(InputError, match=f"cannot ask about “{key}”"):
            frame_of(changed(dimension=[dimension(), dimension(key=key)]), "cases-2.toml")
    with pytest.raises(InputError, match="cases are not counted by “age”"):
        frame_of(changed(dimension=[dimension(), dimension(key="age", counted=True)]), "cases-2.toml")


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ({"version": 0}, "whole number from 1"),
        ({"version": "1"}, "whole number from 1"),
        ({"title": " "}, "“title” is missing or empty"),
        ({"dimension": []}, "it has no “dimension”"),
        ({"dimension": [dimension(), dimension()]}, "“theme” stands there twice"),
        ({"dimension": [dimension(key="harm")]}, "a frame asks about themes"),
        ({"dimension": [dimension(counted="yes")]}, "“counted” is true or false"),
        ({"dimension": [dimension(term=[{"key": "A b", "title": "A", "is": "a", "is_not": "b"}])]}, "is no key"),
        ({"dimension": [dimension(term=[{"key": "a", "title": "A", "is": "a"}])]}, "“is_not” is missing"),
    ],
)
def test_a_file_that_is_no_frame_is_refused_in_one_sentence(more: dict[str, Any], told: str) -> None:
    with pytest.raises(InputError, match=told) as refused:
        frame_of(changed(**more), "cases-9.toml")
    assert str(refused.value).startswith("cases-9.toml: ") and "\n" not in str(refused.value)


def test_a_file_has_the_name_of_what_it_holds(tmp_path: Path) -> None:
    wrong = tmp_path / "cases-7.toml"
    wrong.write_text((HERE / "cases-1.toml").read_text("utf-8"), "utf-8")
    with pytest.raises(InputError, match="holds “cases” version 1"):
        read_frame(wrong)
    wrong.write_text("key = ", "utf-8")
    with pytest.raises(InputError, match="cannot be read as TOML"):
        read_frame(wrong)


@pytest.mark.parametrize(
    ("codes", "told"),
    [
        ({}, "Nothing is coded"),
        ({"theme": {}}, "Nothing is coded"),
        ({"theme": {"weather": Code("p. 3")}}, "no “weather”"),
        ({"place": {"mereton": Code("p. 3")}}, "no “mereton” under “place”"),
        ({"theme": {"thresholds": Code(" ")}}, "on which page"),
        ({"theme": {"thresholds": Code("what it says, word for word, " * 9)}}, "on which page"),
        ({"theme": {"thresholds": Code("p. 3", 9)}}, "fewer than 10 cases are not kept"),
        ({"theme": {"thresholds": Code("p. 3", 0)}}, "fewer than 10 cases are not kept"),
        ({"age": {"under-1": Code("p. 3", 40)}}, "not counted under “Which ages it is about”"),
    ],
)
def test_codes_that_the_frame_does_not_allow_are_refused(codes: dict[str, dict[str, Code]], told: str) -> None:
    with pytest.raises(InputError, match=told):
        check_codes(FRAME, codes, 10)


def test_what_is_settled_is_the_ones_or_the_others() -> None:
    first = {"theme": {"thresholds": Code("p. 3"), "sharing-information": Code("p. 9")}}
    second = {"theme": {"thresholds": Code("p. 4")}, "harm": {"neglect": Code("p. 1")}}
    assert apart(first, second) == {"harm": ["neglect"], "theme": ["sharing-information"]}
    check_either({"theme": {"thresholds": Code("p. 4")}}, first, second)
    check_either(first | {"harm": second["harm"]}, first, second)
    for settled in ({"theme": {"sharing-information": Code("p. 9")}}, first | {"lesson": {"practice": Code("p. 2")}}):
        with pytest.raises(InputError, match="settle on what the one or the other coded"):
            check_either(settled, first, second)
