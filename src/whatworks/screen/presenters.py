"""A review's flow as its page shows it: what the authors published beside what is held here."""

from __future__ import annotations

from collections import Counter

from whatworks.screen.methods.identities import Identity, identities
from whatworks.screen.methods.prisma import Flow, Tally, build_flow
from whatworks.screen.models import Judgement, Review


def flow_of(review: Review) -> Flow | None:
    """The flow of a systematic review; None for evidence that was not searched for systematically."""
    if not review.systematic:
        return None
    return build_flow(held=held_tallies(review), published=published_tallies(review), title=review.title)


def identities_of(review: Review) -> list[Identity]:
    """Whether the flow's counts add up."""
    flow = flow_of(review)
    return identities(flow) if flow else []


def published_tallies(review: Review) -> list[Tally]:
    """The counts that the authors printed."""
    return [Tally(one.item, one.label, one.n) for one in review.published_counts.order_by("item", "pk")]


def held_tallies(review: Review) -> list[Tally]:
    """Counts of the decisions and studies held here. The route by which a report came is not held, so it is not split."""
    judged = review.judgements.filter(stage=Judgement.FULL_TEXT)
    reasons = Counter(judged.filter(decision=Judgement.EXCLUDE).values_list("reason", flat=True))
    included = judged.filter(decision=Judgement.INCLUDE).count()
    tallies = [Tally("dbr_excluded", reason or "no reason recorded", n) for reason, n in sorted(reasons.items())]
    tallies += [Tally("new_reports", "", included)] if included else []
    studies = review.studies.count()
    return tallies + ([Tally("new_studies", "", studies)] if studies else [])


def flow_counts(review: Review) -> dict[str, int]:
    """The published totals by item: for the demonstration's account."""
    flow = flow_of(review)
    if flow is None:
        return {}
    return {name: box.published for name, box in flow.boxes.items() if box.published is not None}
