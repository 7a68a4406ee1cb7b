"""The SAFE procedure as a checklist with its computed state: which of its conditions hold, and what is still to do.

Boetje and van de Schoot (2024), Systematic Reviews 13, doi 10.1186/s13643-024-02502-7: Screen a random set, Apply active
learning, Find more with a different model, Evaluate quality. The four phases are in the paper's abstract. The numbers
(1 %, twice, 10 %, 50 in a row) are those that public accounts of the paper agree on; its own text could not be read
here, so each condition says where it comes from. The authors call the numbers arbitrary: they are settings here.
It is a set of rules of thumb. It gives no chance of having missed anything; `stop_estimate` does.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import ceil
from typing import Literal

from numpy.typing import ArrayLike

from whatworks.errors import InputError
from whatworks.saying import said, said_of
from whatworks.screen.methods.stop_words import percent, studies
from whatworks.screen.methods.urns import Places, check_labels
from whatworks.stats.results import Result

Phase = Literal["screen", "apply", "find", "evaluate"]
SECOND_HAND = "accounts of the paper"
FROM_PAPER = "the paper's abstract"


@dataclass(frozen=True, slots=True)
class SafeSettings(Result):
    """The numbers of the procedure. sample: share of all records; run: irrelevant ones in a row; least: share read."""

    sample: float = 0.01
    times: float = 2.0
    least: float = 0.10
    run: int = 50


@dataclass(frozen=True, slots=True)
class Condition(Result):
    """One condition. holds: None where it cannot be known from what was given; said: it in plain words, with numbers."""

    phase: Phase
    name: str
    holds: bool | None
    said: str
    source: str


@dataclass(frozen=True, slots=True)
class SafeState(Result):
    """Every condition in order. done: all of them hold; phase: the first with something left to do, None when done."""

    done: bool
    phase: Phase | None
    estimated_relevant: float | None
    conditions: tuple[Condition, ...]
    settings: SafeSettings
    sentence: str

    @property
    def missing(self) -> tuple[Condition, ...]:
        """What does not hold, or is not known to."""
        return tuple(one for one in self.conditions if not one.holds)

    def summary(self) -> str:
        """The sentence, then each condition on its line."""
        marks = {True: "yes", False: "no", None: "not known"}
        return "\n".join([self.sentence, *(f"{marks[one.holds]:>9}  {one.said}" for one in self.conditions)])


@dataclass(frozen=True, slots=True)
class _Reading:
    """What the conditions look at. labels: all; sample: how many came first by lot; switch: when the model changed."""

    labels: Places
    total: int
    sample: int
    switch: int | None
    key_papers: tuple[int, int] | None
    reread: int | None
    settings: SafeSettings

    @property
    def estimated(self) -> float | None:
        found = int(self.labels[: self.sample].sum())
        return self.total * found / self.sample if self.sample and found else None


def safe_checklist(
    labels: ArrayLike,
    total: int,
    *,
    sample: int,
    switched_after: int | None = None,
    key_papers: tuple[int, int] | None = None,
    reread: int | None = None,
    settings: SafeSettings | None = None,
) -> SafeState:
    """Which conditions hold after these decisions (1 and 0 in the order of reading; the first `sample` drawn by lot).

    switched_after: after how many decisions a different model took over; key_papers: how many of those known before
    have been found, of how many; reread: how many excluded records, ranked highest, somebody else has read again in a
    row without finding one that belongs in.
    """
    known = check_labels(labels, total)
    if (
        not 0 <= sample <= known.size
        or not sample <= (known.size if switched_after is None else switched_after) <= known.size
    ):
        raise InputError(said("The sample comes first and the change of model after it; both within the records read."))
    if key_papers and not 0 <= key_papers[0] <= key_papers[1]:
        raise InputError(
            said(
                "%(key_papers)s of %(other_key_papers)s key papers cannot be; give found, then how many there are.",
                key_papers=key_papers[0],
                other_key_papers=key_papers[1],
            )
        )
    reading = _Reading(known, total, sample, switched_after, key_papers, reread, settings or SafeSettings())
    conditions = (*_screen(reading), *_apply(reading), *_find(reading), *_evaluate(reading))
    left = [one for one in conditions if not one.holds]
    phase = left[0].phase if left else None
    return SafeState(not left, phase, reading.estimated, conditions, reading.settings, _sentence(left))


def _sentence(left: list[Condition]) -> str:
    if not left:
        return said("Every condition of the SAFE procedure holds. It does not say how many studies may be missing.")
    return said_of(
        len(left),
        "%(n)s condition is not met yet. Next: %(name)s.",
        "%(n)s conditions are not met yet. Next: %(name)s.",
        n=f"{len(left):,}",
        name=left[0].name,
    )


def _screen(it: _Reading) -> Iterator[Condition]:
    wanted, found = ceil(it.settings.sample * it.total), int(it.labels[: it.sample].sum())
    words = said(
        "%(sample)s of %(total)s records were drawn by lot and read (%(percent)s is %(wanted)s); "
        "%(studies)s among them (at least 1 is needed for an estimate).",
        sample=f"{it.sample:,}",
        total=f"{it.total:,}",
        percent=percent(it.settings.sample),
        wanted=f"{wanted:,}",
        studies=studies(found),
    )
    holds = it.sample >= wanted and found > 0
    yield Condition("screen", said("read a random sample first"), holds, words, SECOND_HAND)


def _apply(it: _Reading) -> Iterator[Condition]:
    read = it.labels[: it.switch] if it.switch is not None else it.labels
    yield _key_papers(it)
    if it.estimated is None:
        twice, words = None, said("No estimate of how many are relevant: the sample holds none. Draw more by lot.")
    else:
        wanted = ceil(it.settings.times * it.estimated)
        twice = read.size >= wanted
        words = said(
            "%(size)s records read; %(times)s times the estimated %(estimated)s relevant is %(wanted)s.",
            size=f"{read.size:,}",
            times=f"{it.settings.times:g}",
            estimated=f"{it.estimated:,.0f}",
            wanted=f"{wanted:,}",
        )
    yield Condition(
        "apply", said("read twice as many records as are expected to be relevant"), twice, words, SECOND_HAND
    )
    wanted = ceil(it.settings.least * it.total)
    words = said(
        "%(size)s records read; %(percent)s of all is %(wanted)s.",
        size=f"{read.size:,}",
        percent=percent(it.settings.least),
        wanted=f"{wanted:,}",
    )
    yield Condition("apply", said("read the smallest share"), read.size >= wanted, words, SECOND_HAND)
    yield _run(
        "apply", said("read on until many in a row are irrelevant"), _trailing(read[it.sample :]), it.settings.run
    )


def _key_papers(it: _Reading) -> Condition:
    name = said("find every key paper")
    if it.key_papers is None:
        words = said("Nobody has said which papers must be found. Name some before you start.")
        return Condition("apply", name, None, words, SECOND_HAND)
    found, of = it.key_papers
    words = said_of(
        of, "%(n)s of %(of)s key paper found.", "%(n)s of %(of)s key papers found.", n=f"{found:,}", of=f"{of:,}"
    )
    return Condition("apply", name, found == of if of else None, words, SECOND_HAND)


def _find(it: _Reading) -> Iterator[Condition]:
    switched = it.switch is not None
    words = (
        said("A different model ranks the rest since record %(switch)s.", switch=f"{it.switch:,}")
        if it.switch is not None
        else said("Not yet.")
    )
    yield Condition("find", said("rank the rest with a different model"), switched, words, FROM_PAPER)
    run = _trailing(it.labels[it.switch :]) if it.switch is not None else 0
    yield _run("find", said("read on with that model until many in a row are irrelevant"), run, it.settings.run)


def _evaluate(it: _Reading) -> Iterator[Condition]:
    name = said("have somebody else check the excluded records that rank highest")
    if it.reread is None:
        yield Condition("evaluate", name, False, said("Not yet."), FROM_PAPER)
    else:
        yield _run("evaluate", name, it.reread, it.settings.run)


def _run(phase: Phase, name: str, run: int, wanted: int) -> Condition:
    words = said_of(
        run,
        "%(n)s irrelevant record in a row; %(wanted)s are asked for.",
        "%(n)s irrelevant records in a row; %(wanted)s are asked for.",
        n=f"{run:,}",
        wanted=f"{wanted:,}",
    )
    return Condition(phase, name, run >= wanted, words, SECOND_HAND)


def _trailing(labels: Places) -> int:
    """How many irrelevant ones stand at the end."""
    finds = labels.nonzero()[0]
    return int(labels.size - 1 - finds[-1]) if finds.size else int(labels.size)
