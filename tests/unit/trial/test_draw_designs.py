"""What a design says of its draw: refused in a sentence where it cannot be drawn, warned of where it is weak."""

from __future__ import annotations

import pytest

from tests.unit.trial import draws
from whatworks.errors import InputError


@pytest.mark.parametrize(
    ("allocation", "kind", "arms", "said"),
    [
        ('method = "complete"', "stepped-wedge", "", "needs method = “stepped-wedge”"),
        ('method = "complete"', "matched-pairs", "", "needs method = “matched-pairs”"),
        ('method = "constrained"\ncovariates = ["size"]', "cluster", draws.THREE, "between two arms"),
        ('method = "constrained"', "cluster", "", "needs covariates"),
        ('method = "constrained"\ncovariates = ["area"]', "cluster", "", "is no number"),
        ('method = "constrained"\ncovariates = ["same"]', "cluster", "", "same is the same for all units"),
        ('method = "constrained"\ncovariates = ["size"]\nkeep = "none"', "cluster", "", "write a number above 0"),
        ('method = "constrained"\ncovariates = ["size"]\nkeep = "2"', "cluster", "", "cannot be kept"),
        ('method = "constrained"\ncovariates = ["size"]\nweights = [0]', "cluster", "", "write a number above 0"),
        ('method = "permuted-blocks"', "cluster", "", "needs block_sizes"),
        ('method = "permuted-blocks"\nblock_sizes = [3]', "cluster", "", "multiple of 2"),
        ('method = "stratified"', "cluster", "", "needs strata"),
        ('method = "stratified"\nstrata = ["region"]', "cluster", "", "names region, and the list has no such column"),
        ('method = "stratified"\nstrata = ["gap"]', "cluster", "", "Beech has no gap"),
        ('method = "minimisation"', "cluster", "", "needs factors"),
        ('method = "stepped-wedge"', "stepped-wedge", "", "how many steps"),
        ('method = "stepped-wedge"\nstrata = ["area"]', "stepped-wedge", "", "take strata out"),
        ('method = "complete"\nstage = "area"', "cluster", "", "a batch is a whole number"),
        ('method = "matched-pairs"\npair = "area"', "matched-pairs", "", "with these arms each needs 2"),
    ],
)
def test_a_design_that_cannot_be_drawn_is_refused(allocation: str, kind: str, arms: str, said: str) -> None:
    """In one sentence that names the field, before anything is drawn."""
    rows = [{**unit, "same": "1", "gap": "" if unit["unit"] == "Beech" else "x"} for unit in draws.units()]
    with pytest.raises(InputError, match=said) as found:
        draws.practice(draws.design(allocation, kind, arms), rows)
    assert "\n" not in str(found.value)


def test_the_warnings_say_what_is_weak() -> None:
    """A draw that is valid may still be a poor one; whoever relies on it is told."""
    few = draws.practice(
        draws.design('method = "constrained"\ncovariates = ["size", "share"]\nkeep = "1/400"'), draws.units()
    )
    assert any("Only 2 allocations were candidates" in one for one in few["warnings"])
    assert any("in the same arm in every candidate" in one for one in few["warnings"])
    assert any("never in the same arm in any candidate" in one for one in few["warnings"])
    same = draws.practice(draws.design('method = "permuted-blocks"\nblock_sizes = [4]'), draws.units())
    assert any("foretell" in one for one in same["warnings"])
    small = draws.practice(draws.design('method = "stratified"\nstrata = ["unit"]'), draws.units())
    assert any("12 of 12 strata" in one for one in small["warnings"])
    assert draws.practice(draws.design('method = "complete"'), draws.units())["warnings"] == []
