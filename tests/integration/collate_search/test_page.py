"""The page of results: what readers see, what they may not see, and what happens when nothing fits."""

from __future__ import annotations

import html
import re
from typing import Any

import pytest
from django.test import Client

from whatworks.collate.models import Report
from whatworks.collate.search.store import TooSlow
from whatworks.people.actions import add_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("held")]


def page(address: str, client: Client | None = None, status: int = 200) -> str:
    """The page at an address, as text without its markup."""
    answer = (client or Client()).get(address)
    assert answer.status_code == status
    return " ".join(html.unescape(re.sub("<[^>]+>", " ", answer.content.decode())).split())


def test_results_say_what_was_found_and_in_which_order() -> None:
    """How many, in which order, and each with who wrote it where and when; the words asked for are marked."""
    said = page("/reports/?q=kinship")
    assert "2 reports for “kinship”. Newest first" in said
    assert "Smith, Jane; Ng, B. Child Abuse , 2019." in said
    assert "year not recorded" in page("/reports/?q=organisational")
    assert "<mark>Kinship</mark>" in Client().get("/reports/?q=kinship").content.decode()


def test_nothing_found_says_what_was_searched_and_what_was_meant() -> None:
    """An empty page that says nothing sends people away with a wrong conclusion."""
    said = page("/reports/?q=kinshp")
    assert "No report for “kinshp”." in said
    assert "No report held here has the word “kinshp”." in said
    assert "Did you mean kinship ?" in said
    assert "We looked in titles, authors, abstracts, journals and keywords" in said
    assert "among those that fit what you chose" in page("/reports/?q=kinship&year=1850")


def test_a_title_nearly_right_is_offered() -> None:
    """Two slips and a word too many: no search finds it, its title is near."""
    said = page("/reports/?q=organisatonal+behavor+zebra")
    assert "Titles nearly like it" in said
    assert "Organisational behavior" in said


def test_a_centre_without_reports_says_so() -> None:
    """Not “try fewer words” where there is nothing to find."""
    from whatworks.collate.search.store import store

    store().empty()
    assert "No reports are held here yet." in page("/reports/?q=care")


@pytest.mark.parametrize(
    "address",
    [
        "?after=x",
        "?after=-5",
        "?after=99999999999999999999",
        "?q=%00",
        "?q=" + "(" * 900,
        "?year=x&source=y&type=z",
        "?q=%22%27;--",
    ],
)
def test_nonsense_in_the_address_is_answered(address: str) -> None:
    """Robots and broken links send anything; none of it may be an error."""
    page(f"/reports/{address}")


def test_decisions_are_not_for_readers_outside(settings: Any) -> None:
    """By review, readers may narrow, since that is on each report's page; by decision, only those who work here."""
    from tests.integration.journey.centres import build_roads
    from whatworks.collate.search.work import catch_up
    from whatworks.screen.models import Judgement

    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    build_roads()
    catch_up()
    judged = Judgement.objects.select_related("review").first()
    assert judged is not None
    outside = page("/reports/")
    assert judged.review.title in outside
    assert "at full text" not in outside
    inside = Client()
    inside.force_login(add_user(by="test", email="coder@example.org", roles=["coder"])[0])
    assert "at full text" in page("/reports/", inside)
    narrowed = f"/reports/?decision={judged.decision}+full+text"
    kept = set(Judgement.objects.filter(decision=judged.decision).values_list("report__title", flat=True))
    assert all(title in page(narrowed, inside) for title in kept)
    assert "Kinship care" not in page(narrowed, inside)
    assert "Kinship care" in page(narrowed), "outside, the filter is not one"


def test_more_like_a_report_and_what_is_not_there() -> None:
    """A report that is unknown is a page that is not found; a merged one leads through the report that speaks for it."""
    Report.objects.filter(pk="rep-4").update(merged_into="rep-0")
    assert "More like this" in page("/reports/?like=rep-4")
    page("/reports/?like=rep-nowhere", status=404)


def test_a_search_that_is_stopped_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    """Not a page of errors: what happened, and what to do."""

    def slow(*_: Any, **__: Any) -> None:
        raise TooSlow("stopped")

    monkeypatch.setattr("whatworks.collate.views.search.find", slow)
    assert "This search was stopped because it took more than two seconds." in page("/reports/?q=care", status=503)


def test_pages_keep_the_question(monkeypatch: pytest.MonkeyPatch) -> None:
    """“More reports” must go on with the same words and filters."""
    monkeypatch.setattr(
        "whatworks.collate.search.finding.find.__kwdefaults__", {"after": -1, "size": 1, "counts": True}
    )
    first = Client().get("/reports/?q=care&type=JOUR").content.decode()
    more = re.search(r'href="([^"]+)" rel="next"', first)
    assert more
    assert "q=care" in more[1]
    assert "type=JOUR" in more[1]
    second = html.unescape(more[1])
    assert "From the beginning" in page(second)
    assert page(second) != page("/reports/?q=care&type=JOUR")
