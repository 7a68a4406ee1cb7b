"""What a reader gets at every public address: the page or a kind no, strict headers, and never a cookie."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from whatworks.collate.models import Report
from whatworks.extract.models import Contrast, Finding, Study
from whatworks.ledger.models import Subject
from whatworks.publish.models import Revision
from whatworks.rate.models import ExternalRating, Rating, RecordedJudgement
from whatworks.synthesise.models import PublishedResult, Synthesis

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("roads")]

FOUND = [
    "/", "/about/", "/glossary/", "/releases/", "/health/", "/reviews/", "/reviews/slow-zones/",
    "/reviews/slow-zones/?page=1", "/reviews/slow-zones/?page=999", "/reviews/slow-zones/?page=none",
    "/evidence/", "/evidence/?q=slow+zones", "/evidence/?q=%00", "/evidence/?q=" + "x" * 5000,
    "/evidence/?outcome=Road+users&theme=slower-streets&sure=Low", "/evidence/?theme=nowhere", "/evidence/?other=1",
    "/evidence/slow-zones/", "/evidence/slow-zones/history/", "/evidence/slow-zones/revisions/1/",
    "/evidence/slow-zones/data.csv", "/evidence/slow-zones/analysis.R",
    "/evidence/slow-zones/?number=100", "/evidence/slow-zones/?number=-5", "/evidence/slow-zones/?number=1e3",
    "/evidence/slow-zones/?number=%D9%A3",
]  # fmt: skip
ABSENT = [
    "/nowhere/", "/evidence/nowhere/", "/evidence/nowhere/history/", "/evidence/nowhere/data.csv",
    "/evidence/nowhere/analysis.R", "/evidence/slow-zones/revisions/2/", "/evidence/slow-zones/revisions/0/",
    "/evidence/slow-zones/revisions/99999999999999999999999/", "/evidence/slow-zones/revisions/one/",
    "/trace/nowhere/", "/trace/fnd-00000000/", "/reviews/nowhere/", "/reports/nowhere/", "/studies/nowhere/",
    "/static/web/nowhere.css",
]  # fmt: skip
STRICT = {
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}


def identifiers() -> list[str]:
    """One address of each kind of thread, report and study."""
    kinds = (Finding, Contrast, Synthesis, PublishedResult, Rating, RecordedJudgement, ExternalRating)
    rows = [kind.objects.order_by("pk").first() for kind in kinds]
    found = [f"/trace/{row.pk}/" for row in rows if row is not None]
    assert len(found) == len(kinds)
    return [*found, *(f"/reports/{pk}/" for pk in Report.objects.values_list("pk", flat=True)),
            *(f"/studies/{pk}/" for pk in Study.objects.values_list("pk", flat=True))]  # fmt: skip


@pytest.mark.parametrize("address", FOUND, ids=lambda address: address[:48])
def test_it_is_there(client: Client, address: str) -> None:
    response = client.get(address)
    assert response.status_code == 200
    assert not response.cookies


@pytest.mark.parametrize("address", ABSENT)
def test_it_is_not_there_and_says_so_kindly(client: Client, address: str) -> None:
    response = client.get(address)
    assert response.status_code == 404
    assert not response.cookies
    if not address.startswith("/static/"):
        assert "<h1>" in response.content.decode(), "a bare “Not Found” leaves a reader without a way back"


def test_every_kind_of_thread_report_and_study_is_there(client: Client) -> None:
    for address in identifiers():
        assert client.get(address).status_code == 200, address


def test_what_has_no_thread_is_not_there(client: Client) -> None:
    """An identifier of a kind that nobody publishes numbers of."""
    for kind in ("theme", "outcome", "review", "revision", "page"):
        subject = Subject.objects.filter(kind=kind).first()
        assert subject is not None, kind
        assert client.get(f"/trace/{subject.pk}/").status_code == 404


def test_an_address_without_its_slash_leads_to_the_one_with(client: Client) -> None:
    response = client.get("/evidence/slow-zones")
    assert (response.status_code, response.headers["Location"]) == (301, "/evidence/slow-zones/")


@pytest.mark.parametrize("address", ["/", "/evidence/slow-zones/", "/evidence/slow-zones/data.csv", "/health/",
                                     "/nowhere/", "/workspace/", "/account/login/"])  # fmt: skip
def test_every_answer_carries_the_strict_headers(client: Client, address: str) -> None:
    """Pages and files, what is found and what is not, what is open and what is closed."""
    response = client.get(address)
    assert {name: response.headers.get(name) for name in STRICT} == STRICT
    policy = dict(part.strip().split(" ", 1) for part in response.headers["Content-Security-Policy"].split(";"))
    assert policy["default-src"] == policy["base-uri"] == policy["frame-ancestors"] == "'none'"
    assert {policy[name] for name in ("script-src", "style-src", "connect-src", "form-action")} == {"'self'"}
    assert "unsafe" not in response.headers["Content-Security-Policy"]
    assert "geolocation=()" in response.headers["Permissions-Policy"]


@pytest.mark.parametrize("address", ["/evidence/slow-zones", "/static/web/favicon.svg"])
def test_answers_that_no_view_gives_carry_the_policy_too(client: Client, address: str) -> None:
    """A redirect, and a drawing that a browser would open as a page."""
    response = client.get(address)
    assert "default-src 'none'" in response.headers["Content-Security-Policy"]
    if response.streaming:
        list(response)  # read to its end, a file closes itself


@pytest.mark.parametrize("address", [*(one for one in FOUND if "?" not in one), "/nowhere/"])
def test_no_page_needs_what_the_policy_forbids(client: Client, address: str) -> None:
    """A style or a script inside the page would not be applied, and the page would look broken."""
    response = client.get(address)
    if "text/html" in response.headers["Content-Type"]:
        assert not re.search(
            r"<script(?! src=\"/static/)|<style|\sstyle=|\son\w+=|javascript:", response.content.decode()
        )


def test_pages_may_be_kept_by_nobody_s_cookie(client: Client) -> None:
    """A reader without a cookie stays without one, whatever they do."""
    for address in ("/", "/evidence/?q=zones", "/evidence/slow-zones/?number=100"):
        client.get(address)
    assert not client.cookies


def test_files_are_named_and_are_what_they_say(client: Client) -> None:
    table, script = (client.get(f"/evidence/slow-zones/{name}") for name in ("data.csv", "analysis.R"))
    assert table.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert table.headers["Content-Disposition"] == 'attachment; filename="slow-zones.csv"'
    assert script.headers["Content-Disposition"] == 'attachment; filename="slow-zones.R"'
    assert script.headers["Content-Type"].startswith("text/plain")


def test_what_a_reader_typed_comes_back_as_text(client: Client) -> None:
    text = client.get("/evidence/", {"q": '"><script>alert(1)</script>'}).content.decode()
    assert "<script" not in text
    assert "&lt;script&gt;" in text


def test_a_numbered_revision_says_that_there_may_be_a_newer_one(client: Client) -> None:
    """Its bytes never change, so it cannot know; the address without a number shows the newest."""
    first = Revision.objects.get()
    Revision.objects.register(
        page=first.page, number=2, content=first.content | {"revision": 2}, approved_by="usr-1",
        approved_at=first.approved_at, what_changed="Words.",
    )  # fmt: skip
    for numbered in ("/evidence/slow-zones/revisions/1/", "/evidence/slow-zones/revisions/2/"):
        assert "There may be a newer one" in client.get(numbered).content.decode()
    assert "There may be a newer one" not in client.get("/evidence/slow-zones/").content.decode()


def test_health_is_one_line_for_a_machine(client: Client) -> None:
    assert client.get("/health/").json() == {"ok": True}


def test_the_demonstration_says_so_on_every_page(client: Client) -> None:
    for address in ("/", "/evidence/slow-zones/", "/nowhere/", "/account/login/"):
        assert "Not the What Works Centre or its successor, and not advice" in client.get(address).content.decode()
