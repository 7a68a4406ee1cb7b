"""How a review was screened, gathered for the methods paragraph of its report: numbers of people, never their names."""

from __future__ import annotations

from whatworks.screen.methods.paragraph import Lot, Ranked, Told, methods_paragraph
from whatworks.screen.methods.prisma import build_flow
from whatworks.screen.methods.protocol import FULL_TEXT, TITLE
from whatworks.screen.models import Opinion, Review
from whatworks.screen.presenters import held_tallies
from whatworks.screen.reckoning import OTHERS
from whatworks.screen.reviewing import rules_of


def paragraph_of(review: Review, *, agreement: str = "") -> str:
    """The methods paragraph of a review that is screened here; `agreement` is the sentence of an agreement result."""
    said = Opinion.objects.current().filter(candidate__review=review).order_by()
    here = {stage: said.filter(candidate__stage=stage).exclude(by__startswith=OTHERS) for stage in (TITLE, FULL_TEXT)}
    titles, texts = (here[stage].values("by").distinct().count() for stage in (TITLE, FULL_TEXT))
    others = said.filter(by__startswith=OTHERS).values_list("by", flat=True).distinct()
    ranking = review.rankings.order_by("number").last()
    waves = review.waves.filter(complete=True).order_by("number")
    told = Told(
        rules=rules_of(review),
        flow=build_flow(held=held_tallies(review)),
        lots=tuple(Lot(one.route, one.name, one.at.date(), one.records) for one in waves),
        amendments=max(review.protocols.count() - 1, 0),
        screeners=(titles, texts),
        elsewhere=tuple(sorted({one.split(":")[1].partition("#")[0] for one in others})),
        ranked=Ranked(ranking.learner, ranking.version, review.rankings.count()) if ranking else None,
        agreement=agreement,
        stops=tuple(review.stops.standing().order_by("at").values_list("sentence", flat=True)),
    )
    return methods_paragraph(told)
