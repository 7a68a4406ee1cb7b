"""Multilevel models and robust variances against metafor 3.8-1, clubSandwich 0.5.8 and robumeta 2.0 on real data sets.

Twice for each model: as fitted, where R's optimiser stops a little short of the top, and with the variances held where
R stopped, so that everything else must agree to the last digits.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.shared import SHARED, needs_shared
from whatworks.extract.methods.effects import measure
from whatworks.stats.robust import clustered, least_squares, robust
from whatworks.synthesise.methods.multilevel.correlated import rve
from whatworks.synthesise.methods.multilevel.modelling import multilevel
from whatworks.synthesise.methods.multilevel.result import Multilevel

ORACLES = json.loads((Path(__file__).parent / "multilevel.json").read_text(encoding="utf-8"))
# nlminb looks at the likelihood alone, which near its top moves by the square of what the variances move: a relative
# 1e-14 of it is about 1e-6 of a variance; one that is 0 to us is 1e-9 to it.
ITERATIVE = 5e-6
LIKELIHOOD = 1e-9
CLOSED = 1e-8  # R printed 15 digits; the inverses of matrices of 100 to 1,653 rows cost some of them
PROFILE = 1e-5  # metafor refits with nlminb at every step of uniroot
Table = dict[str, list[Any]]


def table(name: str) -> Table:
    with (SHARED / "metadat" / f"dat.{name}.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    return {column: [row[column].strip() for row in rows] for column in rows[0]}


def numbered(data: Table, name: str) -> Table:
    return data | {name: list(range(1, len(next(iter(data.values()))) + 1))}


def effects(data: Table, kind: Any, **columns: list[float]) -> Table:
    found = measure(kind, columns).to_dict()
    return data | {"yi": found["yi"], "vi": found["vi"]}


def bornmann() -> Table:
    data = table("bornmann2007")
    held = {name: [float(one) for one in data[name]] for name in ("waward", "wtotal", "maward", "mtotal")}
    return effects(data, "OR", ai=held["waward"], n1i=held["wtotal"], ci=held["maward"], n2i=held["mtotal"])


def crede() -> Table:
    data = table("crede2010")
    return effects(data, "ZCOR", ri=[float(one) for one in data["ri"]], ni=[float(one) for one in data["ni"]])


def ishak() -> Table:
    wide, long = table("ishak2007"), {name: list[Any]() for name in ("study", "time", "yi", "vi")}
    for row, study in enumerate(wide["study"]):
        for time in (1, 2, 3, 4):
            if wide[f"y{time}i"][row]:
                for name, one in (
                    ("study", study),
                    ("time", time),
                    ("yi", wide[f"y{time}i"][row]),
                    ("vi", wide[f"v{time}i"][row]),
                ):
                    long[name].append(one)
    return long


def berkey_v(data: Table) -> list[Any]:
    rows = np.array([[float(one) for one in data[name]] for name in ("v1i", "v2i")]).T
    return [rows[start : start + 2] for start in range(0, len(rows), 2)]


SETS: dict[str, Callable[[], Table]] = {
    "konst": lambda: table("konstantopoulos2011"),
    "assink": lambda: table("assink2016"),
    "tanner": lambda: numbered(table("tannersmith2016"), "esid"),
    "bornmann": bornmann,
    "crede": crede,
    "berkey": lambda: table("berkey1998"),
    "ishak": ishak,
    "knapp": lambda: numbered(table("knapp2017"), "row"),
    "kalaian": lambda: table("kalaian1996"),
    "mccurdy": lambda: table("mccurdy2020"),
}
THREE = {"nested": "study/esid"}
CASES: dict[str, dict[str, Any]] = {
    "konst": {"nested": "district/school"},
    "konst_ML": {"nested": "district/school", "method": "ML"},
    "konst_contain": {"nested": "district/school", "formula": "yi ~ year", "test": "contain"},
    "konst_t": {"nested": "district/school", "formula": "yi ~ year", "test": "t"},
    "konst_crossed": {"nested": "district/school", "crossed": ["year"]},
    "konst_crossed_ML": {"nested": "district", "crossed": ["year"], "method": "ML"},
    "konst_district": {"nested": "district", "rho": 0.3},
    "assink": THREE,
    "assink_che": THREE | {"rho": 0.6},
    "assink_che_mods": THREE | {"formula": "yi ~ year + deltype", "rho": 0.6},
    "assink_no_intercept": THREE | {"formula": "yi ~ deltype - 1"},
    "assink_subgroup": THREE | {"rho": 0.5, "subgroup": "deltype"},
    "assink_four": {"nested": "study/deltype/esid", "formula": "yi ~ pubstatus"},
    "assink_four_che": {"nested": "study/deltype/esid", "rho": 0.4},
    "assink_fixed": {"cluster": "study", "formula": "yi ~ year", "rho": 0.8},
    "assink_crossed": THREE | {"crossed": ["deltype"]},
    "tanner": {"nested": "studyid/esid"},
    "tanner_che": {"nested": "studyid/esid", "formula": "yi ~ aget1 + propmale", "rho": 0.7},
    "tanner_sexmix_ML": {"nested": "studyid/esid", "formula": "yi ~ sexmix * aget1", "method": "ML"},
    "bornmann": {"nested": "study/obs"},
    "bornmann_type": {"nested": "study/obs", "formula": "yi ~ type"},
    "crede": {"nested": "studyid/sampleid"},
    "crede_criterion": {"nested": "studyid/sampleid", "formula": "yi ~ criterion", "rho": 0.5},
    "berkey_V": {"nested": "trial/outcome", "formula": "yi ~ outcome - 1", "v": berkey_v},
    "berkey_V_ML": {"nested": "trial", "formula": "yi ~ outcome + I(year - 1983)", "v": berkey_v, "method": "ML"},
    "ishak": {"nested": "study/time", "formula": "yi ~ C(time) - 1", "rho": 0.9},
    "ishak_crossed": {"nested": "study", "crossed": ["time"], "rho": 0.5},
    "knapp_crossed": {"nested": "study/row", "crossed": ["task"]},
    "knapp_mods": {"nested": "study/row", "formula": "yi ~ difficulty", "rho": 0.4},
    "kalaian": {"nested": "study/id", "formula": "yi ~ outcome", "rho": 0.66},
    "mccurdy": {"nested": "article/experiment/sample/id", "formula": 'yi ~ C(condition, "read")'},
}


def model(name: str) -> Any:
    """R's numbers; without random effects it reports one variance of 0."""
    found = ORACLES["models"][name]
    return found if {"nested", "crossed"} & set(CASES[name]) else found | {"sigma2": []}


def fitted(name: str, **more: Any) -> Multilevel:
    data = SETS[name.partition("_")[0]]()
    case = {"formula": "yi ~ 1"} | CASES[name]
    if callable(case.get("v")):
        case["v"] = case["v"](data)
    return multilevel(table=data, **case, **more)


def close(ours: Any, theirs: Any, tolerance: float, floor: float, what: str) -> None:
    assert np.asarray(ours, dtype=float) == pytest.approx(np.asarray(theirs, dtype=float), rel=tolerance, abs=floor), (
        what
    )


@needs_shared
@pytest.mark.parametrize("name", CASES)
def test_the_fit(name: str) -> None:
    want, ours = model(name), fitted(name)
    assert ours.k == want["k"]
    assert ours.loglik >= want["loglik"] - LIKELIHOOD * abs(want["loglik"])  # ours is the top, or as near to it
    close(ours.loglik, want["loglik"], 1e-7, 1e-7, "loglik")
    scale = 1e-7 * (1 + sum(want["sigma2"]))
    close(ours.sigma2, want["sigma2"], ITERATIVE, scale, "sigma2")
    close([row.estimate for row in ours.coefficients], want["beta"], ITERATIVE, scale, "beta")
    close([row.se for row in ours.coefficients], want["se"], ITERATIVE, scale, "se")
    for key in ("aic", "bic", "aicc"):
        close(getattr(ours, key), want[key], 1e-7, 1e-7, key)


@needs_shared
@pytest.mark.parametrize("name", CASES)
def test_everything_else_with_the_variances_held_where_r_stopped(name: str) -> None:
    want = model(name)
    ours = fitted(name, sigma2=want["sigma2"])
    close([row.estimate for row in ours.coefficients], want["beta"], CLOSED, 1e-10, "beta")
    close([row.se for row in ours.coefficients], want["se"], CLOSED, 1e-10, "se")
    close([row.p for row in ours.coefficients], want["pval"], 1e-6, 1e-300, "p")  # tails magnify the last digits
    close([row.ci_low for row in ours.coefficients], want["ci_low"], CLOSED, 1e-9, "low")
    close([row.ci_high for row in ours.coefficients], want["ci_high"], CLOSED, 1e-9, "high")
    close([ours.loglik, ours.qe, ours.qm], [want["loglik"], want["qe"], want["qm"]], CLOSED, 1e-9, "loglik, qe, qm")
    close([ours.qe_p, ours.qm_p], [want["qe_p"], want["qm_p"]], 1e-5, 1e-300, "p of qe and qm")
    if CASES[name].get("test"):
        assert [row.df for row in ours.coefficients] == want["ddf"]
    if want.get("i2") is not None and ours.components:
        close([row.i2 for row in ours.components], want["i2"], CLOSED, 1e-8, "i2")
        close([ours.pi_low, ours.pi_high], want["pi"], CLOSED, 1e-9, "prediction interval")


@needs_shared
@pytest.mark.parametrize("kind", ["CR0", "CR1", "CR1S", "CR2", "CR3"])
@pytest.mark.parametrize("name", [name for name in CASES if ORACLES["models"][name].get("robust")])
def test_robust_variances(name: str, kind: Any) -> None:
    want = model(name)
    found = want["robust"].get(kind)
    if found is None:
        assert fitted(name, robust=kind).variances.lost  # type: ignore[union-attr]
        return
    ours = fitted(name, sigma2=want["sigma2"], robust=kind)
    assert ours.variances is not None
    scale = float(np.max(np.abs(np.array(found["covariance"]))))
    close(ours.covariance, found["covariance"], 1e-7, 1e-9 * scale, "covariance")
    close([row.df for row in ours.coefficients], found["df"], 1e-6, 0.0, "df")
    close([row.p for row in ours.coefficients], found["p"], 1e-5, 1e-12, "p")
    several = ours.names[0] == "intercept" and len(ours.names) > 1
    joint = ours.test(np.eye(len(ours.names))[int(several) :])
    if joint.p is None:  # a robust covariance without a direction: clubSandwich says 1e17, or nothing
        assert "htz" not in found or found["htz"]["f"] > 1e9
    elif "htz" in found:
        theirs = found["htz"]
        close(
            [joint.statistic, joint.delta, joint.df2, joint.p],
            [theirs[one] for one in ("f", "delta", "df2", "p")],
            1e-5,
            1e-9,
            "HTZ",
        )


@needs_shared
@pytest.mark.parametrize("name", [name for name in CASES if ORACLES["models"][name].get("intervals")])
def test_profile_intervals(name: str) -> None:
    ours, compared = fitted(name, intervals=True), 0
    for row, ends in zip(ours.components, ORACLES["models"][name]["intervals"], strict=True):
        for mine, theirs in zip((row.ci_low, row.ci_high), ends, strict=True):
            if theirs is not None:  # where metafor's refits do not converge it gives none
                close(mine, theirs, PROFILE, 1e-7, row.name)
                compared += 1
    assert compared or name == "konst_ML"


RVE: dict[str, tuple[str, str, str]] = {
    "assink_CORR": ("assink", "study", "yi ~ year"),
    "tanner_CORR": ("tanner", "studyid", "yi ~ 1"),
    "tanner_HIER": ("tanner", "studyid", "yi ~ aget1"),
    "konst_HIER": ("konst", "district", "yi ~ 1"),
    "assink_HIER": ("assink", "study", "yi ~ year + pubstatus"),
    "crede_HIER": ("crede", "studyid", "yi ~ 1"),
    "crede_CORR": ("crede", "studyid", "yi ~ criterion"),
}


@needs_shared
@pytest.mark.parametrize("name", ORACLES["rve"])
def test_simple_weights_as_robumeta(name: str) -> None:
    want, (data, study, formula) = ORACLES["rve"][name], RVE["_".join(name.split("_")[:2])]
    choice = {"weights": "HIER"} if "HIER" in name else {"rho": want.get("rho", 0.8)}
    ours = rve(table=SETS[data](), study=study, formula=formula, small="large" not in name, **choice)
    for key, mine in (("beta", "estimate"), ("se", "se"), ("df", "df"), ("p", "p")):
        close([getattr(row, mine) for row in ours.coefficients], want[key], CLOSED, 1e-12, key)
    close([ours.tau2], np.ravel(want["tau2"]), CLOSED, 1e-12, "tau2")
    if want["omega2"]:
        close([ours.omega2], np.ravel(want["omega2"]), CLOSED, 1e-12, "omega2")
    if ours.i2 is not None:
        close([ours.i2], np.ravel(want["i2"]), CLOSED, 1e-9, "i2")


@pytest.mark.parametrize("kind", ["CR0", "CR1", "CR1S", "CR2", "CR3"])
@pytest.mark.parametrize("weights", ["ols", "wls"])
def test_least_squares_as_clubsandwich(weights: str, kind: Any) -> None:
    held, want = ORACLES["linear"]["data"], ORACLES["linear"][weights][kind]
    data = {name: np.array([row[name] for row in held]) for name in held[0]}
    x = np.column_stack([np.ones(len(held)), data["x"], data["z"]])
    clusters = clustered(data["g"].tolist())
    w = data["w"] if weights == "wls" else None
    flat = robust(least_squares(x, data["y"], clusters, weights=w, working=np.ones(len(held))), clusters, kind)
    close(flat.se, want["se_flat"], CLOSED, 0.0, "se")
    close(flat.df, want["df_flat"], CLOSED, 0.0, "df")
    ours = robust(least_squares(x, data["y"], clusters, weights=w), clusters, kind)
    joint = ours.test(np.eye(3)[1:])
    if weights == "ols":
        close(ours.se, want["se"], CLOSED, 0.0, "se")
        close(ours.df, want["df"], CLOSED, 0.0, "df")
        close([joint.statistic, joint.df2], [want["f"], want["df2"]], CLOSED, 0.0, "HTZ")
