"""What stands beside the panel: further outcomes, subgroups, compliance, imputation, several arms, blind runs and the draw's own list."""

from __future__ import annotations

import json
from itertools import permutations
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.shared import needs_shared
from tests.unit.trial.trials import COUNTS, QUICK, SCHOOLS, WEDGE, rows_of
from whatworks.errors import InputError
from whatworks.trial.analyse import analyse_trial
from whatworks.trial.methods.allocating.admissible import admissible
from whatworks.trial.methods.allocating.publishing import allocate
from whatworks.trial.methods.analysing.blinding import scrambled
from whatworks.trial.methods.analysing.panel_rows import Failed, Row
from whatworks.trial.methods.analysing.table import table_of
from whatworks.trial.methods.design import read

pytestmark = needs_shared


def with_more(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Further outcomes: the first again, one of chance alone, and a yes or no."""
    chance = np.random.default_rng(8)
    return [
        row | {"again": row["y"], "noise": float(chance.normal()), "passed": int(float(row["y"]) > 18)} for row in rows
    ]


SEVERAL = QUICK + 'secondary = ["again", "noise", "passed", "absent"]\n'


def test_further_outcomes_have_corrected_p_values() -> None:
    first, noise, passed, absent = analyse_trial(SEVERAL, with_more(rows_of(QUICK))).comparisons[0].secondary
    assert first.row is not None and noise.row is not None and passed.row is not None
    assert first.row.p == pytest.approx(0.0214817, abs=1e-6)
    assert (first.row.scale, passed.row.scale) == ("difference", "risk difference")
    ranked = sorted((one.row.p or 0.0, one.p_adjusted) for one in (first, noise, passed) if one.row)
    assert [adjusted for _, adjusted in ranked] == pytest.approx(
        np.maximum.accumulate([min(1, (3 - k) * p) for k, (p, _) in enumerate(ranked)])
    )
    assert (absent.row, absent.p_adjusted) == (None, None)
    assert "no column “absent”" in absent.reason


def test_westfall_and_young_are_kinder_to_outcomes_that_go_together() -> None:
    rows = [row | {"again": row["y"], "thrice": row["y"]} for row in rows_of(SCHOOLS)]
    design = SCHOOLS + 'secondary = ["again", "thrice"]\nmultiplicity = "{}"\n'
    found = {
        way: analyse_trial(design.replace("{}", way), rows).comparisons[0].secondary
        for way in ("holm", "westfall-young")
    }
    assert found["holm"][0].p_adjusted == pytest.approx(2 * 0.0214817, abs=1e-6)
    # One question asked twice: t of clusters' means over allocations, which is what ri-exact says of it (0.0787; see its sample).
    assert found["westfall-young"][0].p_adjusted == pytest.approx(0.0787, abs=0.0081)
    assert found["westfall-young"][0].p_adjusted == found["westfall-young"][1].p_adjusted


def test_a_subgroup_of_people_inside_clusters() -> None:
    """The effects in two halves, and their difference, are those of one model with both; a column of one level says why not."""
    rows = [row | {"low": "yes" if float(row["pre"]) < 20 else "no", "all": "x"} for row in rows_of(QUICK)]
    low, single = analyse_trial(QUICK + 'subgroups = ["low", "all"]\n', rows).comparisons[0].subgroups
    assert [(one.level, one.rows) for one in low.levels] == [
        ("no", sum(row["low"] == "no" for row in rows)),
        ("yes", sum(row["low"] == "yes" for row in rows)),
    ]
    y = np.array([float(row["y"]) for row in rows])
    arm, pre, inside = (np.array([float(one) for one in column]) for column in (
        [row["trt"] for row in rows], [row["pre"] for row in rows], [row["low"] == "yes" for row in rows]))  # fmt: skip
    x = np.column_stack([np.ones(len(y)), arm * (1 - inside), arm * inside, pre, inside])
    b = np.linalg.lstsq(x, y, rcond=None)[0]
    assert [one.estimate for one in low.levels] == pytest.approx([b[1], b[2]], abs=1e-9)
    assert low.p is not None and low.df1 == 1
    assert (single.levels, single.p) == ((), None)
    assert "has 1 levels; a subgroup has 2 to 20" in single.reason


def test_those_who_kept_to_the_protocol_are_counted_apart() -> None:
    rows = rows_of(QUICK)
    found = analyse_trial(QUICK, rows).comparisons[0].per_protocol
    kept = [row for row in rows if row["trt"] == row["dose"]]
    assert len(kept) < len(rows)
    alone = next(row for row in analyse_trial(QUICK, kept).panel if row.method == "lmm-kr")
    assert isinstance(found, Row)
    assert found.estimate == pytest.approx(alone.estimate, abs=1e-12)


def test_compliance_that_is_not_known_is_said() -> None:
    rows = rows_of(QUICK)
    rows[0]["dose"] = ""
    found = analyse_trial(QUICK, rows)
    reasons = {one.method: one.reason for one in found.failed}
    assert "1 rows do not say" in reasons["cace-2sls-cr2"]
    assert isinstance(found.comparisons[0].per_protocol, Failed)


def test_outcomes_that_are_missing_are_imputed_and_bent() -> None:
    """A tenth missing by chance: the imputed estimate is near the whole's (0.504 is its error), and not surer than it."""
    rows = rows_of(QUICK)
    for place in range(0, len(rows), 10):
        rows[place]["y"] = ""
    found = analyse_trial(QUICK, rows).comparisons[0].filled
    assert found is not None
    assert sum(found.missing.values()) == 30
    assert found.combined.estimate == pytest.approx(1.27, abs=0.3)
    assert found.combined.se > 0.95 * 0.5038
    assert 0 < found.combined.fraction < 0.3
    assert found.tipping.significant == (found.combined.p < 0.05)
    assert found.tipping.delta is not None
    assert found.tipping.p_there == pytest.approx(0.05, abs=1e-4)
    assert analyse_trial(QUICK, rows_of(QUICK)).comparisons[0].filled is None


def test_several_arms_are_each_compared_with_the_first() -> None:
    design = QUICK.replace("[analysis]", '[[arms]]\nname = "a"\n[[arms]]\nname = "b"\n[[arms]]\nname = "c"\n[analysis]')
    rows = [row | {"trt": "a" if row["trt"] == "0" else "bc"[int(row["cluster"]) % 2]} for row in rows_of(QUICK)]
    found = analyse_trial(design, rows)
    assert [one.arms for one in found.comparisons] == [("a", "b"), ("a", "c")]
    assert any("several arms" in one for one in found.warnings)
    two = analyse_trial(design, [row for row in rows if row["trt"] != "b"] + [row for row in rows if row["trt"] == "b"])
    assert two.comparisons[1].panel[0].estimate == pytest.approx(found.comparisons[1].panel[0].estimate, abs=1e-9)
    assert found.to_dict()["further"][0]["arms"] == ["a", "c"]


def test_people_drawn_one_by_one_need_no_cluster() -> None:
    design = SCHOOLS.replace('kind = "cluster"', 'kind = "individual"').replace('cluster = "cluster"', "")
    found = analyse_trial(design.replace('"lmm-kr"', '"ols-cr2"'), rows_of(SCHOOLS))
    by_name = {row.method: row for row in found.panel}
    reasons = {one.method: one.reason for one in found.failed}
    assert "no cluster is named" in reasons["lmm-kr"]
    assert by_name["cluster-means-t"].estimate == pytest.approx(by_name["ols-cr2"].estimate)
    assert by_name["cluster-means-t"].df == 291 - 3
    assert by_name["ri-sampled"].p == pytest.approx(by_name["cluster-means-t"].p, abs=0.005)
    assert "too many" in reasons["ri-exact"]


def test_matched_pairs_are_tested_over_their_own_allocations() -> None:
    """Eight pairs whose differences are all above nought: 2 of the 256 allocations are as far."""
    design = """
[design]
kind = "matched-pairs"
[allocation]
method = "matched-pairs"
pair = "pair"
[analysis]
outcome = "y"
arm = "arm"
cluster = "cluster"
strata = ["pair"]
"""
    rows = [
        {"pair": p, "arm": a, "cluster": f"{p}{a}", "y": 10 * p + a * (1 + p % 3) + k / 7}
        for p in range(8)
        for a in (0, 1)
        for k in range(3)
    ]
    by_name = {row.method: row for row in analyse_trial(design, rows).panel}
    assert by_name["ri-exact"].p == 2 / 256
    assert by_name["cluster-means-t"].df == 7
    apart = [1 + p % 3 for p in range(8)]
    assert by_name["cluster-means-t"].se == pytest.approx(np.std(apart, ddof=1) / np.sqrt(8))


def test_a_covariate_of_clusters_is_taken_out_before_allocations_are_counted() -> None:
    """Six clusters, 20 allocations: by hand, each allocation's difference of what the covariate leaves."""
    design = """
[design]
kind = "cluster"
[analysis]
outcome = "y"
arm = "arm"
cluster = "cluster"
covariates = ["z"]
"""
    y, z, arm = [3.0, 5.5, 4.0, 9.0, 7.5, 11.0], [1.0, 2.0, 2.5, 3.0, 2.0, 4.0], [0, 1, 0, 1, 0, 1]
    rows = [{"y": a, "z": b, "arm": c, "cluster": n} for n, (a, b, c) in enumerate(zip(y, z, arm, strict=True))]
    found = next(row for row in analyse_trial(design, rows).panel if row.method == "ri-exact")
    x = np.column_stack([np.ones(6), z])
    left = np.array(y) - x @ np.linalg.lstsq(x, np.array(y), rcond=None)[0]
    schemes = [[int(n in (a, b, c)) for n in range(6)] for a in range(6) for b in range(a) for c in range(b)]
    apart = [abs(left[np.array(one) == 1].mean() - left[np.array(one) == 0].mean()) for one in schemes]
    mine = abs(left[np.array(arm) == 1].mean() - left[np.array(arm) == 0].mean())
    assert found.p == sum(one >= mine - 1e-12 for one in apart) / 20
    adjusted = np.linalg.lstsq(np.column_stack([x, arm]), np.array(y), rcond=None)[0][2]
    assert found.estimate == pytest.approx(adjusted)


def test_orders_of_a_wedge_are_counted_as_by_hand() -> None:
    """Four clusters, four sequences, 24 orders: each order's coefficient by least squares with levels of clusters and periods."""
    design = """
[design]
kind = "stepped-wedge"
[analysis]
outcome = "y"
arm = "arm"
cluster = "cluster"
period = "period"
"""
    chance = np.random.default_rng(3)
    arms = np.array([[int(t > c) for t in range(5)] for c in range(4)])
    y = chance.normal(size=(4, 1)) + chance.normal(size=(1, 5)) + 1.2 * arms + chance.normal(0, 0.5, (4, 5))
    rows = [{"cluster": c, "period": t, "arm": arms[c, t], "y": y[c, t]} for c in range(4) for t in range(5)]
    found = next(row for row in analyse_trial(design, rows).panel if row.method == "ri-exact")
    levels = [np.kron(np.eye(4), np.ones((5, 1))), np.tile(np.eye(5), (4, 1))[:, 1:]]

    def slope(order: tuple[int, ...], values: np.ndarray) -> float:
        x = np.hstack([arms[list(order)].reshape(-1, 1), *levels])
        return float(np.linalg.lstsq(x, values.ravel(), rcond=None)[0][0])

    def share(values: np.ndarray) -> float:
        apart = [abs(slope(order, values)) for order in permutations(range(4))]
        return sum(one >= apart[0] - 1e-9 for one in apart) / 24

    assert found.model == "all 24 orders of clusters"
    assert found.estimate == pytest.approx(slope((0, 1, 2, 3), y))
    assert found.p == share(y)


def test_ends_of_an_interval_are_where_the_test_turns() -> None:
    """All 252 allocations of ten clusters with a covariate: just inside an end the effect stands, just outside it is refused."""
    chance = np.random.default_rng(6)
    z, arm = chance.normal(size=10), np.arange(10) % 2
    y = z + 0.8 * arm + chance.normal(0, 0.6, 10)
    design = """
[design]
kind = "cluster"
[analysis]
outcome = "y"
arm = "arm"
cluster = "cluster"
covariates = ["z"]
"""

    def exact(effect: float) -> Row:
        rows = [{"cluster": n, "arm": arm[n], "z": z[n], "y": y[n] - effect * arm[n]} for n in range(10)]
        return next(row for row in analyse_trial(design, rows).panel if row.method == "ri-exact")

    whole = exact(0.0)
    for end, inwards in ((whole.ci_low, 1), (whole.ci_high, -1)):
        assert end is not None
        inside, outside = exact(end + inwards * 1e-6).p, exact(end - inwards * 1e-6).p
        assert inside is not None and outside is not None
        assert inside > 0.05 >= outside


def test_a_blind_run_deals_out_the_same_arms_to_whole_clusters() -> None:
    rows = rows_of(QUICK)
    design, table = read(QUICK), table_of(rows)
    plan = {"digest": "d", "data": "e"}
    dealt = scrambled(design, table, plan)
    by_cluster = {
        c: {a for a, b in zip(dealt["trt"], dealt["cluster"], strict=True) if b == c} for c in table["cluster"]
    }
    assert all(len(arms) == 1 for arms in by_cluster.values())
    assert sorted("".join(one) for one in by_cluster.values()) == ["0"] * 10 + ["1"] * 10
    assert dealt["trt"] != table["trt"]
    assert scrambled(design, table, plan)["trt"] == dealt["trt"]
    assert scrambled(design, table, {"digest": "f", "data": "e"})["trt"] != dealt["trt"]


def test_a_blind_wedge_exchanges_whole_sequences() -> None:
    table = table_of(rows_of(WEDGE))
    dealt = scrambled(read(WEDGE), table, {"digest": "d", "data": "e"})

    def sequences(held: dict[str, list[Any]]) -> dict[str, str]:
        found: dict[str, str] = {}
        for cluster, arm in zip(held["cluster"], held["trt"], strict=True):
            found[cluster] = found.get(cluster, "") + arm
        return found

    assert sorted(sequences(dealt).values()) == sorted(sequences(table).values())
    assert sequences(dealt) != sequences(table)


def test_a_blind_run_locks_the_plan(tmp_path: Path) -> None:
    blind = analyse_trial(QUICK, rows_of(QUICK), blind=True)
    assert blind.warnings[0].startswith("BLIND")
    assert blind.comparisons[0].per_protocol is None
    assert "cace-2sls-cr2" not in {row.method for row in blind.panel}
    lock = tmp_path / "lock.json"
    lock.write_text(json.dumps(blind.to_dict()), "utf-8")
    same = analyse_trial(QUICK, rows_of(QUICK), locked=lock)
    assert same.lock is not None and same.lock.same
    assert same.lock.digest == blind.to_dict()["digest"]
    other = analyse_trial(QUICK.replace('"lmm-kr"', '"ols-cr2"'), rows_of(QUICK), locked=lock)
    assert other.lock is not None
    assert other.lock.differences == ('[analysis] declared was "lmm-kr" and is "ols-cr2".',)
    spaced = analyse_trial(QUICK + "\n# a note\n", rows_of(QUICK), locked=lock)
    assert spaced.lock is not None and "the same in another text" in spaced.lock.differences[0]
    rows = rows_of(QUICK)
    rows[0]["y"] = "11"
    moved = analyse_trial(QUICK, rows, locked=lock)
    assert moved.lock is not None and "not those of the blind run" in moved.lock.differences[0]
    swapped = [row | {"trt": str(1 - int(row["trt"]))} for row in rows_of(QUICK)]
    arms = analyse_trial(QUICK, swapped, locked=lock)
    assert arms.lock is not None and arms.lock.same  # who was offered what is not part of what is locked


def test_a_lock_that_was_changed_is_refused(tmp_path: Path) -> None:
    held = analyse_trial(QUICK, rows_of(QUICK), blind=True).to_dict()
    held["plan"]["design"]["analysis"]["declared"] = "ols-cr2"
    lock = tmp_path / "lock.json"
    lock.write_text(json.dumps(held), "utf-8")
    with pytest.raises(InputError, match="changed after the blind run"):
        analyse_trial(QUICK, rows_of(QUICK), locked=lock)
    lock.write_text("{}", "utf-8")
    with pytest.raises(InputError, match="is not the answer of a blind run"):
        analyse_trial(QUICK, rows_of(QUICK), locked=lock)


CONSTRAINED = """
[design]
kind = "cluster"
[allocation]
method = "constrained"
covariates = ["size", "need"]
keep = "1/4"
[analysis]
outcome = "y"
arm = "arm"
cluster = "unit"
declared = "ri-exact"
"""
UNITS = [{"unit": f"u{n}", "size": str(20 + 3 * n * n % 17), "need": str(5 + 7 * n % 11)} for n in range(10)]


def drawn_rows(document: dict[str, Any]) -> list[dict[str, Any]]:
    """Outcomes of the units of a draw, three of each."""
    arms = document["allocation"]
    return [
        unit | {"arm": arms[unit["unit"]], "y": n % 4 + 2 * (arms[unit["unit"]] == "intervention") + k / 3}
        for n, unit in enumerate(UNITS)
        for k in range(3)
    ]


def test_a_constrained_draw_is_tested_over_its_own_candidates(tmp_path: Path) -> None:
    document = allocate(CONSTRAINED, UNITS, drawn_at="2026-01-05T10:00:00+00:00", typed="1")
    file = tmp_path / "allocation.json"
    file.write_text(json.dumps(document), "utf-8")
    rows = drawn_rows(document)
    found = analyse_trial(CONSTRAINED, rows, allocation=file).declared
    assert found is not None
    schemes = admissible(read(CONSTRAINED), UNITS).schemes
    assert len(schemes) < 252  # a quarter of them, and those that tie
    y = np.array([[row["y"] for row in rows if row["unit"] == unit["unit"]] for unit in UNITS]).mean(axis=1)
    apart = [abs(y[one == 1].mean() - y[one == 0].mean()) for one in schemes]
    mine = np.array([document["allocation"][unit["unit"]] == "intervention" for unit in UNITS])
    assert found.p == sum(one >= abs(y[mine].mean() - y[~mine].mean()) - 1e-12 for one in apart) / len(schemes)
    alone = analyse_trial(CONSTRAINED, rows).declared  # all candidates, in whatever order the units stand
    assert alone is not None and alone.p == found.p


def test_data_of_another_draw_are_refused(tmp_path: Path) -> None:
    document = allocate(CONSTRAINED, UNITS, drawn_at="2026-01-05T10:00:00+00:00", typed="1")
    file = tmp_path / "allocation.json"
    file.write_text(json.dumps(document), "utf-8")
    rows = drawn_rows(document)
    other = {"intervention": "control", "control": "intervention"}
    crossed = [row | {"arm": other[row["arm"]]} if row["unit"] == "u0" else row for row in rows]
    with pytest.raises(InputError, match=r"Row 1 has u0 in .* analyse as drawn"):
        analyse_trial(CONSTRAINED, crossed, allocation=file)
    with pytest.raises(InputError, match="Row 1 is of u99, which was not drawn"):
        analyse_trial(
            CONSTRAINED, [row | {"unit": "u99"} if row["unit"] == "u0" else row for row in rows], allocation=file
        )
    document["allocation"]["u0"] = other[document["allocation"]["u0"]]
    file.write_text(json.dumps(document), "utf-8")
    with pytest.raises(InputError, match="changed after the draw"):
        analyse_trial(CONSTRAINED, rows, allocation=file)


def test_a_draw_that_the_data_do_not_tell_is_not_guessed_at() -> None:
    design = COUNTS.replace("[analysis]", '[allocation]\nmethod = "minimisation"\nfactors = ["la"]\n[analysis]')
    reasons = {one.method: one.reason for one in analyse_trial(design, rows_of(COUNTS)).failed}
    assert "give its allocation file" in reasons["ri-exact"]
    assert "give its allocation file" in reasons["ri-sampled"]


def test_strata_of_the_draw_that_are_left_out_are_said() -> None:
    design = QUICK.replace("[analysis]", '[allocation]\nmethod = "stratified"\nstrata = ["la"]\n[analysis]')
    found = analyse_trial(design, rows_of(QUICK))
    assert any("The draw was within la, which the analysis does not adjust for" in one for one in found.warnings)
    exact = next(row for row in found.panel if row.method == "ri-exact")
    assert exact.model == "all 10,000 allocations"
