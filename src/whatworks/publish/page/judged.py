"""What people judged and an approver signed off beside the outcomes: EMMIE of the reviews, CERQual findings, padlocks of studies.

Each is a table of a page as plain data, and None where nothing of its sort was approved. Reads only.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from whatworks.publish.page.studied import Studied
from whatworks.rate.judged import CERQUAL, PADLOCK, Judged, emmie_of, judged_about
from whatworks.scope.models import Intervention
from whatworks.screen.models import Review

Table = dict[str, Any]
APART = "EMMIE asks five questions of reviews. The answers are never added up: a review may be strong on one and silent on another."
UNRATED = "Nobody has rated this by EMMIE yet."
QUALITATIVE = "How far people who judged them trust these findings from studies that asked people (CERQual). It says nothing of effects."


@dataclass(frozen=True, slots=True)
class Judgements:
    """The tables of what people judged beside the outcomes."""

    emmie: Table | None = None
    cerqual: Table | None = None
    padlock: Table | None = None

    def kept(self) -> dict[str, Table]:
        """Those that there are, by name."""
        named = {"emmie": self.emmie, "cerqual": self.cerqual, "padlock": self.padlock}
        return {name: table for name, table in named.items() if table is not None}


def judgements(intervention: Intervention, studied: Studied, reviews: Sequence[Review]) -> Judgements:
    """Everything of these three sorts that stands approved behind a page."""
    return Judgements(_emmie(reviews), _cerqual(intervention), _padlock(studied))


def _emmie(reviews: Sequence[Review]) -> Table | None:
    found = emmie_of(reviews)
    if not any(found.values()):
        return None
    held = {review.pk: review for review in reviews}
    rows = [_dimension(name, one, held) for name, one in found.items()]
    head = ["What is asked", "What people say of the review", "Because", "Which review, and who says so"]
    return _table("How good the reviews behind this page are on each of five questions (EMMIE).", head, rows)


def _dimension(name: str, one: Judged | None, held: dict[str, Review]) -> list[Any]:
    if one is None:
        return [name.capitalize(), UNRATED, "", ""]
    review = held[one.about]
    link = {"link": review.title, "href": f"/reviews/{review.slug}/"}
    return [[_rules(one, name.capitalize())], one.word, _because(one), [link, f": {one.stands.words}."]]


def _cerqual(intervention: Intervention) -> Table | None:
    rows = [
        [one.title, [one.word, " (", _rules(one, "CERQual"), ")"], _because(one), f"{_begun(one.stands.words)}."]
        for one in judged_about([intervention.pk], CERQUAL)
    ]
    head = ["Finding", "How far it is trusted", "Because", "Who says so"]
    return _table(QUALITATIVE, head, rows) | {"findings": True} if rows else None


def _padlock(studied: Studied) -> Table | None:
    names = {study.pk: study.name for study in studied.studies}
    found = sorted(judged_about(names, PADLOCK), key=lambda one: (names[one.about], one.about))
    rows = [
        [
            [{"link": names[one.about], "href": f"/studies/{one.about}/"}],
            one.word,
            [
                f"{_begun(one.stands.words)}. {_reason(one)}",
                {"link": "Every rule", "href": f"/studies/{one.about}/#rated"},
            ],
        ]
        for one in found
    ]
    head = ["Study", "How secure its result is", "Who says so"]
    return _table("How secure the result of one trial is (trial padlocks).", head, rows) if rows else None


def _because(one: Judged) -> str:
    return " ".join(filter(None, (*one.because, _reason(one).strip())))


def _reason(one: Judged) -> str:
    return f"Why people gave another level: {one.stands.reason} " if one.stands.reason else ""


def _rules(one: Judged, words: str) -> dict[str, str]:
    return {"link": words, "href": f"/standards/{one.scheme.key}/{one.scheme.version}/"}


def _begun(words: str) -> str:
    return words[:1].upper() + words[1:]


def _table(caption: str, head: list[str], rows: list[list[Any]]) -> Table:
    return {"type": "table", "caption": caption, "head": head, "rows": rows}
