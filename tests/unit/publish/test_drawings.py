"""The drawings say their numbers in words, keep to their scale, escape what they are given, and weigh little."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree

import pytest
from django.test import override_settings
from django.urls import path
from hypothesis import given
from hypothesis import strategies as st

from whatworks.publish.page import drawings
from whatworks.publish.templatetags import drawings as tags
from whatworks.publish.templatetags.prose import markdown
from whatworks.synthesise.drawings import forest_axis, forest_row, place, round_ticks, signed

SOURCE = Path(drawings.__file__).parents[2]
STYLESHEET = SOURCE / "web/static/web/look.css"
TEMPLATES = sorted(SOURCE.glob("*/templates/**/*.html"))
numbers = st.floats(-1000, 1000, allow_nan=False)
urlpatterns = [path("trace/<str:identifier>/", lambda request, identifier: None, name="trace")]

SCALE = {"minimum": -20, "maximum": 30, "ticks": [(-20, "20 fewer"), (0, "same"), (20, "20 more")], "css": "change"}
FOREST = {"minimum": -20, "maximum": 30}


def shapes_in(markup: str) -> ElementTree.Element:
    """The drawing as XML, which fails on what a browser would only guess at."""
    return ElementTree.fromstring(markup)


def dots_in(markup: str, css: str) -> int:
    """How many dots a path of round dashes paints."""
    paths = [one.get("d", "") for one in shapes_in(markup).iter("path") if one.get("class") == css]
    return sum(int(float(reach) // drawings.STEP) + 1 for reach in re.findall(r"h([\d.]+)", "".join(paths)))


@given(st.floats(-5, 105, allow_nan=False))
def test_as_many_dots_are_filled_as_the_number_says(n: float) -> None:
    markup = drawings.hundred(n, "change", "families")
    assert dots_in(markup, "dot") == min(max(round(n), 0), 100)
    assert dots_in(markup, "ring") == 100


def test_a_hundred_dots_weigh_less_than_a_kilobyte_and_say_what_they_show() -> None:
    markup = drawings.hundred(36, "change", "36 of 100 families had a child placed when offered it")
    assert len(markup) < 1000
    assert 'role="img"' in markup
    assert "36 of 100 families" in markup


def test_every_state_has_a_shape_of_its_own() -> None:
    wanted = "fewer more uncertain none mixed unsearched nothing-found not-poolable better worse linked".split()
    assert set(wanted) <= set(drawings.SHAPES)
    assert len(set(drawings.SHAPES.values())) == len(drawings.SHAPES)
    for shape in drawings.SHAPES:
        assert shapes_in(drawings.icon(shape)).get("aria-hidden") == "true"
    with pytest.raises(KeyError):
        drawings.icon("sparkles")


def test_certainty_always_stands_in_words_beside_its_bars() -> None:
    markup = shapes_in(drawings.certainty(1, 4, "Very low"))
    assert [bar.get("class") for bar in markup.iter("rect")] == ["on", None, None, None]
    assert "".join(markup.itertext()) == "Very low certainty"
    with pytest.raises(ValueError, match="not within"):
        drawings.certainty(5, 4, "Huge")


def test_a_scale_without_an_interval_draws_none() -> None:
    with_range = drawings.scale(estimate=7.0, low=-2.6, high=16.7, label="7 more", **SCALE)
    without = drawings.scale(estimate=7.0, low=None, high=None, label="7 more", **SCALE)
    assert 'class="interval"' in with_range
    assert 'class="interval"' not in without
    assert "bare" in without


def test_an_interval_that_runs_on_beyond_the_scale_is_cut_with_an_arrow() -> None:
    markup = drawings.scale(estimate=7.0, low=-45.0, high=16.7, label="7 more", **SCALE)
    assert markup.count('class="end"') == 1
    assert 'x1="0%"' in markup
    assert forest_row(estimate=40, low=10, high=60, **FOREST).count('class="end"') == 1


def test_crowded_ticks_give_way_on_a_phone_but_no_difference_stays() -> None:
    words = [(value, str(value)) for value in (-20, -10, 0, 10, 20, 30)]
    markup = drawings.scale(estimate=0, low=-5, high=5, label="", **(SCALE | {"ticks": words}))
    by_class = {group[0].get("x1"): group.get("class") for group in shapes_in(markup).iter("g")}
    assert by_class == {"0%": None, "20%": "minor", "40%": None, "60%": "minor", "80%": None, "100%": "minor"}


@given(numbers, numbers, st.floats(0.001, 1000))
def test_a_place_is_within_its_scale_and_keeps_the_order(one: float, other: float, width: float) -> None:
    low, high = sorted((one, other))
    places = [place(value, -width, width) for value in (low, high)]
    assert 0 <= places[0] <= places[1] <= 100


@given(numbers, st.floats(0.001, 1000))
def test_ticks_are_few_evenly_spaced_and_within_the_scale(start: float, width: float) -> None:
    ticks = round_ticks(start, start + width)
    assert 1 <= len(ticks) <= 6
    slack = 1e-6 * max(width, 1)  # ticks are rounded to ten decimals
    assert all(start - slack <= tick <= start + width + slack for tick in ticks)
    gaps = [second - first for first, second in pairwise(ticks)]
    assert max(gaps, default=0) - min(gaps, default=0) < slack


def test_a_scale_without_width_is_refused() -> None:
    with pytest.raises(ValueError, match="above its minimum"):
        place(1, 5, 5)


@pytest.mark.parametrize(
    ("kind", "mark"), [("study", "rect"), ("apart", "rect"), ("total", "path"), ("second", "path")]
)
def test_each_kind_of_forest_row_has_its_mark(kind: str, mark: str) -> None:
    drawing = shapes_in(forest_row(estimate=7, low=-3, high=17, kind=kind, **FOREST))
    assert [one.tag for one in drawing.iter() if one.get("class") == kind] == [mark]
    whiskers = [one for one in drawing.iter("line") if one.get("class") == "whisker"]
    assert len(whiskers) == (1 if mark == "rect" else 0)


def test_a_row_without_numbers_shows_only_the_line_of_no_difference() -> None:
    drawing = shapes_in(forest_row(estimate=None, low=None, high=None, **FOREST))
    assert [one.get("class") for one in drawing] == ["null"]


def test_no_line_of_no_difference_where_the_scale_does_not_reach_it() -> None:
    assert 'class="null"' not in forest_row(estimate=7, low=3, high=17, minimum=2, maximum=20)
    assert 'class="null"' in forest_row(estimate=7, low=3, high=17, minimum=2, maximum=20, null=5)


def test_the_axis_says_its_sides_and_writes_a_true_minus() -> None:
    said = "".join(shapes_in(forest_axis(left="fewer", right="more", **FOREST)).itertext())
    assert said.startswith("\N{LEFTWARDS ARROW} fewermore \N{RIGHTWARDS ARROW}")
    assert signed(-20) in said
    assert signed(-20) == "\N{MINUS SIGN}20"
    assert (signed(0), signed(2.5)) == ("0", "+2.5")


def test_no_drawing_carries_a_style_or_unescaped_words() -> None:
    bad = '"><script>alert(1)</script>'
    for markup in (
        drawings.hundred(3, "unsure", bad),
        drawings.certainty(1, 4, bad),
        drawings.scale(estimate=0, low=-1, high=1, label=bad, **(SCALE | {"ticks": [(0, bad)]})),
        forest_axis(left=bad, right=bad, **FOREST),
    ):
        assert "<script" not in markup
        assert "style=" not in markup
        shapes_in(markup)
    with pytest.raises(ValueError, match="No such colour"):
        drawings.hundred(3, bad, "x")


def test_a_number_leads_to_its_trace_and_words_are_escaped() -> None:
    with override_settings(ROOT_URLCONF=__name__):
        said = tags.parts(
            ["<b>", {"number": "7 more", "trace": "syn-1"}, {"link": "the report", "href": "/reports/r/"}]
        )
    assert said == '&lt;b&gt;<a class="num" href="/trace/syn-1/">7 more</a><a href="/reports/r/">the report</a>'


@pytest.mark.parametrize("href", ["javascript:alert(1)", "//elsewhere.example", " /x", "data:text/html,x", None])
def test_an_address_that_should_not_be_followed_is_no_link(href: str | None) -> None:
    assert tags.address(href) == ""
    assert tags.parts([{"link": "words", "href": href}]) == "words"


def test_unrated_says_so_and_what_is_empty_says_nothing() -> None:
    assert "Certainty: not rated" in tags.certainty(None, "Not rated")
    assert "How sure we are: not rated yet" in tags.certainty(None, "How sure we are: not rated yet")
    assert tags.certainty(None, "") == ""


def test_many_headings_in_a_chapter_are_folded_and_few_are_not() -> None:
    trail = {
        "type": "trail",
        "items": [{"kind": "result", "text": "Found, but cannot be put together, computed by rule"}],
    }
    three = [block for name in "abc" for block in ({"type": "heading", "text": name}, trail)]
    assert [(part["title"], part["fold"], part["small"]) for part in tags.by_heading(three)] == [
        (name, True, "Found, but cannot be put together") for name in "abc"
    ]
    one = tags.by_heading(three[:2])
    assert [block["type"] for block in one[0]["blocks"]] == ["heading", "trail"]
    assert not one[0]["fold"]


def test_markdown_from_a_pack_runs_nothing_and_stays_below_the_headings_of_its_page() -> None:
    html = markdown("# Sources\n\n<script>x</script> [a](javascript:x) [b](https://example.org)")
    assert "<h3>Sources</h3>" in html
    assert "<script" not in html
    assert "javascript" not in re.sub(r">[^<]*<", "><", html)
    assert 'href="https://example.org"' in html


def test_the_stylesheet_is_light_and_asks_for_nothing_from_elsewhere() -> None:
    text = STYLESHEET.read_text()
    assert len(text.encode()) < 30_000
    assert "url(" not in text
    assert "@import" not in text
    assert text.count("{") == text.count("}")


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda file: file.name)
def test_no_template_needs_a_script_or_a_style_attribute(template: Path) -> None:
    text = template.read_text()
    helped = re.sub(
        r"<script (type=\"module\" )?src=\"{% static '[a-z/]+\.js' %}\"( defer)?></script>", "", text
    )  # a help, and a file of ours
    helped = re.sub(r"{%.*?%}", "", helped)  # names that a template gives to another are no attributes
    assert not re.search(r"<script|\sstyle=|\son[a-z]+=", helped)
    assert re.findall(r"<th(?![^>]*\bscope=)(?=[\s>])", text) == []
