"""Times the fits of benches/synthesis.py by Python's other programs, in an environment of their own.

    python peers.py DATA.json    says its versions, then answers each name of a fit with one line of JSON

CPU milliseconds and the answer of each fit by program, or the problem. What a program keeps for later is asked for.
"""

from __future__ import annotations

import json
import signal
import statistics
import sys
import time
import warnings
from collections.abc import Callable
from importlib.metadata import version

import meta_analyze
import numpy as np
import pimeta
from pymare.estimators import DerSimonianLaird, VarianceBasedLikelihoodEstimator
from statsmodels.stats.meta_analysis import combine_effects

LIMIT = 90  # seconds for one fit; what is slower than this is told as such
Work = Callable[[], object]


def ms(work: Work) -> dict[str, object]:
    """CPU milliseconds of one run (five blocks; one run where it takes more than two seconds), and the answer."""
    start = time.process_time()
    answer = work()
    first = time.process_time() - start
    if first > 2:
        return {"ms": 1000 * first, "answer": np.ravel(answer).astype(float).tolist()}
    runs = max(1, int(0.1 / max(spent(work), 1e-6)))
    seen = [spent(work, runs) for _ in range(5)]
    return {"ms": 1000 * statistics.median(seen), "answer": np.ravel(answer).astype(float).tolist()}


def spent(work: Work, times: int = 1) -> float:
    """CPU seconds of one run, over so many."""
    start = time.process_time()
    for _ in range(times):
        work()
    return (time.process_time() - start) / times


def pooled(y: np.ndarray, v: np.ndarray, k: int) -> dict[str, dict[str, Work]]:
    """The two-level fits by program."""
    one = np.ones((y.size, 1))

    def mare(estimator: object) -> list[float]:
        found = estimator.fit(y[:, None], v[:, None], one).summary()  # type: ignore[attr-defined]
        stats = found.get_fe_stats()
        return [float(stats["est"].item()), float(stats["se"].item())]

    def ported(method: str, test: str) -> list[float]:
        found = pimeta.rma(y, v, method=method, test=test)
        found.to_dict()
        return [np.ravel(found.b)[0], np.ravel(found.se)[0]]

    def pandas_first() -> list[float]:
        found = meta_analyze.meta_analysis(effect=y, variance=v, tau2_method="REML", ci_method="hksj")
        found.summary()
        return [found.estimate, found.standard_error]

    def combined() -> list[float]:
        found = combine_effects(y, v, method_re="dl")
        found.summary_frame()
        return [found.mean_effect_re, found.sd_eff_w_re]

    reml = VarianceBasedLikelihoodEstimator
    return {
        "pimeta": {
            f"reml_{k}": lambda: ported("REML", "knha"),
            **({f"dl_{k}": lambda: ported("DL", "z")} if k < 2000 else {}),
        },
        "PyMetaAnalysis": {f"reml_{k}": pandas_first},
        "PyMARE": {
            f"reml_{k}": lambda: mare(reml(method="REML")),
            f"dl_{k}": lambda: mare(DerSimonianLaird(small_sample_correction="wald")),
        },
        "statsmodels": {f"dl_{k}": combined},
    }


def nested(given: dict[str, dict[str, list[float]]]) -> dict[str, Work]:
    """pimeta's models with levels."""
    a, b, d = (
        {name: np.array(column) for name, column in given[name].items()} for name in ("assink", "balanced", "campbell")
    )

    def three(data: dict[str, np.ndarray], **more: object) -> object:
        return pimeta.rma_mv(data["yi"], more.pop("vi", None), data=data, random="~ 1 | study/esid", **more)

    def plain(data: dict[str, np.ndarray]) -> list[float]:
        found = three(data, vi=data["vi"])
        return [np.ravel(found.beta)[0], np.ravel(found.se)[0]]  # type: ignore[attr-defined]

    def cr2(fit: object, data: dict[str, np.ndarray]) -> list[float]:
        found = pimeta.robust(fit, cluster=data["study"], clubSandwich=True)
        return [*np.ravel(fit.beta), *np.ravel(found["se"])]  # type: ignore[attr-defined]

    kinds = sorted(set(a["deltype"].tolist()))[1:]
    mods = np.column_stack([a["year"].astype(float), *((a["deltype"] == kind).astype(float) for kind in kinds)])
    fitted = three(a, vi=a["vi"], mods=mods)
    return {
        "three_100": lambda: plain(a),
        "cr2": lambda: cr2(fitted, a),
        "che": lambda: cr2(three(d, V=pimeta.vcalc(d["vi"], cluster=d["study"], rho=0.6)), d),
        "three_1000": lambda: plain(b),
    }


def resampled(given: dict[str, dict[str, list[float]]]) -> dict[str, Work]:
    """pimeta's refits and its selection model."""
    y, v = np.array(given["k100"]["y"]), np.array(given["k100"]["v"])
    s = {name: np.array(column) for name, column in given["selected"].items()}
    b = {name: np.array(column) for name, column in given["bcg"].items()}
    bcg = pimeta.rma(b["y"], b["v"], mods=b["x"])

    def permuted() -> object:
        pimeta.permutest(bcg, iter=1000, seed=1)
        return np.ravel(bcg.b)

    def selected() -> list[float]:
        found = pimeta.selmodel(pimeta.rma(s["y"], s["v"], method="ML"), "stepfun", steps=[0.025])
        return [float(np.ravel(found.beta)[0]), float(np.ravel(found.delta)[1])]

    return {
        "leave_one_out": lambda: pimeta.leave1out(y, v).estimate,
        "permutation": permuted,
        "selection": selected,
    }


def bootstrap(given: dict[str, dict[str, list[float]]]) -> float:
    """Milliseconds of 10,000 refits, from 500."""
    v = np.array(given["k100"]["v"])[:20]
    drawn = np.random.default_rng(1).normal(0, np.sqrt(v + 0.1), (500, 20))
    return 20_000 * spent(lambda: [pimeta.rma(y, v) for y in drawn])


def tried(work: Callable[[], dict[str, object]]) -> dict[str, object]:
    """What it found, or the problem."""
    signal.alarm(LIMIT)
    try:
        return work()
    except TimeoutError:
        return {"problem": f"more than {LIMIT} s"}
    except Exception as problem:  # another program may fail in any way: it is told, and the rest goes on
        return {"problem": f"{type(problem).__name__}: {problem}"[:200]}
    finally:
        signal.alarm(0)


def stopped(*_: object) -> None:
    """The alarm."""
    raise TimeoutError


def works(given: dict[str, dict[str, list[float]]]) -> dict[str, dict[str, Work]]:
    """Every fit by program, by its name; each measures itself."""
    found: dict[str, dict[str, Work]] = {}
    for k in (10, 100, 500, 2000):
        one = given[f"k{k}"]
        for program, fits in pooled(np.array(one["y"]), np.array(one["v"]), k).items():
            for name, work in fits.items():
                found.setdefault(name, {})[program] = lambda work=work: ms(work)
    for name, work in (nested(given) | resampled(given)).items():
        found[name] = {"pimeta": lambda work=work: ms(work)}
    found["bootstrap"] = {"pimeta": lambda: {"ms": bootstrap(given)}}
    return found


def main() -> None:
    """Time what is asked for."""
    warnings.simplefilter("ignore")
    signal.signal(signal.SIGALRM, stopped)
    with open(sys.argv[1], encoding="utf-8") as file:
        given = json.load(file)
    fits = works(given)
    programs = ("pimeta", "PyMetaAnalysis", "PyMARE", "statsmodels")
    print(json.dumps({program: version(program.lower()) for program in programs}), flush=True)
    for name in map(str.strip, sys.stdin):
        print(json.dumps({program: tried(work) for program, work in fits.get(name, {}).items()}), flush=True)


if __name__ == "__main__":
    main()
