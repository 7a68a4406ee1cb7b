"""Designs as text, sized by closed forms: each number as the package prints it that is named beside it.

Versions: PowerUpR 1.1.0, clusterPower 0.7.0, swCRTdesign 4.0 (swPwr), R 4.2.2 (power.prop.test), pwr 1.3-0; the decaying
correlations are those of Hemming's and Kasza's application. Tolerance: half of the last place printed, or 1e-6 where more were.
"""

from __future__ import annotations

import math

import pytest

from whatworks.errors import InputError
from whatworks.trial.methods.design import read
from whatworks.trial.methods.sizing import planning

EACH = 1e-6


def design(text: str):
    """A design from `kind outcome; field = value; …`, or with more sections after a bar."""
    head, _, more = text.partition("|")
    first, *fields = (one.strip() for one in head.split(";"))
    kind, _, outcome = first.partition(" ")
    about = f'[design]\nkind = "{kind}"\noutcome = "{outcome or "continuous"}"\n'
    return read(about + "[size]\n" + "\n".join(fields) + "\n" + more.replace("¦", "\n"))


POWERS = [
    ("cluster; clusters = 32; per_cluster = 10; icc = 0.1; sd = 2.23606797749979; effect = 1", 0.801766, EACH),  # cpa.normal
    ('cluster; clusters = 40; per_cluster = 100; icc = 0.1; cv = 0.5; effect = 0.2; cv_formula = "taylor"', 0.4559881, EACH),
    ("cluster; clusters = 40; per_cluster = 100; icc = 0.1; cv = 0.5; effect = 0.2", 0.3913199, EACH),
    ("cluster; clusters = 40; per_cluster = 50; icc = 0.15; r2_1 = 0.3; r2_2 = 0.4; effect = 0.2", 0.4879954, EACH),
    ("cluster; clusters = 40; per_cluster = 50; icc = 0.15; r2_1 = 0.3; r2_2 = 0.4; covariates = 1; effect = -0.2", 0.4879954, EACH),
]  # fmt: skip

SIXES = "stepped-wedge binary; sequences = [6, 6, 6, 6]; per_cluster = 120; control_rate = 0.05; effect = -0.015"
TAU, GAMMA, MIDDLE = 0.01**2, 0.1**2, 0.0425 * 0.9575
ICC = repr(TAU / (TAU + MIDDLE))
NOISY = f"icc = {(TAU + GAMMA) / (TAU + GAMMA + MIDDLE)!r}; cac = {TAU / (TAU + GAMMA)!r}"
TWOS = "stepped-wedge; clusters = 10; steps = 5; per_cluster = 30; effect = 0.25; icc = 0.05"
FADES = f"{TWOS}; decay = true"
FIVE = "stepped-wedge binary; clusters = 5; steps = 5; per_cluster = 2000"
WEDGES = [
    (f"{SIXES}; icc = {ICC}", 0.7861896),
    (f"{SIXES}; icc = {ICC}; after = 3", 0.817128),
    (f"{SIXES}; icc = {ICC}; varies = {(0.0045 / 0.01) ** 2!r}", 0.772489),
    (f"{SIXES}; icc = {ICC}; varies = {(0.0045 / 0.01) ** 2!r}; correlation = 0.4", 0.765155),
    (f"{SIXES}; {NOISY}; varies = {(0.0045 / 0.01) ** 2!r}; correlation = 0.4", 0.087237),
    ("stepped-wedge; clusters = 24; steps = 4; per_cluster = 20; effect = 0.3; icc = 0.05", 0.988510),
    ("stepped-wedge; clusters = 24; steps = 4; per_cluster = 20; effect = 0.3; icc = 0.05; exposure_time = true", 0.832483),
    (f"{TWOS}; cac = 1", 0.863741),
    (f"{TWOS}; cac = 0.8", 0.773860),
    (f"{TWOS}; cac = 0.5", 0.676591),
    (f"{TWOS}; cac = 0.8; iac = 0.4", 0.693291),
    ("stepped-wedge; sequences = [6, 6, 6, 6]; per_cluster = 120; effect = 0.015; icc = 0.02; cac = 0.125; sd = 0.1", 0.917189),
    (f"{FIVE}; control_rate = 0.1; effect = -0.02; icc = 0.01; cac = 0.9", 0.792016),
    (f"{FADES}; cac = 1", 0.880343),
    (f"{FADES}; cac = 0.8", 0.730702),
    (f"{FADES}; cac = 0.5", 0.639928),
]  # fmt: skip


@pytest.mark.parametrize(("text", "printed", "near"), [*POWERS, *((text, value, EACH) for text, value in WEDGES)])
def test_power(text: str, printed: float, near: float) -> None:
    assert planning.power(design(text)).power == pytest.approx(printed, abs=near)


LAYOUT = (
    "cluster; clusters = {n}; per_cluster = 30; icc = 0.05; cac = 0.8; decay = true; effect = 0.25; layout = [{rows}]"
)
VARIANCES = [
    (f"{FADES}; cac = 1", 0.006352487),
    (f"{FADES}; cac = 0.8", 0.009426686),
    (f"{FADES}; cac = 0.5", 0.01162966),
    (f"{FADES}; cac = 0.8; iac = 0.4", 0.007109999),
    (LAYOUT.format(n=20, rows='"0", "1"'), 0.01633333),
    (LAYOUT.format(n=20, rows='"0000", "1111"'), 0.009262297),
    (LAYOUT.format(n=20, rows='"00", "01"'), 0.01241497),
    (LAYOUT.format(n=20, rows='"01", "10"'), 0.004166667),
    (LAYOUT.format(n=20, rows='"0101", "1010"'), 0.001997753),
]


@pytest.mark.parametrize(("text", "printed"), VARIANCES)
def test_variance_over_periods(text: str, printed: float) -> None:
    """Printed to seven figures."""
    assert planning.power(design(text)).se ** 2 == pytest.approx(printed, rel=6e-7)


DRAWN = 'blocks_are = "sampled"'
SMALLEST = [
    ("cluster; clusters = 20; per_cluster = 4; icc = 0.2", 0.8380547, 18),
    ("cluster; clusters = 40; per_cluster = 50; icc = 0.15; r2_1 = 0.3; r2_2 = 0.4", 0.2904845, 37),
    ("individual; clusters = 400; r2_1 = 0.25", 0.2432219, 397),
    ("blocked-cluster; clusters = 80; blocks = 10; per_cluster = 20; icc = 0.15", 0.2794042, 60),
    (f"blocked-cluster; clusters = 80; blocks = 10; per_cluster = 20; icc = 0.15; icc_blocks = 0.1; varies = 0.3; {DRAWN}", 0.3499216, 9),
    ('individual; blocks = 20; per_cluster = 50; icc_blocks = 0.1; varies = 0.3; blocks_are = "sampled"', 0.2109560, 19),
]  # fmt: skip


@pytest.mark.parametrize(("text", "printed", "df"), SMALLEST)
def test_smallest_effect(text: str, printed: float, df: float) -> None:
    plan = planning.mdes(design(text))
    assert (plan.mdes, plan.mdes_g, plan.df) == (pytest.approx(printed, abs=EACH), pytest.approx(printed, abs=EACH), df)


@pytest.mark.parametrize(("k", "ratio"), [(0.3, 0.886), (0.5, 0.833), (0.7, 0.780)])
def test_smallest_ratio_of_rates(k: float, ratio: float) -> None:
    """Schools at the size of the trial of social workers in schools; printed to three places."""
    held = f"cluster count; clusters = 280; exposure = 1000; per_cluster = 1000; control_rate = 0.027; k = {k}"
    plan = planning.mdes(design(held))
    assert plan.mdes_ratio == pytest.approx(ratio, abs=6e-4)
    assert plan.mdes == pytest.approx(0.027 * (1 - (plan.mdes_ratio or 0)), rel=1e-9)


SIZES = [
    ("individual; effect = 0.2", 393.4057, 5e-5, 788),  # pwr.t.test
    ("individual binary; control_rate = 0.448; effect = -0.086", 510.28, 0.005, 1022),  # power.prop.test
    ('individual binary; control_rate = 0.448; effect = -0.086; transform = "arcsine"', 510.00, 0.005, 1022),  # pwr.2p.test
    ("cluster; per_cluster = 10; icc = 0.1; sd = 2.23606797749979; effect = 1", 15.93278, 5e-6, 32),  # cpa.normal
    ('cluster; per_cluster = 30; icc = 0.05; effect = 0.25; reference = "z"', 20.51, 0.005, 42),
    ('cluster; per_cluster = 30; icc = 0.05; effect = 0.25; cv = 0.6; reference = "z"', 25.03, 0.005, 52),
    ("cluster; per_cluster = 50; icc = 0.15; r2_1 = 0.3; r2_2 = 0.4; effect = 0.2", 41, 0.5, 82),  # mrss.cra2 prints 82
    ("cluster count; exposure = 10; per_cluster = 10; control_rate = 0.1; effect = 0.1; k = 0.1", 24.93908, 1e-4, 50),  # cpa.count
    ("cluster count; exposure = 1000; control_rate = 0.01; ratio = 0.7; k = 0.25", 23.947, 5e-4, 48),
    ("cluster count; exposure = 1000; control_rate = 0.027; effect = -0.0045; k = 0.5", 139.88, 0.005, 280),
    ("cluster binary; per_cluster = 50; control_rate = 0.2; effect = -0.1; k = 0.3", 8.456, 5e-4, 18),
]  # fmt: skip


@pytest.mark.parametrize(("text", "each", "near", "clusters"), SIZES)
def test_size(text: str, each: float, near: float, clusters: int) -> None:
    plan = planning.size(design(text))
    assert plan.per_arm == (pytest.approx(each, abs=near), pytest.approx(each, abs=near))
    assert plan.clusters == clusters
    assert plan.power is not None and plan.power >= 0.8


def test_hayes_and_bennett_to_the_last_digit() -> None:
    """Their equation has no wrong side, which at a power of .8 is 1e-6 of it: so near, not equal."""
    reach = 1.959963984540054 + 0.8416212335729143
    by_hand = 1 + reach**2 * ((0.1 + 0.2) / 10 + 0.01 * (0.01 + 0.04)) / 0.01
    plan = planning.size(design("cluster count; exposure = 10; control_rate = 0.1; effect = 0.1; k = 0.1"))
    assert plan.per_arm[0] == pytest.approx(by_hand, rel=1e-5)


def test_stepped_wedge_by_hooper() -> None:
    """cpa.sw.normal(50, 5, 1.5, ICC .2, rho_c .8, rho_s 0, vart 16) prints 1.288772: R's uniroot stops within 1.2e-4."""
    text = 'stepped-wedge; steps = 5; per_cluster = 50; icc = 0.2; cac = 0.8; sd = 4; sd_of = "total"; effect = 1.5'
    plan = planning.size(design(text))
    assert plan.per_arm == pytest.approx([1.288772] * 5, abs=1.2e-4)
    assert plan.clusters == 10
    period, lasting, times = 50 * 0.2, 50 * 0.2 * 0.8, 5
    r = lasting / (1 + period - 0.2)
    widened = (1 + 49 * 0.2) * 3 * times * (1 - r) * (1 + times * r) / ((times**2 - 1) * (2 + times * r))
    people = 4 * (1.959963984540054 + 0.8416212335729143) ** 2 * 16 / 1.5**2
    assert plan.per_arm[0] == pytest.approx(widened * people / 50 / times, rel=1e-5)


def test_negative_binomial_counts_of_people() -> None:
    """Zhu and Lakkis's second approach by hand: 4 people-years' variance of the log ratio on each side."""
    plan = planning.size(
        design("individual count; control_rate = 0.8; ratio = 0.85; dispersion = 0.4; exposure = 0.75")
    )
    each = (1 / (0.75 * 0.8) + 0.4) + (1 / (0.75 * 0.68) + 0.4)
    by_hand = (1.959963984540054 + 0.8416212335729143) ** 2 * each / math.log(0.85) ** 2
    assert plan.per_arm[0] == pytest.approx(by_hand, rel=1e-5)  # a wrong side of 1e-6 is counted


def test_time_to_event_by_schoenfeld() -> None:
    """Events needed are 4 (z + z)^2 / log(ratio)^2 in equal arms; people are those over the share with the event."""
    plan = planning.size(design("individual time-to-event; control_rate = 0.5; ratio = 0.6666666666666666"))
    events = 4 * (1.959963984540054 + 0.8416212335729143) ** 2 / math.log(2 / 3) ** 2
    assert events == pytest.approx(190.97, abs=0.02)  # as tables of Schoenfeld's formula have it: 191
    share = (0.5 + 1 - 0.5 ** (2 / 3)) / 2
    assert 2 * plan.per_arm[0] * share == pytest.approx(events, rel=1e-5)
    assert plan.ratio == pytest.approx(2 / 3)


def test_pairs_count_their_own_degrees_of_freedom() -> None:
    """Pairs that have nothing in common cost power, for their degrees of freedom; pairs that have much save clusters."""
    text = "cluster; clusters = 16; per_cluster = 20; icc = 0.1; effect = 0.6"
    alone = planning.power(design(text))
    none = planning.power(design(text.replace("cluster;", "matched-pairs;", 1)))
    much = planning.power(design(text.replace("cluster;", "matched-pairs;", 1) + "; correlation = 0.7"))
    assert (alone.df, none.df, none.se) == (14, 7, pytest.approx(alone.se, rel=1e-12))
    assert (none.power or 0) < (alone.power or 0) < (much.power or 0)
    # Hayes and Bennett's pairs: two more in each arm, k reduced by what pairs share.
    counts = "matched-pairs count; exposure = 100; control_rate = 0.1; ratio = 0.7; k = 0.25; correlation = 0.5"
    reach = 1.959963984540054 + 0.8416212335729143
    by_hand = 2 + reach**2 * (0.17 / 100 + 0.25**2 * 0.5 * (0.01 + 0.0049)) / 0.03**2
    assert planning.size(design(counts)).per_arm[0] == pytest.approx(by_hand, rel=1e-5)


def test_several_arms_by_dunnett() -> None:
    """Two comparisons with the comparator, large: Dunnett's two-sided 5 per cent point is 2.2121 (his table: 2.21)."""
    three = '|[[arms]]¦name = "usual"¦[[arms]]¦name = "one"¦[[arms]]¦name = "two"'
    plan = planning.power(design("individual; clusters = 6000; effect = 0.1" + three))
    assert plan.alpha == pytest.approx(math.erfc(2.2121 / math.sqrt(2)), abs=3e-6)
    bonferroni = planning.power(design('individual; clusters = 6000; effect = 0.1; correction = "bonferroni"' + three))
    assert bonferroni.alpha == 0.025
    assert (bonferroni.power or 0) < (plan.power or 0)
    assert plan.se == pytest.approx(math.sqrt(2 / 2000), rel=1e-12)
    # With 20 degrees of freedom his table has 2.38 for two comparisons, 2.54 for three.
    few = planning.power(design("individual; clusters = 23; effect = 1" + three))
    assert few.df == 20
    assert few.alpha == pytest.approx(0.0274, abs=2e-4)


def test_attrition_and_lost_clusters_come_off_before_the_sum() -> None:
    lost = planning.power(
        design("cluster; clusters = 40; per_cluster = 20; icc = 0.1; effect = 0.4; attrition = 0.25; dropout = 0.1")
    )
    fewer = planning.power(design("cluster; clusters = 36; per_cluster = 15; icc = 0.1; effect = 0.4"))
    assert lost.power == pytest.approx(fewer.power, rel=1e-12)
    assert (lost.clusters, lost.clusters_left, lost.people) == (40, 36, 540)
    needed = planning.size(
        design("cluster; per_cluster = 20; icc = 0.1; effect = 0.4; attrition = 0.25; dropout = 0.1")
    )
    left = planning.size(design("cluster; per_cluster = 15; icc = 0.1; effect = 0.4"))
    assert needed.per_arm[0] == pytest.approx(left.per_arm[0] / 0.9, rel=1e-9)
    people = planning.size(design("individual; effect = 0.2; attrition = 0.2"))
    assert people.per_arm[0] == pytest.approx(393.4057 / 0.8, rel=1e-6)


@pytest.mark.parametrize(
    "text",
    [
        "cluster; clusters = 30; per_cluster = 20; icc = 0.1; effect = 0.4; attrition = 0.1",
        "cluster binary; clusters = 30; per_cluster = 60; icc = 0.03; control_rate = 0.3; effect = -0.12",
        "cluster binary; clusters = 30; per_cluster = 60; k = 0.2; control_rate = 0.3; effect = 0.12",
        "cluster count; clusters = 60; per_cluster = 200; icc = 0.01; control_rate = 0.2; ratio = 0.8; allocated = 0.4",
        "blocked-cluster; clusters = 40; blocks = 5; per_cluster = 20; icc = 0.1; effect = 0.4",
        "individual binary; clusters = 600; control_rate = 0.3; effect = 0.1",
        "individual time-to-event; clusters = 600; control_rate = 0.3; ratio = 0.7",
        "individual count; clusters = 600; control_rate = 0.3; ratio = 0.7; dispersion = 1",
        "cluster time-to-event; clusters = 40; per_cluster = 50; icc = 0.02; control_rate = 0.3; ratio = 0.7",
        "stepped-wedge count; clusters = 12; steps = 4; per_cluster = 50; k = 0.3; cac = 0.8; control_rate = 0.2; effect = -0.05",
        "matched-pairs; clusters = 200; correlation = 0.4; effect = 0.3",
    ],
)
def test_the_three_questions_agree(text: str) -> None:
    """Asked for the effect at this power, power at that effect is it again; asked for the size, one unit fewer is too few."""
    held = design(text)
    found = planning.mdes(held)
    effect = math.copysign(found.mdes or 0, found.effect or 1)
    changed = text.split("; ")
    changed = [one for one in changed if not one.startswith(("effect", "ratio"))] + [f"effect = {effect!r}"]
    # Bloom's multiple and the noncentral t differ a little where degrees of freedom are few.
    assert planning.power(design("; ".join(changed))).power == pytest.approx(0.8, abs=0.006)
    sized = planning.size(held)
    assert (sized.power or 0) >= 0.8 - 1e-9
    assert sum(sized.per_arm) <= sized.clusters


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("cluster; clusters = 20; per_cluster = 10; effect = 0.3", "has no icc"),
        ("cluster binary; clusters = 20; per_cluster = 10; control_rate = 0.2; effect = 0.1", "neither icc nor k"),
        ("cluster; clusters = 20; icc = 0.1; effect = 0.3", "has no per_cluster"),
        ("cluster; per_cluster = 20; icc = 0.1; effect = 0.3", "has no clusters"),
        ("cluster; clusters = 20; per_cluster = 20; icc = 0.1", "neither effect nor ratio"),
        ("cluster; clusters = 20; per_cluster = 20; icc = 0.1; effect = 0", "no effect at all"),
        ("cluster; clusters = 20; per_cluster = 20; icc = 0.1; ratio = 0.9", "ratio of means"),
        ("individual binary; clusters = 20; control_rate = 0.1; effect = -0.2", "cannot be"),
        ("individual binary; clusters = 20; effect = -0.2", "has no control_rate"),
        ("individual binary; clusters = 20; control_rate = 1; effect = -0.2", "must lie below 1"),
        ("cluster; clusters = 2; per_cluster = 20; icc = 0.1; effect = 0.3", "No degrees of freedom"),
        ("stepped-wedge; clusters = 10; per_cluster = 20; icc = 0.1; effect = 0.3", "has no steps"),
        ("stepped-wedge; clusters = 9; sequences = [2, 2]; per_cluster = 20; icc = 0.1; effect = 0.3", "hold 4 clusters"),
        ('stepped-wedge; layout = ["01", "012"]; clusters = 4; per_cluster = 20; icc = 0.1; effect = 0.3', "rows of one length"),
        ('cluster; layout = ["01", "01"]; clusters = 4; per_cluster = 20; icc = 0.1; effect = 0.3', "course of time"),
        ("stepped-wedge; steps = 4; clusters = 8; per_cluster = 20; icc = 0.1; effect = 0.3; cv = 1.5", "below 1"),
        ("blocked-cluster; clusters = 8; per_cluster = 20; icc = 0.1; effect = 0.3", "has no blocks"),
        ("individual; clusters = 80; effect = 0.3; prior = [0.2]", "two numbers"),
        ("matched-pairs count; clusters = 4; per_cluster = 9; control_rate = 2; effect = -0.4; k = 0.2", "Too few units"),
        ("cluster; clusters = 8; per_cluster = 9; icc = 0.9; icc_groups = 0.1; groups = 3; effect = 1", "less than 1"),
        ("individual time-to-event; clusters = 80; blocks = 4; control_rate = 0.3; ratio = 0.7", "within blocks has no closed form"),
        ("stepped-wedge; steps = 2; clusters = 8; per_cluster = 9; icc = 0.1; icc_groups = 0.1; effect = 1", "only for arms side by side"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_in_a_sentence(text: str, says: str) -> None:
    with pytest.raises(InputError, match=says):
        planning.power(design(text))


def test_more_clusters_than_can_help_is_said() -> None:
    text = (
        f"blocked-cluster; blocks = 4; per_cluster = 9; icc = 0.1; icc_blocks = 0.3; varies = 1; {DRAWN}; effect = 0.1"
    )
    with pytest.raises(InputError, match="No number reaches"):
        planning.size(design(text))


def test_an_effect_that_nobody_could_miss_has_a_power_of_one() -> None:
    assert (
        planning.power(design("cluster; clusters = 30; per_cluster = 20; icc = 0.05; effect = 9; r2_2 = 0.1")).power
        == 1.0
    )


def test_classes_within_schools() -> None:
    """PowerUpR's mdes.cra3(rho3 = .06, rho2 = .17, n = 15, J = 3, K = 60), by its formula: 58 degrees of freedom, 0.269."""
    plan = planning.mdes(design("cluster; clusters = 60; per_cluster = 45; groups = 3; icc = 0.06; icc_groups = 0.17"))
    se = math.sqrt(4 / 60 * (0.06 + 0.17 / 3 + 0.77 / 45))
    assert (plan.df, plan.se) == (58, pytest.approx(se, rel=1e-12))
    assert plan.mdes == pytest.approx(0.269, abs=5e-4)
    with pytest.raises(InputError, match="has no groups"):
        planning.mdes(design("cluster; clusters = 60; per_cluster = 45; icc = 0.06; icc_groups = 0.17"))


def test_k_goes_before_icc_and_it_is_said() -> None:
    text = "cluster count; clusters = 50; exposure = 10; control_rate = 0.1; effect = 0.1; k = 0.1"
    both = planning.power(design(f"{text}; icc = 0.3"))
    assert both.power == planning.power(design(text)).power
    assert any("both k and icc" in one for one in both.warnings)


def test_two_clusters_in_each_sampled_block_are_enough() -> None:
    """Degrees of freedom are the blocks' then, not the clusters'."""
    text = f"blocked-cluster; clusters = 60; blocks = 30; per_cluster = 20; icc = 0.1; icc_blocks = 0.1; varies = 0.2; {DRAWN}"
    plan = planning.power(design(f"{text}; effect = 0.4"))
    assert plan.df == 29 and (plan.power or 0) > 0.8
