"""Online: what was fetched is kept and gone on with; searches; and, with WHATWORKS_ONLINE=1, the services themselves."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from tests.fakes import shapes
from tests.fakes.crossref import CrossrefFake
from tests.fakes.openalex import OpenAlexFake
from tests.fakes.serving import Reply, Request, serving
from tests.unit.collate.exports import read_bytes
from tests.unit.collate.reruns import Clock, Serve, numbers, rerun
from whatworks.collate.methods.searches import name_of
from whatworks.collate.online import SERVICES, Etiquette, count, fetch, what_is_new
from whatworks.errors import InputError


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Start a service for the length of a test."""
    with ExitStack() as running:
        yield lambda answer: running.enter_context(serving(answer))


# --- resuming ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("service", "answer"),
    [("openalex", OpenAlexFake(450)), ("crossref", CrossrefFake(2200))],
    ids=["openalex", "crossref"],
)
def test_an_interrupted_rerun_goes_on_where_it_stopped(
    service: str, answer: Callable[[Request], Reply], serve: Serve, tmp_path: Path
) -> None:
    fake, clock = serve(answer), Clock()
    first = iter(rerun(fake, service, cache=tmp_path, clock=clock))
    size = SERVICES[service].size[1]
    for _ in range(2 * size + 1):
        next(first)
    del first
    assert len(fake.requests) == 3
    again = rerun(fake, service, cache=tmp_path, clock=clock)
    assert len(set(numbers(again))) == answer.works  # type: ignore[attr-defined]
    assert again.requests == 2
    assert again.notes == []


def test_what_was_kept_too_long_is_asked_anew(serve: Serve, tmp_path: Path) -> None:
    """A rerun is there to find what is new."""
    fake, clock = serve(OpenAlexFake(50)), Clock()
    list(rerun(fake, cache=tmp_path, clock=clock))
    list(rerun(fake, cache=tmp_path, clock=clock))
    assert len(fake.requests) == 1
    clock.time += 2 * 86_400
    list(rerun(fake, cache=tmp_path, clock=clock))
    assert len(fake.requests) == 2
    clock.time += 1
    list(rerun(fake, cache=tmp_path, clock=clock, max_age=0))
    assert len(fake.requests) == 3


def test_an_answer_that_did_not_change_is_not_sent_again(serve: Serve, tmp_path: Path) -> None:
    plain = OpenAlexFake(50)

    def answer(request: Request) -> Reply:
        if request.headers.get("if-none-match") == '"v1"':
            return Reply(304, b"", {"ETag": '"v1"'})
        reply = plain(request)
        reply.headers["ETag"] = '"v1"'
        return reply

    fake, clock = serve(answer), Clock()
    list(rerun(fake, cache=tmp_path, clock=clock))
    clock.time += 2 * 86_400
    assert len(list(rerun(fake, cache=tmp_path, clock=clock))) == 50
    assert [request.headers.get("if-none-match") for request in fake.requests] == [None, '"v1"']


def test_a_damaged_cache_is_asked_anew(serve: Serve, tmp_path: Path) -> None:
    """A disk that was full half-way must not make a search shorter."""
    fake = serve(OpenAlexFake(50))
    list(rerun(fake, cache=tmp_path))
    for path in tmp_path.iterdir():
        path.write_bytes(path.read_bytes()[:-10])
    assert len(list(rerun(fake, cache=tmp_path))) == 50
    assert len(fake.requests) == 2


def test_a_cache_that_cannot_be_written_costs_nothing_but_requests(serve: Serve, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    assert len(list(rerun(serve(OpenAlexFake(50)), cache=tmp_path / "file"))) == 50


@pytest.mark.parametrize(
    ("service", "answer"), [("openalex", OpenAlexFake(250, forgets=1)), ("crossref", CrossrefFake(1200, forgets=1))]
)
def test_a_cursor_that_was_forgotten_starts_the_list_again(
    service: str, answer: Callable[[Request], Reply], serve: Serve
) -> None:
    found = rerun(serve(answer), service)
    assert len(set(numbers(found))) == found.works == answer.works  # type: ignore[attr-defined]
    assert len(found.notes) == 1 and "gone through again" in found.notes[0]


def test_a_list_that_moves_gives_each_work_once_and_says_so(serve: Serve) -> None:
    found = rerun(serve(OpenAlexFake(250, moves=3)))
    names = numbers(found)
    assert len(names) == len(set(names)) == 250
    assert "came more than once" in found.notes[0]


def test_a_service_that_repeats_a_page_forever_is_left(serve: Serve) -> None:
    def answer(request: Request) -> Reply:
        return OpenAlexFake(250)(Request("/works", request.parameters | {"cursor": "*"}, {}))

    found = rerun(serve(answer))
    assert len(set(numbers(found))) == 100
    assert any("reported 250 hits and gave 100 works" in note for note in found.notes)


# --- searches ----------------------------------------------------------------------------------------------------------


def test_a_search_may_be_parameters_as_in_an_address(serve: Serve) -> None:
    fake = serve(OpenAlexFake(5))
    list(rerun(fake, query="?filter=title.search:foster%20care,publication_year:2020-&sort=publication_date"))
    asked = fake.requests[0].parameters
    assert asked["filter"] == "title.search:foster care,publication_year:2020-"
    assert asked["sort"] == "publication_date"
    assert "search" not in asked


@pytest.mark.parametrize(
    ("service", "query", "says"),
    [
        ("openalex", " ", "is empty"),
        ("openalex", "search=x&api_key=mine", "no parameter 'api_key'"),
        ("openalex", "search=x&cursor=abc", "no parameter 'cursor'"),
        ("crossref", "query=x&rows=1000", "no parameter 'rows'"),
        ("scopus", "x", "'scopus' is no service"),
        ("openalex", "filter=publication_year:abc", "Invalid filter: publication_year:abc"),
        ("crossref", "filter=from-pub-date:soon", "Filter from-pub-date must be a date"),
    ],
)
def test_a_search_that_cannot_be_is_one_sentence(service: str, query: str, says: str, serve: Serve) -> None:
    fake = serve(CrossrefFake() if service == "crossref" else OpenAlexFake())
    with pytest.raises(InputError, match=says):
        list(rerun(fake, service, query))


def test_words_with_an_equals_sign_are_words(serve: Serve) -> None:
    fake = serve(OpenAlexFake(1))
    list(rerun(fake, query="p=0.05 in trials"))
    assert fake.requests[0].parameters["search"] == "p=0.05 in trials"


def test_what_is_new_is_told_by_the_services_own_names(serve: Serve) -> None:
    before = [name_of(one) for one in read_bytes(b"".join(rerun(serve(OpenAlexFake(10)))))[1]]
    after = [name_of(one) for one in read_bytes(b"".join(rerun(serve(OpenAlexFake(12)))))[1]]
    found = what_is_new(before[2:], after)
    assert (found.new, found.gone, found.kept) == ((0, 1, 10, 11), (), 8)


def test_who_asks_is_taken_from_settings() -> None:
    settings = {"WHATWORKS_MAILTO": " a@example.org ", "WHATWORKS_OPENALEX_KEY": "k"}
    found = Etiquette.from_settings(settings, 7, key="WHATWORKS_OPENALEX_KEY")
    assert found == Etiquette(mailto="a@example.org", key="k", requests=7)
    assert Etiquette.from_settings({}).agent == "whatworks/1"


# --- the services themselves -------------------------------------------------------------------------------------------

ONLINE = bool(os.environ.get("WHATWORKS_ONLINE"))


if ONLINE:  # left out, not skipped: the network is off wherever these tests are not wished for

    @pytest.fixture
    def no_network() -> None:
        """In place of the guard that keeps tests at home."""

    @pytest.mark.parametrize(
        ("service", "query", "shape"),
        [
            ("openalex", "filter=title.search:kinship care attendance", shapes.OPENALEX_WORK),
            (
                "crossref",
                "filter=from-pub-date:2020-01-01,until-pub-date:2020-01-01&query.title=kinship",
                shapes.CROSSREF_WORK,
            ),
        ],
    )
    def test_the_service_itself_is_as_the_fake(service: str, query: str, shape: Any) -> None:
        etiquette = Etiquette.from_settings(os.environ, 20, key="WHATWORKS_OPENALEX_KEY")
        seen = count(service, query, etiquette)
        lines = list(fetch(service, query, etiquette))
        assert len(lines) == seen.hits
        assert [list(shapes.unlike(json.loads(line), shape)) for line in lines] == [[]] * len(lines)
        assert len(read_bytes(b"".join(lines))[1]) == seen.hits
