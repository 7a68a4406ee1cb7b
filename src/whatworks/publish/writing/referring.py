"""Which numbers of a result may stand in a text, and a text with its references turned into what pages show."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from whatworks.errors import InputError
from whatworks.extract.models import Contrast
from whatworks.ledger.models import Artefact, Subject
from whatworks.publish.methods import references
from whatworks.publish.methods.numbers import (
    RATIOS,
    Three,
    metric_name,
    more,
    percent_change,
    percent_span,
    printed,
    span,
)
from whatworks.publish.page.absolute import baseline_of, in_hundred
from whatworks.publish.page.blocks import recorded_judgement
from whatworks.publish.page.naming import published_words, three_of
from whatworks.rate.gathering import Ground
from whatworks.saying import said, said_of
from whatworks.synthesise.models import Analysis, PublishedResult, Synthesis

GONE = "a number that is no longer held"  # shown in the would-be page only; such a text is never sent for approval
Part = str | dict[str, Any]


@dataclass(frozen=True, slots=True)
class Number:
    """One number of a result as a text may hold it: how it is referred to, what it is, how it reads, where it is from."""

    identifier: str
    what: str
    title: str
    text: str
    trace: str

    @property
    def reference(self) -> str:
        """What to put into a text."""
        return references.reference(self.identifier, self.what)

    def to_dict(self) -> dict[str, str]:
        """As plain values."""
        return {"reference": self.reference, "what": self.what, "title": self.title, "text": self.text}


def numbers_of(identifier: str) -> tuple[Number, ...]:
    """The numbers of an analysis, a pooled result or a published result that may be inserted, in the order of reading.

    An analysis stands for its newest result by the house's default; a pooled result for its newest successor. Raises
    InputError for anything else.
    """
    kind = Subject.objects.filter(pk=identifier).values_list("kind", flat=True).first() or ""
    if kind not in KINDS:
        raise InputError(
            said(
                "%(identifier)s is no result whose numbers a text can hold; choose one from the list of results.",
                identifier=identifier,
            )
        )
    return tuple(Number(identifier, *row) for row in KINDS[kind](identifier))


def synthesis_of(identifier: str) -> Synthesis | None:
    """The pooled result that a reference to an analysis or a pooled result means now."""
    if identifier.startswith(f"{Analysis.prefix}-"):
        held = Synthesis.objects.current().filter(analysis=identifier, role=Synthesis.DEFAULT)
    else:
        held = Synthesis.objects.filter(pk=_newest(identifier))
    return held.select_related("analysis__outcome", "analysis__intervention").order_by("pk").first()


def _newest(identifier: str) -> str:
    """The result that replaced another, however often."""
    seen = {identifier}
    while later := Artefact.objects.filter(pk=identifier).values_list("superseded_by", flat=True).first():
        if later in seen:
            break
        seen.add(later)
        identifier = later
    return identifier


def ground_of(analysis: Analysis) -> Ground:
    """The ground of an analysis, as far as its rating and people's judgement of it need one."""
    return Ground(analysis.intervention, analysis.outcome, analysis)


Row = tuple[str, str, str, str]  # what, title, text, trace


def _of_synthesis(identifier: str) -> list[Row]:
    synthesis = synthesis_of(identifier)
    if synthesis is None:
        return []
    rows = [*_out_of_100(synthesis), *_on_scale(synthesis), *_counted(synthesis)]
    judged = recorded_judgement(ground_of(synthesis.analysis))
    sure = said("%(level)s certainty", level=judged.level) if judged else said("certainty not rated yet")
    rows.append((references.CERTAINTY, sure, judged.pk if judged else synthesis.pk))
    return [(what, references.MEASURES[what], text, trace) for what, text, trace in rows]


def _out_of_100(synthesis: Synthesis) -> list[tuple[str, str, str]]:
    hundred, baseline = in_hundred(synthesis), baseline_of(synthesis)
    if hundred is None:
        return []
    rows: list[tuple[str, str, str]] = []
    if baseline is not None:
        before = 100 * baseline
        rows.append((references.WITHOUT, said("%(n)s out of 100", n=round(before)), synthesis.pk))
        rows.append((references.WITH, said("%(n)s out of 100", n=round(before + hundred.estimate)), synthesis.pk))
    rows.append((references.DIFFERENCE, said("%(n)s out of 100", n=more(hundred.estimate)), synthesis.pk))
    if span(hundred):
        rows.append((references.RANGE, said("%(n)s out of 100", n=span(hundred)), synthesis.pk))
    return rows


def _on_scale(synthesis: Synthesis) -> list[tuple[str, str, str]]:
    three, metric = three_of(synthesis), synthesis.analysis.metric
    rows = []
    if metric in RATIOS:
        ratio = three.each(math.exp)
        rows.append((references.CHANGE, percent_change(ratio.estimate), synthesis.pk))
        if ratio.low is not None and ratio.high is not None:
            ends = percent_span(ratio)
            rows.append((references.RANGE_OF_CHANGE, ends, synthesis.pk))
    rows.append(
        (
            references.RESULT,
            said("%(metric)s %(result)s", metric=metric_name(metric), result=printed(three, metric)),
            synthesis.pk,
        )
    )
    return rows


def _counted(synthesis: Synthesis) -> list[tuple[str, str, str]]:
    """Studies and people, counted as the line above an outcome counts them; people only where every row tells them."""
    rows = list(Contrast.objects.filter(pk__in=[row["contrast"] for row in synthesis.inputs]).order_by("pk"))
    studies = {row.study_id for row in rows}
    found: list[tuple[str, str, str]] = [
        (references.STUDIES, said_of(len(studies), "%(n)s study", "%(n)s studies", n=len(studies)), synthesis.pk)
    ]
    people = [row.n_total for row in rows if row.n_total]
    if rows and len(people) == len(rows) == len(studies):
        found.append((references.PEOPLE, f"{sum(people):,} {rows[0].unit}", synthesis.pk))
    return found


def _of_published(identifier: str) -> list[Row]:
    one = PublishedResult.objects.get(pk=identifier)
    rows = [(references.RESULT, published_words(one), one.pk)] if one.estimate is not None else []
    if one.k is not None:
        rows.append((references.STUDIES, said_of(one.k, "%(n)s study", "%(n)s studies", n=one.k), one.pk))
    if one.participants is not None:
        rows.append((references.PEOPLE, said("%(n)s people", n=f"{one.participants:,}"), one.pk))
    return [(what, references.MEASURES[what], text, trace) for what, text, trace in rows]


KINDS: dict[str, Callable[[str], list[Row]]] = {
    Analysis.kind: _of_synthesis,
    Synthesis.kind: _of_synthesis,
    PublishedResult.kind: _of_published,
}


def held_numbers(identifiers: Iterable[str]) -> dict[tuple[str, str], Number]:
    """The numbers of many results by identifier and word; a result that is not held has none."""
    found: dict[tuple[str, str], Number] = {}
    for identifier in sorted(set(identifiers)):
        try:
            numbers = numbers_of(identifier)
        except InputError:
            continue
        found |= {(one.identifier, one.what): one for one in numbers}
    return found


def resolved(text: str) -> list[Part]:
    """A text as a page shows it: its words, and each reference as a number that leads to its trace.

    A reference to a number that is not held (any longer) reads so, and has no trace.
    """
    runs = references.pieces(text)
    held = held_numbers(piece.identifier for piece in runs if piece.identifier)
    parts: list[Part] = []
    for piece in runs:
        if not piece.identifier:
            parts.append(piece.text)
        elif number := held.get((piece.identifier, piece.what)):
            parts.append({"number": number.text, "trace": number.trace})
        else:
            parts.append({"number": GONE, "trace": ""})
    return parts


def rests(text: str) -> tuple[str, ...]:
    """What the numbers of a text rest on: identifiers that the ledger can follow."""
    held = held_numbers(piece.identifier for piece in references.references(text))
    wanted = {(piece.identifier, piece.what) for piece in references.references(text)}
    return tuple(sorted({number.trace for key, number in held.items() if key in wanted}))


__all__ = ["Number", "Three", "held_numbers", "numbers_of", "resolved", "rests", "synthesis_of"]
