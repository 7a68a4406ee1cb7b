"""What stands: equal answers by rule, differences by people, and a late change opens what was settled."""

from __future__ import annotations

from tests.unit.extract_coding.small import small
from whatworks.extract.methods.coding.answers import Coded, coded
from whatworks.extract.methods.coding.asking import Units
from whatworks.extract.methods.coding.standing import Answer, Ruling, Standing, left_to_settle, standings

FRAME = small()
UNITS = Units(arms=("arm-1",))
ONE = Units()


def answer(who: str, item: str, value: object) -> Answer:
    """An answer whose identifier says what it says, so that another answer is another row."""
    status = "coded" if value is not None else "not reported"
    return Answer(f"{who}:{item}:{value}", coded(FRAME.item(item), status, value))


def drawn(a: dict, b: dict | None = None, rulings: dict | None = None, units: Units = ONE) -> dict:
    sheets = {"a": a} if b is None else {"a": a, "b": b}
    held = {who: {(item, ""): answer(who, item, value) for item, value in said.items()} for who, said in sheets.items()}
    return standings(FRAME, units, held, rulings or {})


def stands(found: dict, item: str) -> tuple[str, object, str | None]:
    one: Standing = found[item, ""]
    return one.state, one.coded and one.coded.value, one.how


def test_equal_answers_stand_by_rule_and_different_ones_wait_for_people() -> None:
    found = drawn({"randomised": "yes", "joined": 40}, {"randomised": "yes", "joined": 50})
    assert stands(found, "randomised") == ("settled", "yes", "agreed")
    assert stands(found, "joined") == ("differs", None, None)
    assert {("joined", "")} <= set(left_to_settle(FRAME, found))


def test_numbers_within_the_tolerance_agree_and_the_first_coder_s_stands() -> None:
    assert stands(drawn({"joined": 40}, {"joined": 41}), "joined") == ("settled", 40, "agreed")


def test_what_need_not_be_agreed_takes_the_first_coder_s_answer() -> None:
    assert stands(drawn({"aim": "To see"}, {"aim": "To hear"}), "aim") == ("settled", "To see", "first")
    assert stands(drawn({}, {"aim": "To hear"}), "aim") == ("settled", "To hear", "first")


def test_an_answer_of_only_one_of_two_is_for_people() -> None:
    """Who left the item out may have overlooked it, or found nothing: nobody can tell but they."""
    assert stands(drawn({"country": "Wales"}, {}), "country") == ("differs", None, None)


def test_one_coder_is_enough_where_one_was_asked_for() -> None:
    assert stands(drawn({"randomised": "no"}), "randomised") == ("settled", "no", "single")


def test_what_depends_on_a_difference_waits_and_is_dropped_when_it_does_not_apply() -> None:
    """A coder who said that it was randomised answered how; whether that counts follows from what is decided."""
    a, b = {"randomised": "yes", "drawn": "coin", "sealed": "yes"}, {"randomised": "no"}
    found = drawn(a, b)
    assert [stands(found, key)[0] for key in ("randomised", "drawn", "sealed")] == ["differs", "waiting", "waiting"]
    over = frozenset({"a:randomised:yes", "b:randomised:no"})
    no = {("randomised", ""): Ruling(Coded("coded", "no"), "third", over)}
    assert [stands(drawn(a, b, no), key)[0] for key in ("randomised", "drawn", "sealed")] == [
        "settled",
        "beside",
        "beside",
    ]
    yes = {("randomised", ""): Ruling(Coded("coded", "yes"), "third", over)}
    assert stands(drawn(a, b, yes), "drawn") == ("differs", None, None), "only one of the two was asked"


def test_a_decision_holds_until_an_answer_is_another() -> None:
    over = frozenset({"a:joined:40", "b:joined:50"})
    ruling = {("joined", ""): Ruling(Coded("coded", 45), "third", over)}
    assert stands(drawn({"joined": 40}, {"joined": 50}, ruling), "joined") == ("settled", 45, "third")
    late = drawn({"joined": 40}, {"joined": 60}, ruling)["joined", ""]
    assert (late.state, late.reopened) == ("differs", True)


def test_coders_who_come_to_say_what_was_decided_leave_it_standing() -> None:
    ruling = {("joined", ""): Ruling(Coded("coded", 45), "third", frozenset({"x", "y"}))}
    assert stands(drawn({"joined": 45}, {"joined": 45}, ruling), "joined") == ("settled", 45, "third")


def test_coders_who_agree_against_a_decision_open_it_again() -> None:
    """A person decided; a rule must not put something else in its place unseen."""
    ruling = {("joined", ""): Ruling(Coded("coded", 45), "third", frozenset({"x", "y"}))}
    assert drawn({"joined": 70}, {"joined": 70}, ruling)["joined", ""].reopened


def test_a_person_may_decide_what_nobody_answered() -> None:
    ruling = {("country", ""): Ruling(Coded("not reported"), "third", frozenset())}
    found = drawn({}, {}, ruling)["country", ""]
    assert (found.state, found.coded) == ("settled", Coded("not reported"))


def test_a_required_item_that_nobody_answered_is_left_to_settle() -> None:
    """An arm that was added after both were done has no answers; the coding is not settled."""
    found = drawn({"randomised": "no", "joined": 1}, {"randomised": "no", "joined": 1})
    assert left_to_settle(FRAME, found) == ()
    found = drawn({"randomised": "no", "joined": 1}, {"randomised": "no", "joined": 1}, units=UNITS)
    assert left_to_settle(FRAME, found) == (("offered", "arm-1"), ("lost", "arm-1"))[:1]
