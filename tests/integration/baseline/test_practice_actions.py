"""Who does what: said once, corrected beside what was said, asked in rounds; every change an event that verifies."""

from __future__ import annotations

import datetime
from dataclasses import replace

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from tests.integration.baseline.practised import BY, meetings, mentors, place, word
from whatworks.baseline.checks import check_vintages
from whatworks.baseline.models import Practice, Reply, Standing
from whatworks.baseline.practising import add_practice, correct_standing, say_standing
from whatworks.baseline.presenters_practice import practice_list, practice_page, practices_of
from whatworks.baseline.presenters_rounds import compared, round_page
from whatworks.baseline.surveying import answer_round, close_round, open_round, response_of
from whatworks.errors import ConflictError, InputError
from whatworks.ledger.models import Event
from whatworks.ledger.verification import Report
from whatworks.people.models import Area

pytestmark = pytest.mark.django_db
SAID_BY = "head of service"


def verbs() -> list[str]:
    return list(Event.objects.order_by("id").values_list("verb", flat=True))


def differences() -> list[object]:
    report = Report()
    check_vintages(report)
    return report.differences


def test_a_practice_added_twice_is_one_and_another_of_its_name_is_refused() -> None:
    assert meetings() == meetings()
    assert verbs() == ["baseline.add-practice"]
    with pytest.raises(ConflictError, match="is on the map already"):
        add_practice(by=BY, name="Meetings of families", plain="Something else.")
    with pytest.raises(InputError, match="a name in letters"):
        add_practice(by=BY, name="???", plain="Something.")


def test_a_word_said_twice_is_one_row_and_one_event() -> None:
    first = say_standing(by=BY, area=place(1), practice=meetings(), word=word(cost="2600 GBP 2024"))
    second = say_standing(
        by=BY, area=place(1), practice=meetings(), word=word(cost="2600  GBP 2024 ", source=" A call")
    )
    assert first == second
    assert verbs() == ["baseline.add-practice", "baseline.say-standing"]
    assert differences() == []


def test_a_word_that_is_not_well_said_is_refused_with_everything_that_is_wrong() -> None:
    with pytest.raises(InputError, match=r"Say where this is from.*still to come"):
        say_standing(by=BY, area=place(1), practice=meetings(), word=word(on="2999", source=""))
    with pytest.raises(InputError, match=r"“much” is not money"):
        say_standing(by=BY, area=place(1), practice=meetings(), word=word(cost="much"))
    with pytest.raises(InputError, match="less than nothing"):
        say_standing(by=BY, area=place(1), practice=meetings(), word=word(cost="-5 GBP 2024"))
    with pytest.raises(InputError, match="may have 300"):
        say_standing(by=BY, area=place(1), practice=meetings(), word=word(scale="x" * 301))
    with pytest.raises(InputError, match="cannot be printed"):
        say_standing(by=BY, area=place(1), practice=meetings(), word=word(scale="a\x00b"))
    with pytest.raises(InputError, match="Old Combe existed until 31 March 2019"):
        say_standing(by=BY, area=place(3), practice=meetings(), word=word())
    region = Area.objects.register(Area.derived("R"), code="X99000009", name="All of it", sort="region")
    with pytest.raises(InputError, match="All of it is no authority"):
        say_standing(by=BY, area=region, practice=meetings(), word=word())
    assert not Standing.objects.exists()
    assert practice_page(meetings())["counts"]["of"] == 4


def test_the_newest_word_by_its_day_stands_and_the_others_are_its_history() -> None:
    say_standing(by=BY, area=place(1), practice=meetings(), word=word("doing", "2024"))
    say_standing(by=BY, area=place(1), practice=meetings(), word=word("tried", "2019", source="A report"))
    page = practice_page(meetings())
    assert page["counts"] == {"doing": 1, "tried": 0, "stopped": 0, "planned": 0, "not-known": 3, "of": 4}
    assert [one["says"] for one in page["groups"][0]["entries"][0]["others"]] == ["Tried it"]


def test_no_word_is_not_known_and_never_not_doing() -> None:
    place(1)
    assert practice_page(meetings())["answer"] == "No place is known to do this; of all 4 we do not know."
    say_standing(by=BY, area=place(1), practice=meetings(), word=word("not-known"))
    page = practice_page(meetings())
    assert page["counts"]["not-known"] == 4
    assert [one["place"] for one in page["asked"]] == ["Fernshire"]
    assert len(page["silent"]) == 4


def test_a_place_that_is_no_more_is_told_apart_and_not_counted() -> None:
    say_standing(by=BY, area=place(3), practice=meetings(), word=word("tried", "2018"))
    page = practice_page(meetings())
    assert page["counts"]["tried"] == 0
    assert [one["place"] for one in page["past"]] == ["Old Combe"]
    assert practice_list()[0]["unknown"] == 4


def test_a_correction_stands_beside_what_it_corrects() -> None:
    said = say_standing(by=BY, area=place(1), practice=meetings(), word=word())
    better = correct_standing(by=BY, standing=said, word=word("stopped", "2026-02"), why="They misheard.")
    assert correct_standing(by=BY, standing=said, word=word("stopped", "2026-02"), why="They misheard.") == better
    assert verbs()[-2:] == ["baseline.say-standing", "baseline.correct-standing"]
    page = practice_page(meetings())
    entry = page["groups"][0]["entries"][0]
    assert (entry["says"], entry["why"]) == ("Stopped it", "They misheard.")
    assert [(one["says"], one["replaced"]) for one in entry["others"]] == [("Does it", "They misheard.")]
    assert differences() == []


def test_what_cannot_be_corrected_is_said() -> None:
    said = say_standing(by=BY, area=place(1), practice=meetings(), word=word())
    with pytest.raises(InputError, match="Say why"):
        correct_standing(by=BY, standing=said, word=word("stopped"), why=" ")
    with pytest.raises(InputError, match="says the same"):
        correct_standing(by=BY, standing=said, word=word(), why="No reason.")
    correct_standing(by=BY, standing=said, word=word("stopped"), why="They misheard.")
    with pytest.raises(ConflictError, match="Somebody else corrected this first"):
        correct_standing(by=BY, standing=said, word=word("tried"), why="Another reason.")
    with pytest.raises(ConflictError, match="corrected since"):
        say_standing(by=BY, area=place(1), practice=meetings(), word=word())


def test_what_was_said_cannot_be_changed_in_the_database() -> None:
    said = say_standing(by=BY, area=place(1), practice=meetings(), word=word())
    with pytest.raises(DatabaseError), transaction.atomic():
        Standing.objects.filter(pk=said.pk).update(status="stopped")


def opened(name: str = "Spring", areas: tuple[int, ...] = (1, 2), days_ago: int = 0):
    day = timezone.localdate() - datetime.timedelta(days=days_ago)
    asked = [place(number) for number in areas]
    told = {"name": name, "question": "Do you do this?", "areas": asked, "opened_on": day}
    return open_round(by=BY, practices=[meetings(), mentors()], **told)


def answered(survey, number: int, first: str, second: str = "not-known", on: datetime.date | None = None) -> Reply:
    answers = {meetings().pk: {"status": first, "scale": "two teams"}, mentors().pk: {"status": second}}
    day = on or timezone.localdate()
    return answer_round(by=BY, round=survey, area=place(number), on=day, said_by=SAID_BY, answers=answers)


def test_a_reply_says_a_word_for_every_practice_and_the_rate_follows() -> None:
    survey = opened()
    reply = answered(survey, 1, "doing")
    assert answered(survey, 1, "doing") == reply
    assert verbs()[-2:] == ["baseline.open-round", "baseline.answer-round"]
    told = response_of(survey)
    assert (told.asked, told.answered, told.silent) == (2, 1, (place(2).pk,))
    stands = practice_page(meetings())["groups"][0]["entries"][0]
    assert (stands["source"], stands["facts"]) == ("Survey round “Spring”", ["Scale: two teams"])
    assert stands["round"]["name"] == "Spring"
    assert differences() == []


def test_what_a_round_refuses_is_said() -> None:
    survey = opened(days_ago=10)
    answered(survey, 1, "doing")
    with pytest.raises(ConflictError, match="answered already"):
        answered(survey, 1, "tried")
    with pytest.raises(InputError, match="Mentors: “” is no status"):
        answered(survey, 2, "doing", "")
    with pytest.raises(InputError, match="was not asked"):
        answered(survey, 4, "doing")
    with pytest.raises(InputError, match="The round began on"):
        answered(survey, 2, "doing", on=timezone.localdate() - datetime.timedelta(days=11))
    with pytest.raises(ConflictError, match="give the new one another name"):
        opened(areas=(1,), days_ago=10)
    with pytest.raises(InputError, match="Old Combe: no authority on"):
        opened("Other", (1, 3))
    assert opened(days_ago=10) == survey
    assert Reply.objects.count() == 1


def test_a_closed_round_takes_no_reply_and_closing_twice_changes_nothing() -> None:
    survey = opened()
    answered(survey, 1, "doing")
    with pytest.raises(InputError, match="close the round on that day or later"):
        close_round(by=BY, round=survey, on=timezone.localdate() - datetime.timedelta(days=1))
    closed = close_round(by=BY, round=survey)
    assert close_round(by=BY, round=survey).closed_on == closed.closed_on
    assert verbs().count("baseline.close-round") == 1
    with pytest.raises(ConflictError, match="was closed on"):
        answered(survey, 2, "doing")


def test_rounds_are_compared_by_those_who_answered_both_as_corrected_since() -> None:
    first = opened("First", (1, 2, 4), 20)
    day = timezone.localdate() - datetime.timedelta(days=15)
    wrong = answered(first, 1, "doing", on=day)
    answered(first, 2, "doing", on=day)
    said = Standing.objects.get(reply=wrong, practice=meetings())
    fixed = replace(word("planned", day.isoformat(), source=said.source, said_by=SAID_BY), since="2027")
    correct_standing(by=BY, standing=said, word=fixed, why="The wrong box was ticked.")
    close_round(by=BY, round=first, on=timezone.localdate() - datetime.timedelta(days=12))
    assert compared(meetings()) == [], "one round tells nothing of change"
    second = opened("Second", (1, 2, 4), 10)
    answered(second, 1, "doing")
    answered(second, 4, "doing")
    assert compared(meetings()) == [], "a round that is still open is not compared"
    close_round(by=BY, round=second)
    (told,) = compared(meetings())
    assert told["sentence"] == "Of the one place that answered both rounds, 1 began."
    assert [(one["answered"], one["asked"]) for one in told["responses"]] == [(2, 3), (2, 3)]
    assert [[one["place"] for one in each["silent"]] for each in told["responses"]] == [["Combe"], ["Mereton"]]
    assert round_page(second)["practices"][0]["counts"][0] == {"status": "doing", "count": 2}


def test_what_a_place_does() -> None:
    assert practices_of(place(1))["answer"] == "No practices are on the map yet."
    meetings(), mentors()
    assert (
        practices_of(place(1))["answer"]
        == "Of none of the 2 practices on the map do we know how it stands in Fernshire."
    )
    say_standing(by=BY, area=place(1), practice=meetings(), word=word("stopped"))
    told = practices_of(place(1))
    assert told["answer"] == "Of the 2 practices on the map, Fernshire stopped 1; of 1 we do not know."
    assert [one["name"] for one in told["unknown"]] == ["Mentors"]
    assert Practice.objects.count() == told["total"] == 2
