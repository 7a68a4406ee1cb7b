"""What a reader can try in a lesson: made-up numbers that they choose from lists, by an address and without a script."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from numpy.random import default_rng

from whatworks.learn.methods import explaining as sums
from whatworks.publish.methods.numbers import Three, signed
from whatworks.rate.methods.wording import how_sure

Asked = Mapping[str, str]
DRAWS = 99  # numbers of draws that an address may name
TIMES = 20


@dataclass(frozen=True, slots=True)
class Choice:
    """One list to choose from: its name in the address, its label, the values with their words, and what is chosen."""

    name: str
    label: str
    options: tuple[tuple[str, str], ...]
    value: str


@dataclass(frozen=True, slots=True)
class Tried:
    """What came of a choice: sentences, then drawings that say the same. `again` is the number of the next draw, if lots are drawn."""

    choices: tuple[Choice, ...]
    says: tuple[str, ...]
    dots: tuple[tuple[int, str, str], ...] = ()
    """How many of 100, in which colour, and the words under it."""
    table: Mapping[str, Any] | None = None
    groups: tuple[tuple[str, tuple[sums.Family, ...]], ...] = ()
    levels: tuple[tuple[int, str, str], ...] = ()
    draw: int = 0

    @property
    def again(self) -> int:
        """The number of the next draw."""
        return self.draw % DRAWS + 1


def _choose(asked: Asked, name: str, label: str, options: Sequence[tuple[int, str]], usual: int) -> tuple[Choice, int]:
    """A list, and what is chosen of it: what the address says if it is one of these, else the usual."""
    known = {str(value): value for value, _words in options}
    chosen = known.get(asked.get(name, ""), usual)
    return Choice(name, label, tuple((str(value), words) for value, words in options), str(chosen)), chosen


def _draw(asked: Asked, usual: int = 1) -> int:
    """The number of the draw that the address names; else one that shows what most draws show."""
    text = asked.get("draw", "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 3 and 0 < int(text) <= DRAWS else usual


def _each(values: Sequence[int]) -> list[tuple[int, str]]:
    return [(value, f"{value:,}") for value in values]


def _table(
    caption: str, unit: str, rows: Sequence[Mapping[str, Any]], ends: tuple[float, float], **more: Any
) -> dict[str, Any]:
    """A forest table as a page has it; nothing in it has a trace, for it is made up."""
    return {
        "caption": caption, "unit": unit, "rows": rows, "minimum": ends[0], "maximum": ends[1], "null": 0, "ratio": False,
        "left": _("fewer"), "right": _("more"), "total": None, "second": None, "heterogeneity": None, **more,
    }  # fmt: skip


def _row(name: str, three: Three, *, digits: int = 0, hollow: bool = False) -> dict[str, Any]:
    words = signed(three.estimate, digits)
    if three.low is not None and three.high is not None:
        words = _("%(estimate)s (%(low)s to %(high)s)") % {
            "estimate": words, "low": signed(three.low, digits), "high": signed(three.high, digits),
        }  # fmt: skip
    return {
        "name": name, "detail": "", "raw": "", "why_not": "", "text": words, "pooled": not hollow,
        "estimate": three.estimate, "low": three.low, "high": three.high,
    }  # fmt: skip


def chance(asked: Asked) -> Tried:
    """Twenty comparisons in which nothing differs."""
    choice, n = _choose(asked, "families", _("Families in each group"), _each((20, 50, 200, 1000)), 50)
    draw = _draw(asked)
    found = sums.by_luck(default_rng(draw), n, 0.3, TIMES)
    far = sum(abs(one) >= 10 for one in found)
    says = (
        _("In both groups 30 of 100 families do well: the service does nothing. Here are %(times)s such studies.") % {"times": TIMES},
        ngettext(
            "%(n)s of them shows a gap of 10 or more in 100, by luck alone.",
            "%(n)s of them show a gap of 10 or more in 100, by luck alone.",
            far,
        ) % {"n": far},
    )  # fmt: skip
    rows = [
        _row(_("Study %(n)s") % {"n": at}, Three(one, None, None), hollow=abs(one) < 10)
        for at, one in enumerate(found, 1)
    ]
    drawn = _table(_("Made-up studies of a service that does nothing"), _("Difference per 100"), rows, (-40, 40))
    return Tried((choice,), says, table=drawn, draw=draw)


def interval(asked: Asked) -> Tried:
    """Twenty studies with their ranges."""
    choice, n = _choose(asked, "families", _("Families in each study"), _each((20, 50, 200, 1000)), 50)
    draw = _draw(asked, 2)
    found = sums.studies(default_rng(draw), n, 0.3, TIMES)
    missed = sum(not one.holds for one in found)
    says = (
        _("The truth is 30 of 100. Here are %(times)s studies of the same thing, each with its range.") % {"times": TIMES},
        ngettext(
            "%(n)s range does not hold the truth (hollow); about 1 is to be expected.",
            "%(n)s ranges do not hold the truth (hollow); about 1 is to be expected.",
            missed,
        )% {"n": missed},
    )  # fmt: skip
    rows = [_row(_study(at, one), _hundredths(one), hollow=not one.holds) for at, one in enumerate(found, 1)]
    for row in rows:
        row["text"] = row["text"].replace("+", "")
    drawn = _table(
        _("Made-up studies; the line is the truth, 30 of 100"), _("Of 100 (95% range)"), rows, (0, 60), null=30,
        left=_("fewer than the truth"), right=_("more"),
    )  # fmt: skip
    return Tried((choice,), says, table=drawn, draw=draw)


def _study(at: int, one: sums.Draw) -> str:
    name = _("Study %(n)s") % {"n": at}
    return name if one.holds else _("%(study)s: misses") % {"study": name}


def _hundredths(one: sums.Draw) -> Three:
    return Three(100 * one.share, 100 * one.low, 100 * one.high)


def hundred(asked: Asked) -> Tried:
    """The same words, another starting point."""
    start, before = _choose(asked, "start", _("Without it, of 100"), _each((2, 10, 20, 40, 60)), 40)
    effects = [(50, _("half as many")), (80, _("a fifth fewer")), (100, _("the same")), (125, _("a quarter more"))]
    effect, percent = _choose(asked, "effect", _("The report says"), effects, 50)
    after = sums.after(before, percent / 100)
    gap = abs(after - before)
    change = (
        _("That is no change.") if not gap
        else ngettext("For %(n)s of 100 it is another outcome.", "For %(n)s of 100 it is another outcome.", gap) % {"n": gap}
    )  # fmt: skip
    says = (_("%(before)s of 100 without it, %(after)s of 100 with it.") % {"before": before, "after": after}, change)
    dots = ((before, "unsure", _("without it")), (after, "change", _("with it")))
    return Tried((start, effect), says, dots=dots)


def bias(asked: Asked) -> Tried:
    """A course that does nothing, and who joins it."""
    choice, keen = _choose(asked, "keen", _("Keen parents among 100 who join"), _each((20, 50, 80, 95)), 80)
    with_it, without = (round(sums.mixed_share(share, 70, 40)) for share in (keen, 20))
    says = (
        _("The course does nothing. Of 100 keen parents 70 do well, of 100 others 40, with or without it."),
        _("Among those who did not join, 20 of 100 are keen. So %(with_it)s of 100 do well who joined, and %(without)s of 100 "
          "who did not.") % {"with_it": with_it, "without": without},
        _("That looks like an effect of the course, and is none.") if with_it != without
        else _("Now both groups are alike, and nothing is left of the effect."),
    )  # fmt: skip
    dots = ((without, "unsure", _("did not join")), (with_it, "change", _("joined")))
    return Tried((choice,), says, dots=dots)


def randomise(asked: Asked) -> Tried:
    """Made-up families, put into two groups by a lot, twice."""
    choice, n = _choose(asked, "families", _("Families"), _each((20, 60, 200)), 20)
    draw = _draw(asked, 6)
    says, groups = [], []
    for at in (draw, draw + 100):
        first, second = sums.split(default_rng(at), sums.families(n))
        name = _("First lot") if at == draw else _("Second lot")
        told = {
            "lot": name, "a": sum(one.alone for one in first), "b": sum(one.alone for one in second),
            "c": sum(one.known for one in first), "d": sum(one.known for one in second), "of": n // 2,
        }  # fmt: skip
        says.append(
            _("%(lot)s: with a parent alone %(a)s of %(of)s against %(b)s of %(of)s; known to services before %(c)s of %(of)s "
              "against %(d)s of %(of)s.") % told
        )  # fmt: skip
        if n <= 20:
            groups += [(_("%(lot)s, group A") % told, first), (_("%(lot)s, group B") % told, second)]
    return Tried((choice,), tuple(says), groups=tuple(groups), draw=draw)


POOLED = (("A", 12.0, 8.0), ("B", 2.0, 3.0), ("C", 9.0, 6.0))  # made-up differences per 100, with their standard errors


def pool(asked: Asked) -> Tried:
    """Three studies together, or two of them."""
    names = [(0, _("none")), *((at, one[0]) for at, one in enumerate(POOLED, 1))]
    choice, out = _choose(asked, "without", _("Leave out study"), names, 0)
    kept = [one for at, one in enumerate(POOLED, 1) if at != out]
    results = [(estimate, se) for _name, estimate, se in kept]
    total, each = sums.together(results), sums.weights(results)
    rows = [
        _row(_("Study %(name)s, counts %(weight)s of 100") % {"name": name, "weight": weight}, sums.range_of(estimate, se), digits=1)
        for (name, estimate, se), weight in zip(kept, each, strict=True)
    ]  # fmt: skip
    says = (
        _("Study B is the largest, so its range is short and it counts most."),
        _("Together: %(text)s per 100.") % {"text": _row("", total, digits=1)["text"]},
    )
    drawn = _table(
        _("Made-up studies put together"), _("Difference per 100 (95% range)"), rows, (-10, 30),
        total=_row(_("Together"), total, digits=1),
    )  # fmt: skip
    return Tried((choice,), says, table=drawn)


LEVELS = (("very-low", 1), ("low", 2), ("moderate", 3), ("high", 4))


def rating(asked: Asked) -> Tried:
    """The four words, and what each says."""
    words = {
        "very-low": _("Very low"), "low": _("Low"), "moderate": _("Moderate"), "high": _("High"),
    }  # fmt: skip
    levels = tuple((level, words[key], str(how_sure(key))) for key, level in LEVELS)
    return Tried((), (_("The four words, and the sentence that goes with each on our pages:"),), levels=levels)


def nothing(asked: Asked) -> Tried:
    """No difference seen, in studies of four sizes."""
    choice, share = _choose(asked, "share", _("Families of 100 who do well in both groups"), _each((5, 30, 50)), 30)
    sizes = (20, 100, 500, 5000)
    found = [(n, sums.nothing_seen(n, share / 100)) for n in sizes]
    low, high = (round(abs(one.high or 0)) for one in (found[0][1], found[-1][1]))
    says = (
        _("Each of these studies saw no difference at all."),
        _(
            "With %(few)s families in each group, up to %(low)s more or fewer of 100 still fits. With %(many)s it is %(high)s."
        )
        % {"few": sizes[0], "low": low, "many": f"{sizes[-1]:,}", "high": high},
    )
    rows = [_row(_("%(n)s in each group") % {"n": f"{n:,}"}, three, digits=1) for n, three in found]
    drawn = _table(_("Made-up studies that saw no difference"), _("Difference per 100 (95% range)"), rows, (-35, 35))
    return Tried((choice,), says, table=drawn)


def prediction(asked: Asked) -> Tried:
    """The average, and the next place."""
    options = [(0, _("not at all")), (3, _("a little")), (6, _("a good deal")), (12, _("a lot"))]
    choice, spread = _choose(asked, "spread", _("The places differ"), options, 6)
    k, se = 6, 2.0
    average, place = sums.range_of(-7, se), sums.next_place(-7, se, float(spread), k)
    says = (
        _("Made up: six studies, on average 7 fewer of 100."),
        _("For the next place, harm cannot be ruled out.") if (place.high or 0) > 0
        else _("For the next place, too, fewer is to be expected."),
    )  # fmt: skip
    rows = [_row(_("The average"), average, digits=1), _row(_("A new place like these"), place, digits=1, hollow=True)]
    drawn = _table(_("Two ranges around one number"), _("Difference per 100 (95% range)"), rows, (-50, 40))
    return Tried((choice,), says, table=drawn)


def subgroups(asked: Asked) -> Tried:
    """How often luck alone makes a group stand out."""
    choice, n = _choose(asked, "groups", _("Groups that are looked at"), _each((1, 5, 10, 20, 40)), 10)
    share = round(100 * sums.false_find(n))
    says = (
        ngettext(
            "The service does nothing for anybody. Somebody looks at %(n)s group.",
            "The service does nothing for anybody. Somebody looks at %(n)s groups, one after another.",
            n,
        ) % {"n": n},
        _("In %(share)s of 100 such studies at least one group stands out, by luck alone.") % {"share": share},
    )  # fmt: skip
    return Tried((choice,), says, dots=((share, "change", _("of 100 studies “find” a group")),))


TRIES: dict[str, Callable[[Asked], Tried]] = {
    "bias": bias,
    "chance": chance,
    "hundred": hundred,
    "interval": interval,
    "nothing": nothing,
    "pool": pool,
    "prediction": prediction,
    "randomise": randomise,
    "rating": rating,
    "subgroups": subgroups,
}
