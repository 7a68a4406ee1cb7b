"""A review's flow as its page shows it: what the authors published beside what is held here."""

from __future__ import annotations

from whatworks.screen.counting import screened_here, tallies
from whatworks.screen.methods.identities import Identity, identities
from whatworks.screen.methods.prisma import ITEMS, Flow, Tally, build_flow
from whatworks.screen.models import Judgement, PublishedCount, Review
from whatworks.screen.settling import held_judgements

# A part of a box (one database, one reason) is entered under an item of its own name.
PARTS = {
    "database_result": "database_results",
    "register_result": "register_results",
    "website_result": "website_results",
    "organisation_result": "organisation_results",
    "dbr_excluded_reason": "dbr_excluded",
    "other_excluded_reason": "other_excluded",
}


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
    """The counts that the authors printed, in a fixed order."""
    return [_tally(one) for one in review.published_counts.order_by("item", "-n", "label")]


def _tally(one: PublishedCount) -> Tally:
    return Tally(one.item, "", one.n) if one.item in ITEMS else Tally(PARTS.get(one.item, one.item), one.label, one.n)


def held_tallies(review: Review) -> list[Tally]:
    """What is held here: of a review that is screened here the whole flow, of another the reports and studies taken in.

    Of another, exclusions are held too, but not by which route a report came; they have a table of their own and no box.
    """
    studies = [Tally("new_studies", "", n)] if (n := review.studies.count()) else []
    if screened_here(review):
        return [*tallies(review), *studies]
    taken_in = (Judgement.FULL_TEXT, Judgement.INCLUDE)
    # By the report that speaks: two records of one report, both taken in, are one report.
    included = len({one.speaker for one in held_judgements(review) if (one.stage, one.decision) == taken_in})
    return [*([Tally("new_reports", "", included)] if included else []), *studies]


def flow_counts(review: Review) -> dict[str, int]:
    """The published totals by item: for the demonstration's account."""
    flow = flow_of(review)
    if flow is None:
        return {}
    return {name: box.published for name, box in flow.boxes.items() if box.published is not None}
