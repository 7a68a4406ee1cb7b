"""Answers lead to judgements by rule: the same as the tools' flow charts say, with reasons, and people may override."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from whatworks.errors import InputError
from whatworks.extract.instruments import Appraisal, Instrument, Override, asked, check, instrument, instruments, judge
from whatworks.extract.instruments.judging import applies

Y, N, YES_OR_SILENT, NO_OR_SILENT = {"Y", "PY"}, {"N", "PN"}, {"Y", "PY", "NI"}, {"N", "PN", "NI"}
ALL = ("Y", "PY", "PN", "N", "NI")
LOW, SOME, HIGH = "Low", "Some concerns", "High"


def first_domain(a: dict[str, str]) -> str:
    """The flow chart of the first domain of RoB 2, written out plainly."""
    if a["1.2"] in N or (a["1.2"] == "NI" and a["1.3"] in Y):
        return HIGH
    return LOW if a["1.2"] in Y and a["1.3"] in NO_OR_SILENT and a["1.1"] in YES_OR_SILENT else SOME


def second_domain(a: dict[str, str]) -> str:
    if (a["2.1"] in N and a["2.2"] in N) or a["2.3"] in N:
        one = LOW
    elif a["2.3"] == "NI" or a["2.4"] in N or a["2.5"] in Y:
        one = SOME
    else:
        one = HIGH
    two = LOW if a["2.6"] in Y else SOME if a["2.7"] in N else HIGH
    return HIGH if HIGH in (one, two) else LOW if (one, two) == (LOW, LOW) else SOME


def third_domain(a: dict[str, str]) -> str:
    if a["3.1"] in Y or a["3.2"] in Y or a["3.3"] in N:
        return LOW
    return SOME if a["3.4"] in N else HIGH


def fourth_domain(a: dict[str, str]) -> str:
    if a["4.1"] in Y or a["4.2"] in Y:
        return HIGH
    if a["4.3"] in N or a["4.4"] in N:
        return SOME if a["4.2"] == "NI" else LOW
    return SOME if a["4.5"] in N else HIGH


def fifth_domain(a: dict[str, str]) -> str:
    if a["5.2"] in Y or a["5.3"] in Y:
        return HIGH
    return LOW if a["5.1"] in Y and a["5.2"] in N and a["5.3"] in N else SOME


TWINS = {"D1": first_domain, "D2": second_domain, "D3": third_domain, "D4": fourth_domain, "D5": fifth_domain}


def every_way(held: Instrument, key: str) -> list[dict[str, str]]:
    """Every set of answers to one domain's questions, those that do not apply left out."""
    domain = next(one for one in held.domains if one.key == key)
    ways: list[dict[str, str]] = [{}]
    for question in domain.questions:
        answers_to = held.answers_to(question)
        ways = [
            way | {question.key: answer}
            for way in ways
            for answer in (answers_to if applies(question, way) else ("NA",))
        ]
    return ways


def alone(held: Instrument, place: int) -> Instrument:
    """The instrument with one of its domains only: judging thousands of ways through all of them takes long."""
    return held.model_copy(update={"domains": (held.domains[place],)})


@pytest.mark.parametrize("key", list(TWINS))
def test_every_way_through_rob_2_ends_as_its_flow_chart_says(key: str) -> None:
    held = instrument("rob-2", 2)
    place = [domain.key for domain in held.domains].index(key)
    ways = every_way(held, key)[:: 5 if key == "D2" else 1]  # the second domain has thousands; every fifth will do
    for way in ways:
        found = judge(alone(held, place), way).domains[0]
        assert found.judgement == TWINS[key](way), way
        assert found.trail


@pytest.mark.parametrize(
    "held", [one for one in instruments() if one.questions], ids=lambda one: f"{one.key}-{one.version}"
)
def test_no_way_through_an_instrument_ends_nowhere(held: Instrument) -> None:
    """A rule table with a hole would leave a coder waiting for a judgement that never comes."""
    for place, domain in enumerate(held.domains):
        ways = every_way(held, domain.key)
        for way in ways[:: 1 + len(ways) // 200]:
            found = judge(alone(held, place), way).domains[0]
            assert found.judgement in held.allowed, (domain.key, way)
            assert found.open == ()


GOOD = {"1.1": "Y", "1.2": "Y", "1.3": "N", "2.1": "N", "2.2": "N", "2.6": "Y", "3.1": "Y", "4.1": "N", "4.2": "N",
        "4.3": "N", "5.1": "Y", "5.2": "N", "5.3": "N"}  # fmt: skip


def test_a_clean_trial_is_low_throughout_and_says_why() -> None:
    found = judge(instrument("rob-2", 2), GOOD)
    assert [one.judgement for one in found.domains] == [LOW] * 5
    assert found.overall.judgement == LOW
    assert found.complete
    assert found.domains[0].trail[0] == "1.2 Yes"
    assert found.overall.trail == ("The worst domain decides: Low in D1, D2, D3, D4, D5.",)


def test_the_worst_domain_decides_and_several_may_add_up() -> None:
    found = judge(instrument("rob-2", 2), GOOD | {"1.1": "N", "5.1": "NI"})
    assert found.overall.judgement == SOME
    assert "people may say High" in found.overall.trail[1]
    over = judge(
        instrument("rob-2", 2), GOOD | {"1.1": "N", "5.1": "NI"}, {"overall": Override("high", "Both at once.")}
    )
    assert (over.overall.judgement, over.overall.computed, over.overall.overridden) == (HIGH, SOME, True)
    assert over.overall.trail[-1] == "People judged High instead of Some concerns: Both at once."


def test_open_questions_are_named_and_nothing_is_guessed() -> None:
    found = judge(instrument("rob-2", 2), {"1.2": "NI"})
    assert found.domains[0].judgement is None
    assert found.domains[0].open == ("1.3",)
    assert found.overall.open == ("D1", "D2", "D3", "D4", "D5")
    assert not found.complete


def test_an_answer_that_settles_it_needs_no_others() -> None:
    assert judge(instrument("rob-2", 2), {"1.2": "No"}).domains[0].judgement == HIGH


WRONG: dict[str, tuple[dict[str, str], dict[str, Any], str]] = {
    "no such question": ({"9.9": "Y"}, {}, "9.9 is no question of rob-2, version 2"),
    "no such answer": ({"1.1": "Perhaps"}, {}, "1.1: 'Perhaps' is none of the answers Y, PY, PN, N, NI"),
    "not this question's": ({"3.1": "N", "3.2": "NI"}, {}, "3.2: 'NI' is none of the answers Y, PY, PN, N"),
    "not its turn": ({"2.1": "N", "2.2": "N", "2.3": "Y"}, {}, "2.3 does not apply after the answers before it"),
    "no reason": ({}, {"D1": Override("Low", " ")}, "D1: say why"),
    "no such domain": ({}, {"D9": Override("Low", "So.")}, "D9 is no domain of rob-2"),
    "no such judgement": ({}, {"D1": Override("Dreadful", "So.")}, "D1: 'Dreadful' is none of Low"),
}


@pytest.mark.parametrize(("given_answers", "overrides", "says"), WRONG.values(), ids=list(WRONG))
def test_what_cannot_be_is_refused(given_answers: dict[str, str], overrides: dict[str, Any], says: str) -> None:
    with pytest.raises(InputError, match=says):
        judge(instrument("rob-2", 2), given_answers, overrides)


def test_robins_i_keeps_no_information_apart_and_gives_critical_to_nobody() -> None:
    held = instrument("robins-i", 2)
    reached = {judge(alone(held, 0), way).domains[0].judgement for way in every_way(held, "D1")[::11]}
    assert "Critical" not in reached
    found = judge(held, {"3.1": "NI", "3.2": "NI", "3.3": "NI"})
    assert found.domains[2].judgement == "No information"
    over = judge(held, {}, {"D1": Override("critical", "No allowance for need at all.")})
    assert over.domains[0].judgement == "Critical"


def amstar(no: set[str], partly: set[str] = frozenset()) -> str | None:  # type: ignore[assignment]
    held = instrument("amstar-2")
    word = {one.key: "N" if one.key in no else "PY" if one.key in partly else "Y" for one in held.domains}
    return judge(held, {f"{key}.q": answer for key, answer in word.items()}).overall.judgement


def test_amstar_2_counts_critical_flaws_first() -> None:
    assert amstar(set()) == amstar({"10"}) == amstar({"3"}, {"2", "4", "8"}) == "High"
    assert amstar({"3", "10"}) == "Moderate"
    assert amstar({"2"}) == amstar({"2", "3", "10"}) == "Low"
    assert amstar({"2", "7"}) == "Critically low"


def test_an_amstar_appraisal_that_contradicts_its_items_is_found() -> None:
    held = instrument("amstar-2")
    items = {one.key: "Yes" for one in held.domains} | {"2": "No"}
    assert check(Appraisal("amstar-2", 1, items, "Low")) == []
    assert "the domains give Low" in check(Appraisal("amstar-2", 1, items, "High"))[0].sentence
    none = items | {"11": "No meta-analysis", "12": "No meta-analysis", "15": "No meta-analysis"}
    assert check(Appraisal("amstar-2", 1, none, "Low")) == []


def test_emmie_counts_effect_takes_the_others_and_has_no_overall() -> None:
    held = instrument("emmie-q")
    given_answers = {"E.1": "Y", "E.2": "Y", "E.3": "N", "E.4": "Y", "mechanism.1": "L2", "moderator.1": "1",
                     "implementation.1": "L0", "economics.1": "L4"}  # fmt: skip
    found = judge(held, given_answers)
    assert [one.judgement for one in found.domains] == ["3", "2", "1", "0", "4"]
    assert found.overall.judgement is None
    assert found.complete
    with pytest.raises(InputError, match="no overall"):
        judge(held, given_answers, {"overall": Override("3", "Because.")})
    assert check(Appraisal("emmie-q", 1, {one.key: str(one.judgement) for one in found.domains}, "")) == []
    assert check(Appraisal("emmie-q", 1, {one.key: "3" for one in found.domains}, "3"))[0].where == "overall"


@pytest.mark.parametrize("key", ["single-group", "qualitative"])
def test_the_house_s_own_forms(key: str) -> None:
    held = instrument(key)
    all_yes = {question.key: "Y" for question in held.questions}
    assert judge(held, all_yes).overall.judgement == "Strong"
    assert judge(held, all_yes | {"1.1": "N"}).overall.judgement == "Weak"  # whom it stands for comes first
    assert judge(held, all_yes | {"2.1": "N"}).overall.judgement == "Adequate"
    assert judge(held, all_yes | {"2.1": "N", "3.1": "PN"}).overall.judgement == "Weak"
    assert judge(held, all_yes | {"2.1": "NI"}).overall.judgement == "Strong"
    assert not held.unconfirmed


@settings(max_examples=40)
@given(st.data())
def test_what_the_rules_give_passes_the_check(data: st.DataObject) -> None:
    """`judge` and `check` are two readings of one file; if they parted, an honest appraisal would be accused."""
    held = data.draw(st.sampled_from([one for one in instruments() if one.questions]))
    given_answers: dict[str, str] = {}
    for question in held.questions:
        if question in asked(held, given_answers):
            given_answers[question.key] = data.draw(st.sampled_from(held.answers_to(question)))
    found = judge(held, given_answers)
    domains = {one.key: str(one.judgement) for one in found.domains}
    assert check(Appraisal(held.key, held.version, domains, found.overall.judgement or "")) == []


def test_every_combination_is_reached_by_questions_in_plain_words() -> None:
    for held in instruments():
        for question in held.questions:
            assert question.text[0].isupper()
            assert len(question.text.split()) < 60
    assert len(list(product(ALL, repeat=3))) == len(every_way(instrument("rob-2", 2), "D1"))
