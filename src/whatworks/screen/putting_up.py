"""How a report is put up for a decision: one candidate at a stage, with its lots drawn."""

from __future__ import annotations

from whatworks.screen.methods.lots import drawn, lot
from whatworks.screen.methods.protocol import Rules
from whatworks.screen.models import Candidate


def candidate_of(
    wave: str, review: str, rules: Rules, report: str, *, stage: str, number: int, alike: int | None = None
) -> Candidate:
    """A candidate (not saved) of a report, as part of a wave."""
    sampled = drawn(rules.seed, report, rules.share)
    return Candidate(
        id=Candidate.derived(review, stage, report),
        review_id=review,
        stage=stage,
        report_id=report,
        wave_id=wave,
        number=number,
        shuffle=lot(rules.seed, "order", report),
        sampled=sampled,
        needed=rules.needed(stage, sampled=sampled),
        likeness=alike,
    )
