"""What there is to read: the store's list, its filters and its search; the newest answers for the front page."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from whatworks.ledger.models import Artefact
from whatworks.publish.models import Revision
from whatworks.publish.naming import inside, published_words
from whatworks.rate.models import ExternalRating
from whatworks.scope.models import Intervention, Outcome, OutcomeGroup, Theme
from whatworks.screen.models import Review
from whatworks.synthesise.models import PublishedResult

SMALL = frozenset(
    "a an and are can do does for from help helps how i if in is it of on or our that the their to what when who with work works".split()
)
CERTAINTIES = ("High", "Moderate", "Low", "Very low", "Not rated")
CONTACT, SAFETY = "Care, court and other contact", "Children\N{RIGHT SINGLE QUOTATION MARK}s safety"
CHIPS = 4  # outcomes shown in the list; the page has them all


def newest_revisions() -> list[Revision]:
    """The revision of each page that readers see, in the order of themes and names."""
    newest: dict[str, Revision] = {}
    for revision in Revision.objects.select_related("page__intervention__theme").order_by("page", "number"):
        newest[revision.page_id] = revision
    return sorted(newest.values(), key=lambda one: (one.page.intervention.theme.order, one.page.title))


def words_of(text: str) -> list[str]:
    """The words of a question that carry meaning, cut to their stems' beginning."""
    return [word[:6] for word in re.findall(r"[a-z0-9]+", text.lower()) if word not in SMALL]


def text_of(parts: Iterable[Any]) -> str:
    """What inline parts say."""
    return "".join(part if isinstance(part, str) else part.get("number", part.get("link", "")) for part in parts)


def relevance(content: Mapping[str, Any], wanted: list[str]) -> float:
    """How well a page answers a question: its name counts most, then its outcomes, then its words. Nought: not at all."""
    fields = [
        (6.0, content["title"]),
        (3.0, " ".join(outcome["name"] for outcome in content["outcomes"])),
        (2.0, content["lead"] or ""),
        (
            1.0,
            content["theme"]["name"] + " " + text_of(content["answer"]["strong"]) + text_of(content["answer"]["rest"]),
        ),
    ]
    held = [(weight, Counter(words_of(text))) for weight, text in fields]
    scores = [max((weight for weight, words in held if word in words), default=0.0) for word in wanted]
    return sum(scores) * sum(score > 0 for score in scores) / max(len(wanted), 1)


def entry(content: Mapping[str, Any], *, stale: bool = False) -> dict[str, Any]:
    """One page in a list: its name, its answer in one line, its outcomes in words."""
    chips = [
        {
            "css": outcome["state"]["css"],
            "shape": outcome["state"]["shape"],
            "text": f"{outcome['name']}: {_lower(outcome['state']['word'])}",
            "certainty": outcome["certainty"],
        }
        for outcome in content["outcomes"][:CHIPS]
    ]
    more = len(content["outcomes"]) - CHIPS
    if more > 0:
        chips.append(
            {
                "css": "unsure",
                "shape": "not-poolable",
                "text": f"and {more} more {'outcome' if more == 1 else 'outcomes'}",
                "certainty": None,
            }
        )
    line = [*content["answer"]["strong"], *content["answer"]["rest"]]
    line += [" A new report arrived; we are checking it."] if stale else []
    return {"name": content["title"], "href": f"/evidence/{content['slug']}/", "line": line, "chips": chips}


def _lower(text: str) -> str:
    return text[0].lower() + text[1:]


def _levels(content: Mapping[str, Any]) -> set[str]:
    levels = {outcome["certainty"]["word"] for outcome in content["outcomes"] if outcome["certainty"]}
    return levels or {"Not rated"}


def store(*, query: str, chosen: Mapping[str, list[str]]) -> dict[str, Any]:
    """The evidence store for a question and the filters that a reader chose."""
    stale = set(Artefact.objects.stale().values_list("pk", flat=True))
    revisions = newest_revisions()
    kept = [one for one in revisions if _chosen(one.content, chosen)]
    if wanted := words_of(query):
        scored = [(relevance(one.content, wanted), one) for one in kept]
        kept = [one for score, one in sorted(scored, key=lambda pair: -pair[0]) if score > 0]
    pages = [entry(one.content, stale=one.pk in stale) for one in kept if one.content["kind"] == "page"]
    notes = [entry(one.content, stale=one.pk in stale) for one in kept if one.content["kind"] == "note"]
    count = f"{_some(len(pages), 'answer')} and {_some(len(notes), 'evidence note')}"
    return {
        "title": "What helps children stay safely with their families?",
        "query": query,
        "count": count,
        "filters": _filters(revisions, chosen),
        "entries": pages,
        "notes": notes,
        "reviews": [review_entry(review) for review in Review.objects.listed().order_by("title")] if not query else [],
        "absences": [] if query or any(chosen.values()) else absences(revisions),
    }


def _some(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _chosen(content: Mapping[str, Any], chosen: Mapping[str, list[str]]) -> bool:
    tests = {
        "outcome": _kinds(content),
        "theme": {content["theme"]["slug"]},
        "sure": _levels(content),
    }
    return all(tests[name] & set(values) for name, values in chosen.items() if values and name in tests)


def _kinds(content: Mapping[str, Any]) -> set[str]:
    """What sorts of outcome a page has something to say about."""
    told = [outcome for outcome in content["outcomes"] if outcome["table"] or outcome["also"]]
    kinds = {CONTACT for outcome in told if outcome["contact"]} | {SAFETY for outcome in told if outcome["safety"]}
    return kinds | {outcome["group"] for outcome in told if not outcome["contact"] and not outcome["safety"]}


def _filters(revisions: list[Revision], chosen: Mapping[str, list[str]]) -> list[dict[str, Any]]:
    kinds: Counter[str] = Counter()
    themes: Counter[str] = Counter()
    levels: Counter[str] = Counter()
    for revision in revisions:
        kinds.update(_kinds(revision.content))
        themes[revision.content["theme"]["slug"]] += 1
        levels.update(_levels(revision.content))
    groups = OutcomeGroup.objects.order_by("order").values_list("name", flat=True)
    options = {
        "outcome": ("What changes", [(name, name, kinds[name]) for name in (CONTACT, SAFETY, *groups)]),
        "theme": ("Theme", [(one.slug, one.name, themes[one.slug]) for one in Theme.objects.order_by("order")]),
        "sure": ("How sure we are", [(level, level, levels[level]) for level in CERTAINTIES]),
    }
    return [
        {
            "title": title,
            "name": name,
            "options": [
                {"value": value, "label": label, "count": count, "checked": value in chosen.get(name, [])}
                for value, label, count in rows
            ],
        }
        for name, (title, rows) in options.items()
    ]


def review_entry(review: Review) -> dict[str, Any]:
    """A review in a list."""
    how = (
        f"Systematic search, last run {review.last_search:%-d %B %Y}."
        if review.last_search
        else "Trials we could source, not a systematic search."
    )
    return {"name": review.title, "href": f"/reviews/{review.slug}/", "line": [review.question, " ", how], "chips": []}


def absences(revisions: list[Revision]) -> list[dict[str, Any]]:
    """What is not there, said aloud: outcomes without a row, and programmes that only others have rated."""
    named = {
        outcome["identifier"]
        for one in revisions
        for outcome in one.content["outcomes"]
        if outcome["table"] or outcome["also"]
    }
    empty = Outcome.objects.exclude(pk__in=named).order_by("group__order", "order")
    covered = Intervention.objects.filter(page__isnull=False).values("pk")
    programmes = (
        ExternalRating.objects.exclude(intervention__in=covered)
        .order_by("programme")
        .values_list("programme", "body", "rating")
    )
    return [
        {
            "title": "Not searched",
            "text": ["We have not looked for studies of these outcomes. That says nothing about what works."],
            "items": [[outcome.name] for outcome in empty],
        },
        {
            "title": "Rated by others, nothing held here",
            "text": ["Other bodies have rated these. We hold no study of them yet."],
            "items": [[f"{name}: {rating} ({body})"] for name, body, rating in programmes],
        },
        {
            "title": "Published reviews of many things at once",
            "text": ["These reviews cover more than one intervention, so they are on no page. They are not ours."],
            "items": [
                [
                    f"{one.review_name}, {inside(one.topic)}: {inside(one.measured)}, ",
                    {"number": published_words(one), "trace": one.pk},
                ]
                for one in PublishedResult.objects.filter(intervention=None).order_by("review_name", "pk")
            ],
        },
    ]
