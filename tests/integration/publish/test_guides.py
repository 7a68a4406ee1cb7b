"""A guide rests on results: it cannot say other numbers, be sure of more than they are, or go stale in silence."""

from __future__ import annotations

import datetime

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.utils import timezone

from tests.integration.journey.centres import BY, publish_all
from tests.integration.publish import guides
from tests.integration.publish.guides import EDITOR, OTHER, WRITER
from whatworks.errors import ConflictError, ForbiddenError, InputError
from whatworks.extract.actions import correct
from whatworks.extract.models import Contrast
from whatworks.ledger.canonical import digest
from whatworks.ledger.models import Artefact, Event
from whatworks.ledger.verification import Report
from whatworks.people.actions import add_user
from whatworks.people.interests import declare_interest
from whatworks.publish.actions import refresh
from whatworks.publish.guides import guiding
from whatworks.publish.guides import together as guiding_together
from whatworks.publish.guides.building import build_guide
from whatworks.publish.guides.checks import check_guides
from whatworks.publish.guides.problems import problems
from whatworks.publish.models import Consultation, Guide, GuideDraft, Package, PackageItem, Response
from whatworks.rate.models import RecordedJudgement
from whatworks.scope.models import Intervention, Theme

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("roads")]
SOON = datetime.timedelta(days=30)


def page(address: str, status: int = 200) -> str:
    response = Client().get(address, secure=True)
    assert response.status_code == status, address
    return response.content.decode()


def test_a_guide_goes_from_its_question_to_a_revision_that_readers_see() -> None:
    guide = guides.opened()
    page(f"/guides/{guide.slug}/", 404)  # what is being written is nobody else's business
    guides.sent(guide)
    page(f"/guides/{guide.slug}/", 404)
    revision = guiding.approve_guide(by=EDITOR, guide=guide)
    shown = page(f"/guides/{guide.slug}/")
    assert "approved by an editor who did not write it" in shown and guides.QUESTION in shown
    assert "Nobody has been asked yet." in shown
    assert revision.number == 1 and not GuideDraft.objects.exists()
    assert guides.QUESTION in page("/guides/")
    page(f"/guides/{guide.slug}/history/")
    page(f"/guides/{guide.slug}/revisions/1/")
    assert f"/guides/{guide.slug}/" in page("/evidence/slow-zones/")  # the page of what it rests on leads to it


def test_the_certainty_is_the_lowest_of_what_it_rests_on_and_cannot_be_typed() -> None:
    """A recommendation that is surer than its results would be a promise nobody can keep."""
    guide = guides.opened()
    held = RecordedJudgement.objects.filter(analysis=guides.analysis()).first()
    content = build_guide(guide, guides.text()).content["recommendations"][0]
    if held is None:
        assert content["certainty"] is None and "not rated" in content["certainty_words"]
    else:
        assert content["certainty"]["word"].casefold() == held.level
    typed = guides.text(recommendations=[guides.recommendation(1) | {"certainty": "high"}])
    assert "certainty" not in typed["recommendations"][0]


def test_a_result_without_a_rating_leaves_the_recommendation_unrated() -> None:
    RecordedJudgement.objects.all().delete()
    content = build_guide(guides.opened(), guides.text()).content["recommendations"][0]
    assert content["certainty"] is None and content["certainty_words"].startswith("People have not rated")


@pytest.mark.parametrize(
    ("more", "at", "said"),
    [
        ({"why": "It saved 12 of 100 children."}, "r1-why", "12"),
        ({"rests_on": []}, "r1-rests_on", "at least one"),
        ({"rests_on": ["ana-00000000"]}, "r1-rests_on", "ana-00000000"),
        ({"harms": ""}, "r1-harms", "could go wrong"),
        ({"review_on": "2001-01-01"}, "r1-review_on", "past"),
        ({"review_on": "soon"}, "r1-review_on", "no day"),
        ({"stage": "Elsewhere"}, "r1-stage", "no stage"),
        ({"young": "They like it."}, "r1-young_who", "who said so"),
        ({"dont": "Do not build a hump."}, "r1-dont_by", "evidence of harm"),
        ({"why": "See {ana-7h3k."}, "r1-why", "reference"),
    ],
)
def test_what_a_guide_may_not_say_can_be_kept_but_not_sent(more: dict[str, object], at: str, said: str) -> None:
    guide = guides.opened()
    rest = [guides.recommendation(number) for number in range(2, 6)]
    held = guides.written(guide, recommendations=[guides.recommendation(1, **more), *rest])
    found = [one.sentence for one in problems(held.text) if one.at == at]
    assert any(said in sentence for sentence in found), problems(held.text)
    with pytest.raises(InputError, match="to mend first"):
        guiding.send(by=WRITER, guide=guide, what_for=GuideDraft.APPROVAL, seen=digest(held.text))


def test_a_do_not_by_judgement_names_whose() -> None:
    guide = guides.opened()
    one = guides.recommendation(1, dont="Do not build a hump.", dont_by="a panel of drivers")
    guides.sent(guide, recommendations=[one, *(guides.recommendation(n) for n in range(2, 6))])
    guiding.approve_guide(by=EDITOR, guide=guide)
    assert "By judgement of a panel of drivers." in page(f"/guides/{guide.slug}/")


@pytest.mark.parametrize("count", [0, 4, 9])
def test_a_guide_has_five_to_eight_recommendations(count: int) -> None:
    assert "add" in {one.at for one in problems(guides.text(count=count))}


def test_who_wrote_a_part_cannot_approve() -> None:
    guide = guides.opened()
    guides.written(guide, by=OTHER, answer="Ask somebody else.")
    guides.sent(guide)
    for writer in (WRITER, OTHER):
        with pytest.raises(ForbiddenError, match="somebody who did not"):
            guiding.approve_guide(by=writer, guide=guide)


def test_who_has_an_interest_in_what_it_rests_on_cannot_approve() -> None:
    user, _ = add_user(by="test", email="ed@fernshire.example", roles=["editor"])
    held = guides.sent(guides.opened())
    thing = Intervention.objects.get(slug="slow-zones")
    declare_interest(by=user.pk, user=user, about=thing.pk, what="I sell humps.")
    with pytest.raises(ForbiddenError, match="You declared an interest"):
        guiding.approve_guide(by=user.pk, guide=held.guide)


def test_two_writers_never_overwrite_each_other() -> None:
    guide = guides.opened()
    seen = digest(guiding.draft_of(guide).text)
    first = guiding.write(by=WRITER, guide=guide, text=guides.text(), seen=seen)
    with pytest.raises(ConflictError, match="yours is not lost"):
        guiding.write(by=OTHER, guide=guide, text=guides.text(answer="Mine."), seen=seen)
    assert GuideDraft.objects.get().text == first.text
    again = guiding.write(by=OTHER, guide=guide, text=guides.text(), seen=seen)  # the same words are no conflict
    assert again.version == first.version


def test_an_approver_approves_what_they_read() -> None:
    guide = guides.opened()
    guides.sent(guide)
    with pytest.raises(ConflictError, match="changed since you read it"):
        guiding.approve_guide(by=EDITOR, guide=guide, seen="0" * 64)
    guides.written(guide, answer="Other words.")
    with pytest.raises(ConflictError, match="not sent"):
        guiding.approve_guide(by=EDITOR, guide=guide)


def test_a_second_revision_says_what_changed_and_can_be_compared() -> None:
    first = guides.published()
    guide = first.guide
    guides.sent(guide, answer="Ask the children who play there.")
    with pytest.raises(InputError, match="what changed"):
        guiding.approve_guide(by=EDITOR, guide=guide)
    second = guiding.approve_guide(by=EDITOR, guide=guide, what_changed="Children are asked.")
    assert second.number == 2 and Artefact.objects.get(pk=first.pk).superseded_by == second.pk
    for address in ("revisions/2/changes/", "compare/?from=1&to=2"):
        shown = page(f"/guides/{guide.slug}/{address}")
        assert "children who play there" in shown.replace("<mark>", "").replace("</mark>", "")
    assert "kept as it was" in page(f"/guides/{guide.slug}/revisions/1/")
    page(f"/guides/{guide.slug}/compare/?from=1&to=x", 404)
    page(f"/guides/{guide.slug}/revisions/1/changes/", 404)


def corrected() -> None:
    """A raw number behind the result is put right."""
    row = Contrast.objects.filter(memberships__analysis=guides.analysis()).exclude(formula="").order_by("pk")[0]
    name = next(name for name in row.inputs if name.startswith("events"))
    correct(by=BY, contrast=row, inputs=row.inputs | {name: row.inputs[name] + 1}, reason="Misread.")


def test_a_corrected_number_makes_the_guide_stale_and_the_public_sees_no_new_number() -> None:
    revision = guides.published(recommendations=[
        guides.recommendation(n, why=f"With {{{guides.analysis().pk}: certainty}}, we found {{{guides.analysis().pk}: result}}.")
        for n in range(1, 6)
    ])  # fmt: skip
    before = page(f"/guides/{revision.guide.slug}/")
    assert "We have been checking it" not in before
    corrected()
    publish_all()
    after = page(f"/guides/{revision.guide.slug}/")
    assert "A number behind this guide was corrected." in after
    assert (
        before.count("num") <= after.count("num")
        and revision.content == type(revision).objects.get(pk=revision.pk).content
    )
    now = build_guide(revision.guide, revision.text).content
    assert now["recommendations"][0]["why"] != revision.content["recommendations"][0]["why"]
    held = guiding.draft_of(revision.guide)
    guiding.write(by=WRITER, guide=revision.guide, text=held.text, seen=digest(held.text))
    guiding.send(by=WRITER, guide=revision.guide, what_for=GuideDraft.APPROVAL, seen=digest(held.text))
    guiding.approve_guide(by=EDITOR, guide=revision.guide, what_changed="A number was put right.")
    assert "We have been checking it" not in page(f"/guides/{revision.guide.slug}/")


def test_a_guide_that_rests_on_the_same_rows_is_fresh_again() -> None:
    revision = guides.published()
    event = Event.objects.order_by("at").last()
    assert event is not None
    Artefact.objects.filter(pk=revision.pk).update(stale_event=event.uid)
    refresh(by=BY)
    assert Artefact.objects.get(pk=revision.pk).stale_event == ""


def test_a_withdrawn_guide_stays_and_says_why() -> None:
    guide = guides.published().guide
    with pytest.raises(InputError, match="Say why"):
        guiding.withdraw_guide(by=EDITOR, guide=guide, why=" ")
    guiding.withdraw_guide(by=EDITOR, guide=guide, why="The law has changed.")
    assert "The law has changed." in page(f"/guides/{guide.slug}/") and "withdrawn on" in page("/guides/")
    with pytest.raises(ConflictError):
        guiding.withdraw_guide(by=EDITOR, guide=guide, why="Again.")
    guiding.reinstate_guide(by=EDITOR, guide=guide, why="The law was changed back.")
    assert "was withdrawn on" not in page(f"/guides/{guide.slug}/")


def consulted() -> Consultation:
    guide = guides.opened()
    guides.sent(guide, GuideDraft.CONSULTATION)
    return guiding_together.consult(by=EDITOR, guide=guide, closes_on=timezone.localdate() + SOON)


def test_people_are_asked_and_each_gets_an_answer() -> None:
    asked = consulted()
    address = f"/guides/{asked.guide.slug}/"
    assert "This is a draft, not guidance." in page(address)
    told = {"by": "usr-reader", "consultation": asked, "speaks_as": "a cyclist", "text": "Humps hurt.", "token": "a"}
    one = guiding_together.respond(**told)
    assert guiding_together.respond(**told) == one  # a form that was sent twice
    assert "1 not answered yet" in page(address) and "Humps hurt." not in page(address)
    guiding_together.answer(by=WRITER, response=one, asked="Whether humps hurt.", did="We added a warning.")
    shown = page(address)
    assert "We added a warning." in shown and "Humps hurt." not in shown  # they did not let us show their words
    with pytest.raises(ConflictError):
        guiding_together.answer(by=OTHER, response=one, asked="Else.", did="Else.", seen=0)
    guiding_together.answer(by=OTHER, response=one, asked="Whether humps hurt.", did="We took humps out.", seen=1)
    assert "We took humps out." in page(address) and "We added a warning." not in page(address)


def test_after_the_last_day_only_letters_are_entered() -> None:
    asked = consulted()
    # Only here: in the database the row cannot be changed.
    asked.closes_on = timezone.localdate() - datetime.timedelta(days=1)
    told = {"by": "usr-x", "consultation": asked, "speaks_as": "a cyclist", "text": "Humps hurt."}
    with pytest.raises(ConflictError, match="closed on"):
        guiding_together.respond(**told)
    assert guiding_together.respond(**told, came_by=Response.LETTER).came_by == "letter"


@pytest.mark.parametrize("days", [-1, 0])
def test_a_consultation_ends_on_a_day_to_come(days: int) -> None:
    guide = guides.opened()
    guides.sent(guide, GuideDraft.CONSULTATION)
    with pytest.raises(InputError, match="not to come"):
        guiding_together.consult(by=EDITOR, guide=guide, closes_on=timezone.localdate() + datetime.timedelta(days=days))


def test_what_was_frozen_cannot_be_changed() -> None:
    revision = guides.published()
    with pytest.raises(DatabaseError), transaction.atomic():
        type(revision).objects.filter(pk=revision.pk).update(what_changed="Other.")
    report = Report()
    check_guides(report)
    assert report.differences == []


def test_a_package_shows_what_readers_can_see_stage_by_stage() -> None:
    guide, theme = guides.opened(), Theme.objects.order_by("order")[0]
    held = Package.objects.register(slug="streets", title="Streets", theme=theme, lead="What we hold on streets.")
    rows = [("Plan", guide, None), ("Build", None, Intervention.objects.get(slug="slow-zones"))]
    for order, (stage, one, other) in enumerate(rows):
        PackageItem.objects.create(
            id=PackageItem.fresh(), package=held, stage=stage, order=order, guide=one, intervention=other
        )
    before = page("/packages/streets/")
    assert "Slow zones" in before and guides.QUESTION not in before  # nobody has approved it yet
    guides.published()
    assert guides.QUESTION in page("/packages/streets/") and "Streets" in page("/guides/")


def test_a_question_can_be_asked_once() -> None:
    guides.opened()
    with pytest.raises(ConflictError, match="already"):
        guides.opened()
    assert Guide.objects.count() == 1
