"""The pages of frames and of risk of bias: what can be made of a frame, and what an instrument proposes."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.integration.extract.studied import Team, team
from tests.integration.extract.test_coding_pages import able, text
from whatworks.extract.instruments import instruments
from whatworks.extract.models import Appraisal, CodingFrame, Judging

pytestmark = pytest.mark.django_db

EPPI = {
    "CodeSets": [
        {
            "SetName": "Codes of ours",
            "SetId": 7,
            "Attributes": {
                "AttributesList": [
                    {
                        "AttributeId": 1,
                        "AttributeName": "Design",
                        "AttributeType": "Not selectable(no checkbox)",
                        "Attributes": {
                            "AttributesList": [
                                {
                                    "AttributeId": 2,
                                    "AttributeName": "Trial",
                                    "AttributeType": "Selectable (show checkbox)",
                                },
                                {
                                    "AttributeId": 3,
                                    "AttributeName": "Other",
                                    "AttributeType": "Selectable (show checkbox)",
                                },
                            ]
                        },
                    }
                ]
            },
        }
    ]
}


@pytest.fixture
def held(db: None) -> Team:
    return team()


@pytest.fixture
def coder(held: Team) -> Client:
    return able(held.first, "coder")


def test_a_frame_is_taken_into_use_copied_extended_and_changed(held: Team, coder: Client) -> None:
    assert "A study in ten questions" in text(coder.get("/workspace/frames/"))
    coder.post("/workspace/frames/take-into-use/", {"key": "quick-study", "version": "1"})
    quick = CodingFrame.objects.named("quick-study")
    here = f"/workspace/frames/{quick.pk}/"
    assert "What did the study set out to find?" in text(coder.get(here))
    coder.post(f"{here}make/copy/", {"copy-key": "ours", "copy-title": "Ours"})
    ours = CodingFrame.objects.named("ours")
    coder.post(
        f"{here}make/extend/",
        {"extend-key": "more", "extend-title": "More", "extend-label": "Cost?", "extend-item": "cost-said",
         "extend-values": "yes\nno"},
    )  # fmt: skip
    assert CodingFrame.objects.named("more").frame().item("cost-said").allowed == ("yes", "no")
    toml = text(coder.get(f"/workspace/frames/{ours.pk}/file.toml"))
    changed = {
        "change-text": toml.replace("Which outcomes were measured?", "What was measured?"),
        "change-why": "Plainer.",
    }
    coder.post(f"/workspace/frames/{ours.pk}/make/change/", changed)
    second = CodingFrame.objects.named("ours")
    assert second.version == 2 and "Plainer." in text(coder.get(f"/workspace/frames/{second.pk}/"))
    broken = coder.post(f"/workspace/frames/{second.pk}/make/change/", {"change-text": "x =", "change-why": "y"})
    assert broken.status_code == 200 and "There is a problem" in text(broken)


def test_a_frame_is_taken_away_in_three_forms(held: Team, coder: Client) -> None:
    for form, has in (("toml", "[[items]]"), ("json", '"items"'), ("csv", "People who joined")):
        assert has in text(coder.get(f"/workspace/frames/{held.frame.pk}/file.{form}"))
    assert coder.get(f"/workspace/frames/{held.frame.pk}/file.exe").status_code == 404


def test_code_sets_of_another_program_become_frames(coder: Client) -> None:
    def sent(content: bytes) -> Any:
        file = SimpleUploadedFile("sets.json", content, "application/json")
        return coder.post("/workspace/frames/", {"sort": "eppi", "file": file}, follow=True)

    assert "Codes of ours" in text(sent(json.dumps(EPPI).encode()))
    assert "not JSON" in text(sent(b"{")) and "not text in UTF-8" in text(sent(b"\xff\xfe\xff"))
    assert "holds no CodeSets" in text(sent(b"{}"))


def test_readers_of_the_workspace_change_no_frame(held: Team) -> None:
    editor = able(held.third, "editor")
    assert editor.get("/workspace/frames/").status_code == 200
    told = {"key": "quick-study", "version": "1"}
    assert editor.post("/workspace/frames/take-into-use/", told).status_code == 403
    assert not CodingFrame.objects.filter(key="quick-study").exists()


def test_every_instrument_has_its_form(held: Team, coder: Client) -> None:
    here = f"/workspace/studies/{held.study.pk}/appraise/"
    page = text(coder.get(here))
    for one in instruments():
        assert one.title.replace("'", "&#x27;") in page or one.version == 1
        assert coder.get(f"{here}?tool={one.key}").status_code == 200


def test_rules_propose_and_a_person_overrides_with_a_reason(held: Team, coder: Client) -> None:
    here = f"/workspace/studies/{held.study.pk}/appraise/"
    answers = {"1.1": "Y", "1.2": "Y", "1.3": "N", "2.1": "N", "2.2": "N", "2.6": "Y", "3.1": "Y", "4.1": "N", "4.2": "N",
               "4.3": "N", "5.1": "Y", "5.2": "N", "5.3": "N"}  # fmt: skip
    told = {"tool": "rob-2"} | {f"q-{key}": value for key, value in answers.items()}
    proposed = text(coder.post(here, told | {"step": "propose"}))
    assert "Proposed: <strong>Low</strong>" in proposed and not Appraisal.objects.exists()
    refused = text(coder.post(here, told | {"step": "keep", "judged-D4": "High"}))
    assert "say why it is not that" in refused and not Appraisal.objects.exists()
    coder.post(here, told | {"step": "keep", "judged-D4": "High", "why-D4": "The raters knew the arms."})
    row = Appraisal.objects.get()
    assert (row.domains["D4"], row.overall, Judging.objects.get().reasons) == (
        "High",
        "High",
        {"D4": "The raters knew the arms."},
    )
    assert "The raters knew the arms." in text(coder.get(f"{here}?tool=rob-2"))
    assert "<svg" in text(coder.get("/workspace/appraised/"))
    table = text(coder.get(f"/workspace/reviews/{held.review.slug}/risk-of-bias/rob-2-2.csv"))
    assert table.startswith("Study,D1,") and "Oak 2019,Low" in table
