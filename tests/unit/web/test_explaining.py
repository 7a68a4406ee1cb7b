"""Words explained in place: in running text alone, once a page, within the room there is; other pages as they came."""

from __future__ import annotations

import re

import pytest
from django.http import HttpRequest, HttpResponse

from whatworks.web import explaining
from whatworks.web.explaining import ROOM, explain, with_words
from whatworks.web.glossary import explained, meaning, terms


def page(inside: str) -> str:
    return f"<html><head><title>certainty</title></head><body><nav>certainty</nav><main>{inside}</main></body></html>"


def test_the_first_use_leads_to_its_meaning_and_the_meaning_back() -> None:
    made = with_words(page("<h1>Certainty</h1><p>How much <b>certainty</b> is there? Certainty is not rated.</p>"))
    assert made.count('class="term"') == 1
    assert '<b><a class="term" role="doc-glossref" id="u-certainty" href="#w-certainty">certainty</a></b> is' in made
    entry = made.partition('<div id="w-certainty">')[2]
    assert meaning("Certainty") in entry and 'href="#u-certainty"' in entry
    assert made.index("Words used here") < made.index("</main>")


@pytest.mark.parametrize(
    "inside",
    [
        "<p>Nothing of ours stands here.</p>",
        "<h2>Certainty</h2>",
        "<blockquote><p>We saw the certainty.</p></blockquote>",
        "<p>They said “we have no certainty at all”.</p>",
        '<p><a href="/x/">certainty</a></p>',
        '<p class="state unsure">certainty</p>',
        '<p><span class="certainty"><svg></svg>Low certainty</span></p>',
        "<table><tr><td><p>certainty</p></td></tr></table>",
        "<details><summary><p>certainty</p></summary></details>",
        "<p>uncertainty, certainty-based</p>",
        '<p title="certainty">x</p>',
        "certainty outside of any paragraph",
    ],
)
def test_a_page_without_such_a_word_in_its_text_is_the_same_string(inside: str) -> None:
    given = page(inside)
    assert with_words(given) is given


def test_what_follows_a_closed_quote_or_an_element_without_its_end_is_text_again() -> None:
    assert 'id="u-certainty"' in with_words(page("<p>They said “never”. There is no certainty.</p>"))
    assert 'id="u-certainty"' in with_words(page("<ul><li>One<li>Two</ul><p>certainty<br>more</p>"))
    assert 'id="u-certainty"' in with_words(page('<p><img src="x"><a href="/">a</a> certainty</p>'))


def test_only_as_many_as_there_is_room_for_and_what_matters_most_first() -> None:
    """A page with every word of the glossary must not grow by more than it may."""
    given = page("".join(f"<p>{phrase}</p>" for phrase in reversed(explained())))
    made = with_words(given)
    style = len(explaining_style())
    assert ROOM / 2 < len(made.encode()) - len(given.encode()) <= ROOM
    assert len(made.encode()) - len(given.encode()) + style <= 2000
    kept = re.findall(r'class="term".*?>([^<]+)<', made)
    assert set(kept) <= set(list(explained())[:8])


def explaining_style() -> bytes:
    from django.contrib.staticfiles import finders

    with open(str(finders.find("web/words.css")), "rb") as file:
        return file.read()


def test_what_is_taken_out_again_is_the_page_as_it_was() -> None:
    """Nothing else of a page is touched."""
    given = page("<p>A randomised trial &amp; its risk of bias.</p><p>No certainty.</p>\n")
    made = with_words(given)
    bare = re.sub(r'<link rel="stylesheet"[^>]*><section class="rail used-words".*</section>\n', "", made)
    assert re.sub(r'<a class="term"[^>]*>([^<]*)</a>', r"\1", bare) == given != made


def test_every_word_that_is_explained_is_in_the_glossary() -> None:
    assert set(explained().values()) <= {one["term"] for one in terms()}


@pytest.mark.parametrize(
    ("name", "kind", "status", "explains"),
    [
        ("page", "text/html; charset=utf-8", 200, True),
        ("page_revision", "text/html; charset=utf-8", 200, False),  # kept as it was first served
        ("workspace", "text/html; charset=utf-8", 200, False),
        ("page", "text/csv", 200, False),
        ("page", "text/html; charset=utf-8", 404, False),
    ],
)
def test_only_pages_that_people_read_are_looked_through(name: str, kind: str, status: int, explains: bool) -> None:
    class Match:
        url_name = name

    request = HttpRequest()
    request.resolver_match = Match()  # type: ignore[assignment]
    given = page("<p>certainty</p>")
    answer = explain(lambda _: HttpResponse(given, content_type=kind, status=status))(request)
    assert ("Words used here" in answer.content.decode()) is explains
    assert explains or answer.content == given.encode()


def test_the_names_of_the_pages_are_those_of_addresses() -> None:
    """A page that was renamed would quietly go without."""
    from django.urls import get_resolver

    assert {one for one in get_resolver().reverse_dict if isinstance(one, str)} >= explaining.READ
