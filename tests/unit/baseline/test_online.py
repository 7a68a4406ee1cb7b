"""The statistics service: found by title, asked politely, and no answer taken for another, however the service fails.

Every test speaks real HTTP to a fake on this machine, whose shapes are checked against the documented ones.
"""

from __future__ import annotations

import gzip
import io
import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest

from tests.fakes import statistics, statistics_shapes
from tests.fakes.serving import Fake, Reply, Request, serving
from tests.fakes.shapes import unlike
from tests.fakes.statistics import FIRST, Published, StatisticsFake
from whatworks.baseline.online import shapes
from whatworks.baseline.online.service import DataSet, Publication, Statistics
from whatworks.errors import InputError
from whatworks.ledger.online import Etiquette, Refused, Unreached

CARE = "Children looked after in England including adoptions"
Serve = Callable[[Callable[[Request], Reply]], Fake]


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Start a service for the length of a test."""
    with ExitStack() as running:
        yield lambda answer: running.enter_context(serving(answer))


def asking(fake: Fake, **how: Any) -> Statistics:
    """The service as the program asks it, without real waiting."""
    etiquette = Etiquette(**{"mailto": "a@example.org", "requests": 40, "timeout": 5, "tries": 3} | how)
    return Statistics(etiquette, f"{fake.address}/v1", sleep=lambda seconds: None)


def newest(service: Statistics, number: int = 0) -> DataSet:
    found = service.publication(CARE)
    assert found is not None
    return service.data_sets(found)[number]


def brought(service: Statistics, data_set: DataSet) -> bytes:
    file = io.BytesIO()
    service.bring(data_set, file)
    return file.getvalue()


# --- the fake is what the service is documented to be -------------------------------------------------------------------


def test_the_fake_has_the_documented_shape() -> None:
    """A client that is right about a wrong fake is wrong about the service."""
    fake = StatisticsFake({CARE: [Published("Rates"), Published("Soon", {})]})
    listed = fake(Request("/v1/publications", {"search": "children", "page": "1", "pageSize": "40"}, {}))
    assert list(unlike(listed.body, statistics_shapes.PUBLICATIONS)) == []
    held = fake(Request(f"/v1/publications/{listed.body['results'][0]['id']}/data-sets", {"pageSize": "20"}, {}))
    assert list(unlike(held.body, statistics_shapes.DATA_SETS)) == []
    file = fake(Request(f"/v1/data-sets/{held.body['results'][0]['id']}/csv", {"dataSetVersion": "1.0"}, {}))
    assert gzip.decompress(file.body).decode() == FIRST
    assert (file.headers["Content-Type"], file.headers["Content-Encoding"]) == ("text/csv", "gzip")


def test_the_fake_refuses_as_documented() -> None:
    fake = StatisticsFake({})
    absent = fake(Request("/v1/data-sets/x/csv", {}, {}))
    assert (absent.status, list(unlike(absent.body, statistics_shapes.PROBLEM))) == (404, [])
    large = fake(Request("/v1/publications", {"pageSize": "41"}, {}))
    assert (large.status, list(unlike(large.body, statistics_shapes.REFUSAL))) == (400, [])


def test_the_check_of_shapes_sees_a_wrong_one() -> None:
    """A check that finds nothing anywhere would pass on every fake."""
    told = Published("Rates").told()
    assert list(unlike(told | {"status": "Lost"}, statistics_shapes.DATA_SET))
    assert list(unlike(told | {"latestVersion": told["latestVersion"] | {"version": 1.0}}, statistics_shapes.DATA_SET))


# --- what is asked ------------------------------------------------------------------------------------------------------


def test_a_publication_is_found_by_its_whole_title_on_a_later_page(serve: Serve) -> None:
    """The service finds whatever has any of the words: the first hit is hardly ever the one that is meant."""
    fake = serve(StatisticsFake({f"Children in number {one}": [] for one in range(60)} | {CARE: []}))
    found = asking(fake).publication(CARE)
    assert found == Publication(statistics.identifier(CARE), CARE)
    assert [request.parameters["page"] for request in fake.requests] == ["1", "2"]


def test_apostrophes_and_capitals_do_not_hide_a_publication(serve: Serve) -> None:
    title = "Children\N{RIGHT SINGLE QUOTATION MARK}s Social Work  Workforce"
    fake = serve(StatisticsFake({title: []}))
    assert asking(fake).publication("Children's social work workforce") is not None
    assert asking(fake).publication("Social work") is None


def test_every_data_set_is_listed_with_its_newest_version(serve: Serve) -> None:
    many = [Published(f"Table {one}") for one in range(23)] + [
        Published("Two", {"1.0": "", "2.1": ""}),
        Published("None", {}),
    ]
    fake = serve(StatisticsFake({CARE: many}))
    found = asking(fake).data_sets(Publication(statistics.identifier(CARE), CARE))
    assert [one.title for one in found] == [one.title for one in many]
    assert [(one.version, str(one.published_on)) for one in found[-2:]] == [("2.1", "2024-11-16"), ("", "None")]


@pytest.mark.parametrize("packed", [True, False])
def test_a_file_comes_as_it_was_published(packed: bool, serve: Serve) -> None:
    service = asking(serve(StatisticsFake({CARE: [Published("Rates")]}, packed=packed)))
    assert brought(service, newest(service)).decode() == FIRST


def test_who_asks_is_said_and_the_version_is_named(serve: Serve) -> None:
    """Between asking what is newest and fetching it, a newer one may appear: the label must be of what came."""
    fake = serve(StatisticsFake({CARE: [Published("Rates")]}))
    service = asking(fake)
    brought(service, newest(service))
    assert "mailto:a@example.org" in fake.requests[0].headers["user-agent"]
    assert fake.requests[-1].parameters == {"dataSetVersion": "1.0"}


# --- failures -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "failure",
    [Reply(500, b""), Reply(429, b"", {"Retry-After": "2"}), Reply(504, b"<html>"), Reply(200, b"x" * 5000, cut=70)],
)
def test_what_passes_is_waited_for(failure: Reply, serve: Serve) -> None:
    """Half a file before the whole one must not be joined to it."""
    fake = serve(StatisticsFake({CARE: [Published("Rates")]}))
    service = asking(fake)
    data_set = newest(service)
    fake.failures.append(failure)
    assert brought(service, data_set).decode() == FIRST


PACKED = gzip.compress(FIRST.encode() * 50)
HEADERS = {"Content-Type": "text/csv"}


@pytest.mark.parametrize(
    ("failures", "kind", "says"),
    [
        (
            [Reply(500, b"")] * 3,
            Unreached,
            r"could not be reached in 3 tries \(it answered with status 500\); try again later",
        ),
        ([Reply(200, b"x" * 900, HEADERS, cut=70)] * 3, Unreached, "the connection was cut in the middle"),
        ([Reply(200, PACKED, HEADERS | {"Content-Encoding": "gzip"}, cut=90)] * 3, Unreached, "connection was cut"),
        (
            [Reply(200, b"no gzip", HEADERS | {"Content-Encoding": "gzip"}, cut=7)] * 3,
            Unreached,
            "could not be unpacked",
        ),
        ([statistics.problem(404, "Not Found")], Refused, r"refused the figures \(status 404: Not Found\)"),
        ([Reply(429, b"", {"Retry-After": "9000"})], Refused, "asks to wait 9,000 seconds"),
        ([Reply(302, b"", {"Location": "https://example.org/"})] * 3, Unreached, "points to another host"),
        ([Reply(200, b"<!DOCTYPE html><p>Sign in", {"Content-Type": "text/html"})], InputError, "no CSV file"),
        ([Reply(200, b" <html>", HEADERS)], InputError, "no CSV file"),
        ([Reply(200, b'{"title": "x"}')], InputError, "no CSV file"),
        ([Reply(200, b"", HEADERS)], InputError, "no CSV file"),
    ],
)
def test_a_file_that_does_not_come_is_one_sentence(
    failures: list[Reply], kind: type[InputError], says: str, serve: Serve
) -> None:
    fake = serve(StatisticsFake({CARE: [Published("Rates")]}))
    service = asking(fake)
    data_set = newest(service)
    fake.failures += failures
    with pytest.raises(kind, match=says):
        brought(service, data_set)
    assert fake.failures == []


def test_a_slow_service_is_not_waited_for_without_end() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:  # takes a call, and never answers
        fake = Fake(lambda request: Reply(200, b""), address=f"http://127.0.0.1:{silent.getsockname()[1]}")
        with pytest.raises(Unreached, match="did not answer in time"):
            asking(fake, timeout=0.05, tries=2).publication(CARE)


def test_a_service_that_is_not_there_is_one_sentence() -> None:
    with serving(StatisticsFake({})) as gone:
        pass
    with pytest.raises(Unreached, match=r"Explore education statistics .* could not be reached in 3 tries"):
        asking(gone).publication(CARE)


def test_a_file_without_end_is_refused_at_once(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    """Packed, a few kilobytes can be gigabytes; asking again brings them again."""
    monkeypatch.setattr("whatworks.ledger.online.carrying.LARGEST_FILE", 2_000)
    fake = serve(StatisticsFake({CARE: [Published("Rates", {"1.0": "x" * 9_000})]}))
    service = asking(fake)
    with pytest.raises(Unreached, match=r"in 1 try \(the answer is longer than 2,000 bytes\)"):
        brought(service, newest(service))


PAGE = {"paging": {"page": 1, "pageSize": 40, "totalResults": 1, "totalPages": 1}}
LISTED = {"id": statistics.identifier(CARE), "title": CARE}


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (b"<html>", "something that is not its JSON"),
        ({"results": []}, "a list, each a publication, paging is no object"),
        (PAGE, "results is missing"),
        (PAGE | {"results": [{"title": CARE}]}, "publication, id is missing"),
        (PAGE | {"results": [LISTED | {"id": "../../etc"}]}, r"publication, id is '\.\./\.\./etc'"),
        (PAGE | {"results": [LISTED | {"title": 7}]}, "publication, title is '7'"),
        (PAGE | {"paging": {"page": True, "totalPages": 1}, "results": []}, "paging, page is 'True'"),
    ],
)
def test_an_answer_of_another_form_is_named_and_never_guessed(body: Any, says: str, serve: Serve) -> None:
    with pytest.raises(InputError, match=says):
        asking(serve(lambda request: Reply(200, body))).publication(CARE)


@pytest.mark.parametrize("wrong", [{"version": "2.0/../x"}, {"version": None}, {"published": "yesterday"}])
def test_a_version_of_another_form_is_named_too(wrong: dict[str, Any]) -> None:
    """It becomes part of an address and of a file's name."""
    told = Published("Rates").told()
    told["latestVersion"] |= wrong
    with pytest.raises(InputError, match=f"data set, latestVersion, {next(iter(wrong))} is"):
        shapes.fitting(told, shapes.DATA_SET, "data set")


def test_a_list_without_end_is_left(serve: Serve) -> None:
    endless = {"paging": {"page": 1, "totalPages": 10**9}, "results": []}
    with pytest.raises(InputError, match="more than 50 pages"):
        asking(serve(lambda request: Reply(200, endless)), requests=100).publication(CARE)
