"""Small tests, barriers, interviews, waves of readiness, questions of practice: what is kept, refused, and never told."""

from __future__ import annotations

import datetime

import pytest

from tests.integration.implement.places import BY, any_revision, site_at
from whatworks.convene import guarding
from whatworks.errors import ConflictError, InputError
from whatworks.implement import asking, improving, talking
from whatworks.implement.models import PracticeReply, WaveAnswer, WaveCode
from whatworks.implement.presenters_adoption import adopted_words, adoption_page, could_on
from whatworks.implement.presenters_talking import community_page
from whatworks.implement.presenters_work import barriers_page, indicators_page, insights_page, turns_of, waves_page
from whatworks.ledger.models import Event
from whatworks.ledger.verification import verify

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("roads")]
DAY = datetime.date(2026, 3, 1)
INDICATOR = "met-in-time"


def test_a_number_is_kept_once_a_day_and_a_later_one_replaces_it() -> None:
    site = site_at()
    first = improving.add_point(by=BY, site=site, indicator=INDICATOR, on=DAY, value=40)
    assert improving.add_point(by=BY, site=site, indicator=INDICATOR, on=DAY, value=40) == first
    improving.add_point(by=BY, site=site, indicator=INDICATOR, on=DAY, value=45)
    improving.add_point(by=BY, site=site, indicator=INDICATOR, on=DAY + datetime.timedelta(days=7), value=50)
    shown = indicators_page(site)[0]
    assert [one.value for one in shown["points"]] == [45, 50] and "<svg" in shown["chart"].svg
    with pytest.raises(InputError, match="no such indicator"):
        improving.add_point(by=BY, site=site, indicator="tea", on=DAY, value=1)
    assert verify().differences == []


def test_a_turn_ends_before_the_next_is_planned() -> None:
    site = site_at()
    test = improving.open_test(by=BY, site=site, title="Ring the day before", indicator=INDICATOR)
    cycle = improving.plan_cycle(by=BY, test=test, plan="Ring three families.")
    with pytest.raises(ConflictError, match="has not ended"):
        improving.plan_cycle(by=BY, test=test, plan="Another.")
    improving.end_cycle(by=BY, cycle=cycle, learnt="All came.", ended="adopt", done_on=DAY)
    with pytest.raises(ConflictError, match="ended already"):
        improving.end_cycle(by=BY, cycle=cycle, learnt="Again.", ended="adopt", done_on=DAY)
    assert [one["learnt"] for one in turns_of(test)["cycles"]] == ["All came."]
    guarding.delete(by=BY, text=test.cycles.get().learnt)
    assert [one["learnt"] for one in turns_of(test)["cycles"]] == ["Deleted."]


def test_a_title_that_names_somebody_is_refused() -> None:
    site = site_at()
    with pytest.raises(InputError, match="Do not name or describe"):
        improving.add_barrier(by=BY, site=site, part="social-opportunity", title="Mrs Harrington is against it")
    with pytest.raises(InputError, match="160 signs"):
        improving.add_barrier(by=BY, site=site, part="social-opportunity", title=" ")


def test_a_barrier_without_a_plan_is_flagged_until_something_is_planned() -> None:
    site = site_at()
    barrier = improving.add_barrier(by=BY, site=site, part="physical-opportunity", title="No quiet room")
    assert barriers_page(site)["unaddressed"] == 1
    action = improving.add_action(by=BY, barrier=barrier, what="Use the library", who="head of year", due=DAY)
    assert barriers_page(site)["unaddressed"] == 0
    assert improving.tick(by=BY, action=action).done_on is not None
    improving.clear(by=BY, barrier=barrier)
    assert barriers_page(site)["barriers"] == [] and barriers_page(site)["gone"] == 1


def test_coders_do_not_see_each_other_until_both_have_coded() -> None:
    site = site_at()
    insight = improving.add_insight(by=BY, site=site, role="practitioner", on=DAY)
    improving.code(by="usr:a", insight=insight, parts=["social-opportunity"])
    alone = insights_page(site, "usr:b")
    assert alone["interviews"][0]["parts"] == [] and alone["interviews"][0]["to_code"] and alone["agreement"] == []
    with pytest.raises(ConflictError, match="You have coded"):
        improving.code(by="usr:a", insight=insight, parts=[])
    improving.code(by="usr:b", insight=insight, parts=["social-opportunity"])
    with pytest.raises(ConflictError, match="Two people"):
        improving.code(by="usr:c", insight=insight, parts=[])
    both = insights_page(site, "usr:c")
    assert both["coded_twice"] == 1 and both["interviews"][0]["parts"] and not both["interviews"][0]["to_code"]


def test_a_code_answers_once_and_nothing_ties_it_to_the_answer() -> None:
    site = site_at()
    wave, codes = asking.open_wave(by=BY, site=site, key="oric-1", asked=6)
    assert len(set(codes)) == 6 and not WaveCode.objects.filter(digest__in=codes).exists()
    assert asking.wave_of(codes[0].upper()) == wave
    asking.answer(code=codes[0], given={"c1": 4})
    with pytest.raises(ConflictError, match="was used"):
        asking.answer(code=codes[0], given={"c1": 4})
    with pytest.raises(InputError, match="1 to 5"):
        asking.answer(code=codes[1], given={"c1": 9})
    assert asking.wave_of(codes[1]) is not None  # a wrong answer does not use the code up
    with pytest.raises(ConflictError, match="once the wave is closed"):
        asking.results(wave)
    assert {field.name for field in WaveAnswer._meta.concrete_fields} == {"id", "wave", "given"}
    assert not Event.objects.filter(verb="implement.answer").exists()


def test_results_come_after_closing_and_only_for_five_who_agree() -> None:
    site = site_at()
    items = asking.instrument("oric-1").items
    wave, codes = asking.open_wave(by=BY, site=site, key="oric-1", asked=8)
    for number, code in enumerate(codes[:6]):
        given = {item: 4 if item.startswith("c") else (1 if number % 2 else 5) for item in items}
        asking.answer(code=code, given=given)
    closed = asking.close_wave(by=BY, wave=wave)
    assert asking.wave_of(codes[7]) is None and not WaveCode.objects.filter(wave=wave).exists()
    commitment, efficacy = asking.results(closed)
    assert commitment.score == 4 and efficacy.score is None and efficacy.why is not None
    shown = waves_page(site)[0]
    assert [one["score"] for one in shown["scales"]] == ["4.0", ""]
    with pytest.raises(ConflictError, match="closed"):
        asking.take_answers(by=BY, wave=closed, table="c1\n3\n")


def test_answers_from_a_file_are_taken_whole_or_not_at_all() -> None:
    site = site_at()
    wave, codes = asking.open_wave(by=BY, site=site, key="seer-1", asked=6)
    assert codes == []
    header = ",".join(f"v{n}" for n in range(1, 8))
    for table, said in (
        ("name,v1\nA,3\n", "items alone"),
        (f"{header}\n1,2,3,4,5,6,7\n", "Line 2: v6"),
        (f"{header}\n1,2,three,4,5,1,1\n", "whole numbers"),
        (f"{header}\n" + "3,3,3,3,3,3,3\n" * 7, "6 people were asked"),
    ):
        with pytest.raises(InputError, match=said):
            asking.take_answers(by=BY, wave=wave, table=table)
    assert not wave.answers.exists()
    assert asking.take_answers(by=BY, wave=wave, table=f"{header}\n" + "3,3,3,3,3,3,3\n" * 5 + ",,,,,,\n") == 6
    value = asking.results(asking.close_wave(by=BY, wave=wave))[0]
    assert (value.score, value.people) == (21, 5)


def test_a_question_and_its_answer_show_only_once_a_moderator_let_them() -> None:
    revision = any_revision()
    page = revision.page
    asked = talking.ask(intervention=page.intervention, words="How do you begin?")
    assert community_page(page)["questions"] == []
    with pytest.raises(ConflictError, match="not shown"):
        talking.reply(by=BY, question=asked, words="Slowly.", revision=revision)
    guarding.show(by=BY, text=asked.text)
    made = talking.reply(by=BY, question=asked, words="Slowly.", revision=revision)
    assert community_page(page)["questions"][0]["replies"] == []
    guarding.show(by=BY, text=made.text)
    shown = community_page(page)["questions"][0]
    assert shown["words"] == "How do you begin?" and shown["replies"][0]["revision"] == revision
    guarding.delete(by=BY, text=asked.text)
    assert community_page(page)["questions"] == [] and PracticeReply.objects.count() == 1


def test_a_question_that_names_somebody_waits_in_quarantine() -> None:
    asked = talking.ask(intervention=any_revision().page.intervention, words="What did Mrs Harrington do?")
    assert asked.text is not None and asked.text.state == "quarantined" and asked.text.content == ""


def test_the_denominator_of_adoption_is_every_authority_of_that_day() -> None:
    from whatworks.baseline.methods.standing import DOING, Word
    from whatworks.baseline.practising import add_practice, authorities, say_standing

    practice = add_practice(
        by=BY, name="Slowing down", plain="People drive slowly.", intervention=any_revision().page.intervention
    )
    area = authorities().valid_on(datetime.date(2025, 6, 1)).order_by("pk")[0]
    word = Word(DOING, "2025-06-01", "A report", "the council", since="2025-01-01")
    say_standing(by=BY, area=area, practice=practice, word=word)
    told = adoption_page(practice)
    assert told["now"]["found"].whole.number == 1
    assert told["now"]["found"].whole.of == len(could_on(told["now"]["on"]))
    assert "1 still did it" in told["maintained"] and adopted_words(told["now"]["found"])["answered"]


def test_over_all_places_nobody_is_named_and_differences_between_places_are_told() -> None:
    """Two places that differ by everything: all of the variance lies between them."""
    from whatworks.implement.presenters_agreement import agreement_page

    items = asking.instrument("oric-1").items
    for name, low in (("Brookfield", 1), ("Larkmere", 4)):
        wave, codes = asking.open_wave(by=BY, site=site_at(name), key="oric-1", asked=5)
        for number, code in enumerate(codes):
            asking.answer(code=code, given=dict.fromkeys(items, low + number % 2))
        asking.close_wave(by=BY, wave=wave)
    told = agreement_page()
    commitment = told[0]["scales"][0]
    assert commitment["apart"].icc1 > 0.9 and commitment["apart"].places == 2 and commitment["alpha"].value > 0.9
    assert told[1]["scales"][0]["apart"] is None
    assert "Brookfield" not in str(told)
