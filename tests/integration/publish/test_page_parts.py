"""The page of schema 3: who is missing, harms, voices, what to take away, another starting point, the young people's page."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client

from tests.integration.publish.documents import said, words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo")]

IFP, ILP = "intensive-family-preservation", "independent-living-programmes"
TITLES = [
    "How sure are we, and why",
    "Harms, and is it fair",
    "How is it meant to work",
    "For whom, and who is missing",
    "What children and families say",
    "How well were the studies done",
    "How to do it",
    "Who needs to work together",
    "What it costs, and who pays",
    "Studies under way",
]


def newest(slug: str) -> Any:
    from whatworks.publish.models import Page

    return Page.objects.get(slug=slug).newest()


def contents() -> list[dict[str, Any]]:
    from whatworks.publish.models import Page

    return [page.newest().content for page in Page.objects.order_by("slug")]


def built(slug: str) -> dict[str, Any]:
    from whatworks.publish.page.building import build
    from whatworks.scope.models import Intervention

    return build(Intervention.objects.get(slug=slug)).content


def chapter(content: dict[str, Any], title: str) -> str:
    one = next(one for one in content["chapters"] if one["title"] == title)
    return " ".join(words(one["blocks"]))


def test_every_page_has_every_part_and_says_what_is_not_recorded() -> None:
    """A part that is left out where nothing is known reads as if there were nothing to ask."""
    for content in contents():
        assert [one["title"] for one in content["chapters"]] == TITLES, content["slug"]
        assert all(one["blocks"] and one["small"] for one in content["chapters"]), content["slug"]
        assert "Not recorded" in chapter(content, "For whom, and who is missing") or not content["studied"]["studies"]
        assert "stands apart from the results" in chapter(content, "What children and families say")
        assert "None known to us" in chapter(content, "Studies under way")


def test_the_answer_names_how_sure_we_are_beside_every_number() -> None:
    """Evidence without a word on its quality is read as sure."""
    for content in contents():
        told = said(content["answer"]["strong"]) + said(content["answer"]["rest"])
        if any(isinstance(part, dict) for part in content["answer"]["rest"]):
            assert "ow sure we" in told, content["slug"]


def test_no_relative_change_stands_alone() -> None:
    for content in contents():
        for outcome in content["outcomes"]:
            told = said(outcome["sentence"])
            if "%" in told:
                assert "We do not hold how many there were without it" in told, content["slug"]


def test_what_people_recorded_and_wrote_comes_into_the_would_be_page() -> None:
    """A passage or a particular that stays out of the page was written for nobody."""
    from whatworks.publish.writing.passages import write
    from whatworks.scope.models import Intervention
    from whatworks.scope.particulars import record_particular

    one = Intervention.objects.get(slug=IFP)
    texts = {"voices": "A mother said: they listened.", "harms": "Nobody looked for harm.", "young": "You can say no."}
    for part, text in texts.items():
        write(by="usr-1", intervention=one, part=part, text=text)
    record_particular(by="usr-1", intervention=one, sort="partner", value="Housing", source="A report")
    record_particular(by="usr-1", intervention=one, sort="cost", value="high", source="A report")
    content = built(IFP)
    assert "they listened" in chapter(content, "What children and families say")
    assert "Nobody looked for harm" in chapter(content, "Harms, and is it fair")
    assert "Housing" in chapter(content, "Who needs to work together")
    assert content["young"] == ["You can say no."]
    costs = chapter(content, "What it costs, and who pays")
    assert "without the year of its prices" in costs and "£" not in costs


def test_what_coders_decided_of_the_studies_is_told() -> None:
    """Who took part is known to a coder and must not stay “not recorded” on the page."""
    from whatworks.extract.framing import adopt_frame
    from whatworks.extract.models import Coding, Contrast, Decided

    study = Contrast.objects.filter(study__name="Kentucky 2002").order_by("pk").first().study
    frame = adopt_frame(by="usr-1", key="childrens-social-care-study")
    now = datetime(2026, 5, 3, tzinfo=UTC)
    coding = Coding.objects.create(id=Coding.fresh(), study=study, frame=frame, by="usr-1", at=now)
    for item, value in {"age-range": "0 to 12", "harms-measured": "no"}.items():
        Decided.objects.create(
            id=Decided.fresh(),
            coding=coding,
            item=item,
            number=1,
            status="coded",
            value=value,
            how="agreed",
            by="rule",
            at=now,
        )
    content = built(IFP)
    assert "0 to 12 (1 of 6 studies)" in chapter(content, "For whom, and who is missing")
    assert "No (1 of 6 studies)" in chapter(content, "Harms, and is it fair")
    assert "Ages" not in content["studied"]["missing"]


def test_an_earlier_revision_is_read_as_it_was(client: Client) -> None:
    """What was approved without these parts must not seem to have had them."""
    from whatworks.publish.models import Revision

    revision = newest(IFP)
    old = {key: value for key, value in revision.content.items() if key not in ("studied", "young")}
    made = Revision.objects.register(
        Revision.derived(revision.page_id, 2),
        page=revision.page,
        number=2,
        content=old | {"schema": 2, "revision": 2},
        approved_by="rule",
        approved_at=revision.approved_at,
        what_changed="As it was before.",
    )
    shown = client.get(f"/evidence/{IFP}/revisions/2/", secure=True).content.decode()
    assert "Use it in your team" not in shown
    assert "What happens" in shown
    assert client.get(f"/evidence/{IFP}/young/", secure=True).status_code == 200
    assert made.content["schema"] == 2


def test_every_page_has_a_version_for_young_people(client: Client) -> None:
    for content in contents():
        shown = client.get(f"/evidence/{content['slug']}/young/", secure=True)
        assert shown.status_code == 200, content["slug"]
        assert f"{content['title']}: for young people" in shown.content.decode().replace("&#x27;", "'")
        assert not shown.cookies
    assert client.get("/evidence/nothing-of-this-name/young/", secure=True).status_code == 404


def test_a_reader_begins_elsewhere_and_the_studies_own_start_gives_the_drawn_numbers(client: Client) -> None:
    """Two different numbers for one thing on one page would be believed by nobody."""
    from whatworks.publish.methods.starting import begun, own_of

    content = newest(ILP).content
    drawn = {one["analysis"]: one["hundred"] for one in content["outcomes"] if one["hundred"]}
    movable = [one for one in content["local"]["measures"] if not one["refused"] and one["start"]]
    assert len(movable) > 5
    for one in movable:
        point, dots = begun(one["start"], own_of(one["start"])), drawn[one["key"]]
        assert abs(point.after - dots["after"]) <= 0 and abs(point.usual - dots["before"]) <= 0, one["name"]
    key = movable[0]["key"]
    shown = client.get(f"/evidence/{ILP}/", {"start": key, "usual": "30"}, secure=True).content.decode()
    assert "If 30 of 100 were homeless at some time without it" in shown
    for typed, told in (("0", "from 1 to 99"), ("many", "figures 0 to 9"), ("", "Type how many")):
        shown = client.get(f"/evidence/{ILP}/", {"start": key, "usual": typed}, secure=True).content.decode()
        assert told in shown and f'value="{typed}"' in shown
    shown = client.get(f"/evidence/{ILP}/", {"start": "ana-none", "usual": "30"}, secure=True).content.decode()
    assert "Choose what you want to begin elsewhere." in shown


def test_a_difference_out_of_100_is_not_begun_elsewhere(client: Client) -> None:
    shown = client.get(f"/evidence/{IFP}/", secure=True).content.decode()
    assert "taken to be the same wherever a place starts" in shown
    assert 'name="usual"' not in shown
