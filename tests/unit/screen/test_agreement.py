"""Agreement: worked examples, slow twins of every pooled number, and the warnings that must not be missing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from whatworks.errors import InputError
from whatworks.screen.methods.agreement import Agreement, Judged, against_final, agreement

WORDS = ("include", "exclude")
DIGITS = 1e-10  # closed forms on small counts


def judged(table: Sequence[int], names: tuple[str, str] = ("A", "B"), sampled: bool = True) -> list[Judged]:
    """Judgements that make this table: both include, only the first, only the second, neither."""
    rows = []
    for cell, times in enumerate(table):
        for number in range(times):
            record = f"{''.join(names)}-{cell}-{number}"
            rows += [
                Judged(record, name, WORDS[said], sampled) for name, said in zip(names, divmod(cell, 2), strict=True)
            ]  # type: ignore[arg-type]
    return rows


def jackknife(rows: list[Judged], of: Any) -> float:
    """The standard error by leaving out one record after another: slow, and with no formula to get wrong."""
    records = sorted({one.record for one in rows})
    values = [of(agreement([one for one in rows if one.record != left])) for left in records]
    return float(np.sqrt((len(records) - 1) * np.var(values)))


def test_the_example_that_everybody_prints() -> None:
    # Two readers, 50 proposals: 20 both yes, 5 and 10 apart, 15 both no; observed .70, by chance .50, kappa .40.
    found = agreement(judged([20, 5, 10, 15])).pairs[0]
    assert (found.n, found.both, found.first_only, found.second_only, found.neither) == (50, 20, 5, 10, 15)
    assert found.observed.value == pytest.approx(0.70)
    assert found.kappa.value == pytest.approx(0.40)
    assert found.pabak.value == pytest.approx(0.40)
    assert found.positive.value == pytest.approx(40 / 55)
    assert found.negative.value == pytest.approx(30 / 45)
    assert found.missed_alone.value == pytest.approx(7.5 / 35)  # 10 missed by the first, 5 by the second, of 35


@given(st.tuples(*[st.integers(0, 30)] * 4).filter(lambda table: sum(table) > 0))
def test_every_number_lies_within_its_limits_and_none_is_nan(table: tuple[int, ...]) -> None:
    found = agreement(judged(table)).pairs[0]
    for name in ("observed", "kappa", "pabak", "ac1", "positive", "negative", "missed_alone"):
        one = getattr(found, name)
        if one.value is None:
            assert (one.low, one.high) == (None, None)
            continue
        assert -1 <= one.low <= one.value + 1e-12
        assert one.value <= one.high + 1e-12 and one.high <= 1
    constant = len({table[0] + table[1], 0}) == 1 or table[2] + table[3] == 0 or table[0] + table[2] == 0
    constant = constant or table[1] + table[3] == 0
    assert (found.kappa.value is None) == constant


def test_standard_errors_are_those_of_leaving_records_out() -> None:
    rows = judged([60, 15, 20, 105])
    found = agreement(rows).pairs[0]
    for name, se in (("kappa", found.kappa.se), ("ac1", found.ac1.se), ("positive", found.positive.se)):
        slow = jackknife(rows, lambda result, name=name: getattr(result.pairs[0], name).value)
        assert se == pytest.approx(slow, rel=0.02)  # both are first-order; they differ by terms of 1 / n


def three(seed: int = 3, records: int = 150) -> list[Judged]:
    """Records that three people judged, with errors of their own."""
    rng = np.random.default_rng(seed)
    truth = rng.random(records) < 0.3
    return [
        Judged(str(at), name, "include" if (truth[at] ^ (rng.random() < 0.1)) else "exclude")
        for at in range(records)
        for name in ("A", "B", "C")
    ]


@pytest.mark.parametrize("name", ["kappa", "ac1"])
def test_a_record_that_three_judged_is_not_counted_thrice(name: str) -> None:
    rows = three()
    found = agreement(rows)
    assert found.pooled is not None
    assert (len(found.pairs), found.records, found.pooled.n) == (3, 150, 450)
    pooled = getattr(found.pooled, name)
    assert pooled.value == pytest.approx(np.mean([getattr(one, name).value for one in found.pairs]), abs=DIGITS)
    assert pooled.se == pytest.approx(jackknife(rows, lambda result: getattr(result.pooled, name).value), rel=0.03)


def test_pooling_weighs_pairs_by_their_records() -> None:
    found = agreement(judged([20, 5, 5, 70]) + judged([8, 12, 10, 270], ("C", "D")))
    first, second = found.pairs
    assert found.pooled is not None
    assert first.kappa.value is not None and second.kappa.value is not None
    assert found.pooled.kappa.value == pytest.approx(0.25 * first.kappa.value + 0.75 * second.kappa.value, abs=DIGITS)
    assert first.kappa.se is not None and second.kappa.se is not None
    expected = np.hypot(0.25 * first.kappa.se, 0.75 * second.kappa.se)
    assert found.pooled.kappa.se == pytest.approx(expected, abs=DIGITS)
    assert found.pooled.both == 28


def test_pooling_leaves_out_a_pair_whose_kappa_has_no_meaning() -> None:
    found = agreement(judged([20, 5, 5, 70]) + judged([0, 0, 4, 96], ("C", "D")))
    assert found.pooled is not None
    assert found.pairs[1].kappa.value is None
    assert found.pooled.kappa.value == found.pairs[0].kappa.value


def test_only_records_drawn_by_lot_count_unless_all_are_asked_for() -> None:
    rows = judged([10, 5, 5, 180]) + judged([50, 2, 2, 6], ("A", "C"), sampled=False)
    by_lot, of_all = agreement(rows), agreement(rows, basis="all")
    assert (by_lot.records, by_lot.unsampled, len(by_lot.pairs)) == (200, 60, 1)
    assert (of_all.records, len(of_all.pairs)) == (260, 2)
    assert any("not drawn by lot" in warning and "left out" in warning for warning in by_lot.warnings)
    assert any("describe those records, not the review" in warning for warning in of_all.warnings)
    assert "drawn by lot" in by_lot.sentence
    assert "drawn by lot" not in of_all.sentence


def test_nobody_judged_a_record_with_anybody_else() -> None:
    found = agreement([Judged("1", "A", "include"), Judged("2", "B", "exclude")])
    assert (found.pairs, found.pooled, found.records) == ((), None, 0)
    assert "nothing can be said" in found.summary()
    assert agreement([]).records == 0


@pytest.mark.parametrize(
    ("table", "says"),
    [
        ((0, 0, 5, 295), "one answer only"),
        ((10, 3, 3, 20), "Only 36 records"),
        ((3, 1, 1, 295), "Only 5 records were included"),
        ((0, 1, 0, 299), "Only 1 record was included"),
        ((12, 5, 5, 978), "kappa comes out low"),
    ],
)
def test_what_cannot_be_trusted_is_said(table: tuple[int, ...], says: str) -> None:
    assert says in " ".join(agreement(judged(table)).warnings)


def test_a_sound_table_needs_no_warning() -> None:
    assert agreement(judged([60, 10, 12, 140])).warnings == ()


@pytest.mark.parametrize(("maybe", "both"), [("include", 21), ("exclude", 20), ("leave out", 20)])
def test_an_undecided_decision_counts_as_the_caller_says(maybe: Any, both: int) -> None:
    rows = [*judged([20, 5, 5, 30]), Judged("m", "A", "maybe"), Judged("m", "B", "include")]
    found = agreement(rows, maybe=maybe)
    assert found.pairs[0].both == both
    assert found.pairs[0].n == (60 if maybe == "leave out" else 61)


def test_what_is_wrong_is_said() -> None:
    row = Judged("7", "A", "include")
    with pytest.raises(InputError, match="A judged record 7 twice"):
        agreement([row, replace(row, decision="exclude")])
    with pytest.raises(InputError, match="not include, exclude or maybe"):
        agreement([replace(row, decision="perhaps")])  # type: ignore[arg-type]
    with pytest.raises(InputError, match="level 1 must lie"):
        agreement([row], level=1.0)


def bootstrapped(seed: int) -> Agreement:
    return agreement(three(), rng=np.random.default_rng(seed), resamples=400)


def test_the_bootstrap_is_repeatable_and_near_the_large_sample_interval() -> None:
    found, plain = bootstrapped(1), agreement(three())
    assert found == bootstrapped(1)
    assert found != bootstrapped(2)
    assert found.pooled is not None and plain.pooled is not None
    for ours, other in ((found.pooled.kappa, plain.pooled.kappa), (found.pairs[0].ac1, plain.pairs[0].ac1)):
        assert ours.value == other.value
        assert ours.se == pytest.approx(other.se, rel=0.15)  # 400 resamples: one part in thirty, and bias
        assert ours.low == pytest.approx(other.low, abs=0.05)


@pytest.mark.parametrize("how", ["lot", "rank"])
def test_a_ranker_bends_kappa_and_the_lot_does_not(how: str) -> None:
    rng = np.random.default_rng(8)
    truth = rng.random(4000) < 0.06
    said = [truth ^ (rng.random(4000) < np.where(truth, 0.25, 0.02)) for _ in range(2)]
    rows = [
        Judged(str(at), name, WORDS[int(not of[at])]) for name, of in zip("AB", said, strict=True) for at in range(4000)
    ]  # type: ignore[arg-type]
    whole = agreement(rows).pairs[0].kappa.value
    assert whole is not None
    held = []
    for _ in range(40):
        score = rng.random(4000) if how == "lot" else rng.standard_normal(4000) + 1.5 * truth
        kept = {str(at) for at in np.argsort(-score)[:400]}
        one = agreement([row for row in rows if row.record in kept]).pairs[0].kappa
        held.append(one.low is not None and one.high is not None and one.low <= whole <= one.high)
    # 40 draws of a 95% interval: fewer than 34 would have a chance below one in a thousand.
    assert (sum(held) >= 34) == (how == "lot")


def test_a_screener_against_the_final_decisions() -> None:
    rows = [
        Judged(record, "A", said)
        for record, said in zip("abcde", ("include", "exclude", "include", "exclude", "maybe"), strict=True)
    ]  # type: ignore[arg-type]
    (one,) = against_final(rows, {"a": True, "b": True, "c": False, "d": False})
    assert (one.tp, one.fn, one.fp, one.tn) == (1, 1, 1, 1)
    assert one.recall.value == 0.5
    (nothing,) = against_final(rows, {"a": False})
    assert nothing.recall.value is None
