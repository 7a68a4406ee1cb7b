"""Somebody with a conflict sees, byte for byte, what they would see if the application did not exist: pages, files, counts."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import get_resolver

from whatworks.commission.assessing import settle_conflict
from whatworks.commission.models import Application, Call, CallConflict
from whatworks.commission.models.assessing import Determination
from whatworks.people.actions import give_roles
from whatworks.people.models import User

pytestmark = pytest.mark.django_db
TOKEN = re.compile(rb'name="csrfmiddlewaretoken" value="[^"]+"')  # new for every answer, to anybody
PAGES = (
    "/calls/", "/calls/{call}/", "/calls/{call}/rules-1.toml", "/calls/{call}/lot.json", "/calls/awards.csv", "/calls/awards.json",
    "/workspace/", "/workspace/calls/", "/workspace/calls/lots/", "/workspace/calls/{call}/", "/workspace/calls/{call}/assess/",
    "/workspace/calls/{call}/decide/", "/workspace/calls/{call}/table.csv", "/workspace/calls/{call}/rules/",
    "/workspace/applications/{hidden}/", "/workspace/applications/{hidden}/score/", "/workspace/applications/{hidden}/decide/",
    "/workspace/applications/{other}/", "/workspace/applications/{other}/score/", "/workspace/applications/{other}/decide/",
    "/applications/", "/applications/{hidden}/", "/awards/{hidden}/summary.pdf", "/workspace/awards/{hidden}/",
    "/workspace/interests/", "/workspace/interests/everybody/", "/take-part/",
)  # fmt: skip


def answers(user: User, call: Call, hidden: list[str], other: str) -> dict[str, bytes]:
    """Every page and file as somebody gets it, with its status."""
    client = Client()
    client.force_login(user)
    found = {}
    for page in PAGES:
        for one in hidden if "{hidden}" in page else hidden[:1]:
            path = page.format(call=call.slug, hidden=one, other=other)
            answer = client.get(path)
            body = b"".join(answer.streaming_content) if answer.streaming else answer.content
            found[path] = b"%d " % answer.status_code + TOKEN.sub(b"", body)
    return found


def everything(user: User) -> User:
    """All the roles of calls at once: whatever there is to see, they would see."""
    return give_roles(
        by="test",
        who=user.pk,
        roles=["commissioner", "decider", "accountable", "finance", "applicant", "lead", "custodian"],
    )


@pytest.mark.parametrize("state", ["proposed", "stands"])
def test_a_conflicted_person_cannot_tell_whether_what_is_hidden_exists(call: Call, who: Any, state: str) -> None:
    """A counter that says 0 of 8 tells the one who is shown 6 what they must not know."""
    user = everything(who("panel-5"))
    for one in CallConflict.objects.filter(user=user):
        if state == "stands":
            settle_conflict(by="usr:other", conflict=one, stands=True)
    visible = Application.objects.filter(call=call).visible_to(user)
    gone = Application.objects.filter(call=call).exclude(pk__in=visible)
    hidden, other = sorted(gone.values_list("pk", flat=True)), str(visible.order_by("pk")[0].pk)
    assert len(hidden) == 2
    before = answers(user, call, hidden, other)
    gone.delete()
    after = answers(user, call, hidden, other)
    assert [path for path in before if before[path] != after[path]] == []
    assert (
        before[f"/workspace/calls/{call.slug}/decide/"].startswith(b"200")
        and b"Mereton Town" in before[f"/workspace/calls/{call.slug}/decide/"]
    )


def test_the_comparison_can_fail(call: Call, who: Any) -> None:
    """Somebody without a conflict does see the difference, on the pages that count and list."""
    user = everything(who("panel-1"))
    gone = Application.objects.filter(call=call, body="Larkmere East")
    hidden, other = [str(gone[0].pk)], str(Application.objects.filter(call=call).exclude(body="Larkmere East")[0].pk)
    before = answers(user, call, hidden, other)
    gone.delete()
    after = answers(user, call, hidden, other)
    differ = {path for path in before if before[path] != after[path]}
    work = f"/workspace/calls/{call.slug}/"
    assert {
        work,
        f"{work}assess/",
        f"{work}decide/",
        f"{work}table.csv",
        f"/workspace/applications/{hidden[0]}/",
    } <= differ


def test_every_address_of_the_room_is_compared() -> None:
    """An address that is added must be added here too: it could be the one that counts."""
    ours = {
        str(pattern.pattern) for pattern in _patterns() if getattr(pattern.callback, "__module__", "").startswith("whatworks.commission")
    }  # fmt: skip
    left_out = {
        "workspace/calls/open/",  # a form for a new call
        "calls/<slug:slug>/apply/", "applications/join/<str:secret>/",  # forms that show nothing of other applications
        "applications/<str:identifier>/files/<str:attachment>/",
        "workspace/applications/<str:identifier>/files/<str:attachment>/",  # looked up through the application, as its page is
    }  # fmt: skip
    shapes = [re.sub(r"\{\w+\}|rules-1|summary\.pdf", "*", page.strip("/")) for page in PAGES]
    told = {
        re.sub(r"<[^>]+>|rules-<int:number>", "*", one.strip("/")) for one in ours - left_out if not one.startswith("^")
    }
    assert {one.replace("rules-*", "*") for one in told} - {one.replace("*.toml", "*.toml") for one in shapes} == set()


def _patterns() -> list[Any]:
    found: list[Any] = []
    for entry in get_resolver().url_patterns:
        found += getattr(entry, "url_patterns", [entry])
    return found


def test_nobody_unsuccessful_is_in_public_or_in_an_open_pack(call: Call, who: Any) -> None:
    """Whoever was not chosen must be able to apply elsewhere without anybody knowing."""
    from whatworks.commission import deciding
    from whatworks.commission.pack import TABLES
    from whatworks.ledger.models import Subject
    from whatworks.ledger.packs import PROFILES

    for one in call.applications.judged():
        chosen = one.body in ("Mereton Town", "Fernshire Coast")
        deciding.determine(
            by="usr:d", application=one, decision=Determination.CHOSEN if chosen else Determination.DECLINED, why="Made up.",
            reasons="Made up." if chosen else "", feedback="Made up feedback.",
        )  # fmt: skip
    deciding.announce(by="usr:d", call=call)
    packed = "".join(text for table in TABLES for _name, text in table.files("open"))
    client = Client()
    pages = "".join(
        client.get(path).content.decode() for path in ("/calls/", f"/calls/{call.slug}/", "/calls/awards.json")
    )
    assert "Mereton Town" in packed and "Mereton Town" in pages
    told = packed + pages + " ".join(Subject.objects.values_list("title", flat=True))
    for name in ("Brookfield North", "Larkmere West", "Fernshire Hills"):
        assert name not in told
    assert not [one for one in call.applications.values_list("pk", flat=True) if one in packed + pages]
    assert "feedback" not in packed and "open" in PROFILES
    moved = "".join(text for table in TABLES for _name, text in table.files("move"))
    assert "Larkmere West" in moved
