"""Which pages answer a question: order, filters and their counts, against a slow plain twin."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from hypothesis import given
from hypothesis import strategies as st

from whatworks.publish.methods.finding import NOT_RECORDED, Concept, Document, Shelf

PLAIN: Mapping[str, Sequence[str]] = {"age": (), "uk": ("yes",)}


def document(
    key: str, name: str, *, text: str = "", facets: Mapping[str, Sequence[str]] = PLAIN, place: int = 0
) -> Document:
    return Document(key, key, name, (place,), (f" {name} ", " ", " ", f" {text} "), facets)


def shelf(*documents: Document) -> Shelf:
    return Shelf().with_changed(documents)


def asks(*words: str) -> list[Concept]:
    return [Concept((tuple(word.split()),)) for word in words]


def test_a_name_counts_more_than_a_mention_and_ties_are_by_name() -> None:
    """Otherwise a page that mentions a thing would stand above the page about it."""
    held = shelf(
        document("c", "zebra", text="mentor"),
        document("b", "mentor"),
        document("a", "apple", text="mentor"),
        document("d", "other"),
    )
    assert held.find(asks("mentor"), {}).keys == ("b", "a", "c")


def test_without_a_question_pages_stand_by_their_place_then_name() -> None:
    """The list of all pages must not begin with evidence notes, and never with the largest effect."""
    held = shelf(document("a", "b", place=1), document("b", "c"), document("c", "a"))
    assert held.find((), {}).keys == ("c", "b", "a")


def test_a_page_with_little_of_the_question_is_no_answer() -> None:
    """Each page says some word of a long question; the list would be all pages."""
    held = shelf(document("a", "foster carer train"), document("b", "train"))
    assert held.find(asks("foster", "carer", "train"), {}).keys == ("a",)


def test_a_run_of_words_must_stand_together_and_never_across_two_outcomes() -> None:
    """“Family group” must not find a page on family work with groups."""
    held = shelf(document("a", "famili group"), document("b", "famili work group"), document("c", "famili | group"))
    assert held.find(asks("famili group"), {}).keys == ("a",)


def test_what_must_be_there_must_be_there() -> None:
    """A phrase in quotation marks that is passed over is not a search for it."""
    held = shelf(document("a", "foster carer"), document("b", "foster home"))
    wanted = [Concept((("carer",),), required=True), *asks("foster")]
    assert held.find(wanted, {}).keys == ("a",)


def test_what_is_recorded_of_a_page_answers_as_its_words_do() -> None:
    """A page for teenagers that never says the word must be found by it, after those that say it."""
    held = shelf(document("a", "x", facets={"age": ("teen",)}), document("b", "teen", facets={"age": ()}))
    wanted = [Concept((("teen",),), facets=(("age", "teen"),))]
    assert held.find(wanted, {}).keys == ("b", "a")


def test_nothing_is_left_out_unsaid() -> None:
    """A filter by age leaves out the pages that record none; how many must be known."""
    held = shelf(document("a", "x", facets={"age": ("teen",)}), document("b", "y"), document("c", "z"))
    found = held.find((), {"age": ("teen",)})
    assert found.keys == ("a",)
    assert found.unrecorded == {"age": 2}
    both = held.find((), {"age": ("teen", NOT_RECORDED)})
    assert (len(both.keys), both.unrecorded) == (3, {})


def test_a_page_that_changed_is_found_by_its_new_words_only_and_readers_of_the_old_shelf_are_not_disturbed() -> None:
    """A reader in the middle of an answer must not see half of a change."""
    before = shelf(document("a", "old"), document("b", "old too", facets={"age": ("teen",)}))
    after = before.with_changed([document("a", "new")], ["b"])
    assert before.find(asks("old"), {}).keys == ("a", "b")
    assert after.find(asks("old"), {}).keys == ()
    assert after.find(asks("new"), {}).keys == ("a",)
    assert after.find((), {}).keys == ("a",)
    assert after.find((), {"age": ("teen",)}).keys == ()


def test_many_changes_do_not_make_the_shelf_grow_for_ever() -> None:
    """A process that runs for months would get slower with each approval."""
    held = shelf(document("a", "x"))
    for number in range(1100):
        held = held.with_changed([document("a", f"x{number}")])
    assert len(held.documents) <= 1005
    assert held.find(asks("x1099"), {}).keys == ("a",)


VALUES = st.lists(st.sampled_from(["p", "q"]), max_size=2, unique=True)
PAGES = st.lists(st.tuples(st.sampled_from(["a", "b", "a b", "c"]), VALUES, VALUES), max_size=12)


@given(
    PAGES, st.lists(st.sampled_from(["p", "q", NOT_RECORDED]), max_size=2), st.lists(st.sampled_from(["p"]), max_size=1)
)
def test_filters_and_counts_are_those_of_a_slow_twin(
    pages: list[tuple[str, list[str], list[str]]], age: list[str], uk: list[str]
) -> None:
    """Bits that are off by one would count a neighbour's page."""
    documents = [
        document(f"k{at:02}", f"{name} {at:02}", facets={"age": one, "uk": other})
        for at, (name, one, other) in enumerate(pages)
    ]
    chosen = {"age": age, "uk": uk}

    def under(one: Document, name: str, values: Sequence[str]) -> bool:
        return not values or bool(set(one.facets[name] or (NOT_RECORDED,)) & set(values))

    found = shelf(*documents).find((), chosen)
    kept = [
        one.key
        for one in sorted(documents, key=lambda one: one.title)
        if all(under(one, *each) for each in chosen.items())
    ]
    assert list(found.keys) == kept
    for value, count in found.counts.get("age", {}).items():
        assert count == sum(under(one, "age", [value]) and under(one, "uk", uk) for one in documents)
