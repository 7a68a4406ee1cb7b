"""Is everything said that a synthesis without meta-analysis should say? SWiM's nine items, filled with what is known.

Campbell et al. (2020), BMJ 368, l6890. The items are told in our own words.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from whatworks.errors import InputError
from whatworks.saying import said
from whatworks.stats.results import Result
from whatworks.stats.telling import Told, paragraph
from whatworks.synthesise.methods.narrative import references

NOT_STATED = "not stated"
ITEMS: dict[str, tuple[int, str, str]] = {
    "grouping": (1, "Methods", "How studies were grouped for the synthesis, why, and any change from the protocol"),
    "metric": (
        2,
        "Methods",
        "The standardised metric for each outcome, why it was chosen, and how results were transformed",
    ),
    "synthesis": (
        3,
        "Methods",
        "How effects of each outcome were synthesised when they could not be pooled, and why so",
    ),
    "prioritised": (
        4,
        "Methods",
        "Which results or studies were given priority in the summary and conclusions, and why",
    ),
    "heterogeneity": (5, "Methods", "How differences between the reported effects were looked into"),
    "certainty": (6, "Methods", "How the certainty of the findings was assessed"),
    "presentation": (
        7,
        "Methods",
        "The tables and graphs used, how studies are ordered in them, and which study is which",
    ),
    "results": (
        8,
        "Results",
        "For each comparison and outcome, the findings and their certainty, in words true to the question and method",
    ),
    "limitations": (
        9,
        "Discussion",
        "What the methods and groups used cannot say, and how that touches the conclusions",
    ),
}


@dataclass(frozen=True, slots=True)
class SwimItem(Result):
    """One item: its number, where in a report it belongs, what it asks, what is said, and whether anything is."""

    number: int
    name: str
    section: str
    asks: str
    said: str
    stated: bool


@dataclass(frozen=True, slots=True)
class SwimChecklist(Result):
    """The nine items. stated: how many of them say something."""

    items: tuple[SwimItem, ...]
    stated: int
    warnings: tuple[str, ...]

    def summary(self) -> str:
        """How complete the report is."""
        missing = ", ".join(str(item.number) for item in self.items if not item.stated)
        return f"{self.stated} of {len(self.items)} SWiM items are stated" + (
            f"; missing: {missing}." if missing else "."
        )

    def report(self) -> str:
        """The checklist as lines, with its reference."""
        lines = "\n".join(f"{item.number}. {item.asks}: {item.said}" for item in self.items)
        return paragraph((f"{self.summary()}\n\n{lines}",), (references.SWIM,))

    def table(self) -> tuple[tuple[int, str, str, str], ...]:
        """Number, section, what is asked and what is said."""
        return tuple((item.number, item.section, item.asks, item.said) for item in self.items)


def swim(found: Iterable[Told] = (), **stated: str | None) -> SwimChecklist:
    """SWiM's checklist, from what is stated and what the results of a synthesis can tell of themselves.

    stated: text for grouping, metric, synthesis, prioritised, heterogeneity, certainty, presentation, results or
    limitations; found: results such as those of `vote_count` and `combine_p`, which fill synthesis, presentation, results and
    limitations where nothing is stated. InputError: an unknown item.
    """
    if unknown := sorted(set(stated) - set(ITEMS)):
        raise InputError(
            said("SWiM has no item %(unknown)r; the items are %(items)s.", unknown=unknown[0], items=", ".join(ITEMS))
        )
    results = tuple(found)
    told = dict(_told(results))
    items = tuple(_item(name, (stated.get(name) or "").strip() or told.get(name, "")) for name in ITEMS)
    count = sum(item.stated for item in items)
    lost = len(items) - count
    warnings = (f"{lost} items are not stated; readers cannot judge the synthesis without them.",) if lost else ()
    return SwimChecklist(items, count, warnings)


def _item(name: str, said: str) -> SwimItem:
    number, section, asks = ITEMS[name]
    return SwimItem(number, name, section, asks, said or NOT_STATED, bool(said))


def _told(results: tuple[Told, ...]) -> Iterator[tuple[str, str]]:
    """What results say of themselves: how they were made, shown, what they found and cannot say."""
    if not results:
        return
    reports = [result.report().split("\n\nReferences")[0] for result in results]
    summaries = [result.summary() for result in results]
    yield (
        "synthesis",
        " ".join(report.partition(summary)[0].strip() for report, summary in zip(reports, summaries, strict=True)),
    )
    yield "presentation", " ".join(f"{result.chart().title}, with its numbers as a table." for result in results)
    yield "results", " ".join(summaries)
    yield "limitations", " ".join(dict.fromkeys(one for result in results for one in getattr(result, "warnings", ())))
