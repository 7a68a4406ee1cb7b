"""Clusters, shared comparison groups and effects of the same people: what must hold of their variances."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from whatworks.errors import InputError
from whatworks.extract import FORMULAE, compute
from whatworks.extract.methods.clusters import design_effect, effective_sample_size
from whatworks.extract.methods.covariances import covariance_of_log_ratios, covariance_of_smds, sampling_covariance
from whatworks.extract.methods.sharing import shared_control_covariance, split_shared

FEW = settings(max_examples=50)
MEANS = {"mean1": 10.0, "sd1": 3.0, "n1": 120, "mean2": 9.0, "sd2": 2.5, "n2": 100}
WHERE = {"icc_source": "the trial's own report"}


def test_design_effect_by_hand() -> None:
    # Cochrane Handbook 23.1.4: 295 people in clusters of 29.5 on average with an ICC of 0.02: 1 + 28.5 x 0.02 = 1.57
    assert design_effect(np.array(29.5), np.array(0.02), np.array(0.0)) == pytest.approx(1.57)
    assert effective_sample_size(295, 29.5, 0.02) == pytest.approx(295 / 1.57)
    assert design_effect(np.array(20.0), np.array(0.05), np.array(0.6)) == pytest.approx(1 + (1.36 * 20 - 1) * 0.05)


@pytest.mark.parametrize(("size", "icc", "cv", "says"), [(0.5, 0.1, 0, "below 1 person"), (9, 5, 0, "outside 0 to 1"),
                                                        (9, 0.1, -1, "below 0")])  # fmt: skip
def test_impossible_clusters_are_refused(size: float, icc: float, cv: float, says: str) -> None:
    with pytest.raises(InputError, match=says):
        design_effect(np.array(size), np.array(icc), np.array(cv))


@pytest.mark.parametrize(
    "name", [name for name in FORMULAE if "cluster" in name and name != "hedges-g-from-cluster-means"]
)
def test_without_correlation_clusters_change_nothing(name: str) -> None:
    from tests.unit.extract.test_effects import example

    formula = FORMULAE[name]
    given_ = example(formula)
    base = (
        "hedges-g-from-means" if name == "hedges-g-from-clustered-means"
        else name.removesuffix("-clustered").replace("clustered-counts", "counts").removesuffix("-of-clusters")
    )  # fmt: skip
    taken = {key: value for key, value in given_.items() if key in {one.name for one in FORMULAE[base].inputs}}
    alone, grouped = compute(base, **taken), formula.compute(**given_ | {"icc": 0.0, "cluster_size_cv": 0.0})
    assert grouped.yi == pytest.approx(float(alone.yi), rel=1e-12)
    # Hedges (2007) keeps d and its degrees of freedom where the usual variance of g has g and all people
    assert grouped.vi == pytest.approx(float(alone.vi), rel=0.02 if "means" in name else 1e-12)
    wider = formula.compute(**given_ | {"icc": 0.1})
    assert wider.vi > grouped.vi


def test_hedges_cluster_formula_by_hand() -> None:
    # N = 220, m = 10, icc = 0.1: A = 218 - 1.8 = 216.2, B = 218 x .81 + 10 x 200 x .01 + 2 x 200 x .09 = 232.58
    found = compute("hedges-g-from-clustered-means", **MEANS, cluster_size=10, icc=0.1, **WHERE)
    sp = np.sqrt((119 * 9 + 99 * 6.25) / 218)
    d = 1 / sp * np.sqrt(216.2 / 218)
    h = 216.2**2 / 232.58
    factor = 1 - 3 / (4 * h - 1)
    assert found.yi == pytest.approx(factor * d, rel=1e-5)  # Hedges' approximation of the exact factor
    variance = (1 / 120 + 1 / 100) * 1.9 + d**2 * 232.58 / (2 * 218 * 216.2)
    assert found.vi == pytest.approx(factor**2 * variance, rel=1e-5)
    wwc = compute("hedges-g-from-clustered-means", **MEANS, cluster_size=10, icc=0.1, form="wwc", **WHERE)
    assert wwc.yi == pytest.approx(factor * d, rel=1e-12)
    assert wwc.vi == pytest.approx(factor**2 * ((1 / 120 + 1 / 100) * 1.9 + d**2 / (2 * h)), rel=1e-12)


def test_hedges_cluster_formula_holds_in_simulated_trials() -> None:
    """The mean of g must be the true effect and its spread what the formula says (few, large clusters)."""
    rng = np.random.default_rng(11)
    runs, clusters, size, icc, delta = 4000, 6, 15, 0.2, 0.8
    shift = rng.normal(0, np.sqrt(icc), (runs, 2, clusters, 1))
    people = shift + rng.normal(0, np.sqrt(1 - icc), (runs, 2, clusters, size))
    people[:, 0] += delta
    flat = people.reshape(runs, 2, -1)
    mean, sd = flat.mean(axis=2), flat.std(axis=2, ddof=1)
    n = clusters * size
    found = compute(
        "hedges-g-from-clustered-means", mean1=mean[:, 0], sd1=sd[:, 0], n1=n, mean2=mean[:, 1], sd2=sd[:, 1], n2=n,
        cluster_size=size, icc=icc, **WHERE,
    )  # fmt: skip
    assert found.yi.mean() == pytest.approx(delta, abs=4 * found.yi.std() / np.sqrt(runs))  # four standard errors
    assert found.vi.mean() == pytest.approx(found.yi.var(), rel=0.1)  # a variance from 4,000 runs errs by 2 per cent
    ignored = compute("hedges-g-from-means", mean1=mean[:, 0], sd1=sd[:, 0], n1=n, mean2=mean[:, 1], sd2=sd[:, 1], n2=n)
    assert ignored.vi.mean() < 0.4 * found.yi.var()  # what ignoring clusters would have claimed
    of_means = people.mean(axis=3)
    by_means = compute(
        "hedges-g-from-cluster-means",
        mean1=of_means[:, 0].mean(axis=1), sd_means1=of_means[:, 0].std(axis=1, ddof=1), clusters1=clusters,
        mean2=of_means[:, 1].mean(axis=1), sd_means2=of_means[:, 1].std(axis=1, ddof=1), clusters2=clusters,
        cluster_size=size, icc=icc, **WHERE,
    )  # fmt: skip
    assert by_means.yi.mean() == pytest.approx(delta, abs=4 * by_means.yi.std() / np.sqrt(runs))


def test_too_few_clusters_are_refused() -> None:
    with pytest.raises(InputError, match="at least two clusters"):
        compute("hedges-g-from-clustered-means", **MEANS, cluster_size=115, icc=0.9, **WHERE)


def test_a_shared_group_is_shared_out_equally() -> None:
    assert split_shared({"events": 9, "n": 60}, 3) == {"events": 3, "n": 20}
    assert split_shared({"mean": 4.2, "sd": 1.1, "n": 60}, 2) == {"mean": 4.2, "sd": 1.1, "n": 30}
    with pytest.raises(InputError, match="at least 1"):
        split_shared({"n": 60}, 0)
    with pytest.raises(InputError, match="model the shared group instead"):
        split_shared({"n": 5}, 3)


@pytest.mark.parametrize("metric", ["OR", "RR", "RD", "MD", "SMD", "ROM", "IRR"])
def test_a_shared_group_s_covariance_holds_in_simulated_trials(metric: str) -> None:
    """Two interventions against one comparison group, drawn again and again."""
    rng = np.random.default_rng(5)
    runs, n1, n2 = 20_000, np.array([80.0, 120.0]), 100.0
    if metric in ("OR", "RR", "RD"):
        c, x = (
            rng.binomial(100, 0.3, runs),
            [rng.binomial(int(n), p, runs) for n, p in zip(n1, (0.2, 0.4), strict=True)],
        )
        name = {"OR": "log-odds-ratio", "RR": "log-risk-ratio", "RD": "risk-difference"}[metric] + "-from-counts"
        found = [compute(name, events1=one, n1=n, events2=c, n2=n2) for one, n in zip(x, n1, strict=True)]
        given_ = {"events2": 30, "n2": 100}
    elif metric == "IRR":
        c, x = rng.poisson(60, runs), [rng.poisson(rate, runs) for rate in (40, 80)]
        found = [compute("log-rate-ratio-from-counts", events1=one, time1=1, events2=c, time2=1) for one in x]
        given_ = {"events2": 60}
    else:
        shared = rng.normal(10, 2, (runs, 100))
        groups = [rng.normal(mean, 2, (runs, int(n))) for n, mean in zip(n1, (11, 12), strict=True)]
        name = {"MD": "mean-difference", "ROM": "log-ratio-of-means", "SMD": ""}[metric]
        pooled = np.sqrt(
            (shared.var(axis=1, ddof=1) * 99 + sum(g.var(axis=1, ddof=1) * (g.shape[1] - 1) for g in groups)) / 297
        )
        if metric == "SMD":  # Gleser and Olkin pool the standard deviation over all groups
            found = [compute("reported-hedges-g", g=(g.mean(axis=1) - shared.mean(axis=1)) / pooled, n1=n, n2=n2)
                     for g, n in zip(groups, n1, strict=True)]  # fmt: skip
            given_ = {"n1": n1, "n2": n2}
        else:
            found = [
                compute(name, mean1=g.mean(axis=1), sd1=g.std(axis=1, ddof=1), n1=n, mean2=shared.mean(axis=1),
                        sd2=shared.std(axis=1, ddof=1), n2=n2)
                for g, n in zip(groups, n1, strict=True)
            ]  # fmt: skip
            given_ = {"mean2": 10, "sd2": 2, "n2": 100}
    yi = np.array([one.yi for one in found])
    true = {"OR": np.log([0.25 / (3 / 7), (2 / 3) / (3 / 7)]), "SMD": np.array([0.5, 1.0])}.get(metric, yi.mean(axis=1))
    v = shared_control_covariance(metric, true, yi.var(axis=1), **given_)
    assert v[0, 1] == pytest.approx(
        np.cov(yi)[0, 1], rel=0.08
    )  # 20,000 runs: about 2 per cent; first order: a few more


def test_what_a_shared_group_needs_is_named() -> None:
    with pytest.raises(InputError, match="no covariance for HR"):
        shared_control_covariance("HR", [0.1, 0.2], [0.1, 0.1])
    with pytest.raises(InputError, match="needs n2"):
        shared_control_covariance("RR", [0.1, 0.2], [0.1, 0.1], events2=9)
    with pytest.raises(InputError, match="same length"):
        shared_control_covariance("RR", [0.1], [0.1, 0.1], events2=9, n2=40)
    with pytest.raises(InputError, match="cannot all hold"):
        shared_control_covariance("RR", [0.1, 0.2], [0.01, 0.01], events2=2, n2=40)
    with pytest.raises(InputError, match="not finite"):
        shared_control_covariance("RR", [0.1, 0.2], [0.1, 0.1], events2=0, n2=40)


@FEW
@given(st.lists(st.floats(0.01, 2), min_size=2, max_size=6), st.floats(0, 0.95))
def test_effects_of_the_same_people_hang_together_and_others_do_not(vi: list[float], r: float) -> None:
    group = [index // 2 for index in range(len(vi))]
    v = sampling_covariance(vi, group, r)
    np.testing.assert_allclose(np.diag(v), vi, rtol=1e-12)
    for i, j in np.ndindex(v.shape):
        if i != j:
            want = r * np.sqrt(vi[i] * vi[j]) if group[i] == group[j] else 0.0
            assert v[i, j] == pytest.approx(want, rel=1e-12)
    np.testing.assert_allclose(covariance_of_log_ratios(vi[:2], r), v[:2, :2], rtol=1e-12)


def test_two_outcomes_of_two_groups_by_gleser_and_olkin() -> None:
    v = covariance_of_smds([0.5, 0.3], 40, 50, 0.6)
    assert v[0, 1] == pytest.approx(0.6 * (1 / 40 + 1 / 50) + 0.36 * 0.15 / 180, rel=1e-14)
    assert v[0, 0] == pytest.approx(1 / 40 + 1 / 50 + 0.25 / 180, rel=1e-14)
    matrix = np.array([[1, 0.2], [0.2, 1]])
    assert covariance_of_smds([0.5, 0.3], 40, 50, matrix)[0, 1] < v[0, 1]


def test_covariances_that_cannot_be_are_refused() -> None:
    with pytest.raises(InputError, match="outside -1 to 1"):
        covariance_of_log_ratios([0.1, 0.2], 1.5)
    with pytest.raises(InputError, match="missing or below 0"):
        sampling_covariance([0.1, float("nan")], [1, 1], 0.5)
    with pytest.raises(InputError, match="2 effects but 1 groups"):
        sampling_covariance([0.1, 0.2], [1], 0.5)
    with pytest.raises(InputError, match="cannot all hold"):
        sampling_covariance([0.1, 0.1, 0.1], [1, 1, 1], -0.9)
    with pytest.raises(InputError, match="the correlation phi"):
        sampling_covariance([0.1, 0.2], [1, 1], 0.5, time=[0, 1])
    with pytest.raises(InputError, match=r"phi = 1\.2"):
        sampling_covariance([0.1, 0.2], [1, 1], 0.5, outcome=[1, 1], time=[0, 1], phi=1.2)
