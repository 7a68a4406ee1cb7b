"""What is recorded of an intervention besides its effects: by form, from a report that is held, with its words and the page."""

from __future__ import annotations

import html
import re
from typing import Any

import pytest
from django.test import Client

from tests.integration.rate.raters import at_work, somebody
from whatworks.collate.models import Report
from whatworks.ledger.models import Event
from whatworks.publish.actions import approve
from whatworks.publish.models import Draft, Page
from whatworks.publish.particulars.forms import reports_about
from whatworks.scope.models import Intervention, Particular
from whatworks.scope.particulars import particulars_of, record_particular, take_back_particular

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("roads")]

ABOUT = "/workspace/interventions/slow-zones/"


@pytest.fixture
def coder() -> Client:
    return at_work(somebody("Cora Lark", "coder"))


def zones() -> Intervention:
    return Intervention.objects.get(slug="slow-zones")


def a_report() -> Report:
    report: Report | None = reports_about(zones()).first()
    assert report
    return report


def said(response: Any) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", response.content.decode())).split())


def typed(**other: str) -> dict[str, str]:
    return {"value": "home", "report": a_report().pk, "words": "Workers came to the house.", "place": "12"} | other


def test_a_coder_records_one_from_a_report_and_readers_see_it_once_an_editor_approves(
    coder: Client, client: Client
) -> None:
    """What is recorded nowhere is “not recorded” to every reader who looks for it."""
    assert "Slow zones" in said(coder.get("/workspace/interventions/"))
    assert said(coder.get(ABOUT)).count("Not recorded.") == 6
    assert coder.post(f"{ABOUT}record/setting/", typed()).headers["Location"] == ABOUT
    one = Particular.objects.get()
    report = a_report()
    assert one.cites_id == report.pk and one.source == f"{report.citation().rstrip('.')}, page 12"
    told = said(coder.get(ABOUT))
    assert "At home" in told and "Workers came to the house." in told and "Recorded by Cora Lark." in told
    event = Event.objects.get(verb="scope.record-particular")
    assert event.actor == one.by and one.pk in event.digests and zones().pk in event.subjects
    page = Page.objects.get(intervention=zones())
    assert "At home" not in said(client.get("/evidence/slow-zones/", secure=True))
    assert Draft.objects.filter(page=page).exists()
    approve(by="rule", page=page, what_changed="Where it happens is recorded.")
    assert "At home" in said(client.get("/evidence/slow-zones/", secure=True))
    again = coder.post(f"{ABOUT}record/setting/", typed())
    assert again.status_code == 302 and Particular.objects.count() == 1, "sent twice is recorded once"


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"words": ""}, "Quote what the report says."),
        ({"place": " "}, "Say on which page it stands"),
        ({"value": "moon"}, "Select a valid choice"),
        ({"report": ""}, "Choose the report that says so"),
        ({"other": "rep-7h3k9q2x"}, "one of the two"),
        ({"report": "", "other": "rep-nothing"}, "No report here is called “rep-nothing”"),
    ],
)
def test_nothing_is_recorded_without_a_held_report_its_words_and_the_page(
    coder: Client, change: dict[str, str], refusal: str
) -> None:
    refused = coder.post(f"{ABOUT}record/setting/", typed(**change))
    assert refused.status_code == 400 and refusal in said(refused)
    assert not Particular.objects.exists()


def test_another_held_report_is_named_by_its_identifier_or_doi(coder: Client) -> None:
    other = Report.objects.register(title="A manual of slow zones", year=2021, doi="10.5555/Zones")
    for number, name in enumerate((other.pk, "https://doi.org/10.5555/zones")):
        value = ("school", "court")[number]
        post = typed(report="", other=name, value=value, place="table 2")
        assert coder.post(f"{ABOUT}record/setting/", post).status_code == 302, name
    assert {one.cites_id for one in Particular.objects.all()} == {other.pk}
    first = Particular.objects.get(value="school")
    assert first.source.endswith("A manual of slow zones, table 2")
    assert first.source_url == "https://doi.org/10.5555/Zones"


def test_a_record_is_replaced_and_taken_back_and_stays_readable(coder: Client) -> None:
    """What once stood on a page must be findable, with the reason why it no longer does."""
    coder.post(f"{ABOUT}record/setting/", typed())
    first = Particular.objects.get()
    at = f"{ABOUT}replace/{first.pk}/"
    assert "Recorded now: “At home”" in said(coder.get(at))
    assert coder.post(at, typed(value="school", step="record")).status_code == 302
    late = coder.post(at, typed(value="court", step="record"))
    assert late.status_code == 400 and "replaced or taken back this record since" in said(late)
    second = Particular.objects.get(replaces=first)
    at = f"{ABOUT}replace/{second.pk}/"
    assert "Say why" in said(coder.post(at, {"step": "take-back", "reason": " "}))
    assert coder.post(at, {"step": "take-back", "reason": "It was another programme."}).status_code == 302
    assert particulars_of(zones())["setting"] == []
    told = said(coder.get(ABOUT))
    assert "It was another programme." in told and "Replaced by Cora Lark." in told
    gone = coder.post(at, {"step": "take-back", "reason": "Again."})
    assert gone.status_code == 400 and Particular.objects.count() == 3


def test_the_same_value_from_another_report_is_not_recorded_twice(coder: Client) -> None:
    record_particular(by="usr-1", intervention=zones(), sort="setting", value="home", source="A report")
    refused = coder.post(f"{ABOUT}record/setting/", typed())
    assert refused.status_code == 400 and "is recorded for “Slow zones” already" in said(refused)
    assert "Workers came to the house." in said(refused), "what was typed is still here"


def test_a_partner_is_a_name_in_words_and_a_cost_wants_its_year(coder: Client) -> None:
    assert "Quote the year of the prices too" in said(coder.get(f"{ABOUT}record/cost/"))
    assert coder.post(f"{ABOUT}record/partner/", typed(value="The fire service")).status_code == 302
    assert "The fire service" in said(coder.get(ABOUT))
    assert coder.get(f"{ABOUT}record/weather/").status_code == 404


def test_only_who_reads_studies_records(client: Client) -> None:
    one = record_particular(by="usr-1", intervention=zones(), sort="setting", value="home", source="A report")
    writer = at_work(somebody("Wim Rook", "writer"))
    assert "Record one" not in said(writer.get(ABOUT))
    for at in (f"{ABOUT}record/setting/", f"{ABOUT}replace/{one.pk}/"):
        assert writer.get(at).status_code == 403 and writer.post(at, typed()).status_code == 403
        assert client.get(at, secure=True).status_code in (302, 403)
    back = take_back_particular(by="usr-1", particular=one, reason="Wrong.")
    coder = at_work(somebody("Cora Lark", "coder"))
    assert coder.get(f"{ABOUT}replace/{back.pk}/").status_code == 404
