"""Agreement against statsmodels and irrCAC, against printed examples, and against a review's five real screeners."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.shared import SHARED, needs_shared
from whatworks.screen.methods.agreement import Judged, PairAgreement, against_final, agreement

TABLES = json.loads(Path(__file__).with_name("from_irrcac.json").read_text(encoding="utf-8"))["tables"]
FOSTER = SHARED / "evidence" / "foster_screening"
SCREENERS = ("S1", "S2", "S3", "S4", "S5")
DIGITS = 1e-12  # closed forms; irrCAC rounds to fourteen decimals


def of_table(table: Sequence[int]) -> PairAgreement:
    cells = (("include", "include"), ("include", "exclude"), ("exclude", "include"), ("exclude", "exclude"))
    judged = [
        Judged(f"{first}{second}{number}", name, decision)  # type: ignore[arg-type]
        for (first, second), times in zip(cells, table, strict=True)
        for number in range(times)
        for name, decision in (("A", first), ("B", second))
    ]
    return agreement(judged).pairs[0]


@pytest.mark.parametrize("pinned", TABLES, ids=lambda pinned: str(pinned["table"]))
def test_kappa_and_ac1_with_their_standard_errors(pinned: dict[str, Any]) -> None:
    found = of_table(pinned["table"])
    assert found.kappa.value == pytest.approx(pinned["kappa"], abs=DIGITS)
    assert found.kappa.se == pytest.approx(pinned["kappa_se"], abs=DIGITS)
    assert found.ac1.value == pytest.approx(pinned["ac1"], abs=DIGITS)
    assert found.ac1.se == pytest.approx(pinned["ac1_se"], abs=DIGITS)


def test_the_paradox_of_feinstein_and_cicchetti() -> None:
    # Feinstein and Cicchetti (1990): 85% agreement twice, kappa .70 on even shares and .32 on uneven ones.
    even, uneven = of_table([40, 9, 6, 45]), of_table([80, 10, 5, 5])
    assert (even.observed.value, uneven.observed.value) == (0.85, 0.85)
    assert even.kappa.value == pytest.approx(0.70, abs=0.005)
    assert uneven.kappa.value == pytest.approx(0.32, abs=0.005)
    assert even.pabak.value == uneven.pabak.value == pytest.approx(0.70)
    assert uneven.ac1.value == pytest.approx(0.81, abs=0.005)


def foster() -> Iterator[tuple[dict[str, str], list[Judged]]]:
    """Each reference with exactly two screeners and its judgements, all counted as drawn by lot.

    A review, kept apart by its screeners, is an exclusion.
    """
    with (FOSTER / "decisions.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["n_screeners"] == "2":
                said = {name: row[name] == "include" for name in SCREENERS if row[name]}
                yield row, [Judged(row["eppi_id"], name, "include" if yes else "exclude") for name, yes in said.items()]


@needs_shared
def test_every_screener_of_a_real_review_against_its_final_decisions() -> None:
    truth = json.loads((FOSTER / "truth.json").read_text(encoding="utf-8"))["screeners_two_screener_subset"]
    rows = list(foster())
    final = {row["eppi_id"]: row["final"] == "include" for row, _ in rows}
    found = against_final([one for _, judged in rows for one in judged], final)
    assert {one.screener for one in found} == set(truth)
    for one in found:
        published = truth[one.screener]
        assert (one.tp, one.fn, one.fp, one.tn) == tuple(published[key] for key in ("TP", "FN", "FP", "TN"))
        assert one.recall.value == pytest.approx(published["recall"], abs=1e-10)  # printed with ten decimals
        assert one.specificity.value == pytest.approx(published["specificity"], abs=1e-10)


@needs_shared
def test_the_kappas_of_a_real_review() -> None:
    pairs = json.loads((FOSTER / "pair_agreement_computed.json").read_text(encoding="utf-8"))["pairs"]
    found = agreement([one for _, judged in foster() for one in judged])
    by_name = {f"{one.first}-{one.second}": one for one in found.pairs}
    for name, computed in pairs.items():
        one = by_name[name]
        counts = (one.n, one.both, one.first_only, one.second_only, one.neither)
        assert counts == tuple(computed[key] for key in ("n", "both_in", "a_only", "b_only", "both_out"))
        assert one.kappa.value == pytest.approx(computed["kappa"], abs=1e-6)  # printed with six decimals
        assert one.observed.value == pytest.approx(computed["agree"], abs=1e-6)
    assert found.pooled is not None
    assert found.pooled.n == sum(one.n for one in found.pairs)
