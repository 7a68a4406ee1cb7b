"""Two revisions compared: sentences that came and went, numbers that moved with both traces, evidence that was added."""

from __future__ import annotations

import copy
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from whatworks.publish.methods.easy import LONG, Drawing, outline
from whatworks.publish.methods.revisions import ADDED, KEPT, TAKEN_OUT, _sentences, compared, places, words


def document() -> dict[str, Any]:
    """A small page."""
    outcome = {
        "name": "Injuries",
        "state": {"key": "fewer", "word": "Fewer", "shape": "fewer", "css": "change"},
        "sentence": ["Out of 100, about ", {"number": "7 fewer", "trace": "syn-1"}, "."],
        "certainty": {"word": "Low", "level": 2, "of": 4},
        "certainty_words": "",
        "table": {"rows": [{"name": "Study A", "detail": "2 years", "raw": "1 of 2", "text": "−7", "trace": "fnd-1"}]},
    }
    chapter = {
        "title": "How to do it",
        "blocks": [
            {"type": "text", "parts": ["Put up signs. Tell people."]},
            {"type": "list", "items": [["one"], ["two"]]},
        ],
    }
    return {
        "title": "Slow zones",
        "lead": "Cars drive slowly.",
        "answer": {"strong": ["It may mean fewer injuries."], "rest": []},
        "outcomes": [outcome],
        "chapters": [chapter],
        "others": [],
        "sources": [{"text": "A, 2001", "identifier": "rep-1"}],
        "method": ["Pooled."],
    }


def test_a_page_is_the_same_as_itself() -> None:
    assert compared(document(), document()).same


def test_a_number_that_moved_shows_what_it_was_and_both_traces() -> None:
    new = document()
    new["outcomes"][0]["sentence"][1] = {"number": "5 fewer", "trace": "syn-2"}
    (moved,) = compared(document(), new).numbers
    assert (moved.old, moved.new, moved.old_trace, moved.new_trace) == ("7 fewer", "5 fewer", "syn-1", "syn-2")


def test_only_the_sentence_that_changed_is_marked() -> None:
    new = document()
    new["chapters"][0]["blocks"][0]["parts"] = ["Put up signs. Tell the neighbours."]
    (place,) = compared(document(), new).places
    told = [(one.kind, words(one.parts).strip()) for one in place.sentences]
    assert told == [
        (KEPT, "Put up signs."),
        (TAKEN_OUT, "Tell people."),
        (ADDED, "Tell the neighbours."),
        (KEPT, "one"),
        (KEPT, "two"),
    ]


def test_of_a_long_place_only_the_neighbours_of_what_changed_are_shown() -> None:
    old, new = document(), document()
    lines = [[f"Line {number}."] for number in range(30)]
    old["chapters"][0]["blocks"] = [{"type": "list", "items": lines}]
    new["chapters"][0]["blocks"] = [{"type": "list", "items": [*lines[:20], ["Another."], *lines[20:]]}]
    (place,) = compared(old, new).places
    assert [words(one.parts) for one in place.sentences] == ["Line 19.", "Another.", "Line 20."]


def test_a_study_that_came_and_one_that_went_are_named() -> None:
    new = document()
    new["sources"] = [{"text": "B, 2020", "identifier": "rep-2"}]
    found = compared(document(), new)
    assert [words(one) for one in found.evidence_added] == ["B, 2020"]
    assert [words(one) for one in found.evidence_gone] == ["A, 2001"]


def test_a_place_that_is_new_or_gone_is_told_whole() -> None:
    new = document()
    new["chapters"] = []
    (place,) = compared(document(), new).places
    assert {one.kind for one in place.sentences} == {TAKEN_OUT}


@given(st.lists(st.sampled_from(["Put up signs.", "Tell people.", "Wait.", "Look again."]), max_size=8))
def test_what_stays_and_what_came_is_the_new_page_and_what_stays_and_went_the_old(sentences: list[str]) -> None:
    old, new = document(), copy.deepcopy(document())
    new["chapters"][0]["blocks"] = [{"type": "text", "parts": [" ".join(sentences)]}]
    name = old["chapters"][0]["title"]
    found = list(_sentences(places(old)[name], places(new).get(name, [])))  # before a long place is cut to what changed
    later = [words(one.parts).strip() for one in found if one.kind != TAKEN_OUT]
    earlier = [words(one.parts).strip() for one in found if one.kind != ADDED]
    assert later == sentences
    assert earlier == ["Put up signs.", "Tell people.", "one", "two"]


def test_the_outline_has_one_idea_a_line_and_a_picture_beside_each() -> None:
    found = {part.heading: part.lines for part in outline(document())}
    assert [line.words for line in found["How to do it"]] == ["Put up signs.", "Tell people.", "One.", "Two."]
    assert not any(line.picture and line.drawing for lines in found.values() for line in lines)
    assert found["Injuries"][-1].words == "How sure we are: low."


def test_a_picture_is_drawn_where_it_means_the_line_and_asked_for_where_it_cannot() -> None:
    """A picture for show beside every line tells a reader who needs pictures nothing, or something wrong."""
    held = document() | {"studied": {"countries": [["Nowhere", 30], ["Elsewhere", 1]]}}
    dots = {"before": 18.2, "after": 11, "before_label": "without it", "after_label": "with it", "css": "better"}
    held["answer"]["rest"] = [" How sure we are: low certainty."]
    held["outcomes"][0]["hundred"] = dots | {"of": "junctions had an injury"}
    found = {part.heading: part.lines for part in outline(held)}
    told = [(line.words, line.drawing) for line in found["Injuries"]]
    state = Drawing("state", shape="fewer", css="change")
    without = "18 of 100 junctions had an injury without it."
    assert told[:2] == [
        ("Fewer.", state),
        ("Out of 100, about 7 fewer.", None),
    ]  # a state beside a number would mislead
    assert told[2] == (without, Drawing("dots", css="unsure", count=18, of=100, label=without))
    assert told[3][1] and (told[3][1].css, told[3][1].count) == ("better", 11)
    assert told[4][1] == Drawing("bars", count=2, of=4, label="Low")
    assert [line.drawing and line.drawing.kind for line in found["What we know"]] == [None, "bars"]
    places = found["Where the studies were done"]
    assert [line.words for line in places] == [
        "30 studies were done here: Nowhere.",
        "1 study was done here: Elsewhere.",
    ]
    assert [line.drawing and line.drawing.count for line in places] == [12, 1]
    assert found["How to do it"][0].drawing is None and "How to do it" in found["How to do it"][0].picture


def test_a_line_that_is_too_long_says_so() -> None:
    long = document() | {"lead": " ".join(["word"] * (LONG + 1))}
    assert outline(long)[0].lines[0].long


def test_a_row_of_a_table_that_came_or_reads_otherwise_is_told() -> None:
    """What people judged stands in tables; a revision whose only news is one of them must not read as the same."""
    old, new = document(), document()
    head = ["Study", "How secure its result is", "Who says so"]
    rows = [
        [[{"link": "A 2001", "href": "/studies/sty-1/"}], "High (4 padlocks)", ["Two people. ", {"link": "Every rule"}]]
    ]
    old["chapters"][0]["blocks"].append({"type": "table", "head": head, "rows": []})
    new["chapters"][0]["blocks"].append({"type": "table", "head": head, "rows": rows})
    (place,) = compared(old, new).places
    (came,) = [
        words(one.parts).strip() for one in place.sentences if one.kind == ADDED and "padlocks" in words(one.parts)
    ]
    assert came.startswith("A 2001; High (4 padlocks); Two people.")


def test_the_outline_tells_the_findings_that_people_judged_and_leaves_other_tables_out() -> None:
    """A chapter with what families said must not fall out of the Easy Read outline when somebody rates it."""
    held = document()
    table = {
        "type": "table",
        "head": ["Finding", "Because"],
        "rows": [["Drivers felt it was fair.", "The rules say so."]],
    }
    held["chapters"][0]["blocks"].append(table | {"findings": True})
    lines = [line.words for part in outline(held) if part.heading == "How to do it" for line in part.lines]
    assert lines == ["Put up signs.", "Tell people.", "One.", "Two.", "Drivers felt it was fair."]
    held["chapters"][0]["blocks"][-1] = table
    assert "How to do it" not in {part.heading for part in outline(held)}
