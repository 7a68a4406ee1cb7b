"""One intervention by every scheme, side by side: what each says, what each asks, and where they part. Reads only.

It shows the ratings that the approved page rests on, never those of a page that waits for approval.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from whatworks.publish.models import Page, Revision
from whatworks.rate.methods.criteria import DECIDED, NOT_ASKED, NOT_KNOWN, Cell, Rated, criteria
from whatworks.rate.methods.scheme import Scheme
from whatworks.rate.models import ExternalRating, Rating, RecordedJudgement
from whatworks.rate.schemes import load_scheme, newest_schemes
from whatworks.rate.standing import standing_of

FIRST = "outcome-state"  # the scheme whose rating names an outcome of a page
MARKS = {DECIDED: "decided", NOT_ASKED: "does not ask", NOT_KNOWN: "asks; not known yet"}
HEAD = ("Scheme", "What it says", "Because", "Standing")


def compared(page: Page, revision: Revision) -> dict[str, Any]:
    """All that schemes and other bodies say of one intervention, by outcome in the page's order."""
    rests_on = list(revision.subject.rests_on.values_list("input_id", flat=True))
    ratings = list(Rating.objects.filter(pk__in=rests_on).select_related("synthesis").order_by("scheme", "pk"))
    judged = list(RecordedJudgement.objects.filter(pk__in=rests_on).order_by("scheme", "pk"))
    others = ExternalRating.objects.filter(pk__in=rests_on).order_by("body", "programme", "pk")
    outcomes = [_outcome(one, ratings, judged) for one in revision.content["outcomes"] if one.get("rating")]
    applied = {rating.scheme for rating in ratings} | {one.scheme for one in judged}
    return {
        "slug": page.slug,
        "title": page.title,
        "revision": revision.number,
        "outcomes": outcomes,
        "others": _others(others),
        "not_applied": [_not_applied(one) for one in newest_schemes() if one.key not in applied],
    }


def _outcome(block: dict[str, Any], ratings: Sequence[Rating], judged: Sequence[RecordedJudgement]) -> dict[str, Any]:
    """One outcome of the page: what each scheme says of it, and the criteria that made them differ."""
    first = next((one for one in ratings if one.pk == block["rating"]), None)
    held = [one for one in ratings if first and _ground(one) == _ground(first)]
    held.sort(key=lambda one: (one.scheme != FIRST, one.scheme))
    rated = [Rated(load_scheme(one.scheme, int(one.version)), one.inputs, one.result) for one in held]
    of = [one for one in judged if one.analysis_id == block["analysis"]]
    rows = [_row(one, rating) for one, rating in zip(rated, held, strict=True)]
    return {
        "name": block["name"],
        "said": {"caption": f"{block['name']}: what each scheme says", "head": list(HEAD), "rows": rows + _judged(of)},
        "criteria": _criteria(block["name"], rated),
    }


def _ground(rating: Rating) -> tuple[str, str, str | None]:
    return rating.intervention_id, rating.outcome_id, rating.synthesis.analysis_id if rating.synthesis else None


def _row(one: Rated, rating: Rating) -> list[Any]:
    result, scheme = one.result, one.scheme
    level = scheme.word(result["level"]) if result["level"] else "No level yet"
    words = {declared.name: declared.words for declared in scheme.inputs.values()}
    because = [step["sentence"] for step in result["trail"] if step["fired"]]
    if result["missing"]:
        because.append(f"Still to be known: {', '.join(words[name] for name in result['missing'])}.")
    named = [_scheme_link(scheme), f", version {rating.version}"]
    return [named, [{"number": level, "trace": rating.pk}], [" ".join(because)], [standing_of(rating).words]]


def _judged(held: Iterable[RecordedJudgement]) -> list[list[Any]]:
    """What people judged and published, in their own words and under their name."""
    rows: list[list[Any]] = []
    for one in held:
        moved = [f"{name.replace('_', ' ')} {change:+d}" for name, change in one.domains.items() if change]
        because = f"Starts as {one.design_start}. {'Moved by: ' + ', '.join(moved) if moved else 'Nothing moved it'}."
        said = [{"number": one.level.capitalize(), "trace": one.pk}]
        rows.append([one.scheme.upper(), said, [because], [f"judged and published by {one.by}"]])
    return rows


def _scheme_link(scheme: Scheme) -> dict[str, str]:
    return {"link": scheme.title.split(":")[0], "href": f"/standards/{scheme.key}/{scheme.version}/"}


def _criteria(name: str, rated: Sequence[Rated]) -> dict[str, Any] | None:
    """What each scheme was told and where it decided; None where there is nothing to lay side by side."""
    rows = criteria(rated)
    if len(rated) < 2 or not rows:
        return None
    return {
        "caption": f"{name}: what made them differ",
        "head": ["What is asked", *(one.scheme.title.split(":")[0] for one in rated)],
        "rows": [[_capital(row.words), *(_cell(cell) for cell in row.cells)] for row in rows],
    }


def _cell(cell: Cell) -> str:
    if cell.standing == DECIDED:
        return f"{cell.words} (decided)"
    return MARKS.get(cell.standing, f"{cell.words} (told, did not decide)")


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _others(held: Iterable[ExternalRating]) -> dict[str, Any] | None:
    rows = [
        [
            one.body,
            one.programme,
            [{"number": one.rating, "trace": one.pk}],
            one.outcome_words or "not stated",
            one.on or "not given",
            _source(one),
        ]
        for one in held
    ]
    head = ["Body", "Programme", "Its rating, in its words", "Of which outcome", "Date", "Where we have it from"]
    caption = "What other bodies say, each by a scheme of its own"
    return {"caption": caption, "head": head, "rows": rows} if rows else None


def _source(one: ExternalRating) -> list[Any]:
    remark = f" {one.remark}" if one.remark else ""
    return [{"link": "a second source" if one.secondary else "the body itself", "href": one.source_url}, remark]


def _not_applied(scheme: Scheme) -> list[Any]:
    """A scheme that nobody has applied to this intervention: what it rates, and how many answers it asks for."""
    judged = sum(one.judged for one in scheme.inputs.values())
    asks = f"{len(scheme.inputs)} answers, {judged} of them from people" if judged else f"{len(scheme.inputs)} answers"
    return [{"link": scheme.title, "href": f"/standards/{scheme.key}/"}, f" (rates {scheme.rates}; asks for {asks})"]
