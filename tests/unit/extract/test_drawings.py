"""Risk of bias as pictures that are tables too, and as the file that robvis reads."""

from __future__ import annotations

import csv
from io import StringIO
from xml.etree import ElementTree

import pytest

from whatworks.errors import InputError
from whatworks.extract.drawings import Rated, look, robvis_csv, summary_chart, traffic_light
from whatworks.extract.instruments import Appraisal, instrument

WORDS = {f"D{n}": "Low" for n in range(1, 6)}
ROWS = [
    Rated("Smith <2019>", Appraisal("rob-2", 2, WORDS, "Low"), 3),
    Rated("=Jones 2020", Appraisal("rob-2", 2, WORDS | {"D3": "high"}, "High"), 1),
]


def test_robvis_gets_its_columns() -> None:
    rows = list(csv.reader(StringIO(robvis_csv(ROWS))))
    assert rows[0] == ["Study", "D1", "D2", "D3", "D4", "D5", "Overall", "Weight"]
    assert rows[1] == ["Smith <2019>", *["Low"] * 6, "3"]
    assert rows[2][0] == "'=Jones 2020"  # a spreadsheet would run it


def test_the_traffic_light_says_each_judgement_in_words_and_is_a_table() -> None:
    chart = traffic_light(ROWS)
    root = ElementTree.fromstring(chart.svg)  # what is not XML shows nothing
    titles = [one.text for one in root.iter("{http://www.w3.org/2000/svg}title")]
    assert titles.count("High") == 3  # one domain, the overall, the key
    assert chart.rows[1] == ("=Jones 2020", "Low", "Low", "High", "Low", "Low", "High")
    assert len(chart.head) == len(chart.rows[0]) == 7


def test_the_summary_shows_shares_by_number_or_by_weight() -> None:
    assert summary_chart(ROWS).rows[-1][1:] == (50.0, 0.0, 50.0)
    weighted = summary_chart(ROWS, weighted=True)
    assert weighted.rows[-1][1:] == (75.0, 0.0, 25.0)
    ElementTree.fromstring(weighted.svg)


def test_what_cannot_be_drawn_is_refused() -> None:
    other = Rated("X", Appraisal("robins-i", 2, {}, "Low"))
    with pytest.raises(InputError, match="different instruments"):
        traffic_light([*ROWS, other])
    with pytest.raises(InputError, match="no appraisal"):
        robvis_csv([])
    with pytest.raises(InputError, match="must be above 0"):
        summary_chart([Rated("X", ROWS[0].appraisal, 0)], weighted=True)
    with pytest.raises(InputError, match="a judgement is missing"):
        summary_chart([Rated("X", Appraisal("rob-2", 2, {}, "Low"))])


def test_a_domain_not_judged_is_an_empty_ring() -> None:
    chart = traffic_light([Rated("X", Appraisal("rob-2", 2, {}, ""))])
    assert chart.svg.count("<title>not judged</title>") == 6


def test_an_instrument_without_an_overall_shows_none() -> None:
    levels = {one.key: "2" for one in instrument("emmie-q").domains}
    chart = traffic_light([Rated("X", Appraisal("emmie-q", 1, levels, ""))])
    assert "overall" not in chart.head
    assert len(chart.rows[0]) == 6


def test_signs_follow_the_ranking_and_differ() -> None:
    held = instrument("amstar-2")
    assert look(held, "no meta-analysis") == look(held, "nonsense")
    assert len({look(held, word, overall=True)[2] for word in held.overall.judgements}) == 4
