"""The addresses of screening by program: read, be handed records, decide, take back, and what was taken in."""

from __future__ import annotations

from typing import Annotated, Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from ninja import Body, Query, Router, Schema
from pydantic import SkipValidation

from whatworks.collate.api.parameters import known, told
from whatworks.collate.api.schemas import ErrorOut
from whatworks.errors import InputError
from whatworks.saying import said
from whatworks.screen.api import reading, saying
from whatworks.screen.api.door import Bearer, charge
from whatworks.screen.api.reading import review_for
from whatworks.screen.api.schemas import (
    MOST_DECISIONS,
    PARAMETERS,
    DecisionIn,
    DecisionOut,
    DecisionsOut,
    IncludesOut,
    NextIn,
    NextOut,
    ReleasedOut,
    ReleaseIn,
    ScreeningOut,
    TakenBackOut,
)

router = Router(tags=["screening"])
READ, SAY = Bearer("screen.read"), Bearer("screen.say")
ERRORS = dict.fromkeys((400, 401, 403, 404, 413, 429), ErrorOut)
MAYBE_TOO_LATE = ERRORS | {409: ErrorOut}
TEN = 10  # decisions that count as one request
# Each decision of a list is read by itself, so that one that cannot be read holds up no other.
Decisions = Annotated[DecisionIn | list[DecisionIn], SkipValidation]


class IncludesQuery(Schema):
    """Which includes, and from where on."""

    stage: str = told(PARAMETERS["stage"])
    limit: str = told(PARAMETERS["limit"])
    cursor: str = told(PARAMETERS["cursor"])


@router.get(
    "/reviews/{review}/screening",
    response={200: ScreeningOut, **ERRORS},
    auth=READ,
    summary="A review’s protocol",
    url_name="api_screening",
)
def screening(request: HttpRequest, review: str) -> Any:
    """What the review asks, its criteria, reasons and stages, and how far you are. Scope `screen.read`."""
    known(request.GET, ())
    return reading.described(request.auth, review_for(request.auth, review))


@router.post(
    "/reviews/{review}/next",
    response={200: NextOut, **ERRORS},
    auth=SAY,
    summary="The next records",
    url_name="api_next",
)
def next_records(request: HttpRequest, review: str, body: NextIn) -> Any:
    """The next records to decide on, held for you for twenty minutes. It changes who holds what, so it is a POST.

    Scope `screen.say`.
    """
    known(request.GET, ())
    held = review_for(request.auth, review)
    return reading.handed(request.auth, held, stage=body.stage, count=body.count, without=body.without)


@router.post(
    "/reviews/{review}/decisions",
    response={200: DecisionOut | DecisionsOut, **MAYBE_TOO_LATE},
    auth=SAY,
    summary="Decide",
    url_name="api_decisions",
)
def decisions(request: HttpRequest, review: str, body: Decisions = Body(...)) -> Any:  # type: ignore[type-arg]  # noqa: B008
    """Keep a decision, or up to 100 in a list, each answered by itself. It is the opinion of the token’s person.

    Sent again with the same key it is the same opinion. Ten of a list count as one request. Scope `screen.say`.
    """
    known(request.GET, ())
    held, key = review_for(request.auth, review), _key(request)
    if not isinstance(body, list):
        return DecisionOut(**saying.decide(request.auth, held, body, key))
    if not 1 <= len(body) <= MOST_DECISIONS:
        raise InputError(
            said(
                "A list has 1 to %(most_decisions)s decisions; this one has %(count)s.",
                most_decisions=MOST_DECISIONS,
                count=len(body),
            )
        )
    if more := (len(body) - 1) // TEN:
        charge(request, request.auth.token, more)
    return DecisionsOut.model_validate({"decisions": saying.decide_each(request.auth, held, body, key)})


@router.delete(
    "/reviews/{review}/decisions/{candidate}",
    response={200: TakenBackOut, **MAYBE_TOO_LATE},
    auth=SAY,
    summary="Take a decision back",
    url_name="api_take_back",
)
def take_decision_back(request: HttpRequest, review: str, candidate: str) -> Any:
    """Take your own opinion back. What followed from it is drawn anew; the record is held for you again.

    Scope `screen.say`.
    """
    known(request.GET, ())
    held = review_for(request.auth, review)
    return {"candidate": saying.undo(request.auth, held, candidate, _key(request))}


@router.post(
    "/reviews/{review}/release",
    response={200: ReleasedOut, **ERRORS},
    auth=SAY,
    summary="Give records back",
    url_name="api_release",
)
def release_records(request: HttpRequest, review: str, body: ReleaseIn) -> Any:
    """Give records back that you hold and will not decide on, so that others are handed them. Scope `screen.say`."""
    known(request.GET, ())
    return {"released": saying.release(request.auth, review_for(request.auth, review), body.candidates)}


@router.get(
    "/reviews/{review}/includes",
    response={200: IncludesOut, **ERRORS},
    auth=READ,
    summary="What was taken in",
    url_name="api_includes",
)
def includes(
    request: HttpRequest,
    response: HttpResponse,
    review: str,
    asked: IncludesQuery = Query(...),  # type: ignore[type-arg]  # noqa: B008
) -> Any:
    """The reports that the team took further at a stage, page by page. Who said what is not told. Scope `screen.read`."""
    query = known(request.GET, PARAMETERS)
    page, cursor = reading.included(review_for(request.auth, review), query)
    following = f"{request.path}?{urlencode(query | {'cursor': cursor})}" if cursor else ""
    following = request.build_absolute_uri(following) if following else ""
    if following:
        response.headers["Link"] = f'<{following}>; rel="next"'
    return page | {"next": following or None}


def _key(request: HttpRequest) -> str:
    return str(request.headers.get("Idempotency-Key", "")).strip()
