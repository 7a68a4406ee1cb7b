"""Builds the demonstration centre from the pack that ships, and gives a short account of what it holds."""

from __future__ import annotations

from collections.abc import Callable
from importlib import resources
from pathlib import Path
from typing import Any

from whatworks.archive.loading import load_pack
from whatworks.archive.verifying import verify_centre
from whatworks.baseline.holding import hidden_figures
from whatworks.baseline.models import Practice, Vintage
from whatworks.collate.actions import propose_matches
from whatworks.collate.models import Import, MatchProposal, Report
from whatworks.errors import InputError
from whatworks.extract.models import Contrast, Finding, Study
from whatworks.implement.opening import pin_illustrations
from whatworks.ledger.sealer import seal_all
from whatworks.people import actions as people
from whatworks.people.models import Area
from whatworks.publish.actions import RULE, approve, refresh
from whatworks.publish.guides.together import show_illustrations
from whatworks.publish.models import Draft, Page, Revision
from whatworks.rate.models import Rating
from whatworks.saying import said
from whatworks.screen.models import Review
from whatworks.screen.presenters import flow_counts
from whatworks.synthesise.models import Analysis, PublishedResult, Synthesis

BY = f"{RULE}:demonstration"
PACK = "childrens-social-care"
PRINTED = 5e-7  # the review's data file prints its inputs with seven significant digits: six decimals can agree
Told = Callable[[str, int, int], None]


def shipped_pack() -> Path:
    """Where the pack that ships lies: inside the installed package, or beside the source."""
    installed = Path(str(resources.files("whatworks"))) / "packs" / PACK
    beside = Path(__file__).resolve().parents[3] / "packs" / PACK
    for folder in (installed, beside):
        if (folder / "pack.toml").is_file():
            return folder
    raise InputError(
        said(
            "The pack %(pack)s is not installed with this program; reinstall it, or load a pack by its folder.",
            pack=PACK,
        )
    )


def build_demonstration(*, told: Told = lambda name, done, total: None) -> None:
    """Load the pack, compute, rate, and publish every page that is new. A second run changes nothing."""
    load_pack(folder=shipped_pack(), by=BY, told=told)
    propose_matches(by=BY)
    refresh(by=BY, told=told)
    # Only first versions are published by rule; a page that moved later waits for a person.
    for waiting in Draft.objects.filter(page__revisions=None).select_related("page"):
        approve(by=BY, page=waiting.page)
    show_illustrations(by=BY)
    pin_illustrations(by=BY)
    hidden_figures()  # remembered, so that the first reader does not wait for it
    seal_all()


def first_administrator() -> dict[str, Any]:
    """The one-time sign-in of a new centre's administrator, told once; nothing where people are already in."""
    made = people.first_administrator(by=BY)
    return {"administrator": {"email": made[0].email, "password": made[1]}} if made else {}


def account() -> dict[str, Any]:
    """What the centre holds, in the shape of the command-line contract."""
    return {"reviews": [_review(review) for review in _with_published()], "counts": counts(), "verify": _verdict()}


def counts() -> dict[str, Any]:
    """How much of everything."""
    return {
        "records_read": {
            one.source.name: one.records for one in Import.objects.select_related("source").order_by("source__name")
        },
        "duplicates_proposed": MatchProposal.objects.current().count(),
        "reports": Report.objects.count(),
        "prisma": {review.slug: flow_counts(review) for review in Review.objects.filter(sort=Review.SYSTEMATIC)},
        "studies": Study.objects.count(),
        "contrasts": Contrast.objects.count(),
        "findings_computed": Finding.objects.count(),
        "results_pooled": Synthesis.objects.current().filter(role=Synthesis.DEFAULT).count(),
        "published_results": PublishedResult.objects.count(),
        "ratings": Rating.objects.current().count(),
        "places": Area.objects.count(),
        "vintages": Vintage.objects.count(),
        "practices": Practice.objects.count(),
        "pages_published": Page.objects.exclude(revisions=None).count(),
        "revisions": Revision.objects.count(),
    }


def _with_published() -> list[Review]:
    return list(Review.objects.filter(analyses__published__isnull=False).distinct().order_by("slug"))


def _review(review: Review) -> dict[str, Any]:
    analyses = Analysis.objects.filter(review=review).exclude(published=None).order_by("title", "pk")
    return {"name": review.title, "analyses": [_analysis(one) for one in analyses]}


def _analysis(analysis: Analysis) -> dict[str, Any]:
    theirs = analysis.published.first()
    ours = analysis.syntheses.current().filter(role=Synthesis.AS_PUBLISHED).first()
    numbers = ours.result if ours else {}
    pairs = [
        (theirs.estimate, numbers.get("estimate")),
        (theirs.ci_low, numbers.get("ci_low")),
        (theirs.ci_high, numbers.get("ci_high")),
    ]
    gaps = [b - a for a, b in pairs if a is not None and b is not None]
    return {
        "name": analysis.title,
        "identifier": analysis.pk,
        "published": theirs.estimate,
        "ours": numbers.get("estimate"),
        "difference": max(gaps, key=abs) if gaps else None,
        "same": bool(gaps) and max(map(abs, gaps)) < PRINTED,
        "findings": [row["finding"] for row in ours.inputs] if ours else [],
    }


def _verdict() -> dict[str, Any]:
    found = verify_centre()
    return {"ok": found["ok"], "checked": found["checked"], "differences": len(found["differences"])}
