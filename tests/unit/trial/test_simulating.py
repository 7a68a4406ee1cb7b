"""Power by simulation: what is drawn is what the design says, tested by the very methods, and failures are told as failures."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.stats import t as students_t

from tests.unit.trial.test_planning import design
from whatworks.errors import InputError
from whatworks.stats.robust import clustered, least_squares, robust
from whatworks.trial.methods.analysing import panel
from whatworks.trial.methods.analysing.panel_rows import Found
from whatworks.trial.methods.mixed import fit_intercepts, small_sample
from whatworks.trial.methods.permuting import permute
from whatworks.trial.methods.simulating import batched, drawing, layout, running, simulate
from whatworks.trial.methods.simulating.singly import singly, two_halves
from whatworks.trial.methods.sizing import planning

THREE = '|[[arms]]¦name = "a"¦[[arms]]¦name = "b"¦[[arms]]¦name = "c"'
CLUSTERS = "cluster; clusters = {n}; per_cluster = {m}; icc = 0.1; effect = {effect}"


def declared(text: str, method: str):
    """A design that declares an analysis."""
    return design(f'{text}|[analysis]¦declared = "{method}"')


def near(share: float | None, expected: float, count: int) -> bool:
    """Whether a simulated share is within four standard errors of what it should be: one run in 16,000 is not, and seeds are fixed."""
    return abs((share or 0) - expected) <= 4 * math.sqrt(expected * (1 - expected) / count)


@pytest.mark.parametrize("method", ["lmm-kr", "lmm-satterthwaite", "ols-cr2", "cluster-means-t"])
def test_equal_clusters_have_the_power_of_the_closed_form(method: str) -> None:
    """In a balanced trial these are all the t test of clusters' means (the mixed ones unless the variance is at its edge)."""
    held = declared(CLUSTERS.format(n=20, m=20, effect=0.5), method)
    found = simulate(held, 4_000, 11)
    assert near(found.power, planning.power(held).power or 0, 4_000)
    assert found.failures == 0
    assert found.estimate == pytest.approx(0.5, abs=0.015)  # four standard errors


@pytest.mark.parametrize("method", ["lmm-kr", "ols-cr2", "cluster-means-t", "ri-sampled"])
@pytest.mark.parametrize("clusters", [8, 20])
def test_where_there_is_no_effect_the_level_is_kept(method: str, clusters: int) -> None:
    """Satterthwaite's df at the edge and few permutations make a test a little careful; none may refuse too often."""
    found = simulate(declared(CLUSTERS.format(n=clusters, m=10, effect=0.5), method), 4_000, 3, effect=0.0)
    assert 0.03 < (found.power or 0) < 0.05 + 4 * math.sqrt(0.05 * 0.95 / 4_000)


def test_what_is_drawn_varies_as_the_design_says() -> None:
    held = design(CLUSTERS.format(n=2000, m=10, effect=0.5))
    rng = np.random.default_rng(1)
    place = layout.lay_out(held, 2000, rng)
    drawn = drawing.draw(held, place, 0.5, 5, rng)
    means = drawn.means - 0.5 * place.arm[:, None]
    assert means.var() == pytest.approx(0.1 + 0.9 / 10, rel=0.06)  # 10,000 means: 1.4 per cent, four times
    assert drawn.squares.mean() / 9 == pytest.approx(0.9, rel=0.02)


@pytest.mark.parametrize("icc", [0.02, 0.2])
def test_shares_have_the_icc_and_the_means_that_are_asked(icc: float) -> None:
    text = f"cluster binary; clusters = 4000; per_cluster = 50; icc = {icc}; control_rate = 0.3; effect = -0.1"
    rng = np.random.default_rng(2)
    place = layout.lay_out(design(text), 4000, rng)
    drawn = drawing.draw(design(text), place, -0.1, 4, rng)
    found, between = [], 0.25 * 0.75 * icc  # at the middle of the two shares
    for arm, share in ((0, 0.3), (1, 0.2)):
        shares = drawn.means[place.arm == arm]
        assert shares.mean() == pytest.approx(share, abs=4 * math.sqrt((between + 0.21 / 50) / shares.size))
        chance = (shares * (1 - shares)).mean() / 49
        found.append(shares.var() - chance)
    assert found[1] < found[0]  # one spread of log odds is less of shares further from a half
    assert sum(found) / 2 == pytest.approx(between, rel=0.1)


def test_rates_have_the_k_that_is_asked() -> None:
    text = "cluster count; clusters = 4000; exposure = 500; per_cluster = 500; k = 0.4; control_rate = 0.1; ratio = 0.5"
    rng = np.random.default_rng(4)
    place = layout.lay_out(design(text), 4000, rng)
    drawn = drawing.draw(design(text), place, -0.05, 4, rng)
    for arm, rate in ((0, 0.1), (1, 0.05)):
        rates = drawn.means[place.arm == arm]
        assert rates.mean() == pytest.approx(rate, rel=0.02)
        assert math.sqrt(rates.var() - rate / 500) / rate == pytest.approx(0.4, rel=0.05)


def test_overdispersed_counts_of_people_add_up() -> None:
    """The sum over people of negative binomial counts: mean m r, variance m (r + d r^2)."""
    text = "cluster count; clusters = 2000; per_cluster = 20; k = 0; dispersion = 2; control_rate = 0.5; ratio = 0.8"
    rng = np.random.default_rng(5)
    place = layout.lay_out(design(text), 2000, rng)
    totals = drawing.draw(design(text), place, -0.1, 4, rng).totals[place.arm == 0]
    assert totals.mean() == pytest.approx(10, rel=0.02)
    assert totals.var() == pytest.approx(20 * (0.5 + 2 * 0.25), rel=0.12)


def test_periods_of_a_cluster_are_as_alike_as_the_design_says() -> None:
    text = "stepped-wedge; clusters = 3000; steps = 3; per_cluster = 10; icc = 0.2; cac = 0.6; iac = 0; effect = 0"
    held = design(text.replace("effect = 0", "effect = 0.1"))
    rng = np.random.default_rng(6)
    place = layout.lay_out(held, 3000, rng)
    drawn = drawing.draw(held, place, 0.0, 1, rng).means[:, 0].reshape(3000, 4)
    covariance = np.cov(drawn.T)
    between = 0.25  # the sd is the residual's: .2 / .8 on top of it
    assert np.diag(covariance) == pytest.approx(np.full(4, between + 0.1), rel=0.12)
    assert covariance[np.triu_indices(4, 1)] == pytest.approx(np.full(6, 0.6 * between), rel=0.15)


def rows(text: str, seed: int = 3, sets: int = 3):
    """A layout and outcomes of some sets, drawn where an effect is."""
    held = design(text)
    rng = np.random.default_rng(seed)
    place = layout.lay_out(held, int(held.size.clusters or 0), rng)
    return held, place, drawing.draw(held, place, held.size.effect or 0.0, sets, rng)


def people(place, drawn, number: int):
    """People with the means and sums of squares of their cells: columns, outcomes, clusters."""
    cell, y = two_halves(place, drawn, number)
    return place.x[cell], y, place.cluster[cell].astype(float)


UNEVEN = "cluster; clusters = 14; per_cluster = 12; cv = 0.5; icc = 0.1; effect = 0.5; r2_2 = 0.2"


def test_the_mixed_model_of_sums_is_that_of_people() -> None:
    _, place, drawn = rows(UNEVEN)
    for way, name in (("kenward-roger", "lmm-kr"), ("satterthwaite", "lmm-satterthwaite")):
        found = batched.BATCHED[name](place, drawn, np.random.default_rng(1))
        for number in range(3):
            x, y, cluster = people(place, drawn, number)
            tests = small_sample(fit_intercepts(x, y, cluster), way)
            assert found.estimate[number] == pytest.approx(tests.estimate[0, 1], rel=1e-9)
            assert found.p[number] == pytest.approx(tests.p[0, 1], rel=1e-7)


@pytest.mark.parametrize("kind", ["CR2", "CR3", "CR1S"])
def test_least_squares_of_sums_are_those_of_people(kind: str) -> None:
    _, place, drawn = rows(UNEVEN)
    found = batched.BATCHED[f"ols-{kind.lower()}"](place, drawn, np.random.default_rng(1))
    for number in range(3):
        x, y, cluster = people(place, drawn, number)
        labels = clustered(cluster.tolist())
        safe = robust(least_squares(x, y, labels), labels, kind)
        assert found.estimate[number] == pytest.approx(safe.estimates[1], rel=1e-9)
        df = safe.df[1] if kind == "CR2" else 13
        assert found.p[number] == pytest.approx(2 * students_t.sf(abs(safe.estimates[1] / safe.se[1]), df), rel=1e-7)


@pytest.mark.parametrize("kind", ["cluster; clusters = 10", "blocked-cluster; clusters = 12; blocks = 3"])
def test_every_allocation_is_looked_at(kind: str) -> None:
    """Against the count that lists no allocation."""
    _, place, drawn = rows(f"{kind}; per_cluster = 9; icc = 0.1; effect = 0.7")
    found = batched.BATCHED["ri-exact"](place, drawn, np.random.default_rng(1))
    for number in range(3):
        counted = permute(drawn.means[:, number], place.arm, place.group)
        assert found.p[number] == pytest.approx(counted.p, rel=1e-12)


def test_five_authorities_one_a_step_can_fall_in_120_ways() -> None:
    _, place, drawn = rows(
        "stepped-wedge; clusters = 5; steps = 5; per_cluster = 50; icc = 0.05; cac = 0.8; effect = 1"
    )
    assert batched.ways(place) == 120
    found = batched.BATCHED["ri-exact"](place, drawn, np.random.default_rng(1))
    assert (found.p * 120 == pytest.approx(np.round(found.p * 120))) and found.p.min() >= 1 / 120


def test_a_sample_of_allocations_is_near_all_of_them() -> None:
    _, place, drawn = rows("cluster; clusters = 10; per_cluster = 9; icc = 0.1; effect = 0.4", sets=20)
    every, some = (
        batched.BATCHED[name](place, drawn, np.random.default_rng(1)).p for name in ("ri-exact", "ri-sampled")
    )
    assert np.abs(every - some).max() < 5 * math.sqrt(0.25 / batched.SCHEMES)


def test_the_naive_model_of_counts_refuses_far_too_often() -> None:
    """Its level where rates differ between clusters: the reason why it is never a default."""
    text = (
        "cluster count; clusters = 40; exposure = 1000; per_cluster = 1000; k = 0.5; control_rate = 0.03; ratio = 0.8"
    )
    naive = simulate(declared(text, "poisson-naive"), 2_000, 1, effect=0.0)
    honest = simulate(declared(text, "cluster-means-t"), 2_000, 1, effect=0.0)
    assert (naive.power or 0) > 0.4
    assert near(honest.power, 0.05, 2_000)


@pytest.mark.parametrize("method", ["gee-exchangeable", "gee-md", "gee-kc", "wild-bootstrap", "glmm-poisson", "glm-nb"])
def test_one_by_one(method: str) -> None:
    counts = method.startswith("gl")
    text = "cluster count; clusters = 16; exposure = 300; per_cluster = 30; k = 0.3; control_rate = 0.1; effect = -0.03"
    held = declared(text if counts else "cluster; clusters = 16; per_cluster = 10; icc = 0.1; effect = 2", method)
    found = simulate(held, 12, 1)
    assert found.method == method
    assert counts or (found.power == 1.0 and found.failures == 0)
    assert found.estimate == pytest.approx(math.log(0.7) if counts else 2, abs=0.35)


def test_shares_by_mixed_model_and_by_equations() -> None:
    text = "cluster binary; clusters = 16; per_cluster = 40; icc = 0.03; control_rate = 0.5; effect = -0.3"
    for method in ("glmm-binomial", "gee-md"):
        found = simulate(declared(text, method), 6, 1)
        assert (found.power, found.failures) == (1.0, 0)
        assert found.estimate == pytest.approx(math.log(0.2 / 0.8), abs=0.3)  # from even odds


def test_a_stepped_wedge_of_shares_by_its_own_model() -> None:
    text = "stepped-wedge binary; clusters = 6; steps = 3; per_cluster = 40; icc = 0.03; cac = 0.8; control_rate = 0.5; effect = -0.4"
    assert simulate(declared(text, "glmm-binomial"), 2, 1).failures == 0
    assert near(simulate(design(text), 200, 1, effect=0.0).power, 0.05, 200)


def test_periods_that_are_all_alike_can_be_drawn() -> None:
    """Their covariance has no inverse."""
    text = "stepped-wedge binary; clusters = 12; steps = 3; per_cluster = 60; icc = 0.03; cac = 1; control_rate = 0.5; effect = -0.1"
    found = simulate(design(text), 1_000, 1)
    assert abs((found.power or 0) - (planning.power(design(text + '; reference = "t"')).power or 0)) < 0.06


def test_failures_are_counted_and_never_taken_for_nothing_found() -> None:
    """Shares so small that many trials have no event at all: nothing can be tested there."""
    text = "cluster binary; clusters = 8; per_cluster = 5; icc = 0.01; control_rate = 0.04; effect = -0.02"
    found = simulate(declared(text, "lmm-kr"), 400, 1)
    assert found.failures > 40
    tested = found.simulations - found.failures
    assert found.power == pytest.approx(found.least * found.simulations / tested, rel=1e-12)
    assert any(f"failed in {found.failures} of 400" in warning for warning in found.warnings)


def test_all_failed_gives_no_power_rather_than_nought(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*given: object) -> Found:
        raise InputError("No.")

    held, place, drawn = rows(UNEVEN)
    monkeypatch.setattr(panel, "METHODS", panel.METHODS | {"gee-md": refuse})
    assert np.isnan(singly(held, place, drawn, "gee-md").p).all()
    found = simulate(declared("cluster; clusters = 14; per_cluster = 12; icc = 0.1; effect = 0.5", "gee-md"), 5, 1)
    assert (found.power, found.mc_error, found.failures, found.estimate) == (None, None, 5, None)


def test_the_same_seed_gives_the_same_however_many_share_the_work() -> None:
    held = declared("cluster; clusters = 10; per_cluster = 8; icc = 0.1; effect = 0.6", "wild-bootstrap")
    one, two = simulate(held, 23, 5), simulate(held, 23, 5, workers=2)
    assert one == two
    assert simulate(held, 23, 6).estimate != one.estimate


def test_progress_is_told() -> None:
    seen: list[tuple[int, int]] = []
    simulate(design(CLUSTERS.format(n=10, m=5, effect=0.3)), 1_200, 1, told=lambda done, of: seen.append((done, of)))
    assert seen == [(500, 1_200), (1_000, 1_200), (1_200, 1_200)]


@pytest.mark.parametrize(
    "text",
    [
        "individual; clusters = 100; effect = 0.6; r2_1 = 0.2",
        "individual binary; clusters = 300; control_rate = 0.4; effect = 0.15",
        "matched-pairs; clusters = 20; per_cluster = 15; icc = 0.1; correlation = 0.6; effect = 0.45",
        "blocked-cluster; clusters = 24; blocks = 6; per_cluster = 15; icc = 0.1; effect = 0.45",
        'individual; clusters = 150; effect = 0.6|[[arms]]¦name = "a"¦[[arms]]¦name = "b"¦[[arms]]¦name = "c"',
    ],
)
def test_other_kinds_have_the_power_of_their_closed_forms(text: str) -> None:
    """The test of two shares is an approximation of one; it may be off by a hundredth."""
    head, _, more = text.partition("|")
    held = design(f"{head}|{more}") if more else declared(head, "cluster-means-t")
    found = simulate(held, 4_000, 2)
    assert abs((found.power or 0) - (planning.power(held).power or 0)) < 4 * math.sqrt(0.25 / 4_000) + 0.01


@pytest.mark.parametrize(
    ("text", "method", "says"),
    [
        ("cluster; clusters = 10; per_cluster = 8; icc = 0.1; effect = 0.6", "glmm-poisson", "does not analyse a continuous"),
        ("stepped-wedge; clusters = 4; steps = 2; per_cluster = 8; icc = 0.1; effect = 0.6", "cluster-means-t", "these do: lmm-kr"),
        ("individual; clusters = 40; effect = 0.6", "lmm-kr", "these do: ols-cr2"),
        ("individual; clusters = 40; effect = 0.6", "ri-exact", "these do: ols-cr2"),
        ("cluster count; clusters = 40; per_cluster = 9; k = 0.1; control_rate = 0.3; effect = 0.1", "glmm-nb", "these do: ols-cr2"),
        ("cluster; clusters = 40; per_cluster = 9; icc = 0.1; effect = 0.4", "cace-2sls-cr2", "has no expected"),
        ("cluster; clusters = 40; per_cluster = 3; icc = 0.1; effect = 0.4; groups = 4; icc_groups = 0.1", "", "has only 3 people"),
        ("individual; clusters = 40; effect = 0.4; groups = 1; icc_groups = 0.1", "", "need 2 groups"),
        ("matched-pairs; clusters = 2; per_cluster = 8; icc = 0.1; effect = 0.6", "cluster-means-t", "too few"),
        ("matched-pairs; clusters = 12; per_cluster = 8; icc = 0.1; effect = 0.6" + THREE, "", "A pair has two clusters"),
        ("stepped-wedge; clusters = 12; steps = 3; per_cluster = 8; icc = 0.1; effect = 0.6" + THREE, "", "two arms are simulated"),
        ('cluster; clusters = 8; layout = ["0110", "0011"]; exposure_time = true; per_cluster = 8; icc = 0; effect = 1', "", "goes back"),
    ],
)  # fmt: skip
def test_what_is_not_simulated_is_refused_in_a_sentence(text: str, method: str, says: str) -> None:
    with pytest.raises(InputError, match=says):
        simulate(declared(text, method) if method else design(text), 10, 1)


def test_a_number_of_simulations_that_cannot_be() -> None:
    with pytest.raises(InputError, match="0 simulations"):
        simulate(design(CLUSTERS.format(n=10, m=5, effect=0.3)), 0, 1)
    assert running.MOST > 1_000_000
