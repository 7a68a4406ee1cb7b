"""What happens to judgements when reports are merged or taken apart; and how people settle those that differ."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator
from itertools import combinations

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Coalesce

from whatworks.collate.following import Pair, Regrouped, follow_groups, object_to_rules
from whatworks.collate.models import Report
from whatworks.errors import ConflictError
from whatworks.ledger.actions import mark_stale, record
from whatworks.ledger.fields import PUBLIC
from whatworks.ledger.models import Event
from whatworks.saying import said
from whatworks.screen.actions import judge
from whatworks.screen.methods.together import Clash, Judged, Settled, clashes, holding
from whatworks.screen.models import Judgement, Review, Settlement


def _judged(review: Review) -> list[Judged]:
    speaker = Coalesce(F("report__merged_into"), F("report"))
    rows = review.judgements.standing().annotate(speaker=speaker).order_by("pk")
    return [Judged(*row) for row in rows.values_list("pk", "report", "speaker", "stage", "decision")]


def _settled(review: Review) -> list[Settled]:
    rows = Settlement.objects.filter(judgement__review=review).order_by("pk")
    return [Settled(judgement, tuple(over)) for judgement, over in rows.values_list("judgement", "over")]


def held_judgements(review: Review) -> list[Judged]:
    """The judgements of a review that count now, each with the report through which its own speaks."""
    return holding(_judged(review), _settled(review))


def open_clashes(review: Review) -> list[Clash]:
    """Where reports of this review were found to be one and had been judged differently."""
    return clashes(_judged(review), _settled(review))


def all_clashes() -> list[tuple[Review, Clash]]:
    """The same of every review that has judgements on merged reports."""
    merged = Judgement.objects.standing().exclude(report__merged_into=None).values("review")
    reviews = Review.objects.filter(pk__in=merged).order_by("title")
    return [(review, clash) for review in reviews for clash in open_clashes(review)]


@transaction.atomic
def settle(*, by: str, review: Review, clash: Clash, decision: str, reason: str = "", detail: str = "") -> Judgement:
    """Settle judgements that differ: a new one on the report that speaks takes their place while all are together.

    Raises ConflictError where they differ no longer, or somebody has judged since the person looked.
    """
    if clash not in open_clashes(review):
        raise ConflictError(
            said("These judgements have changed meanwhile; reload the page to see what is to be settled.")
        )
    report = Report.objects.get(pk=clash.speaker)
    told = {"stage": clash.stage, "decision": decision, "reason": reason, "detail": detail}
    made = judge(by=by, review=review, report=report, **told)
    key = Settlement.derived(made.pk)
    settlement = Settlement.objects.create(id=key, judgement=made, over=list(clash.judgements), by=by)
    payload = {"over": list(clash.judgements), "decision": decision}
    about = [review, report, made.pk]
    event = record(verb="screen.settle", by=by, about=about, made=[settlement], payload=payload, audience=PUBLIC)
    mark_stale(review.pk, event=event)
    return made


@follow_groups
def mark_reviews(change: Regrouped, event: Event) -> None:
    """Mark what counts the judgements of a review when two reports that carry them became one, or ceased to be."""
    bearing: defaultdict[str, set[str]] = defaultdict(set)
    for review, report in (
        Judgement.objects.standing().filter(report__in=list(change.after)).values_list("review", "report")
    ):
        bearing[review].add(report)
    if moved := sorted(review for review, held in bearing.items() if change.joined_or_parted(held)):
        mark_stale(*moved, event=event)


@object_to_rules
def differently_judged(reports: Collection[str]) -> Iterator[Pair]:
    """Pairs of these reports that were judged differently at one stage of one review: no rule may join them."""
    said: defaultdict[tuple[str, str], defaultdict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    rows = Judgement.objects.standing().filter(report__in=reports).values_list("review", "stage", "report", "decision")
    for review, stage, report, decision in rows:
        said[review, stage][report].add(decision)
    for answers in said.values():
        yield from (pair for pair in combinations(sorted(answers), 2) if answers[pair[0]] != answers[pair[1]])
