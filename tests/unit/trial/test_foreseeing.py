"""What one more trial would do to a pooled result, and whether a pilot's signal is found again: closed forms against draws."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.stats import norm
from scipy.stats import t as students_t

from whatworks.errors import InputError
from whatworks.trial.methods.foreseeing.learning import Standing, foresee, unit_loss
from whatworks.trial.methods.foreseeing.repeating import in_words, repeated

DRAWS = 400_000
CHANCE = 4 * 0.5 / math.sqrt(DRAWS)  # four standard errors of a share at most


def pooled(estimate: float = -0.12, se: float = 0.08, tau2: float = 0.01, by_t: bool = False) -> Standing:
    """Of six studies: with t its interval has 5 degrees of freedom, that of the next result 6."""
    reach = float(students_t.isf(0.025, 5) if by_t else norm.isf(0.025)) * se
    return Standing(estimate, se, tau2, 6, estimate - reach, estimate + reach, by_t)


def drawn(held: Standing, trial_se: float) -> dict[str, float]:
    """The slow way: a mean effect, one more true effect, its estimate, and all of it pooled anew."""
    lot = np.random.default_rng(20260101)
    doubt = (held.high - held.low) / (2 * norm.isf(0.025))
    mean = held.estimate + doubt * lot.standard_normal(DRAWS)
    new = mean + math.sqrt(held.tau2) * lot.standard_normal(DRAWS) + trial_se * lot.standard_normal(DRAWS)
    weights = held.se**-2, 1 / (held.tau2 + trial_se**2)
    after = (weights[0] * held.estimate + weights[1] * new) / sum(weights)
    reach = float(students_t.isf(0.025, 6) if held.by_t else norm.isf(0.025)) / math.sqrt(sum(weights))
    best_now, trust = max(held.estimate, 0.0), (doubt**-2, weights[1])
    learnt = trust[0] * held.estimate + trust[1] * new  # its sign decides after the trial
    return {
        "above": float((after > reach).mean()),
        "below": float((after < -reach).mean()),
        "flips": float((np.sign(after) != np.sign(held.estimate)).mean()),
        "wrong_now": float((np.sign(mean) != np.sign(held.estimate)).mean()),
        "worth_all": float(np.maximum(mean, 0).mean() - best_now),
        "worth_trial": float(
            np.where(learnt > 0, mean, 0).mean() - best_now
        ),  # what the choice made then really brings
    }


@pytest.mark.parametrize(
    ("held", "trial_se"),
    [
        (pooled(), 0.1),
        (pooled(0.2, 0.08), 0.05),
        (pooled(-0.3, 0.1, 0.0), 0.3),
        (pooled(0.01, 0.2, 0.09), 0.02),
        (pooled(0.07, 0.05, 0.01, by_t=True), 0.03),
    ],
)
def test_the_next_result_as_drawn(held: Standing, trial_se: float) -> None:
    found, slow = foresee(held, trial_se), drawn(held, trial_se)
    for name, value in slow.items():
        assert getattr(found, name) == pytest.approx(value, abs=CHANCE), name
    crossed = found.above + found.below
    assert found.changes == pytest.approx(1 - crossed if found.clear_now else crossed)


def test_by_hand() -> None:
    """A pooled result of 0 (se 1) and a trial of se 1 with no variance between: half the variance goes, the value is phi(0)/sqrt(2)."""
    reach = float(norm.isf(0.025))
    found = foresee(Standing(0.0, 1.0, 0.0, 5, -reach, reach), 1.0)
    assert (found.se, found.spread) == (pytest.approx(math.sqrt(0.5)), pytest.approx(math.sqrt(0.5)))
    assert found.worth_all == pytest.approx(1 / math.sqrt(2 * math.pi))  # E max(0, Z)
    assert found.worth_trial == pytest.approx(0.5 / math.sqrt(math.pi))
    assert (found.flips, found.wrong_now) == (0.5, 0.5)
    assert found.above == found.below == pytest.approx(float(norm.sf(norm.isf(0.025))))


def test_the_unit_normal_loss_integral() -> None:
    """Its definition by quadrature, and a row of the printed tables: L(1) = .0833, L(0) = .3989, L(2) = .0085."""
    for far in (-1.5, 0.0, 0.3, 1.0, 2.0, 4.0):
        by_sum, _ = quad(lambda x, far=far: (x - far) * norm.pdf(x), far, np.inf)
        assert unit_loss(far) == pytest.approx(by_sum, abs=1e-10)
    assert [round(unit_loss(far), 4) for far in (0, 1, 2)] == [0.3989, 0.0833, 0.0085]


def test_a_trial_is_never_worth_more_than_knowing() -> None:
    held = pooled()
    worths = [foresee(held, se).worth_trial for se in (10.0, 1.0, 0.3, 0.1, 0.01)]
    assert worths == sorted(worths) and worths[-1] < foresee(held, 0.01).worth_all
    endless = foresee(pooled(tau2=0.0), 1e-6)  # a trial without error where all effects are one tells everything
    assert endless.worth_trial == pytest.approx(endless.worth_all, rel=1e-6)


def test_by_t_less_is_believed_than_the_standard_error_says() -> None:
    """An interval by t that holds no effect never goes with a choice that is all but certain."""
    held = Standing(0.07, 0.0224, 0.0, 3, 0.07 - 0.0964, 0.07 + 0.0964, by_t=True)
    assert foresee(held, 0.03).wrong_now > 0.025
    assert foresee(pooled(by_t=True), 0.1).wrong_now > foresee(pooled(), 0.1).wrong_now


def test_few_studies_are_said() -> None:
    assert "One study" in foresee(Standing(0.1, 0.1, 0.0, 1, -0.1, 0.3), 0.1).warnings[0]
    assert "hardly known" in foresee(Standing(0.1, 0.1, 0.0, 3, -0.1, 0.3), 0.1).warnings[0]
    assert foresee(pooled(), 0.1).warnings == ()
    with pytest.raises(InputError, match="above nought"):
        foresee(pooled(), 0.0)


def test_a_pilot_at_p_05_is_found_again_half_the_time() -> None:
    """Goodman (1992): a result with p = .05 repeated with the same precision reaches p < .05 half the time, by either reading."""
    just = float(norm.isf(0.025))
    found = repeated(just, 1.0, 1.0)
    assert found.if_right == pytest.approx(0.5) and found.flat == pytest.approx(0.5)
    assert found.sceptical < 0.5


# A made-up pilot in two made-up councils: enquiries per pupil 30% lower (log ratio -0.357, standard error 0.18, p = .047), after
# which a trial of 300 schools with a standard error of 0.05 is asked for, sized to find a ratio of 0.87 (log -0.139).
PILOT = {"estimate": math.log(0.7), "se": 0.18, "next_se": 0.05}


def test_a_promising_pilot_before_a_large_trial() -> None:
    """Pinned to the closed form worked by hand: 1e-9 is rounding."""
    found = repeated(**PILOT, planned=math.log(0.87))
    size, reach = -math.log(0.7), 1.959963984540054 * 0.05
    assert found.flat == pytest.approx(float(norm.cdf((size - reach) / math.hypot(0.18, 0.05))), rel=1e-9)
    sceptic = -math.log(0.87) / 1.6448536269514722
    kept = sceptic**2 / (sceptic**2 + 0.18**2)
    assert found.shrunk == pytest.approx(-kept * size, rel=1e-9)
    by_hand = norm.cdf((kept * size - reach) / math.hypot(math.sqrt(kept) * 0.18, 0.05))
    assert found.sceptical == pytest.approx(float(by_hand), rel=1e-9)
    assert [round(100 * one) for one in (found.if_right, found.flat, found.sceptical)] == [100, 92, 36]
    first, second, third = in_words(found)
    assert "about 92 of 100" in first and "about 36 of 100" in first
    assert "picked for looking good" in second and "20 of 100" in third


def test_predictive_power_as_drawn() -> None:
    found, lot = repeated(**PILOT, planned=math.log(0.87)), np.random.default_rng(7)
    # The sceptic, by drawing true effects from the prior and keeping those that gave a pilot like this one.
    truths = found.sceptic_sd * lot.standard_normal(4_000_000)
    pilots = truths + PILOT["se"] * lot.standard_normal(truths.size)
    like = truths[np.abs(pilots - PILOT["estimate"]) < 0.01]
    nexts = like + PILOT["next_se"] * lot.standard_normal(like.size)
    share = float((nexts < -norm.isf(0.025) * PILOT["next_se"]).mean())
    assert found.sceptical == pytest.approx(
        share, abs=4 * 0.5 / math.sqrt(like.size) + 0.005
    )  # the window's width: 0.005
    assert found.wrong_side == pytest.approx(float((like > 0).mean()), abs=4 * 0.5 / math.sqrt(like.size) + 0.005)


def test_the_side_does_not_matter_and_nonsense_is_refused() -> None:
    up, down = repeated(0.3, 0.1, 0.05), repeated(-0.3, 0.1, 0.05)
    assert (up.flat, up.sceptical, up.shrunk) == (down.flat, down.sceptical, -down.shrunk)
    with pytest.raises(InputError, match="above nought"):
        repeated(0.3, 0.0, 0.05)
    with pytest.raises(InputError, match="alpha"):
        repeated(0.3, 0.1, 0.05, alpha=2)
