"""Why two schemes differ: what each asked, and which answers its level came from."""

from __future__ import annotations

from typing import Any

from whatworks.rate import evaluate, load_scheme
from whatworks.rate.methods.criteria import DECIDED, NOT_ASKED, NOT_KNOWN, TOLD, Criterion, Rated, criteria

POOLED = {"k_pooled": 3, "interval_low": -0.03, "interval_high": 0.17, "null_value": 0}


def rated(key: str, **inputs: Any) -> Rated:
    scheme = load_scheme(key)
    return Rated(scheme, inputs, evaluate(scheme, inputs).to_dict())


def standings(rows: tuple[Criterion, ...]) -> dict[str, list[str]]:
    return {row.name: [cell.standing for cell in row.cells] for row in rows}


def test_what_only_one_scheme_asks_is_what_parts_them() -> None:
    """Naming what both asked alike as the reason would send the reader the wrong way."""
    effect = rated("effect-scale", aim="lower", studies_lower=2, studies_higher=1, studies_no_difference=0, **POOLED)
    strength = rated("strength-scale", evidence_base="sourced", studies_randomised=3, studies_randomised_low_risk=0)
    found = standings(criteria([effect, strength]))
    assert found["evidence_base"] == [NOT_ASKED, DECIDED]
    assert found["interval_low"] == [DECIDED, NOT_ASKED]
    assert "studies_randomised" not in found, "the rule of the search came first and was final"


def test_an_answer_still_wanted_is_told_apart_from_one_not_asked() -> None:
    """Not known is a gap to fill; not asked never will be filled."""
    bare = rated("strength-scale", evidence_base="systematic-search", studies_randomised=2)
    full = rated(
        "strength-scale", evidence_base="systematic-search", studies_randomised=2, studies_randomised_low_risk=2
    )
    found = standings(criteria([full, bare]))
    assert found.get("studies_randomised_low_risk", [DECIDED, NOT_KNOWN])[1] == NOT_KNOWN


def test_the_same_scheme_twice_is_told_the_same() -> None:
    """What both were told and both decided by comes last, after what parts them."""
    one = rated("effect-scale", aim="lower", **POOLED)
    rows = criteria([one, one])
    assert rows and all(cell.standing == DECIDED for row in rows for cell in row.cells)
    assert all(TOLD not in [cell.standing for cell in row.cells] for row in rows)


def test_a_judgement_is_told_by_its_value() -> None:
    """A judgement carries a name and a reason; the page shows what was judged."""
    judged = {"value": True, "by": "a rater", "reason": "It says so."}
    found = rated("strength-scale", evidence_base="systematic-search", search_open=judged)
    assert found.value("search_open") is True
    assert found.value("bias_judged") is None
