"""The open API: what a program relies on, from the first page to what happens when it asks too often."""

from __future__ import annotations

import datetime
import json
import re
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from tests.integration.collate_sharing.conftest import SECOND, bring_in
from whatworks.collate.api import limits
from whatworks.collate.matching import decide
from whatworks.collate.methods.csl_items import csl_problems
from whatworks.collate.models import Import, Record, Report, Source
from whatworks.collate.retractions import load_list

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _fresh_limits(settings: Any, tmp_path: Path) -> None:
    """What other tests asked does not count here."""
    settings.HOME = tmp_path / "home"


def get(address: str, **headers: str) -> Any:
    return Client().get(address, headers=headers)


def listed(address: str) -> list[str]:
    response = get(address)
    assert response.status_code == 200, response.content
    return [one["id"] for one in response.json()["reports"]]


def sentence(response: Any) -> str:
    """The one sentence of a failure."""
    body = response.json()
    assert list(body) == ["error"] and body["error"].endswith(".") and "\n" not in body["error"]
    return str(body["error"])


def test_one_report_with_where_it_was_found_and_how_to_cite_it(reports: dict[str, Report]) -> None:
    body = get(f"/api/reports/{reports['W1'].pk}").json()
    assert body["title"] == "Family support after a first contact: a trial"
    assert (body["type"], body["pages"], body["doi"]) == ("article-journal", "123-130", "10.1000/first")
    (found,) = body["records"]
    assert (found["source"], found["file"], found["position"], found["line"]) == ("Database A", "first.ris", 1, 1)
    assert found["identifier"] == "W1"
    assert body["citations"]["apa"].startswith("Smith, M. B., & Jones, J.-P. (2020).")
    assert body["changed"]


def test_abstracts_are_given_only_where_their_licence_is_open(reports: dict[str, Report], tmp_path: Path) -> None:
    """Most abstracts belong to their publishers."""
    for address in (
        f"/api/reports/{reports['W1'].pk}",
        *(f"/api/reports?format={form}" for form in ("json", "ris", "csl", "bibtex", "csv")),
    ):
        assert "licensed" not in get(address).content.decode()
    text = (
        "TY  - JOUR\nID  - O1\nTI  - An open article about something\nAB  - An open abstract.\n"
        'XX  - crossref:license  - [{"URL":"https://creativecommons.org/licenses/by/4.0/"}]\nER  -\n\n'
        "TY  - JOUR\nID  - O2\nTI  - A closed article about something\nAB  - A closed abstract.\n"
        'XX  - crossref:license  - [{"URL":"https://creativecommons.org/licenses/by-nc-nd/4.0/"}]\nER  -\n'
    )
    bring_in(tmp_path, text, "Database C", "open.ris")
    bodies = {one["title"]: one["abstract"] for one in get("/api/reports").json()["reports"]}
    assert bodies["An open article about something"] == "An open abstract."
    assert bodies["A closed article about something"] is None


def test_pages_follow_each_other_and_new_reports_neither_repeat_nor_shift_others(
    reports: dict[str, Report], tmp_path: Path
) -> None:
    """A harvest of an hour must not miss what was there when it began."""
    before = set(listed("/api/reports"))
    address, seen = "/api/reports?limit=2", []
    while address:
        body = get(address).json()
        seen += [one["id"] for one in body["reports"]]
        address = body["next"]
        if len(seen) == 2:
            bring_in(tmp_path, SECOND.replace("A chapter on nothing", "Another chapter"), "Database D", "while.ris")
    assert len(seen) == len(set(seen)) and before <= set(seen)


def test_the_next_page_is_in_a_header_too(reports: dict[str, Report]) -> None:
    """Reference managers' forms have no room for it."""
    response = get("/api/reports?limit=1&format=ris")
    following = re.fullmatch(r'<(.*)>; rel="next"', response.headers["Link"])
    assert following and "after=" in following[1] and "format=ris" in following[1]
    assert "Link" not in get("/api/reports").headers


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("year_from=2020", "W1 W3 X1"),
        ("year_from=2019&year_to=2020", "W1 W2 X1"),
        ("type=report", "W2"),
        ("type=article-journal&year_to=2020", "W1 X1"),
        ("type=document", ""),
        ("doi=https://doi.org/10.1000/FIRST", "W1 X1"),
        ("doi=10.1000/none", ""),
        ("notice=none", "W1 W2 W3 X1 X2"),
        ("notice=any", ""),
        ("retracted=false", "W1 W2 W3 X1 X2"),
        ("changed_since=2001-01-01", "W1 W2 W3 X1 X2"),
        ("changed_since=2999-01-01T00:00:00Z", ""),
        ("limit=200", "W1 W2 W3 X1 X2"),
    ],
)
def test_filters(reports: dict[str, Report], query: str, names: str) -> None:
    body = get(f"/api/reports?{query}").json()
    assert {one["id"] for one in body["reports"]} == {reports[name].pk for name in names.split()}
    assert (body["count"], body["count_is_exact"], body["next"]) == (len(names.split()), True, None)


def test_filters_by_where_it_was_found(reports: dict[str, Report]) -> None:
    source = Source.objects.get(name="Database B")
    origin = Import.objects.get(source=source)
    expected = {reports["X1"].pk, reports["X2"].pk}
    assert (
        set(listed(f"/api/reports?source={source.pk}")) == set(listed(f"/api/reports?import={origin.pk}")) == expected
    )


def test_what_was_learnt_since(reports: dict[str, Report], tmp_path: Path) -> None:
    """A program that holds a copy asks for what is new, a retraction of an old report among it."""
    earlier = timezone.now() - datetime.timedelta(days=30)
    moment = timezone.now()
    path = tmp_path / "list.csv"
    path.write_text("doi,date,notice\n10.1000/third_one,2024-05-31,https://example.org/notice\n")
    load_list(by="test", path=path)
    assert listed(f"/api/reports?changed_since={moment:%Y-%m-%dT%H:%M:%S.%fZ}") == [reports["W3"].pk]
    assert len(listed(f"/api/reports?changed_since={earlier:%Y-%m-%d}")) == 5
    assert listed("/api/reports?retracted=true") == listed("/api/reports?notice=retraction") == [reports["W3"].pk]
    notice = get(f"/api/reports/{reports['W3'].pk}").json()["notice"]
    assert (notice["nature"], notice["on"], notice["href"]) == (
        "retraction",
        "2024-05-31",
        "https://example.org/notice",
    )


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ("limit=0", "limit=0 cannot be read; give a whole number from 1 to 200"),
        ("limit=many", "limit=many cannot be read"),
        ("limit=%D9%A3", "cannot be read"),
        ("year_from=20x", "year_from=20x cannot be read"),
        ("type=poem", "type=poem is no kind of publication"),
        ("doi=nonsense", "doi=nonsense is no DOI"),
        ("notice=rumour", "notice=rumour cannot be read"),
        ("retracted=maybe", "give true or false"),
        ("changed_since=yesterday", "changed_since=yesterday is no time"),
        ("source=src-none", "There is no source src-none"),
        ("import=imp-none", "There is no import imp-none"),
        ("review=none", "There is no review none"),
        ("format=pdf", "format=pdf is none that is given"),
        ("yaer_from=2020", "There is no parameter yaer_from"),
        ("q=a&q=b", "q is given 2 times"),
    ],
)
def test_what_cannot_be_read_is_one_sentence(reports: dict[str, Report], query: str, says: str) -> None:
    """A filter that is quietly left out gives everything, and nobody notices."""
    response = get(f"/api/reports?{query}")
    assert response.status_code == 400
    assert says in sentence(response)


@pytest.mark.parametrize("address", ["/api/reports/rep-none", "/api/nowhere", "/api/reports/a/b"])
def test_what_is_not_there_is_one_sentence(reports: dict[str, Report], address: str) -> None:
    response = get(address)
    assert response.status_code == 404 and sentence(response)
    assert response.headers["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize(
    ("accept", "kind"),
    [
        ("application/x-research-info-systems", "application/x-research-info-systems"),
        ("application/x-bibtex;q=0.5, text/csv;q=0.9", "text/csv"),
        ("application/vnd.citationstyles.csl+json", "application/vnd.citationstyles.csl+json"),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "application/json"),
        ("", "application/json"),
    ],
)
def test_the_form_that_a_program_prefers(reports: dict[str, Report], accept: str, kind: str) -> None:
    response = get("/api/reports", **({"accept": accept} if accept else {}))
    assert response.headers["Content-Type"].partition(";")[0] == kind
    assert "Accept" in response.headers["Vary"]


def test_a_form_that_is_not_given_is_refused(reports: dict[str, Report]) -> None:
    response = get("/api/reports", accept="text/turtle")
    assert response.status_code == 406 and "names no form that is given" in sentence(response)


def test_our_identifier_stands_in_every_form(reports: dict[str, Report]) -> None:
    identifier = reports["W1"].pk
    form = lambda name: get(f"/api/reports/{identifier}?format={name}").content.decode()  # noqa: E731
    assert f"\nID  - {identifier}\n" in form("ris")
    assert form("bibtex").startswith(f"@article{{{identifier},")
    (item,) = json.loads(form("csl"))
    assert item["id"] == identifier and csl_problems(item) == []
    assert form("csv").splitlines()[1].startswith(f"{identifier},")


def test_a_merged_report_leads_to_the_one_through_which_it_speaks(reports: dict[str, Report]) -> None:
    decide(by="usr-1", left=reports["W1"].pk, right=reports["X1"].pk, decision="same")
    response = get(f"/api/reports/{reports['X1'].pk}?format=ris")
    assert response.status_code == 308
    assert response.headers["Location"].endswith(f"/api/reports/{reports['W1'].pk}?format=ris")
    body = get(f"/api/reports/{reports['W1'].pk}").json()
    assert body["also"] == [reports["X1"].pk] and [one["source"] for one in body["records"]] == [
        "Database A",
        "Database B",
    ]
    assert reports["X1"].pk not in listed("/api/reports")


def test_reports_of_an_import_that_is_not_whole_are_not_there(reports: dict[str, Report]) -> None:
    Import.objects.filter(source__name="Database B").update(complete=False)
    assert set(listed("/api/reports")) == {reports[name].pk for name in ("W1", "W2", "W3")}
    assert get(f"/api/reports/{reports['X2'].pk}").status_code == 404


def test_a_list_takes_the_same_few_queries_however_long_it_is(
    reports: dict[str, Report], django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(14):
        get("/api/reports?limit=200")


def test_what_has_not_changed_is_not_sent_again(reports: dict[str, Report]) -> None:
    address = f"/api/reports/{reports['W1'].pk}"
    first = get(address)
    tag, moment = first.headers["ETag"], first.headers["Last-Modified"]
    assert get(address, if_none_match=tag).status_code == 304
    assert get(address, if_modified_since=moment).status_code == 304
    assert get(address, if_none_match='"other"').status_code == 200
    Report.objects.filter(pk=reports["W1"].pk).update(title="Another title")
    assert get(address, if_none_match=tag).status_code == 200


def test_any_site_may_read_and_none_may_write(reports: dict[str, Report]) -> None:
    response = get("/api/reports", origin="https://elsewhere.example.org")
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Credentials" not in response.headers and not response.cookies
    before = Client().options("/api/reports", headers={"origin": "https://elsewhere.example.org"})
    assert before.status_code == 204 and before.headers["Access-Control-Allow-Methods"] == "GET, HEAD"
    for method in ("post", "put", "patch", "delete"):
        refused = getattr(Client(), method)("/api/reports", headers={"origin": "https://elsewhere.example.org"})
        assert refused.status_code == 405 and "use GET" in sentence(refused)
        assert "Access-Control-Allow-Origin" not in refused.headers
    assert Client().head("/api/reports").status_code == 200
    assert "Access-Control-Allow-Origin" not in get("/evidence/").headers


def test_too_often_is_said_with_how_long_to_wait(reports: dict[str, Report], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "time", lambda: 20_000 * 86_400.0)  # so that no minute ends between two requests
    monkeypatch.setattr(limits, "MOST", 3)
    answers = [get("/api/reports?limit=1") for _ in range(4)]
    assert [one.status_code for one in answers] == [200, 200, 200, 429]
    wait = int(answers[3].headers["Retry-After"])
    assert 1 <= wait <= limits.WINDOW and f"in {wait} seconds" in sentence(answers[3])
    assert answers[3].headers["Access-Control-Allow-Origin"] == "*"
    assert Client(REMOTE_ADDR="192.0.2.7").get("/api/reports").status_code == 200, "another address is not held back"


def test_the_count_is_shared_forgotten_and_names_nobody(settings: Any, tmp_path: Path) -> None:
    """By all processes of the machine; and nobody can tell afterwards who asked."""
    noon = 20_000 * 86_400 + 43_200.0
    assert [limits.spend("192.0.2.1", now=noon).left for _ in range(2)] == [limits.MOST - 1, limits.MOST - 2]
    assert limits.spend("192.0.2.2", now=noon).left == limits.MOST - 1
    after = limits.spend("192.0.2.1", now=noon + limits.WINDOW)
    assert after.left == limits.MOST - 1 and after.renews == limits.WINDOW
    names = [path.name for path in settings.HOME.rglob("*") if path.is_file()]
    assert not any("192.0.2" in name for name in names)
    limits.spend("192.0.2.9", now=noon + 3 * limits.WINDOW)
    kept = [path for path in settings.HOME.rglob("*-*") if path.is_file()]
    assert len(kept) == 1, "counts of windows that are over are deleted"
    limits.spend("192.0.2.9", now=noon + 86_400)
    assert [path.name for path in (settings.HOME / limits.FOLDER).iterdir()] == ["20001"], "and the day's key with them"


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("2001:db8::1", "2001:db8::ffff", True),
        ("2001:db8::1", "2001:db8:0:1::1", False),
        ("::ffff:192.0.2.1", "192.0.2.1", True),
        ("192.0.2.1", "192.0.2.2", False),
        ("", "nonsense", True),
    ],
)
def test_one_reader_is_one_network(one: str, other: str, same: bool) -> None:
    """A reader with IPv6 has more addresses than there are stars."""
    assert (limits.network(one) == limits.network(other)) is same


def test_behind_our_proxy_the_address_is_the_one_that_the_proxy_adds(rf: Any, settings: Any) -> None:
    """What a client writes into the header itself must not free it from its limit."""
    request = rf.get("/", headers={"X-Forwarded-For": "203.0.113.9, 192.0.2.1"}, REMOTE_ADDR="127.0.0.1")
    settings.PRODUCTION = False
    assert limits.address_of(request) == "127.0.0.1"
    settings.PRODUCTION = True
    assert limits.address_of(request) == "192.0.2.1"


def test_the_description_is_whole(reports: dict[str, Report]) -> None:
    """Every field and parameter says what it is; what is not described is not promised."""
    described = get("/api/openapi.json").json()
    assert described["openapi"].startswith("3.")
    for one in (way for ways in described["paths"].values() for way in ways.values()):
        assert all(
            parameter["schema"].get("description") or parameter["in"] == "path" for parameter in one["parameters"]
        )
    for name, one in described["components"]["schemas"].items():
        for field, held in one.get("properties", {}).items():
            assert held.get("description") or "anyOf" in held, f"{name}.{field}"
    given = get(f"/api/reports/{reports['W1'].pk}").json()
    assert set(given) == set(described["components"]["schemas"]["ReportWhole"]["properties"])
    page = Client().get("/api/").content.decode()
    assert "<script" not in page and all(f"<code>{name}</code>" in page for name in given)


def test_a_defect_of_ours_is_not_made_a_sentence(reports: dict[str, Report], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("whatworks.collate.api.reading.outs", lambda reports: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        get("/api/reports")


def test_records_keep_their_own_words(reports: dict[str, Report]) -> None:
    """What is given out is put together when it is read; nothing of it is written into the records."""
    before = list(Record.objects.order_by("pk").values_list("tags", flat=True))
    get("/api/reports")
    assert list(Record.objects.order_by("pk").values_list("tags", flat=True)) == before
