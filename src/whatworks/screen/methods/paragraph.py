"""The methods paragraph: how a review was screened, in words that can stand in its report. What is not known is not said.

What has been done is told in the past; what may still grow, with "so far".
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from whatworks.screen.methods.prisma import Flow
from whatworks.screen.methods.protocol import FULL_TEXT, TITLE, Rules, StageRules
from whatworks.screen.methods.stop_words import counted, percent


@dataclass(frozen=True, slots=True)
class Lot:
    """One lot of records that was given to the review."""

    route: str
    name: str
    on: datetime.date
    records: int


@dataclass(frozen=True, slots=True)
class Ranked:
    """By what the order was proposed last: the learner, its version, and how many orders there have been."""

    learner: str
    version: str
    orders: int


@dataclass(frozen=True, slots=True)
class Told:
    """All that the paragraph rests on. `agreement` and `stops` are sentences as they stood; "" and () where none."""

    rules: Rules
    flow: Flow
    lots: Sequence[Lot] = ()
    amendments: int = 0
    screeners: tuple[int, int] = (0, 0)  # who decided on titles, and on full texts
    elsewhere: Sequence[str] = ()  # other tools whose decisions were taken up
    ranked: Ranked | None = None
    agreement: str = ""
    stops: Sequence[str] = ()


MODES = {
    "single": "by one person",
    "dual": "by two people, neither of whom saw the other's answer",
    "core": "by two people, one of them a core screener, neither of whom saw the other's answer",
}
SETTLED = {
    "third": "A third person decided where they differed.",
    "discussion": "Where they differed they talked it over, and a lead decided where they could not agree.",
    "include": "On title and abstract, whatever either would take further was taken further.",
}


def methods_paragraph(told: Told) -> str:
    """The paragraph; with nothing given yet, one sentence that says so."""
    if not told.lots:
        return "Nothing has been screened yet: no records were given to this review."
    said = [
        *_identified(told),
        *_screening(told),
        *_elsewhere(told.elsewhere),
        *_ordered(told),
        *_sample(told),
        *_outcome(told),
        *([told.agreement] if told.agreement else []),
        *_stopped(told),
        *_unfinished(told.flow),
    ]
    return " ".join(said)


def _identified(told: Told) -> list[str]:
    said = []
    named: dict[tuple[str, str], list[Lot]] = {}
    for lot in told.lots:
        named.setdefault((lot.route, lot.name), []).append(lot)
    for routes, where in ((("databases", "registers"), "from"), (("other",), "by other methods:")):
        parts = [_source(name, lots) for (route, name), lots in named.items() if route in routes]
        whole = sum(lot.records for lot in told.lots if lot.route in routes)
        if parts:
            verb = "was" if whole == 1 else "were"
            said.append(f"{counted(whole, 'record', 'records')} {verb} identified {where} {listed(parts)}.")
    if before := sum(lot.records for lot in told.lots if lot.route == "previous"):
        verb = "was" if before == 1 else "were"
        said.append(
            f"{counted(before, 'report', 'reports')} {verb} carried over from the previous version of the review."
        )
    removed = (_count(told.flow, "duplicates") or 0) + (_count(told.flow, "other_duplicates") or 0)
    if removed:
        said.append(f"{counted(removed, 'duplicate was', 'duplicates were')} removed.")
    return said


def _source(name: str, lots: Sequence[Lot]) -> str:
    days = sorted({lot.on for lot in lots})
    return f"{name} ({sum(lot.records for lot in lots):,}, added on {listed([day_of(day) for day in days])})"


def _screening(told: Told) -> list[str]:
    rules, (titles, texts) = told.rules, told.screeners
    if not titles and not texts:
        return [f"The protocol has titles and abstracts screened {_mode(rules.title, rules)}. Nobody has begun."]
    said = []
    if titles:
        by = counted(titles, "screener", "screeners")
        said.append(f"Titles and abstracts were screened {_mode(rules.title, rules)} ({by} in all).")
    if texts:
        by = counted(texts, "screener", "screeners")
        said.append(f"Full texts were assessed {_mode(rules.full_text, rules)} ({by} in all).")
    if any(rules.stage(stage).mode != "single" for stage in (TITLE, FULL_TEXT)):
        said.append(SETTLED[rules.settling])
    if told.amendments:
        said.append(f"The protocol was amended {times(told.amendments)} after it was first set.")
    return said


def _mode(stage: StageRules, rules: Rules) -> str:
    sample = f"by one person, and a random {percent(rules.share)} of them by two"
    return sample if stage.mode == "sample" else MODES[stage.mode]


def _elsewhere(tools: Sequence[str]) -> list[str]:
    return [f"Decisions that had been made in {listed(tools)} were taken up."] if tools else []


def _ordered(told: Told) -> list[str]:
    one = told.ranked
    if one is None or one.learner == "random":
        return ["Records were shown in an order drawn by lot."] if one or told.rules.order == "random" else []
    learnt = f"the learner “{one.learner}” (whatworks, version {one.version})"
    again = f"; the order was worked out {times(one.orders)}"
    return [f"Records were shown most promising first, in an order learnt from the decisions by {learnt}{again}."]


def _sample(told: Told) -> list[str]:
    if not told.rules.share:
        return []
    return [
        f"A random sample of {percent(told.rules.share)} of the records, drawn by lot and screened whatever their rank, "
        "served to estimate agreement and what remained to be found."
    ]


def _outcome(told: Told) -> list[str]:
    flow, said = told.flow, []
    so_far = " so far" if flow.waiting else ""
    if screened := _count(flow, "records_screened"):
        out = _count(flow, "records_excluded") or 0
        have = ("has been" if screened == 1 else "have been") if so_far else ("was" if screened == 1 else "were")
        said.append(
            f"{counted(screened, 'record', 'records')} {have} screened{so_far}, of which {out:,} {_were(out)} excluded."
        )
    assessed = (_count(flow, "dbr_assessed") or 0) + (_count(flow, "other_assessed") or 0)
    if assessed:
        missed = (_count(flow, "dbr_notretrieved_reports") or 0) + (_count(flow, "other_notretrieved_reports") or 0)
        have = ("has been" if assessed == 1 else "have been") if so_far else _were(assessed)
        words = f"{counted(assessed, 'report', 'reports')} {have} assessed in full text{so_far}"
        said.append(
            f"{words}; {counted(missed, 'report', 'reports')} could not be retrieved." if missed else f"{words}."
        )
        included = _count(flow, "new_reports") or 0
        have = ("has been" if included == 1 else "have been") if so_far else _were(included)
        said.append(f"{counted(included, 'report', 'reports')} {have} included{so_far}." if included else
                    f"None {'has been' if so_far else 'was'} included{so_far}.")  # fmt: skip
    return said


def _stopped(told: Told) -> list[str]:
    left = (_count(told.flow, "excluded_automatic") or 0) + (_count(told.flow, "other_automatic") or 0)
    if not told.stops:
        return []
    said = f"Screening was stopped by a signed decision, which left {counted(left, 'record', 'records')} unscreened."
    return [said if left else "Screening was stopped by a signed decision.", *told.stops]


def _unfinished(flow: Flow) -> list[str]:
    titles = (_count(flow, "records_waiting") or 0) + (_count(flow, "other_waiting") or 0)
    texts = (_count(flow, "dbr_reports_waiting") or 0) + (_count(flow, "other_reports_waiting") or 0)
    parts = [counted(titles, "record", "records") + " to be screened or settled"] if titles else []
    parts += [counted(texts, "full text", "full texts") + " to be assessed"] if texts else []
    return (
        [f"Screening is not finished: there {'is' if (titles or texts) == 1 else 'are'} still {listed(parts)}."]
        if (parts)
        else []
    )


def _count(flow: Flow, item: str) -> int | None:
    return flow.count(item, "held")


def _were(number: int) -> str:
    return "was" if number == 1 else "were"


def times(number: int) -> str:
    """How often, in words.

    >>> times(1), times(2), times(12)
    ('once', 'twice', '12 times')
    """
    return {1: "once", 2: "twice"}.get(number, f"{number:,} times")


def listed(parts: Iterable[str]) -> str:
    """Parts of a sentence, joined.

    >>> listed(["a"]), listed(["a", "b"]), listed(["a", "b", "c"])
    ('a', 'a and b', 'a, b and c')
    """
    *before, last = parts
    return f"{', '.join(before)} and {last}" if before else last


def day_of(day: datetime.date) -> str:
    """A day as it is written in a report.

    >>> day_of(datetime.date(2026, 3, 4))
    '4 March 2026'
    """
    return f"{day.day} {day:%B %Y}"
