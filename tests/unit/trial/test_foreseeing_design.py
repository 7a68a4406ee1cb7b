"""Evidence and a design on one scale; the bank's nearest entries; the strength with one more trial; the trial as it is now."""

from __future__ import annotations

import csv
import datetime
import math

import pytest

from tools.sources import ROOT
from whatworks.baseline.indicators import indicators
from whatworks.errors import InputError
from whatworks.rate.schemes import load_scheme
from whatworks.trial.methods.design import Design, read
from whatworks.trial.methods.flowing import Happening
from whatworks.trial.methods.foreseeing.banked import Entry, near
from whatworks.trial.methods.foreseeing.believing import (
    Belief,
    believed,
    error_on,
    on_scale,
    remarks,
    with_prior,
)
from whatworks.trial.methods.foreseeing.judging import strength
from whatworks.trial.methods.foreseeing.living import as_it_is, now
from whatworks.trial.methods.sizing.planning import mdes, power

DAY = datetime.date(2026, 1, 5)
SCHOOLS = """
[design]
kind = "cluster"
[size]
clusters = 40
per_cluster = 30
icc = 0.05
effect = 2.0
sd = 8.0
attrition = 0.1
"""
SHARES = """
[design]
kind = "individual"
outcome = "binary"
[size]
clusters = 1500
control_rate = 0.45
"""
COUNTS = """
[design]
kind = "cluster"
outcome = "count"
[size]
clusters = 280
exposure = 1000
control_rate = 0.027
k = 0.5
ratio = 0.833
"""


def test_a_prior_has_the_range_of_the_prediction_interval() -> None:
    """Its 95 per cent range, by 1.959963984540054 standard deviations each way, is the interval again."""
    found = believed({"k": 5, "pi_low": -0.5, "pi_high": 0.3}, "RR")
    assert (found.mean, found.studies) == (pytest.approx(-0.1), 5)
    assert found.mean + 1.959963984540054 * found.sd == pytest.approx(0.3, abs=1e-12)


def test_no_prediction_interval_is_no_prior() -> None:
    with pytest.raises(InputError, match="takes three studies or more, and it has 2"):
        believed({"k": 2, "pi_low": None, "pi_high": None}, "RR")
    with pytest.raises(InputError, match="random effects"):
        believed({"k": 4, "pi_low": None, "pi_high": None}, "RR")


def test_a_design_says_its_effect_on_the_scale_of_the_evidence() -> None:
    """A difference of -0.09 on 0.45 is a ratio of 0.8, and back; its power stays what it was."""
    by_difference = read(SHARES + "effect = -0.09\n")
    by_ratio = on_scale(by_difference, "RR")
    assert (by_ratio.size.ratio, by_ratio.size.effect) == (pytest.approx(0.8), None)
    assert on_scale(by_ratio, "RD").size.effect == pytest.approx(-0.09)
    assert power(by_ratio).power == pytest.approx(power(by_difference).power or 0, abs=1e-12)
    assert on_scale(by_difference, "RD") == by_difference
    for metric in ("OR", "MD", "IRR", "SMD"):
        with pytest.raises(InputError, match="cannot be set against"):
            on_scale(by_difference, metric)


def test_a_standardised_prior_is_told_in_the_designs_units() -> None:
    held = with_prior(read(SCHOOLS), Belief(0.2, 0.1, "SMD", 6))
    assert held.size.prior == (pytest.approx(1.6), pytest.approx(0.8))
    assert "8" in remarks(read(SCHOOLS), Belief(0.2, 0.1, "SMD", 6))[0]
    assert "same instrument" in remarks(read(SCHOOLS), Belief(0.2, 0.1, "MD", 6))[0]


def test_assurance_lies_between_the_powers_of_what_is_believed() -> None:
    """A belief with hardly any doubt about the planned effect gives its power; doubt about it costs some."""
    sure = power(with_prior(read(SCHOOLS), Belief(0.25, 1e-6, "SMD", 6)))
    assert sure.assurance == pytest.approx(sure.power, abs=1e-5)
    doubtful = power(with_prior(read(SCHOOLS), Belief(0.25, 0.2, "SMD", 6)))
    assert (doubtful.assurance or 1) < (sure.power or 0)


def test_the_error_of_the_planned_trial_on_the_scale_of_the_evidence() -> None:
    """The planned effect over it is the same number of standard errors on each scale; in standard deviations it is divided by 8."""
    held = read(SCHOOLS)
    assert error_on(held, "SMD") == pytest.approx(error_on(held, "MD") / 8)
    assert error_on(held, "MD") == pytest.approx(power(held).se)
    counts = read(COUNTS)
    effect, se = power(counts).effect or 0, power(counts).se
    assert math.log(0.833) / error_on(counts, "IRR") == pytest.approx(effect / se)


def test_the_bank_is_searched_by_words_of_outcome_and_setting() -> None:
    entries = [
        Entry("a", "icc", 0.02, 0.0, 0.1, "reading score", "primary schools in Dunmere", 20),
        Entry("b", "icc", 0.03, None, None, "feeling supported at 12 months", "pupils of Brookfield", 12),
        Entry("c", "icc", 0.04, None, None, "feeling supported at 6 months", "secondary schools", 30),
        Entry("d", "cac", 0.8, None, None, "days lost", "secondary schools", 30),
        Entry("e", "icc", 0.3, None, None, "prices within 12 months", "farms", 99),
    ]
    found = near(entries, ["feeling supported, 0 to 40, at 12 months"], ["pupils of secondary schools"])
    assert [(one.entry.key, one.used) for one in found] == [("c", True), ("b", False), ("d", False), ("a", False)]
    by_cac = near(entries, [], ["secondary schools"], ("icc", "cac"))
    assert [(one.entry.key, one.used) for one in by_cac] == [("c", True), ("d", True), ("a", False)]
    assert found[0].of_outcome == ("feeling", "supported")
    assert near(entries, ["months"], ["with"]) == ()


def test_strength_by_the_rules_of_the_scheme() -> None:
    scheme = load_scheme("strength-scale")
    sourced = {"evidence_base": "sourced", "studies_randomised": 2, "studies_randomised_low_risk": 0}
    assert not strength(scheme, sourced).changes and strength(scheme, sourced).now.word.startswith("Not assessed")
    judged = dict.fromkeys(("search_open", "statistics_sound", "bias_judged", "like_with_like"), True)
    found = strength(
        scheme,
        {**judged, "evidence_base": "systematic-search", "studies_randomised": 1, "studies_randomised_low_risk": 1},
    )
    assert [one.word for one in (found.now, found.with_trial, found.with_low_risk)] == ["Moderate", "Moderate", "High"]
    none = strength(
        scheme,
        {**judged, "evidence_base": "systematic-search", "studies_randomised": 0, "studies_randomised_low_risk": 0},
    )
    assert [one.word for one in (none.now, none.with_trial)] == ["Low", "Moderate"]
    unjudged = strength(
        scheme, {"evidence_base": "systematic-search", "studies_randomised": 0, "studies_randomised_low_risk": 0}
    )
    assert (unjudged.now.word, unjudged.now.reach) == ("", ("Very low", "Low"))
    assert unjudged.with_trial.reach == ("Very low", "Low", "Moderate") and unjudged.changes


def events(*units: tuple[str, str, int, int, bool]) -> list[Happening]:
    """Units as (name, arm, people enrolled, people who withdrew, whether the whole unit was lost)."""
    found = []
    for name, arm, enrolled, left, lost in units:
        found += [Happening(name, "allocated", DAY, arm=arm), Happening(name, "enrolled", DAY, enrolled)]
        found += [Happening(name, "withdrew", DAY, left, reason="moved")] if left else []
        found += [Happening(name, "lost", DAY, reason="closed")] if lost else []
    return found


def test_who_is_still_in() -> None:
    told = events(("A", "control", 30, 6, False), ("B", "control", 20, 0, True), ("C", "intervention", 40, 4, False))
    control, offered = now(told, ["control", "intervention"])
    assert (control.drawn, control.units, control.enrolled, control.people, control.sizes) == (2, 1, 50, 24, (24,))
    assert (control.units_kept, control.people_kept) == (0.5, 0.48)
    assert (offered.people, offered.people_kept) == (36, 0.9)
    assert now([], ["control"])[0].units_kept is None


def as_now(held: Design, told: list[Happening], icc: float | None = None) -> Design:
    return as_it_is(held, now(told, [arm.name for arm in held.arms]), icc)


def test_the_design_with_what_is_left() -> None:
    held = read(SCHOOLS)
    units = [(f"U{n}", "control" if n % 2 else "intervention", 30, 3, n < 4) for n in range(40)]
    changed = as_now(held, events(*units), 0.12)
    assert (changed.size.clusters, changed.size.per_cluster, changed.size.cv, changed.size.icc) == (36, 27, 0, 0.12)
    assert (changed.size.attrition, changed.size.dropout, changed.size.allocated) == (0, 0, 0.5)
    # By hand: the design as somebody would have written it for 36 clusters of 27.
    by_hand = SCHOOLS.replace("40", "36").replace("30", "27").replace("0.05", "0.12").replace("0.1\n", "0.0\n")
    assert mdes(changed).mdes == pytest.approx(mdes(read(by_hand)).mdes or 0, rel=1e-12)
    assert (mdes(changed).mdes or 0) > (mdes(held).mdes or 9)


def test_before_people_are_counted_they_are_taken_as_planned() -> None:
    told = [Happening(f"U{n}", "allocated", DAY, arm="control" if n % 2 else "intervention") for n in range(40)]
    changed = as_now(read(SCHOOLS), told)
    assert (changed.size.per_cluster, changed.size.attrition, changed.size.icc) == (30, 0.1, 0.05)
    assert mdes(changed).mdes == pytest.approx(mdes(read(SCHOOLS)).mdes or 0, rel=1e-12)


def test_a_stepped_wedge_that_lost_a_cluster_keeps_its_steps() -> None:
    wedge = '[design]\nkind = "stepped-wedge"\n[size]\nsequences = [2, 2, 2]\nper_cluster = 20\nicc = 0.05\ncac = 0.8\nsd = 1.0\n'
    told = [Happening(f"U{n}", "allocated", DAY, arm="intervention") for n in range(5)]
    changed = as_now(read(wedge), told)
    assert (changed.size.clusters, changed.size.steps, changed.size.sequences) == (5, 3, ())
    assert (mdes(changed).mdes or 0) > (mdes(read(wedge)).mdes or 9)


def test_an_indicator_counts_an_outcome_that_the_pack_has() -> None:
    """A slug that is mistyped would tie a figure to nothing, in silence."""
    with (ROOT / "packs" / "childrens-social-care" / "scope" / "outcomes.csv").open(
        encoding="utf-8", newline=""
    ) as file:
        slugs = {row["slug"] for row in csv.DictReader(file)}
    tied = {one.outcome for one in indicators().values() if one.outcome}
    assert tied and tied <= slugs
