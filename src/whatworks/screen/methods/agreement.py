"""How well do screeners agree? From records drawn by lot and judged by two or more, so that ranking cannot bend it.

When a ranker decides which records two people both see, they see the likely ones: prevalence among them is far from that
of the review, and kappa with it. So only judgements marked `sampled` count here, unless all are asked for, with a warning.
Oracles: statsmodels (kappa) and irrCAC (AC1), in tests/oracles/test_agreement.py.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Literal

import numpy as np

from whatworks.errors import InputError
from whatworks.saying import said, said_of
from whatworks.screen.methods.agreement_words import result_warnings, table_warnings, worded
from whatworks.screen.methods.two_screeners import (
    UNKNOWN,
    Estimate,
    Floats,
    ac1,
    ac1_influence,
    around,
    kappa,
    kappa_influence,
    missed_alone,
    one_sided,
    specific,
    wilson,
)
from whatworks.screen.methods.urns import check_share
from whatworks.stats.results import Result

Decision = Literal["include", "exclude", "maybe"]
Maybe = Literal["include", "exclude", "leave out"]
Basis = Literal["sample", "all"]
Pattern = tuple[tuple[int, int], ...]  # for one record: which pairs judged it, and the cell of each


@dataclass(frozen=True, slots=True)
class Judged:
    """One screener's decision on one record. sampled: the record was drawn by lot to be judged by more than one."""

    record: str
    screener: str
    decision: Decision
    sampled: bool = True


@dataclass(frozen=True, slots=True)
class PairAgreement(Result):
    """Two screeners side by side; the pooled one has the sums of all pairs.

    n: records both judged; both, first_only, second_only, neither: who included. observed: share of equal decisions;
    kappa: Cohen's; pabak = 2 observed - 1; ac1: Gwet's; positive, negative: specific agreement on includes and on
    excludes; missed_alone: share of what either included that one alone would have left out.
    """

    first: str
    second: str
    n: int
    both: int
    first_only: int
    second_only: int
    neither: int
    observed: Estimate
    kappa: Estimate
    pabak: Estimate
    ac1: Estimate
    positive: Estimate
    negative: Estimate
    missed_alone: Estimate
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Agreement(Result):
    """Every pair that shares records, and all of them pooled. None where nobody shares any.

    records: those judged by more than one and used; unsampled: those judged by more than one but not drawn by lot.
    """

    pairs: tuple[PairAgreement, ...]
    pooled: PairAgreement | None
    records: int
    unsampled: int
    basis: Basis
    maybe: Maybe
    level: float
    interval: str
    sentence: str
    warnings: tuple[str, ...]

    def summary(self) -> str:
        """The sentence and the warnings."""
        return "\n".join([self.sentence, *(f"  - {warning}" for warning in self.warnings)])


def agreement(
    judgements: Iterable[Judged],
    *,
    basis: Basis = "sample",
    maybe: Maybe = "include",
    level: float = 0.95,
    rng: np.random.Generator | None = None,
    resamples: int = 2000,
) -> Agreement:
    """How far two or more screeners agree, per pair and pooled, with intervals at `level`.

    basis: only records drawn by lot (`sample`) or every record that two judged. maybe: what an undecided decision counts
    as; `include` by default, since it sends the record on to be read. rng: given, the intervals of kappa and AC1 are
    percentiles of `resamples` bootstrap samples of whole records, else from large-sample standard errors.
    Pooled kappa and AC1 are means over pairs weighted by their records: weighting by precision would favour pairs whose
    kappa came out high, and one table of all would take differences between screeners for agreement (Barlow, Lai and
    Azen 1991). Their standard errors go over records, so one that three people judged is not counted thrice.
    """
    check_share("level", level)
    patterns, names, unsampled = _patterns(_used(judgements, maybe), basis)
    tables = np.zeros((len(names), 4))
    for pattern, times in patterns.items():
        for pair, cell in pattern:
            tables[pair, cell] += times
    drawn = _drawn(patterns, len(names), rng, resamples) if rng is not None and names else None
    pairs = tuple(
        _pair(name, tables[at], level, None if drawn is None else drawn[:, at]) for at, name in enumerate(names)
    )
    pooled = _pooled(tables, patterns, level, drawn) if names else None
    records = sum(patterns.values())
    return Agreement(
        pairs=pairs,
        pooled=pooled,
        records=records,
        unsampled=unsampled,
        basis=basis,
        maybe=maybe,
        level=level,
        interval="large sample" if rng is None else f"bootstrap of {resamples:,}",
        sentence=_sentence(pooled, records, level, basis),
        warnings=result_warnings(basis, unsampled, records, pooled.warnings if pooled else ()),
    )


def _sentence(pooled: PairAgreement | None, records: int, level: float, basis: Basis) -> str:
    drawn, n = basis == "sample", f"{records:,}"
    if pooled is None:
        if drawn:
            return said(
                "No record drawn by lot has been judged by two screeners yet, so nothing can be said of agreement."
            )
        return said("No record has been judged by two screeners yet, so nothing can be said of agreement.")
    which = said_of(records, "%(n)s record", "%(n)s records", n=n)
    if drawn:
        which = said_of(records, "%(n)s record drawn by lot", "%(n)s records drawn by lot", n=n)
    return worded(which, pooled.observed, pooled.kappa, pooled.ac1, pooled.missed_alone, level)


def _used(judgements: Iterable[Judged], maybe: Maybe) -> dict[str, dict[str, tuple[bool, bool]]]:
    """For each record and screener: whether included, and whether drawn by lot."""
    used: dict[str, dict[str, tuple[bool, bool]]] = defaultdict(dict)
    for one in judgements:
        if one.decision not in ("include", "exclude", "maybe"):
            raise InputError(
                said(
                    "The decision %(decision)r on record %(record)s is not include, exclude or maybe.",
                    decision=one.decision,
                    record=one.record,
                )
            )
        decision = maybe if one.decision == "maybe" else one.decision
        if one.screener in used[one.record]:
            raise InputError(
                said(
                    "%(screener)s judged record %(record)s twice; keep the decision that stands.",
                    screener=one.screener,
                    record=one.record,
                )
            )
        if decision != "leave out":
            used[one.record][one.screener] = (decision == "include", one.sampled)
    return used


def _patterns(
    used: dict[str, dict[str, tuple[bool, bool]]], basis: Basis
) -> tuple[Counter[Pattern], list[tuple[str, str]], int]:
    """How often each pattern of pairs and cells occurs, the pairs by name, and the records left out or not by lot."""
    patterns: Counter[tuple[tuple[tuple[str, str], int], ...]] = Counter()
    unsampled = 0
    for by in used.values():
        lots = sorted(name for name, (_, sampled) in by.items() if sampled)
        unsampled += len(by) > 1 and len(lots) < 2
        kept = lots if basis == "sample" else sorted(by)
        cells = tuple(((a, b), 2 * (not by[a][0]) + (not by[b][0])) for a, b in combinations(kept, 2))
        if cells:
            patterns[cells] += 1
    names = sorted({pair for pattern in patterns for pair, _ in pattern})
    place = {name: at for at, name in enumerate(names)}
    numbered = {tuple((place[pair], cell) for pair, cell in pattern): n for pattern, n in patterns.items()}
    return Counter(numbered), names, unsampled


def _drawn(patterns: Counter[Pattern], pairs: int, rng: np.random.Generator, resamples: int) -> Floats:
    """Tables of bootstrap samples of records: resamples, pairs, four cells. Drawing patterns is drawing records."""
    shapes = np.zeros((len(patterns), pairs, 4))
    for at, pattern in enumerate(patterns):
        for pair, cell in pattern:
            shapes[at, pair, cell] += 1
    times = np.array(list(patterns.values()), dtype=float)
    counts = rng.multinomial(int(times.sum()), times / times.sum(), size=resamples)
    return np.tensordot(counts.astype(float), shapes, axes=1)


def _percentiles(estimate: Estimate, values: Floats, level: float) -> Estimate:
    """The estimate with bootstrap limits; samples in which it has no value are left out."""
    known = values[np.isfinite(values)]
    if estimate.value is None or not known.size:
        return estimate
    low, high = np.quantile(known, [(1 - level) / 2, (1 + level) / 2])
    return Estimate(estimate.value, float(known.std(ddof=1)) if known.size > 1 else None, float(low), float(high))


def _pair(name: tuple[str, str], table: Floats, level: float, drawn: Floats | None) -> PairAgreement:
    n = float(table.sum())
    its_kappa, its_ac1 = UNKNOWN, UNKNOWN
    if not one_sided(table):
        its_kappa = around(float(kappa(table)), float(table @ kappa_influence(table) ** 2) / n**2, level)
    if n > 1:
        its_ac1 = around(float(ac1(table)), float(table @ ac1_influence(table) ** 2) / (n * (n - 1)), level)
    if drawn is not None:
        drawn = drawn[drawn.sum(axis=-1) > 0]
        its_kappa = _percentiles(its_kappa, kappa(drawn), level)
        its_ac1 = _percentiles(its_ac1, ac1(drawn), level)
    return _filled(name, table, n, (its_kappa, its_ac1), level)


def _pooled(tables: Floats, patterns: Counter[Pattern], level: float, drawn: Floats | None) -> PairAgreement:
    n = tables.sum(axis=-1)
    defined = ~one_sided(tables)
    its_kappa = its_ac1 = UNKNOWN
    if defined.any():
        weights = np.where(defined, n, 0.0) / n[defined].sum()
        moved = np.stack([kappa_influence(t) if ok else np.zeros(4) for t, ok in zip(tables, defined, strict=True)])
        value = float(np.nansum(weights * np.where(defined, kappa(tables), 0.0)))
        its_kappa = around(value, _variance(moved, weights / n, patterns), level)
        if drawn is not None:
            its_kappa = _percentiles(its_kappa, _weighted(drawn, kappa(drawn)), level)
    records = sum(patterns.values())
    if records > 1:
        weights = n / n.sum()
        moved = np.stack([ac1_influence(table) for table in tables])
        variance = _variance(moved, weights / n, patterns) * records / (records - 1)
        its_ac1 = around(float(weights @ ac1(tables)), variance, level)
        if drawn is not None:
            its_ac1 = _percentiles(its_ac1, _weighted(drawn, ac1(drawn)), level)
    return _filled(("all", "pairs"), tables.sum(axis=0), records, (its_kappa, its_ac1), level)


def _weighted(drawn: Floats, values: Floats) -> Floats:
    """The mean over pairs weighted by records, in every bootstrap sample, over the pairs that have a value."""
    weights = np.where(np.isfinite(values), drawn.sum(axis=-1), 0.0)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean: Floats = np.nansum(weights * np.nan_to_num(values), axis=-1) / weights.sum(axis=-1)
    return mean


def _variance(moved: Floats, weights: Floats, patterns: Counter[Pattern]) -> float:
    """The sum over records of the square of all that a record moves, in whichever pairs it was judged."""
    return sum(
        times * float(sum(weights[pair] * moved[pair, cell] for pair, cell in pattern)) ** 2
        for pattern, times in patterns.items()
    )


def _filled(
    name: tuple[str, str], table: Floats, records: float, known: tuple[Estimate, Estimate], level: float
) -> PairAgreement:
    """All that is told of a table. Proportions rest on records, of which there are fewer than pairs where three judged."""
    both, first, second, neither = (float(cell) for cell in table)
    n = float(table.sum())
    scale = min(1.0, records / n)
    observed = wilson((both + neither) / n, n * scale, level)
    se = None if observed.se is None else 2 * observed.se
    low, high = (None if x is None else 2 * x - 1 for x in (observed.low, observed.high))
    return PairAgreement(
        first=name[0],
        second=name[1],
        n=int(n),
        both=int(both),
        first_only=int(first),
        second_only=int(second),
        neither=int(neither),
        observed=observed,
        kappa=known[0],
        pabak=Estimate(2 * (both + neither) / n - 1, se, low, high),
        ac1=known[1],
        positive=specific(both, first + second, scale, level),
        negative=specific(neither, first + second, scale, level),
        missed_alone=missed_alone(both, first + second, scale, level),
        warnings=table_warnings(int(records), table.tolist(), known[0].value),
    )


@dataclass(frozen=True, slots=True)
class Accuracy(Result):
    """One screener against the final decisions: hits (tp), missed (fn), passed on in vain (fp), rightly left out (tn)."""

    screener: str
    tp: int
    fn: int
    fp: int
    tn: int
    recall: Estimate
    specificity: Estimate


def against_final(
    judgements: Sequence[Judged], final: dict[str, bool], *, maybe: Maybe = "include", level: float = 0.95
) -> tuple[Accuracy, ...]:
    """Each screener's decisions against what was decided in the end (record -> included), by name.

    The final decision is partly made of theirs, so this flatters; records without a final decision are left out.
    """
    counts: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    for record, by in _used(judgements, maybe).items():
        for screener, (included, _) in by.items() if record in final else ():
            counts[screener][(0 if included else 1) if final[record] else (2 if included else 3)] += 1
    return tuple(_accuracy(screener, of, level) for screener, of in sorted(counts.items()))


def _accuracy(screener: str, counts: list[int], level: float) -> Accuracy:
    tp, fn, fp, tn = counts
    recall = wilson(tp / (tp + fn), tp + fn, level) if tp + fn else UNKNOWN
    specificity = wilson(tn / (tn + fp), tn + fp, level) if tn + fp else UNKNOWN
    return Accuracy(screener, tp, fn, fp, tn, recall, specificity)
