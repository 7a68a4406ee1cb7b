"""What is handed out says what the page says: nothing is lost unsaid, shortened in the middle of a sentence, or made up."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tests.unit.publish.handouts import TRACE, dots, outcome, page, table
from whatworks.publish.methods.handout import NOTE, UNSAID, handout
from whatworks.publish.methods.handout_parts import AND_MORE, Bullets, Run, Table, said, shortened, trimmed, words

sentences = st.lists(st.text("abc ", min_size=1, max_size=30).map(lambda text: f"{text}. "), max_size=40).map("".join)


@given(sentences, st.integers(40, 300))
def test_what_is_shortened_ends_with_a_sentence_and_says_that_there_is_more(text: str, longest: int) -> None:
    """Cut off in the middle, “no effect was found in” would say something else."""
    found = said(shortened((Run(text),), longest))
    whole = said((Run(text),))
    assert len(found) <= max(longest, len(AND_MORE) + 1)
    if len(whole) <= longest:
        assert found == whole
    else:
        kept = found.removesuffix(AND_MORE.strip()).strip()
        assert found.endswith(AND_MORE.strip())
        assert kept.endswith((".", "\N{HORIZONTAL ELLIPSIS}"))
        assert whole.startswith(kept.rstrip("\N{HORIZONTAL ELLIPSIS}").rstrip())


def test_numbers_lead_to_their_trace_and_links_to_their_page() -> None:
    given_parts = ["About ", {"number": "7", "trace": TRACE}, {"link": "more", "href": "/about/"}, {"mark": "new"}]
    assert words(given_parts) == (Run("About "), Run("7", f"/trace/{TRACE}/"), Run("more", "/about/"), Run("new"))
    assert words(None) == words([]) == ()


def test_spaces_between_two_parts_do_not_stand_at_a_beginning() -> None:
    assert trimmed((Run(" "), Run(" Out of 100"), Run(" 7"))) == (Run("Out of 100"), Run(" 7"))
    assert trimmed((Run("  "),)) == ()


def test_who_is_missing_names_what_is_not_recorded() -> None:
    held = handout(page(outcome()))
    assert said(held.missing) == "People on streets. Countries: Atonia: 2 studies. Not recorded: ages."


def test_a_page_that_says_nothing_of_who_is_missing_is_said_to_say_nothing() -> None:
    assert said(handout(page(outcome(), chapters=[])).missing) == UNSAID


def test_a_note_says_that_it_is_no_answer() -> None:
    held = handout(page(outcome(), kind="note", banner=["Not a systematic search."]))
    assert held.notices == (NOTE, "Not a systematic search.")
    assert (held.label, held.outcomes_title) == ("Evidence note", "What we hold")


def test_it_is_provisional_as_a_whole_only_where_every_judged_outcome_is() -> None:
    """“Every state below is provisional” above one that two people signed would be untrue."""
    unsearched = outcome("Safety", provisional=False, eyebrow=[])
    assert handout(page(outcome(), unsearched)).provisional
    assert not handout(page(outcome(), outcome("Signed", provisional=False))).provisional
    assert not handout(page(unsearched)).provisional
    assert not handout(page()).provisional


def test_who_overrode_the_rule_and_why_is_handed_out() -> None:
    given_outcome = outcome(
        provisional=False, standing="approved by an approver", override="A new trial.", earlier=["Before."]
    )
    (held,) = handout(page(given_outcome)).outcomes
    assert held.standing == "Approved by an approver. Why: “A new trial.” Before."


def test_every_result_and_chapter_is_in_the_long_form() -> None:
    held = handout(page(outcome(table=table(), also=[["Theirs: 5."]])))
    titles = [section.title for section in held.sections]
    assert titles == [
        "Results: Road injuries",
        "For whom, and who is missing",
        "What others say",
        "Sources",
        "How this was worked out",
    ]
    results, also = held.sections[0].blocks
    assert isinstance(results, Table) and isinstance(also, Bullets)
    assert [said(cell) for cell in results.rows[0]] == ["Aton 2019", "1.0 (0.0 to 2.0)", "200 streets"]


def test_the_dots_are_told_with_one_denominator() -> None:
    (held,) = handout(page(outcome(hundred=dots()))).outcomes
    assert held.dots is not None
    assert held.dots.told == "29 of 100 streets had injuries with usual signs, and 36 of 100 with slow zones."


def test_certainty_is_always_said_where_there_are_studies() -> None:
    judged, unjudged = handout(page(outcome(), outcome("x", certainty=None, certainty_words="Not assessed"))).outcomes
    assert (judged.sure, unjudged.sure) == ("Low certainty", "Certainty: not assessed")
