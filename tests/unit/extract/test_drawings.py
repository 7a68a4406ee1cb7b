"""Risk of bias as pictures that are tables too, and as the file that robvis reads."""

from __future__ import annotations

import csv
from io import StringIO
from xml.etree import ElementTree

import pytest

from whatworks.errors import InputError
from whatworks.extract.drawings import Rated, look, robvis_csv, summary_chart, traffic_light, traffic_lights
from whatworks.extract.instruments import Appraisal, instrument
from whatworks.screen.methods.measure import text_width

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


SVG = "{http://www.w3.org/2000/svg}"
LONG = ("A randomised trial of Families Together in four counties of Pennsylvania, with ten years of records " * 2)[
    :120
]


@pytest.mark.parametrize("key", ["rob-2", "amstar-2", "emmie-q", "robins-i"])
@pytest.mark.parametrize("name", [LONG, "W" * 120, "家" * 120, "i" * 120])
def test_no_name_is_cut_off_at_any_length(key: str, name: str) -> None:
    """Every word is inside the drawing, as wide as the widest of usual faces would set it, and nothing is left out."""
    held = instrument(key)
    words = {one.key: held.judgements[0] for one in held.domains}
    row = Rated(name, Appraisal(held.key, held.version, words, held.overall_words[0]), about=LONG)
    for chart in (traffic_light([row, row]), summary_chart([row])):
        root = ElementTree.fromstring(chart.svg)
        wide, tall = (float(one) for one in root.attrib["viewBox"].split()[2:])
        for text in root.iter(f"{SVG}text"):
            length = text_width(text.text or "", 13)
            start = float(text.attrib["x"]) - {"start": 0, "middle": 0.5, "end": 1}[text.attrib["text-anchor"]] * length
            assert start >= 0 and start + length <= wide and 8 <= float(text.attrib["y"]) <= tall - 7, text.text
    lights = traffic_light([row])
    said = "".join(one.text or "" for one in ElementTree.fromstring(lights.svg).iter(f"{SVG}text"))
    assert name.replace(" ", "") in said.replace(" ", "")


def test_many_studies_are_drawn_page_by_page() -> None:
    rows = [Rated(f"{LONG} {n}", Appraisal("rob-2", 2, WORDS, "Low")) for n in range(60)]
    parts = traffic_lights(rows)
    assert [row for part in parts for row in part.rows] == list(traffic_light(rows).rows)
    assert parts[0].title == "RoB 2: studies 1 to 5 of 60" and parts[-1].title.endswith("60 of 60")
    sizes = [[float(one) for one in ElementTree.fromstring(part.svg).attrib["viewBox"].split()[2:]] for part in parts]
    assert len({wide for wide, _ in sizes}) == 1 and max(tall for _, tall in sizes) < 900
    assert ["D1: How" in part.svg for part in parts] == [False] * (len(parts) - 1) + [True]
    assert len(traffic_lights(rows[:3])) == 1 and traffic_lights(rows[:3])[0].svg == traffic_light(rows[:3]).svg


def test_a_row_says_what_was_judged_of_the_study() -> None:
    row = Rated("Smith 2019", Appraisal("rob-2", 2, WORDS, "Low"), about="Placement, 12 months")
    assert robvis_csv([row]).splitlines()[1].startswith('"Smith 2019: Placement, 12 months",Low')
    chart = traffic_light([row])
    assert chart.rows[0][0] == "Smith 2019: Placement, 12 months" and ">Placement, 12 months<" in chart.svg


def test_the_key_shows_each_judgement_s_own_sign() -> None:
    """Words that only the overall judgement has are not grey."""
    words = {one.key: "Yes" for one in instrument("amstar-2").domains}
    svg = traffic_light([Rated("X", Appraisal("amstar-2", 1, words, "High"))]).svg
    key = svg[svg.rindex("<title>Critically low</title>") :]
    assert look(instrument("amstar-2"), "Critically low", overall=True)[0] in key


def test_signs_follow_the_ranking_and_differ() -> None:
    held = instrument("amstar-2")
    assert look(held, "no meta-analysis") == look(held, "nonsense")
    assert len({look(held, word, overall=True)[2] for word in held.overall.judgements}) == 4
