"""Standing: which reports are one, worked out from what people decided about pairs and what the rules are sure of.

The answer depends on the standing decisions alone, never on the way that led to them. What people keep apart is never
joined, through a third report neither: then the earlier merge stands and the later waits as a contradiction.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass

Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Link:
    """That two reports are one. `rank` orders links: what people said by its time, then what rules are surest of."""

    left: str
    right: str
    rank: tuple[float, str]
    by_rule: bool = False


@dataclass(frozen=True, slots=True)
class Contradiction:
    """A link that people made and that does not stand: it would join `apart`, which people keep apart."""

    link: Pair
    apart: Pair


@dataclass(frozen=True, slots=True)
class Standing:
    """`groups`: the sets of two or more reports that are one, each sorted, in order; and the links left out."""

    groups: tuple[tuple[str, ...], ...]
    contradictions: tuple[Contradiction, ...]

    def to_dict(self) -> dict[str, object]:
        """As JSON."""
        return asdict(self)


def standing(links: Iterable[Link], apart: Iterable[Pair], doubted: Iterable[Pair] = ()) -> Standing:
    """Join what is linked, link by link in their order, unless that would join a pair of `apart`.

    What rules say comes after what people say, and is also stopped by the pairs of `doubted`: those that a rule takes
    for two reports, or that carry different judgements. A link of a rule that is stopped is no contradiction; the pair
    waits for a person.
    """
    refused, kept_apart = sorted(set(apart)), sorted({*apart, *doubted})
    home: dict[str, set[str]] = {}
    left_out = []
    for link in sorted(links, key=lambda link: (link.by_rule, link.rank, link.left, link.right)):
        ours, theirs = home.setdefault(link.left, {link.left}), home.setdefault(link.right, {link.right})
        if ours is theirs:
            continue
        stop = _first_between(ours, theirs, kept_apart if link.by_rule else refused)
        if stop is None:
            ours |= theirs
            home.update(dict.fromkeys(theirs, ours))
        elif not link.by_rule:
            left_out.append(Contradiction((link.left, link.right), stop))
    groups = {id(group): tuple(sorted(group)) for group in home.values() if len(group) > 1}
    # What was left out and came together by another way later is no contradiction any more.
    left_out = [one for one in left_out if home[one.link[0]] is not home[one.link[1]]]
    return Standing(tuple(sorted(groups.values())), tuple(left_out))


def _first_between(ours: set[str], theirs: set[str], pairs: Iterable[Pair]) -> Pair | None:
    return next(
        (one for one in pairs if (one[0] in ours and one[1] in theirs) or (one[0] in theirs and one[1] in ours)), None
    )
