"""Online: a rerun is polite, pays no more than its budget, loses no work however the service fails, and can be resumed.

Every test speaks real HTTP to a fake on this machine, whose shapes are checked against the documented ones.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.fakes import crossref, openalex, shapes
from tests.fakes.crossref import CrossrefFake
from tests.fakes.openalex import OpenAlexFake
from tests.fakes.serving import Reply, Request, serving
from tests.unit.collate.exports import read_bytes
from tests.unit.collate.reruns import POLITE, Clock, Serve, numbers, rerun
from whatworks.collate.online import SERVICES, Etiquette, count
from whatworks.errors import InputError


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Start a service for the length of a test."""
    with ExitStack() as running:
        yield lambda answer: running.enter_context(serving(answer))


# --- the fakes are what the services are documented to be ------------------------------------------------------------


@pytest.mark.parametrize("cursor", ["*", None])
def test_the_fake_of_openalex_has_the_documented_shape(cursor: str | None) -> None:
    """A client that is right about a wrong fake is wrong about the service."""
    asked = {"per_page": "100"} | ({"cursor": cursor} if cursor else {})
    reply = OpenAlexFake(3)(Request("/works", asked, {}))
    assert list(shapes.unlike(reply.body, shapes.OPENALEX_ANSWER)) == []
    assert ("next_cursor" in reply.body["meta"]) and bool(reply.body["meta"]["next_cursor"]) == bool(cursor)
    refusal = OpenAlexFake(3)(Request("/works", {"filter": "publication_year:abc"}, {}))
    assert (refusal.status, list(shapes.unlike(refusal.body, shapes.OPENALEX_ERROR))) == (400, [])


def test_the_fake_of_crossref_has_the_documented_shape() -> None:
    reply = CrossrefFake(3)(Request("/works", {"rows": "2", "cursor": "*"}, {}))
    assert list(shapes.unlike(reply.body, shapes.CROSSREF_ANSWER)) == []
    assert reply.body["message"]["next-cursor"]
    refusal = CrossrefFake(3)(Request("/works", {"filter": "from-pub-date:soon"}, {}))
    assert (refusal.status, list(shapes.unlike(refusal.body, shapes.CROSSREF_ERROR))) == (400, [])


def test_the_check_of_shapes_sees_a_wrong_one() -> None:
    """A check that finds nothing anywhere would pass on every fake."""
    wrong = openalex.work(1) | {"authorships": [{"author": None}], "cited_by_count": "3"}
    assert any("authorships[0].author" in one for one in shapes.unlike(wrong, shapes.OPENALEX_WORK))
    assert any("cited_by_count is str" in one for one in shapes.unlike(wrong, shapes.OPENALEX_WORK))
    without = {name: value for name, value in crossref.work(1).items() if name != "DOI"}
    assert list(shapes.unlike(without, shapes.CROSSREF_WORK)) == ["answer lacks DOI"]


# --- a whole rerun -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("service", "answer", "works", "requests"),
    [
        ("openalex", OpenAlexFake(250), 250, 3),
        ("openalex", OpenAlexFake(200), 200, 2),
        ("openalex", OpenAlexFake(0), 0, 1),
        ("crossref", CrossrefFake(1200), 1200, 3),
        ("crossref", CrossrefFake(1), 1, 1),
    ],
)
def test_every_work_comes_once_in_the_fewest_requests(
    service: str, answer: Callable[[Request], Reply], works: int, requests: int, serve: Serve
) -> None:
    rerun_ = rerun(serve(answer), service)
    found = numbers(rerun_)
    assert len(found) == len(set(found)) == works
    assert (rerun_.hits, rerun_.works, rerun_.requests, rerun_.notes) == (works, works, requests, [])


@pytest.mark.parametrize(("service", "answer"), [("openalex", OpenAlexFake(120)), ("crossref", CrossrefFake(600))])
def test_what_was_fetched_is_read_like_any_file(service: str, answer: Callable[[Request], Reply], serve: Serve) -> None:
    """So that its records are counted, matched and kept as those of an upload are."""
    result, records = read_bytes(b"".join(rerun(serve(answer), service)))
    assert result.record_starts == len(records) == answer.works  # type: ignore[attr-defined]
    assert result.format.lower().startswith(service)
    assert records[7].title == "Invented work number 7"
    assert records[7].doi == "10.5555/invented.7"


def test_who_asks_is_said_and_the_key_is_sent_but_not_kept(serve: Serve, tmp_path: Path) -> None:
    """A service that cannot write to whoever burdens it shuts them out; a key in a cache is a key lost."""
    fake = serve(OpenAlexFake(150, key="secret-key"))
    assert len(list(rerun(fake, cache=tmp_path))) == 150
    asked = fake.requests[0]
    assert "mailto:someone@example.org" in asked.headers["user-agent"]
    assert asked.parameters["mailto"] == "someone@example.org"
    assert asked.parameters["search"] == "foster care"
    kept = [path.read_bytes() for path in tmp_path.iterdir()]
    assert len(kept) == 2
    assert not any(b"secret-key" in one or b"someone@example.org" in one for one in kept)


def test_the_key_of_openalex_never_goes_to_crossref(serve: Serve) -> None:
    fake = serve(CrossrefFake(1))
    list(rerun(fake, "crossref"))
    assert "secret-key" not in str(fake.requests)


def test_a_refusal_does_not_show_the_key(serve: Serve) -> None:
    """Messages are shown on pages and kept in logs."""
    with pytest.raises(InputError, match="status 401") as refused:
        list(rerun(serve(OpenAlexFake(5, key="another"))))
    assert "secret-key" not in str(refused.value)
    assert "(the key) is not valid" in str(refused.value)


# --- politeness, failures ----------------------------------------------------------------------------------------------


def test_requests_keep_their_distance(serve: Serve) -> None:
    clock = Clock()
    list(rerun(serve(CrossrefFake(1200)), "crossref", clock=clock))
    assert sum(clock.slept) >= 2 * SERVICES["crossref"].apart - 0.1


def test_a_service_that_allows_less_is_asked_less(serve: Serve) -> None:
    clock, slow = Clock(), CrossrefFake(1200)

    def answer(request: Request) -> Reply:
        reply = slow(request)
        reply.headers |= {"X-Rate-Limit-Limit": "1", "X-Rate-Limit-Interval": "7s"}
        return reply

    list(rerun(serve(answer), "crossref", clock=clock))
    assert [round(wait) for wait in clock.slept[1:]] == [7, 7]


@pytest.mark.parametrize(
    "failure",
    [
        Reply(429, {"error": "Too many requests", "message": "slow down"}, {"Retry-After": "9"}),
        Reply(403, {"error": "Forbidden", "message": "slow down"}, {"Retry-After": "9"}),
        Reply(503, b"busy", {"Retry-After": "Mon, 12 Jan 1970 13:46:49 GMT"}),
        Reply(500, b""),
        Reply(502, b"<html>Bad gateway</html>"),
        Reply(200, {"meta": {}, "results": []}, cut=5),
        Reply(200, b"x" * 5000, cut=0),
    ],
)
@pytest.mark.parametrize("after", [0, 1])
def test_what_passes_is_waited_for(failure: Reply, after: int, serve: Serve) -> None:
    """Too many requests, a broken server, a cut connection: on the first page or in the middle, nothing is lost."""
    clock = Clock()
    fake = serve(OpenAlexFake(250))
    lines = iter(rerun(fake, clock=clock))
    found = [next(lines) for _ in range(50)] if after else []
    fake.failures.append(failure)
    assert len({*found, *lines}) == 250
    if "Retry-After" in failure.headers:
        assert sum(clock.slept) >= 9


@pytest.mark.parametrize(
    ("failures", "says"),
    [
        ([Reply(500, b"")] * 3, r"could not be reached in 3 tries \(it answered with status 500\)"),
        ([Reply(200, b"{}", cut=1)] * 3, r"the connection was cut in the middle of the answer"),
        ([Reply(429, b"", {"Retry-After": "86400"})], r"asks to wait 86,400 seconds"),
        ([Reply(200, b"<html>Sign in to the network</html>")], "something that is not its JSON"),
        ([Reply(200, b"[" * 5000)], "something that is not its JSON"),
        ([Reply(200, {"meta": []})], "in a form that is not documented"),
        ([Reply(404, b"")], "refused the search .status 404"),
        ([Reply(302, b"", {"Location": "https://example.org/"})] * 3, "points to another host"),
        ([Reply(302, b"", {"Location": "/works?again"})] * 9, "from one address to the next without end"),
    ],
)
def test_what_does_not_pass_is_one_sentence(failures: list[Reply], says: str, serve: Serve) -> None:
    fake = serve(OpenAlexFake(5))
    fake.failures += failures
    with pytest.raises(InputError, match=says):
        list(rerun(fake))


def test_a_service_that_is_not_there_is_one_sentence(serve: Serve) -> None:
    with serving(OpenAlexFake(5)) as gone:
        pass
    with pytest.raises(InputError, match="could not be reached in 3 tries"):
        list(rerun(gone))


def test_an_answer_without_end_is_refused(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    """Packed, a few kilobytes can be gigabytes."""
    monkeypatch.setattr("whatworks.ledger.online.carrying.LARGEST_ANSWER", 10_000)
    with pytest.raises(InputError, match="longer than 10,000 bytes"):
        list(rerun(serve(lambda request: Reply(200, b" " * 1_000_000))))


# --- budget, preview ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("service", "answer", "dollars", "requests"),
    [("openalex", OpenAlexFake(250), 0.003, 3), ("crossref", CrossrefFake(1200), 0.0, 3)],
)
def test_a_preview_says_hits_and_cost_by_one_request(
    service: str, answer: Callable[[Request], Reply], dollars: float, requests: int, serve: Serve
) -> None:
    fake = serve(answer)
    seen = count(service, "foster care", POLITE, base=f"{fake.address}/works")
    assert len(fake.requests) == 1
    assert (seen.hits, seen.requests, seen.affordable) == (answer.works, requests, True)  # type: ignore[attr-defined]
    assert seen.dollars == pytest.approx(dollars)  # 3 calls at 0.001
    assert f"{seen.hits:,} hits" in seen.summary()
    assert json.loads(json.dumps(seen.to_dict()))["requests"] == requests


def test_a_search_beyond_the_budget_is_refused_after_one_request(serve: Serve) -> None:
    """A review's budget is not found spent on page 90 of 40,000."""
    fake = serve(OpenAlexFake(100_000))
    with pytest.raises(InputError, match=r"100,000 hits .* takes 1,000 requests; the budget is 50"):
        list(rerun(fake))
    assert len(fake.requests) == 1


def test_failed_requests_are_paid_from_the_budget_too(serve: Serve) -> None:
    fake = serve(OpenAlexFake(250))
    lines = iter(rerun(fake, etiquette=Etiquette(requests=4)))
    next(lines)
    fake.failures += [Reply(500, b"")] * 2
    with pytest.raises(InputError, match="budget of 4 requests to OpenAlex is spent"):
        list(lines)
    assert len(fake.requests) == 4
