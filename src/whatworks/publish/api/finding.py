"""The address that searches the evidence: the same pages in the same order as the store shows, for programs."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from ninja import Query, Router, Schema
from pydantic import Field

from whatworks.collate.api.door import as_json
from whatworks.collate.api.parameters import known, told, whole_number
from whatworks.collate.api.schemas import ErrorOut
from whatworks.errors import InputError
from whatworks.publish.finding import guides
from whatworks.publish.finding import store as finding
from whatworks.publish.finding.absent import gone
from whatworks.publish.finding.filters import FILTERS
from whatworks.publish.finding.words import home
from whatworks.publish.listing import text_of
from whatworks.publish.methods.finding import NOT_RECORDED
from whatworks.saying import said
from whatworks.scope.particulars import sorts

router = Router(tags=["evidence"])
ERRORS = {400: ErrorOut, 429: ErrorOut}
MOST = 100

PARAMETERS = {
    "q": ("A question in plain words, or words; a phrase in quotation marks is looked for as it is.", "mentoring"),
    "words": ("only: the words of q alone, without other words for the same.", "only"),
    **{
        name: (f"{words}: a value from `counts` of an answer; {NOT_RECORDED} where nothing is recorded.", example)
        for name, words, example in (
            ("outcome", "What changes", "Children and families"),
            ("theme", "Theme", "theme"),
            ("sure", "How sure we are", "Low"),
            ("age", sorts()["age"].title, "teenagers"),
            ("setting", sorts()["setting"].title, "school"),
            ("who", sorts()["who"].title, "nurse"),
            ("registered", sorts()["registered"].title, "yes"),
            ("cost", sorts()["cost"].title, "low"),
            ("uk", f"Evidence from {home()[0]}", "yes"),
            ("evidence", "Kind of evidence", "randomised"),
            ("kind", "How much we can say", "page"),
        )
    },
    "limit": ("Pages in an answer, 1 to 100.", "25"),
    "page": ("Which part of the list, counted from 1.", "1"),
}


class EvidenceQuery(Schema):
    """What is asked, and what the list is narrowed by."""

    q: str = told(PARAMETERS["q"])
    words: str = told(PARAMETERS["words"])
    outcome: str = told(PARAMETERS["outcome"])
    theme: str = told(PARAMETERS["theme"])
    sure: str = told(PARAMETERS["sure"])
    age: str = told(PARAMETERS["age"])
    setting: str = told(PARAMETERS["setting"])
    who: str = told(PARAMETERS["who"])
    registered: str = told(PARAMETERS["registered"])
    cost: str = told(PARAMETERS["cost"])
    uk: str = told(PARAMETERS["uk"])
    evidence: str = told(PARAMETERS["evidence"])
    kind: str = told(PARAMETERS["kind"])
    limit: str = told(PARAMETERS["limit"])
    page: str = told(PARAMETERS["page"])


class EvidenceOut(Schema):
    """A page that answers."""

    id: str = Field(description="Our identifier of the page.", examples=["pag-7h3k9q2x"])
    title: str = Field(description="What it is about.", examples=["Lower limits"])
    page: str = Field(description="Where to read it.", examples=["https://evidence.example.org/evidence/limits/"])
    kind: str = Field(description="page: an answer; note: we hold too little to say.", examples=["page"])
    answer: str = Field(description="Its first sentence.", examples=["We cannot tell."])
    being_checked: bool = Field(
        description="Something it rests on has changed since, and people have not yet looked at it again.",
        examples=[False],
    )
    facets: dict[str, list[str]] = Field(
        description="Its values for each filter; an empty list: not recorded.", examples=[{"age": ["teenagers"]}]
    )


class GuideFound(Schema):
    """A guide or a package that answers: a kind of its own, beside the pages and never among them."""

    id: str = Field(description="Our identifier of it.", examples=["gui-7h3k9q2x"])
    kind: str = Field(description="guide or package.", examples=["guide"])
    title: str = Field(description="What it asks, or is called.", examples=["How can we make a street safer?"])
    page: str = Field(description="Where to read it.", examples=["https://evidence.example.org/guides/streets/"])


class WithdrawnFound(Schema):
    """A page or guide that speaks of what was asked and was withdrawn: it is no answer."""

    title: str = Field(description="What it is about.", examples=["Lower limits"])
    page: str = Field(
        description="Where it stays, and says why.", examples=["https://evidence.example.org/evidence/lower-limits/"]
    )
    why: str = Field(description="Why it was withdrawn.", examples=["A study was retracted."])


class EvidenceFound(Schema):
    """What was found, the most relevant first and ties by name; never by the size of an effect."""

    query: str = Field(description="The question as it was read.", examples=["mentoring"])
    also_searched_for: list[str] = Field(description="Other words for the same.", examples=[["mentor"]])
    mended: dict[str, str] = Field(
        description="Words that no page has, and what was looked for instead.", examples=[{"mentorng": "mentoring"}]
    )
    not_held: list[str] = Field(
        description="Words that no page has. That is not evidence that something does not work.", examples=[[]]
    )
    results: list[EvidenceOut] = Field(description="The pages of this part of the list.")
    guides: list[GuideFound] = Field(description="Guides and packages that answer, the most relevant first.")
    withdrawn: list[WithdrawnFound] = Field(
        description="Pages and guides that would answer by their name, and were withdrawn."
    )
    count: int = Field(description="How many pages there are in all.", examples=[3])
    counts: dict[str, dict[str, int]] = Field(
        description="How many pages each value of a filter would leave, given the other filters.",
        examples=[{"age": {"teenagers": 3, "not-recorded": 12}}],
    )
    not_recorded: dict[str, int] = Field(
        description="How many pages are left out only because they record nothing for a filter.", examples=[{"age": 12}]
    )
    next: str | None = Field(
        description="The address of the next part; null on the last.",
        examples=["https://evidence.example.org/api/evidence?q=mentoring&page=2"],
    )


@router.get(
    "/evidence",
    response={200: EvidenceFound, **ERRORS},
    summary="Pages that answer a question",
    url_name="api_evidence",
)
def find_evidence(request: HttpRequest, asked: EvidenceQuery = Query(...)) -> Any:  # type: ignore[type-arg]  # noqa: B008
    """The pages that answer a question under all the filters, as the store lists them, with how each filter would narrow them."""
    query = known(request.GET, set(PARAMETERS))
    limit = whole_number(query, "limit", finding.PER_PAGE, 1, MOST)
    number = whole_number(query, "page", 1, 1, 1_000_000)
    if query.get("words", "only") != "only":
        raise InputError(said("words=%(words)s cannot be read; give only, or leave it out.", words=query["words"][:40]))
    answer = finding.answered(finding.wanted({name: [value] for name, value in query.items()}))
    keys = answer.found.keys
    shown = keys[(number - 1) * limit : number * limit]
    more = number * limit < len(keys)
    body: Any = {
        "query": query.get("q", ""),
        "also_searched_for": list(answer.read.also),
        "mended": dict(answer.read.mended),
        "not_held": list(answer.read.unknown),
        "results": _results(answer, shown),
        "guides": _guides(answer.guides),
        "withdrawn": _withdrawn(answer),
        "count": len(keys),
        "counts": {name: dict(sorted(answer.found.counts.get(name, {}).items())) for name in FILTERS},
        "not_recorded": {name: count for name, count in answer.found.unrecorded.items() if name in FILTERS},
        "next": _next(request, number + 1) if more else None,
    }
    return as_json(EvidenceFound(**body))


def _guides(keys: tuple[str, ...]) -> list[dict[str, str]]:
    held = guides.current().shelf
    documents = [held.documents[held.slots[key]] for key in keys]
    return [
        {"id": one.key, "kind": kind, "title": one.title, "page": _base() + reverse(kind, args=[one.slug])}
        for one in documents
        if one and (kind := one.facets["kind"][0])
    ]


def _withdrawn(answer: finding.Answered) -> list[dict[str, str]]:
    return [
        {"title": link["link"], "page": _base() + link["href"], "why": why.removeprefix(": ")}
        for link, why in gone(answer.read.concepts)
    ]


def _base() -> str:
    return str(settings.BASE_URL).rstrip("/")


def _next(request: HttpRequest, number: int) -> str:
    pairs = request.GET.copy()
    pairs["page"] = str(number)
    return request.build_absolute_uri(f"{request.path}?{pairs.urlencode()}")


def _results(answer: finding.Answered, keys: tuple[str, ...]) -> list[dict[str, Any]]:
    base = _base()
    shelf, found = answer.held.shelf, []
    for key, one in zip(keys, finding.entries(keys), strict=True):
        document = shelf.documents[shelf.slots[key]]
        held = document.facets if document else {}
        facets = {name: list(held.get(name, ())) for name in FILTERS}
        found.append(
            {
                "id": key,
                "title": one["name"],
                "page": base + one["href"],
                "kind": "note" if one["note"] else "page",
                "answer": text_of(one["line"]).removesuffix(finding.checking()).strip(),
                "being_checked": one["line"][-1:] == [finding.checking()],
                "facets": facets,
            }
        )
    return found
