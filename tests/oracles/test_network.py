"""Networks against metafor's rma.mv on thirteen real data sets, most with multi-arm studies, and one published example."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.shared import SHARED, needs_shared
from whatworks.synthesise.methods.network import Network, network

WANT: dict[str, Any] = json.loads(Path(__file__).with_name("network.json").read_text(encoding="utf-8"))["sets"]
CLOSED = 1e-9  # R printed 16 digits; the sums of up to 120 contrasts lose two or three of them
# rma.mv's nlminb stops on the likelihood, which is flat at its top: half of the digits of tau2, then effects with it
ITERATIVE = 2e-6
Rows = list[dict[str, str]]


def rows_of(name: str) -> Rows:
    with (SHARED / "metadat" / f"dat.{name}.csv").open(encoding="utf-8") as file:
        return [{key: (value or "").strip() for key, value in row.items()} for row in csv.DictReader(file)]


def long(rows: Rows, study: str, treatment: str, measure: str, columns: dict[str, str]) -> dict[str, Any]:
    return {
        "study": [row[study] for row in rows],
        "treatment": [row[treatment] for row in rows],
        "measure": measure,
        "arms": {ours: [float(row[theirs]) for row in rows] for ours, theirs in columns.items()},
    }


def wide(rows: Rows, study: str, treatment: str, measure: str, columns: dict[str, str]) -> dict[str, Any]:
    found = []
    for row in rows:
        for arm in "123":
            if row[treatment + arm] and row[next(iter(columns.values())) + arm] not in ("", "NA"):
                found.append({"s": row[study], "t": row[treatment + arm]} | {c: row[c + arm] for c in columns.values()})
    return long(found, "s", "t", measure, columns)


def counts(name: str, study: str, treatment: str, x: str, n: str, measure: str) -> dict[str, Any]:
    return long(rows_of(name), study, treatment, measure, {"xi": x, "ni": n})


def linde2016() -> dict[str, Any]:
    rows = rows_of("linde2016")
    columns = {"study": "id", "treat1": "treat1", "treat2": "treat2"}
    numbers = {"yi": [float(row["lnOR"]) for row in rows], "vi": [float(row["selnOR"]) ** 2 for row in rows]}
    return {ours: [row[theirs] for row in rows] for ours, theirs in columns.items()} | numbers


MEANS = {"mi": "y", "sdi": "sd", "ni": "n"}
SENN = {"mi": "mi", "sdi": "sdi", "ni": "ni"}
SETS: dict[str, Callable[[], dict[str, Any]]] = {
    "senn2013": lambda: long(rows_of("senn2013"), "study", "treatment", "MD", SENN),
    "franchini2012": lambda: wide(rows_of("franchini2012"), "Study", "Treatment", "MD", MEANS),
    "stowe2010": lambda: wide(rows_of("stowe2010"), "study", "t", "MD", MEANS),
    "hasselblad1998": lambda: counts("hasselblad1998", "study", "trt", "xi", "ni", "OR"),
    "hasselblad1998_rr": lambda: counts("hasselblad1998", "study", "trt", "xi", "ni", "RR"),
    "dogliotti2014": lambda: counts("dogliotti2014", "id", "treatment", "stroke", "total", "OR"),
    "dogliotti2014_rd": lambda: counts("dogliotti2014", "id", "treatment", "stroke", "total", "RD"),
    "pagliaro1992": lambda: counts("pagliaro1992", "study", "trt", "xi", "ni", "OR"),
    "dong2013": lambda: counts("dong2013", "id", "treatment", "death", "randomized", "OR"),
    "gurusamy2011": lambda: counts("gurusamy2011", "study", "treatment", "death", "n", "OR"),
    "baker2009": lambda: counts("baker2009", "id", "treatment", "exac", "total", "RR"),
    "linde2015": lambda: wide(rows_of("linde2015"), "id", "treatment", "RR", {"xi": "resp", "ni": "n"}),
    "linde2016": linde2016,
}


def against_first(found: Network) -> tuple[list[float], list[float]]:
    """Effects and standard errors of the other treatments over the first by name."""
    first, *others = found.treatments
    told = [found.compare(other, first) for other in others]
    return [one.estimate for one in told], [one.se for one in told]


@needs_shared
@pytest.mark.parametrize("name", SETS)
@pytest.mark.parametrize("method", ["common", "DL", "REML", "ML"])
def test_every_number_of_rma_mv(name: str, method: str) -> None:
    want = WANT[name]
    choice: dict[str, Any] = {"model": "common"} if method == "common" else {"tau2": method}
    found = network(**SETS[name](), **choice)
    fit, tolerance = want[method], ITERATIVE if method in ("REML", "ML") else CLOSED
    assert (list(found.treatments), found.k, found.q_df) == (want["treatments"], want["n"], want["df"])
    estimates, ses = against_first(found)
    least = 1e-3 * min(ses)  # an effect near 0 has few digits of its own; those of its standard error count
    assert estimates == pytest.approx(np.atleast_1d(fit["b"]).tolist(), rel=tolerance, abs=tolerance * least * 1e3)
    assert ses == pytest.approx(np.sqrt(np.diag(np.atleast_2d(fit["vb"]))).tolist(), rel=tolerance)
    assert found.q == pytest.approx(fit["qe"], rel=CLOSED)
    assert found.q_p == pytest.approx(fit["qep"], rel=1e-7)  # a tail of 1e-30 magnifies the last digits of Q
    if method != "common":
        # at the boundary nlminb stops at a tau2 of about 1e-9 where ours is exactly 0
        assert found.tau2 == pytest.approx(fit["tau2"], rel=10 * tolerance, abs=1e-7 if method != "DL" else 1e-14)
    if method in ("REML", "ML"):
        assert found.loglik == pytest.approx(fit["loglik"], rel=1e-9, abs=1e-8)
        assert found.loglik >= fit["loglik"] - 1e-8  # where digits differ, ours is nearer to the top


@needs_shared
@pytest.mark.parametrize("name", SETS)
def test_the_split_of_q_between_and_within_designs(name: str) -> None:
    want, found = WANT[name], network(**SETS[name](), tau2="DL").decomposition
    assert len(found.designs) == want["designs"]
    assert found.within.df == want["df_within"]
    assert found.within.q == pytest.approx(want["q_within"], rel=1e-8, abs=1e-9)
    assert found.total.q == pytest.approx(found.within.q + found.between.q, rel=1e-9)
    assert sum(one.between for one in found.designs) == pytest.approx(found.between.q, rel=1e-8, abs=1e-9)
    assert sum(one.within.q for one in found.designs) == pytest.approx(found.within.q, rel=1e-8, abs=1e-9)
    if found.random is not None:
        assert found.tau2_within == pytest.approx(want["tau2_within"], rel=1e-8, abs=1e-12)
        assert found.random.q == pytest.approx(want["q_inc_random"], rel=1e-7, abs=1e-8)


@needs_shared
def test_the_example_of_senn_and_others_has_its_degrees_of_freedom() -> None:
    """26 trials of ten treatments, one of them with three arms; the numbers themselves are checked against metafor above."""
    parts = network(**SETS["senn2013"](), tau2="DL", reference="placebo", better="lower").decomposition
    assert (parts.within.df, parts.between.df) == (11, 7)
