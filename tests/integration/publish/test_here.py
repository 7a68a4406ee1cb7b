"""“What could it mean here?” on the centre that ships: who counts is said, nothing is filled in, and each no has its reason."""

from __future__ import annotations

import html
import re
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client
from django.utils import timezone

from whatworks.extract.models import ContrastDetail
from whatworks.publish.models import Page, Revision
from whatworks.publish.page.here import here
from whatworks.publish.page.locally import definition, local
from whatworks.rate.gathering import grounds
from whatworks.scope.models import Outcome

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo")]

ONE, SEVERAL, FEW, NONE = (
    "intensive-family-preservation",
    "independent-living-programmes",
    "coaching-and-peer-support",
    "lifelong-links",
)
NAMES = ["Who they were", "What was counted", "Where", "Compared with", "What was measured", "Follow-up"]


def content(slug: str) -> dict[str, Any]:
    revision = Page.objects.get(slug=slug).newest()
    assert revision is not None
    return revision.content


def measures(slug: str) -> list[dict[str, Any]]:
    return content(slug)["local"]["measures"]


def section(client: Client, slug: str, *, static: bool = False, **asked: str) -> str:
    """The section as a reader gets it, without the space between its words."""
    headers = {"X-Static-Site": "1"} if static else {}
    response = client.get(f"/evidence/{slug}/?{urlencode(asked)}", headers=headers)
    assert response.status_code == 200
    found = re.search(r'<section class="local".*?</section>', response.content.decode(), re.S)
    assert found, slug
    return html.unescape(re.sub(r"\s+", " ", found[0]))


def asked(**other: str) -> dict[str, str]:
    key = next(one["key"] for one in measures(ONE) if not one["refused"])
    return {"outcome": key, "counted": "families", "number": "64", "offered": "no"} | other


def test_every_page_has_the_section_with_a_sum_or_with_why_there_is_none(client: Client) -> None:
    for page in Page.objects.all():
        held = content(page.slug)["local"]
        shown = section(client, page.slug)
        usable = [one for one in held["measures"] if not one["refused"]]
        assert bool(held["refused"]) == (not usable), page.slug
        assert ("<form" in shown) == bool(usable), page.slug
        assert all(sentence in shown for sentence in held["refused"]), page.slug


def test_no_sum_below_three_studies_without_a_range_or_over_different_counts() -> None:
    usable = [one for page in Page.objects.all() for one in measures(page.slug) if not one["refused"]]
    assert len(usable) > 8
    for one in usable:
        assert one["studies"] >= 3 and None not in (one["low"], one["high"]), one["name"]
        assert [part["name"] for part in one["definition"]] == NAMES
        assert all(part["items"] and all(part["items"]) for part in one["definition"])


def test_an_outcome_is_asked_about_once_and_has_its_own_key() -> None:
    for page in Page.objects.all():
        held = measures(page.slug)
        assert len({one["key"] for one in held}) == len({one["name"] for one in held}) == len(held), page.slug


def test_who_was_in_the_studies_stands_before_the_field_and_nothing_is_filled_in(client: Client) -> None:
    shown = section(client, ONE)
    assert shown.index("Families with a child about to be placed in care (2 of 3 studies)") < shown.index("<form")
    assert "Usual services" in shown and "United States" in shown
    assert re.search(r'<input[^>]*name="number"[^>]*value=""', shown)
    assert "selected" not in shown and "There is a problem" not in shown


def test_the_answer_and_its_trace(client: Client) -> None:
    shown = section(client, ONE, **asked())
    plain = re.sub(r"<[^>]+>", "", shown)
    assert (
        "If 64 families like those in the trials were offered this here, and results carried over, between 2 fewer and 11 more "
        "might have a child placed in care. This is not a forecast or a savings figure, and it says nothing about any one child."
    ) in plain
    assert "We do not know whether children were safer" in plain
    trace = re.search(r'<a class="num" href="([^"]+)"', shown)
    assert trace and client.get(trace[1]).status_code == 200


@pytest.mark.parametrize("number", ["0", "-5", "sixty", "12.5", "10,000,000", "６４", '"><script>', "9" * 500])
def test_what_cannot_be_counted_gets_a_sentence_and_stays_typed(client: Client, number: str) -> None:
    shown = section(client, ONE, **asked(number=number))
    assert "There is a problem." in shown and 'href="#here-number"' in shown
    assert 'id="here-number-error"' in shown and "might have a child" not in shown
    assert f'value="{number[:60]}"' in shown
    assert "<script" not in shown.replace('value=""><script>"', "")


def test_a_link_with_a_number_alone_is_asked_for_the_rest(client: Client) -> None:
    shown = section(client, ONE, number="64")
    assert 'value="64"' in shown
    for name in ("outcome", "counted", "offered"):
        assert f'href="#here-{name}"' in shown
    assert 'href="#here-number"' not in shown


def test_offered_already_unknown_or_not_said(client: Client) -> None:
    assert "No number." in section(client, ONE, **asked(offered="yes"))
    unknown = section(client, ONE, **asked(offered="unknown"))
    assert "between 2 fewer and 11 more" in unknown and "Find out first whether it is already offered here" in unknown
    silent = section(client, ONE, **asked(offered=""))
    assert "Say whether it is already offered here" in silent and 'value="64"' in silent


def test_what_does_not_match_is_refused(client: Client) -> None:
    assert "The trials counted families and you count children" in section(client, ONE, **asked(counted="children"))
    assert "you count something else" in section(client, ONE, **asked(counted="other"))
    children = Outcome.objects.get(name="Children placed in care")
    assert "We put no result together for “Children placed in care”" in section(
        client, ONE, **asked(outcome=children.pk)
    )
    assert "The studies on this page say nothing about that" in section(client, ONE, **asked(outcome="other"))
    for odd in ("<script>", "\x00", "unicorns"):
        shown = section(client, ONE, **asked(counted=odd, outcome=odd))
        assert 'href="#here-counted"' in shown and 'href="#here-outcome"' in shown and odd not in shown


def test_a_single_number_without_a_range_is_refused(client: Client) -> None:
    bare = next(one for one in measures(ONE) if one["refused"] == "no-interval")
    assert "is one number without a range" in section(client, ONE, **asked(outcome=bare["key"]))


def test_of_several_outcomes_one_is_chosen_before_a_number_is_typed(client: Client) -> None:
    first = section(client, SEVERAL)
    assert 'name="outcome"' in first and 'name="number"' not in first
    assert "Choose what you want to know about." in section(client, SEVERAL, outcome="")
    key = next(one["key"] for one in measures(SEVERAL) if one["name"] == "Pregnancy")
    second = section(client, SEVERAL, outcome=key)
    assert "There is a problem" not in second and 'name="number"' in second
    assert f'<input type="hidden" name="outcome" value="{key}">' in second and "Young women" in second
    told = section(client, SEVERAL, outcome=key, counted="young people", number="10", offered="no")
    assert "counted young women and you count young people" in told
    score = next(one["key"] for one in measures(SEVERAL) if one["refused"] == "score")
    assert "tells of a score" in section(client, SEVERAL, outcome=score)


def test_pages_without_a_sum_say_why_in_place_of_the_form(client: Client) -> None:
    assert "Each of 4 results on this page rests on fewer than three studies" in section(client, FEW)
    assert "there is no result to carry over to your place" in section(client, NONE)


def test_the_static_copy_says_who_counts_and_has_no_form(client: Client) -> None:
    for slug in (ONE, SEVERAL, FEW, NONE):
        shown = section(client, slug, static=True)
        assert not re.search(r'<form|<input|<select|<button|href="[^"]*\?', shown), slug
    assert "Families with a child about to be placed in care" in section(client, ONE, static=True)
    assert "The site that it was made from can" in section(client, ONE, static=True)


def test_a_revision_of_the_first_schema_is_read_as_it_was(client: Client) -> None:
    newest = Page.objects.get(slug=ONE).newest()
    assert newest is not None
    now = next(one for one in newest.content["local"]["measures"] if not one["refused"])
    old = {name: now[name] for name in ("unit", "low", "high", "per", "trace")} | {"verb": now["happened"]}
    typed = asked()
    for held, words in ((old, "between 2 fewer and 11 more"), (None, "holds no result to carry over")):
        number = newest.page.revisions.count() + 1
        Revision.objects.register(
            Revision.derived(newest.page_id, number),
            page=newest.page,
            number=number,
            content=newest.content | {"schema": 1, "local": held, "revision": number},
            approved_by="rule",
            approved_at=timezone.now(),
        )
        assert words in section(client, ONE, **typed)


def test_what_studies_do_not_record_is_said(client: Client) -> None:
    """An empty cell would read as “anybody”."""
    ground = next(one for one in grounds(Page.objects.get(slug=ONE).intervention) if one.default)
    rows = list(ground.contrasts)[:2]
    rows[0].study.country = rows[0].compared_with = rows[0].follow_up = ""
    rows[0].months = 12.0
    rows[1].study.population = ""
    ContrastDetail.objects.filter(contrast=rows[1]).delete()
    held = {part["name"]: part["items"] for part in definition(rows, "families")}
    assert held["Where"] == ["United States (1 of 2 studies)", "Not recorded (1 of 2 studies)"]
    assert held["Compared with"][-1] == held["Who they were"][-1] == "Not recorded (1 of 2 studies)"
    assert "12 months (1 of 2 studies)" in held["Follow-up"]


def test_who_was_counted_in_a_comparison_is_said_before_who_was_in_the_study() -> None:
    ground = next(one for one in grounds(Page.objects.get(slug=ONE).intervention) if one.default)
    row = ground.contrasts[0]
    ContrastDetail.objects.filter(contrast=row).delete()
    ContrastDetail.objects.create(contrast=row, population="lone parents", by="somebody", at=timezone.now())
    assert definition([row], "families")[0]["items"] == ["Lone parents"]


def test_studies_that_counted_different_things_give_no_number() -> None:
    held = grounds(Page.objects.get(slug=ONE).intervention)
    ground = next(one for one in held if one.default)
    pooled = {row["contrast"] for row in ground.result.inputs}
    next(row for row in ground.contrasts if row.pk in pooled).unit = "children"
    made = local(held, safety_known=False)
    assert next(one for one in made["measures"] if one["key"] == ground.declared.pk)["refused"] == "mixed"
    assert any("counted different things" in sentence for sentence in made["refused"])


def test_what_is_known_of_safety_is_pointed_to() -> None:
    held = grounds(Page.objects.get(slug=ONE).intervention)
    usable = [one for one in local(held, safety_known=True)["measures"] if not one["refused"]]
    assert usable and all("stands beside this outcome" in one["safety"] for one in usable)


def test_the_section_asks_the_database_once() -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    held = content(ONE)
    with CaptureQueriesContext(connection) as asked_for:
        here(held, {"number": "64"})
    assert len(asked_for) == 1  # what the centre counts
