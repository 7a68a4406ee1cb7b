"""What programs read of a review: its protocol, the records handed to their person, what was taken further."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Q

from whatworks.collate.api.parameters import whole_number
from whatworks.collate.models import Report
from whatworks.errors import ForbiddenError, InputError
from whatworks.ledger.identifiers import PATTERN
from whatworks.saying import said
from whatworks.screen.api.door import Holder, NotThereError
from whatworks.screen.methods.protocol import MODES, STAGES
from whatworks.screen.models import Candidate, Place, Protocol, Review
from whatworks.screen.presenters_screening import progress
from whatworks.screen.queueing import next_places, waiting_for
from whatworks.screen.reviewing import part_in, rules_of
from whatworks.screen.texts import texts_of

LIMIT, LARGEST = 50, 200


def review_for(holder: Holder, name: str) -> Review:
    """The review of this name or identifier, where the token is for it and its person takes part now."""
    asked = name.replace("\0", "")
    review = Review.objects.filter(Q(slug=asked) | Q(pk=asked)).first()
    if review is None:
        raise NotThereError(
            said("There is no review %(asked)s; check its name in the address of its page.", asked=asked[:60])
        )
    if holder.token.review and holder.token.review not in (review.slug, review.pk):
        raise ForbiddenError(said("This token is only for the review %(review)s.", review=holder.token.review))
    part_in(review, holder.actor)
    return review


def described(holder: Holder, review: Review) -> dict[str, Any]:
    """The protocol in force, and how far the person is at each stage."""
    rules = rules_of(review)
    held = Protocol.objects.current(review)
    assert held is not None, "rules_of has refused a review without one"
    shared = ("question", "reasons", "terms_for", "terms_against")
    return {name: getattr(rules, name) for name in shared} | {
        "review": review.slug,
        "title": review.title,
        "protocol": held.number,
        "criteria": [{"name": one.name, "include": one.include, "exclude": one.exclude} for one in rules.criteria],
        "stages": [
            {"stage": stage, "people": f"{MODES[rules.stage(stage).mode]}."}
            | {name: n for name, n in progress(by=holder.actor, review=review, stage=stage).items() if name != "words"}
            for stage in STAGES
        ],
    }


def handed(holder: Holder, review: Review, *, stage: str, count: int, without: Sequence[str]) -> dict[str, Any]:
    """The next records, held for the person."""
    rules_of(review)  # says so where the review is not screened here
    places = next_places(by=holder.actor, review=review, stage=stage, count=count, skipped=set(without))
    # Asked anew: holding a place longer changes the row and not what was read before.
    until = dict(Place.objects.filter(pk__in=[one.pk for one in places]).values_list("candidate", "until"))
    records = _records([one.candidate for one in places], abstracts=True)
    return {
        "stage": stage,
        "records": [one | {"held_until": until[one["candidate"]]} for one in records if one["candidate"] in until],
        "left": waiting_for(by=holder.actor, review=review, stage=stage),
    }


def included(review: Review, query: Mapping[str, str]) -> tuple[dict[str, Any], str]:
    """One page of what was taken further or in, and the cursor of the next; empty on the last.

    The order is that of the candidates' identifiers, which never change: what is settled meanwhile shifts no other.
    """
    stage, cursor = query.get("stage", ""), query.get("cursor", "")
    if stage not in STAGES:
        raise InputError(
            said("stage=%(stage)s is none; give one of %(stages)s.", stage=stage[:40], stages=", ".join(STAGES))
        )
    if cursor and not PATTERN.match(cursor):
        raise InputError(
            said("cursor=%(cursor)s cannot be read; use the address in next as it is.", cursor=cursor[:40])
        )
    limit = whole_number(query, "limit", LIMIT, 1, LARGEST)
    rows = Candidate.objects.at(review, stage).filter(state=Candidate.INCLUDE)
    page = list(rows.filter(pk__gt=cursor).order_by("pk")[: limit + 1])
    settled = {one.pk: one.settled_at for one in page}
    records = [one | {"settled_at": settled[one["candidate"]]} for one in _records(page[:limit], abstracts=False)]
    return {"reports": records, "count": rows.count()}, page[limit - 1].pk if len(page) > limit else ""


def _records(candidates: Sequence[Candidate], *, abstracts: bool) -> list[dict[str, Any]]:
    """What the reports say of themselves, and nothing of what people said of them; merged ones as they speak now."""
    speaking = dict(
        Report.objects.filter(pk__in=[one.report_id for one in candidates]).values_list("pk", "merged_into")
    )
    speaks = {one.pk: speaking[one.report_id] or one.report_id for one in candidates}
    reports = Report.objects.in_bulk(set(speaks.values()))
    texts = texts_of(reports) if abstracts else {}
    return [
        {
            "candidate": one.pk,
            "report": speaks[one.pk],
            "title": reports[speaks[one.pk]].title,
            "authors": [name for name in reports[speaks[one.pk]].authors.split("; ") if name],
            "year": reports[speaks[one.pk]].year,
            "venue": reports[speaks[one.pk]].venue,
            "doi": reports[speaks[one.pk]].doi,
        }
        | ({"abstract": texts[speaks[one.pk]].abstract} if abstracts else {})
        for one in candidates
    ]
