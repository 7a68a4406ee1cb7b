"""How far a team agrees: first opinions only, on reports that were drawn by lot."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from whatworks.people.naming import names
from whatworks.screen.methods.agreement import Agreement, Judged, PairAgreement, agreement
from whatworks.screen.methods.protocol import FULL_TEXT, TITLE
from whatworks.screen.methods.two_screeners import Estimate
from whatworks.screen.models import Candidate, Opinion, Review
from whatworks.screen.presenters_stages import HEADINGS
from whatworks.screen.reckoning import OTHERS

HEAD = ["", gettext_lazy("Reports"), gettext_lazy("Decided alike"), gettext_lazy("Kappa"), "PABAK", "AC1"]


def first_opinions(review: Review, stage: str) -> list[Judged]:
    """What each person said first of each report, before anybody saw another's word.

    A second thought came after a look at what others said, and a third opinion decides between two: neither is blind.
    """
    rows = Opinion.objects.filter(candidate__review=review, candidate__stage=stage, number=1, third=False)
    rows = rows.exclude(candidate__state=Candidate.DUPLICATE).exclude(decision=Opinion.WITHDRAWN)
    rows = rows.exclude(by__startswith=OTHERS)  # nobody knows who saw what in another tool
    told = rows.order_by("candidate", "by").values_list("candidate", "by", "decision", "candidate__sampled")
    return [Judged(candidate, by, decision, sampled) for candidate, by, decision, sampled in told]


def agreement_page(review: Review, *, leads: bool) -> dict[str, Any]:
    """The statistics of both stages."""
    found = [(stage, agreement(first_opinions(review, stage))) for stage in (TITLE, FULL_TEXT)]
    shown = [_stage(stage, result, leads=leads) for stage, result in found if stage == TITLE or result.pooled]
    return {"stages": shown, "answer": found[0][1].sentence}


def sentence_of(review: Review) -> str:
    """The sentence on agreement for the report of a review; empty while nothing can be said."""
    result = agreement(first_opinions(review, TITLE))
    return result.sentence if result.pooled else ""


def _stage(stage: str, result: Agreement, *, leads: bool) -> dict[str, Any]:
    called = names({name for pair in result.pairs for name in (pair.first, pair.second)})
    rows = []
    if leads:
        rows = [
            _row(
                _("%(called)s and %(called_2)s") % {"called": called[pair.first], "called_2": called[pair.second]}, pair
            )
            for pair in result.pairs
        ]
    if result.pooled:
        rows.append(_row(_("All pairs together"), result.pooled))
    caption = _("%(headings)s: in brackets, the range in which the true value lies with 95 in 100 sureness.") % {
        "headings": HEADINGS[stage]
    }
    return {
        "title": HEADINGS[stage],
        "sentence": result.sentence,
        "warnings": result.warnings,
        "pairs_hidden": bool(result.pairs) and not leads,
        "table": {"head": HEAD, "rows": rows, "numeric": [1], "caption": caption} if rows else None,
        "missed": _missed(result.pooled),
    }


def _row(name: str, pair: PairAgreement) -> list[str]:
    plain = [_number(one) for one in (pair.kappa, pair.pabak, pair.ac1)]
    return [name, f"{pair.n:,}", _number(pair.observed, share=True), *plain]


def _number(one: Estimate, *, share: bool = False) -> str:
    """A value with its range; in words where there is none."""
    if one.value is None:
        return _("cannot be computed")
    said = "{:.0%}" if share else "{:.2f}"
    if one.low is None or one.high is None:
        return said.format(one.value)
    return _("%(said)s (%(said_2)s to %(said_3)s)") % {
        "said": said.format(one.value),
        "said_2": said.format(one.low),
        "said_3": said.format(one.high),
    }


def _missed(pooled: PairAgreement | None) -> str:
    if pooled is None or pooled.missed_alone.value is None:
        return ""
    return _(
        "Of what either of two people would take further, one person alone would have left out %(missed_alone)s."
    ) % {"missed_alone": _number(pooled.missed_alone, share=True)}
