"""Which reports are one: never two that people keep apart, and the same whatever the order of what was said."""

from __future__ import annotations

from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from whatworks.collate.methods.standing import Contradiction, Link, Standing, standing

NAMES = "abcdef"
PAIRS = list(combinations(NAMES, 2))
pairs = st.sets(st.sampled_from(PAIRS), max_size=6)
links = st.lists(
    st.builds(
        lambda pair, when, rule: Link(*pair, (float(when), f"{pair}"), rule),
        st.sampled_from(PAIRS),
        st.integers(0, 3),
        st.booleans(),
    ),
    max_size=10,
    unique_by=lambda link: (link.left, link.right),
)


def twin(given: list[Link], apart: set[tuple[str, str]], doubted: set[tuple[str, str]]) -> Standing:
    """The same by brute force: before each link, all that stands is worked out anew, report by report."""
    kept: list[Link] = []

    def reach(start: str) -> set[str]:
        seen = {start}
        for _ in NAMES:
            seen |= {end for link in kept for end in (link.left, link.right) if {link.left, link.right} & seen}
        return seen

    left_out = []
    for link in sorted(given, key=lambda one: (one.by_rule, one.rank, one.left, one.right)):
        forbidden = apart | doubted if link.by_rule else apart
        broken = [
            pair
            for pair in sorted(forbidden)
            if pair[1] not in reach(pair[0])
            and ({pair[0]} & reach(link.left) and {pair[1]} & reach(link.right))
            | ({pair[1]} & reach(link.left) and {pair[0]} & reach(link.right))
        ]
        if not broken:
            kept.append(link)
        elif not link.by_rule:
            left_out.append(Contradiction((link.left, link.right), broken[0]))
    left_out = [one for one in left_out if one.link[1] not in reach(one.link[0])]
    groups = {tuple(sorted(reach(name))) for name in NAMES if len(reach(name)) > 1}
    return Standing(tuple(sorted(groups)), tuple(left_out))


@given(links, pairs, pairs)
def test_it_is_what_brute_force_finds(
    given: list[Link], apart: set[tuple[str, str]], doubted: set[tuple[str, str]]
) -> None:
    assert standing(given, apart, doubted) == twin(given, apart, doubted)


@given(links, pairs, st.randoms(use_true_random=False))
def test_the_order_in_which_it_is_told_makes_no_difference(
    given: list[Link], apart: set[tuple[str, str]], any: object
) -> None:
    other = list(given)
    any.shuffle(other)  # type: ignore[attr-defined]
    assert standing(other, apart) == standing(given, apart)


@given(links, pairs)
def test_what_people_keep_apart_is_never_joined(given: list[Link], apart: set[tuple[str, str]]) -> None:
    for group in standing(given, apart).groups:
        assert not set(combinations(group, 2)) & apart


def test_a_later_merge_that_would_join_refused_ones_waits_and_names_both_pairs() -> None:
    """The earlier merge is what people have built on."""
    first, second = Link("a", "b", (1.0, "")), Link("b", "c", (2.0, ""))
    found = standing([second, first], [("a", "c")])
    assert found.groups == (("a", "b"),)
    assert found.contradictions == (Contradiction(("b", "c"), ("a", "c")),)


def test_a_rule_joins_nothing_that_is_doubted_and_a_person_does() -> None:
    assert standing([Link("a", "b", (0.0, ""), by_rule=True)], [], [("a", "b")]).groups == ()
    assert standing([Link("a", "b", (0.0, ""))], [], [("a", "b")]).groups == (("a", "b"),)
