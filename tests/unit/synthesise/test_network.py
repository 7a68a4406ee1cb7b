"""What a network refuses, warns of and shows; the numbers are checked beside their twin and beside metafor."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import typer
from typer.testing import CliRunner

from whatworks.cli.network import register
from whatworks.errors import InputError
from whatworks.synthesise.methods.network import Network, network

APP = typer.Typer()
register(APP)
# Four two-arm studies and one of three arms; arm means 0, 0.3, 0.5 and arm variances of 0.02, so loops close exactly.
STUDY = ["p", "q", "r", "s", "t", "t", "t"]
FIRST = ["talk", "talk", "group", "group", "talk", "group", "talk"]
SECOND = ["usual", "usual", "usual", "talk", "usual", "usual", "group"]
YI = [0.3, 0.1, 0.9, 0.2, 0.3, 0.5, -0.2]
VI = [0.04, 0.02, 0.05, 0.03, 0.04, 0.04, 0.04]


def made(**choice: Any) -> Network:
    return network(STUDY, FIRST, SECOND, YI, VI, **choice)


def test_it_can_be_read_from_every_side() -> None:
    found = made(better="higher")
    one, other = found.compare("talk", "usual"), found.compare("usual", "talk")
    assert found.reference == "talk"  # four studies tried it, as many as usual care, and it comes first by name
    assert (other.estimate, other.ci_low) == (-one.estimate, -one.ci_high)
    assert one.direct is not None and other.direct is not None
    assert other.direct.estimate == -one.direct.estimate
    assert [row.treat2 for row in found.versus] == ["talk", "talk"]
    assert sum(rank.p_score for rank in found.ranks) == pytest.approx(1.5)  # each pair shares one point
    assert found.to_dict()["comparisons"][0]["treat1"] == "group"
    assert "evidence" not in found.to_dict()
    assert found.recipe.arguments["yi"] == YI


def test_the_other_direction_turns_the_ranks_round() -> None:
    scores = {rank.treatment: rank.p_score for rank in made(better="higher").ranks}
    assert {rank.treatment: 1 - rank.p_score for rank in made(better="lower").ranks} == pytest.approx(scores)


def test_the_league_table_holds_network_and_direct_effects() -> None:
    league = made().league()
    assert [league.cells[i][i] for i in range(3)] == list(league.treatments)
    found = made().compare(league.treatments[1], league.treatments[0])
    assert league.cells[1][0].startswith(f"{found.estimate:.2f} (")
    assert found.direct is not None
    assert league.cells[0][1].startswith(f"{-found.direct.estimate:.2f} (")
    assert len(league.table().splitlines()) == 3


def test_ranks_come_with_their_warning() -> None:
    """A first place without it is what gets quoted."""
    warnings = made().warnings
    assert any("P-scores order" in one for one in warnings)
    assert any("higher count as better" in one for one in warnings)
    assert "P-scores order" in made().report()


def test_the_report_cites_each_method() -> None:
    report = made(interval="hksj").report()
    for author in ("Rücker (2012)", "Viechtbauer (2005)", "Knapp and Hartung", "Higgins", "Dias"):
        assert author in report
    assert "1 of them with more than two arms" in report
    assert "significan" not in report + made().summary()


def test_every_picture_is_also_a_table() -> None:
    found = made()
    heat = found.heat()
    for chart in (found.chart(), found.graph(), found.funnel(), found.heat_chart(), found.heat_chart(random=True)):
        assert chart.svg.startswith("<svg")
        assert chart.note
        assert len(chart.rows) > 0
    assert len(heat.hat) == len(heat.comparisons) == len(heat.designs) == 5
    assert "alphabet" in found.funnel().note
    assert "alphabet" not in found.funnel(("group", "talk", "usual")).note
    with pytest.raises(InputError, match="name each treatment once"):
        found.funnel(("group",))


def test_heat_shows_each_design_with_its_disagreement() -> None:
    """The diagonal is the design's own disagreement, which adds up to the inconsistency (a three-arm design has two rows)."""
    found = made(model="common")
    heat = found.heat()
    own = {design: heat.change[at][at] for at, design in enumerate(heat.designs)}
    assert sum(own.values()) == pytest.approx(found.decomposition.between.q, rel=1e-9)
    assert {one.treatments: one.between for one in found.decomposition.designs} == pytest.approx(own)


def test_the_heat_plot_is_what_refitting_without_a_design_gives() -> None:
    """Each column says by how much the others' disagreement falls; what is left is the detached design's Q."""
    found = made(model="common")
    heat, parts = found.heat(), found.decomposition
    hat = np.array(heat.hat)
    assert np.allclose(hat @ hat, hat, atol=1e-12)  # a projection: of direct effects onto consistent ones
    assert np.trace(hat) == pytest.approx(2)  # three treatments have two effects
    first_rows = {design: at for at, design in reversed(list(enumerate(heat.designs)))}
    for one in parts.designs:
        fallen = sum(heat.change[first_rows[row.treatments]][first_rows[one.treatments]] for row in parts.designs)
        assert parts.between.q - fallen == pytest.approx(one.detached.q, abs=1e-9)


def test_detaching_a_design_leaves_what_the_others_disagree() -> None:
    parts = made().decomposition
    assert [(one.treatments, one.detached.df) for one in parts.designs] == [
        (("group", "talk"), 2), (("group", "usual"), 2), (("group", "talk", "usual"), 1), (("talk", "usual"), 2),
    ]  # fmt: skip
    assert all(one.detached.q <= parts.between.q + 1e-12 for one in parts.designs)


def test_a_tree_has_no_indirect_evidence() -> None:
    found = network(["a", "b"], ["x", "y"], ["o", "o"], [0.1, 0.2], [0.1, 0.1])
    pair = found.compare("x", "y")
    assert (found.tau2, found.q_p, found.q_df) == (None, None, 0)
    assert pair.direct is None and pair.indirect is not None and pair.pi_low is None
    assert found.compare("x", "o").indirect is None
    assert any("no more studies than it takes" in one for one in found.warnings)
    assert any("cannot be tested" in one for one in found.warnings)
    assert found.heat_chart().rows == ()
    assert found.decomposition.random is None


def test_studies_of_the_same_three_arms_are_no_indirect_evidence() -> None:
    """Their arms weigh differently, so the pooled pair is not the network's effect; yet nobody else tells of the pair."""
    found = network(
        [one for one in "pq" for _ in range(3)], ["b", "c", "c"] * 2, ["a", "a", "b"] * 2,
        [0.3, 0.5, 0.2, 0.1, 0.6, 0.5], [0.05, 0.06, 0.07, 0.30, 0.21, 0.13],
    )  # fmt: skip
    assert found.decomposition.between.df == 0
    assert all(one.direct is not None and one.indirect is None and one.difference is None for one in found.comparisons)


@pytest.mark.parametrize("interval", ["t", "hksj", "hksj-adhoc"])
def test_no_degrees_of_freedom_leave_the_normal_interval(interval: Any) -> None:
    found = network(["a", "b"], ["x", "y"], ["o", "o"], [0.1, 0.2], [0.1, 0.1], interval=interval)
    assert found.compare("x", "o").df is None
    assert any("normal (wald)" in one for one in found.warnings)


def test_one_study_of_two_treatments() -> None:
    found = network(["a"], ["x"], ["o"], [0.4], [0.04])
    assert found.compare("x", "o").ci_low == pytest.approx(0.4 - 1.959963984540054 * 0.2)
    assert found.chart().rows[0][0] == "x"


def test_studies_that_agree_exactly_have_no_heterogeneity() -> None:
    found = network(["a", "b", "c"], ["x"] * 3, ["o"] * 3, [0.4] * 3, [0.04] * 3, interval="hksj")
    assert (found.tau2, found.tau2_ci_high) == (0.0, 0.0)
    assert any("shrink to points" in one for one in found.warnings)
    assert found.compare("x", "o").ci_low == pytest.approx(0.4)


def test_prediction_needs_three_studies_and_degrees_of_freedom() -> None:
    two = network(["a", "b"], ["x"] * 2, ["o"] * 2, [0.4, 0.1], [0.04] * 2)
    assert two.comparisons[0].pi_low is None
    assert any("at least three studies" in one for one in two.warnings)
    three = network(["a", "b", "c"], ["x", "x", "y"], ["o"] * 3, [0.4, 0.1, 0.2], [0.04] * 3, prediction="t-k2")
    assert three.comparisons[0].pi_low is None
    assert any("no degrees of freedom are left for them" in one for one in three.warnings)


def test_inconsistency_is_said() -> None:
    far = [0.3, 0.3, 0.3, 2.3, 0.3, 0.5, -0.2]
    assert any("do not agree" in one for one in network(STUDY, FIRST, SECOND, far, VI, model="common").warnings)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"yi": [*YI[:6], None]}, "The effect in row 7 is missing"),
        ({"vi": [0, *VI[1:]]}, "The variance in row 1 is 0; it must be"),
        ({"vi": [1e-14, *VI[1:]]}, "trillionth"),
        ({"yi": [1e80, *YI[1:]]}, "beyond what can be computed"),
        ({"treat2": ["talk", *SECOND[1:]]}, "Row 1 compares talk with itself"),
        ({"treat2": ["", *SECOND[1:]]}, "The second treatment in row 1 is empty"),
        ({"study": STUDY[:6]}, "equally long"),
        ({"yi": ["a"] * 7}, "must hold numbers"),
        ({"study": ["q", *STUDY[1:]]}, "Study q compares talk with usual more than once"),
        ({"study": ["p", "q", "r", "r", "t", "t", "t"]}, "Study r has 3 treatments, which make 3 contrasts, but gives 2"),
        ({"yi": [*YI[:6], 0.4]}, "The effects of study t contradict each other"),
        ({"vi": [*VI[:4], 0.01, 0.01, 0.9]}, "The variances of study t cannot belong together"),
        ({"model": "fixed"}, "The model 'fixed' is not known"),
        ({"better": "left"}, "The better 'left' is not known"),
        ({"level": 95}, "must lie between 0 and 1"),
        ({"reference": "nobody"}, "no treatment 'nobody' to refer to"),
        ({"treat2": None}, "treat2 is missing"),
        ({"treat1": None}, "treat1 is missing"),
    ],
)  # fmt: skip
def test_what_it_refuses(change: dict[str, Any], words: str) -> None:
    given: dict[str, Any] = {"study": STUDY, "treat1": FIRST, "treat2": SECOND, "yi": YI, "vi": VI}
    with pytest.raises(InputError, match=words.replace("(", r"\(")):
        network(**given | change)


def test_a_table_gives_columns() -> None:
    table = {"id": STUDY, "treat1": FIRST, "treat2": SECOND, "yi": YI, "vi": VI}
    found = network(table, columns={"study": "id"})
    assert found.comparisons == made().comparisons
    assert network(**found.recipe.arguments).comparisons == found.comparisons
    arms = {"study": ["1", "1"], "treatment": ["a", "b"], "xi": [3, 6], "ni": [50, 52]}
    assert network(arms, measure="RR").metric == "RR"
    with pytest.raises(InputError, match="The table has no column 'study'"):
        network(table)
    with pytest.raises(InputError, match="trial is no column here"):
        network(table, columns={"trial": "id"})


def test_a_network_in_parts_names_them() -> None:
    with pytest.raises(InputError, match=r"2 parts that no study joins \(a, b; c, d\)"):
        network(["1", "2"], ["a", "c"], ["b", "d"], [0, 0], [1, 1])
    with pytest.raises(InputError, match="There are no contrasts"):
        network([], [], [], [], [])


def test_rounding_of_published_contrasts_is_borne() -> None:
    """Effects printed with two decimals miss each other by a hundredth round a loop; that is no contradiction."""
    network(["t"] * 3, ["b", "c", "c"], ["a", "a", "b"], [0.33, 0.67, 0.35], [0.04, 0.04, 0.04])


def test_comparing_what_is_not_there() -> None:
    with pytest.raises(InputError, match="no treatment 'x' here"):
        made().compare("x", "talk")
    with pytest.raises(InputError, match="cannot be compared with itself"):
        made().compare("talk", "talk")


def test_contributions_are_refused_where_a_weight_is_negative() -> None:
    """Variances of 1, 1 and 3.5 in one study leave a comparison a weight below 0."""
    one = network(["t"] * 3, ["b", "c", "c"], ["a", "a", "b"], [0.1, 0.3, 0.2], [1.0, 1.0, 3.5], model="common")
    with pytest.raises(InputError, match="weight below 0"):
        one.contributions()


@pytest.mark.r
def test_the_r_script_gives_the_same_numbers() -> None:
    """All scripts in one process, since R takes long to start."""
    choices: list[dict[str, Any]] = [
        {}, {"tau2": "PM", "interval": "hksj", "level": 0.9}, {"tau2": "DL", "interval": "t"}, {"model": "common"},
        {"interval": "hksj-adhoc", "tau2": "ML"},
    ]  # fmt: skip
    every = [made(**choice) for choice in choices]
    script = 'cat("NEXT\\n")\n'.join(found.r_script() for found in every)
    out = subprocess.run(["Rscript", "-"], input=script, capture_output=True, text=True, check=True).stdout
    for found, part in zip(every, out.split("NEXT"), strict=True):
        rows = [
            [float(cell) for cell in line.split() if _number(cell)] for line in part.splitlines() if line[:1].isdigit()
        ]
        assert len(rows) == len(found.comparisons)
        for row, one in zip(rows, found.comparisons, strict=True):
            want = [one.estimate, one.se, one.ci_low, one.ci_high]
            assert row[1:] == pytest.approx(want, rel=1e-5, abs=1e-6)  # the optimiser's tau2, printed with ten digits
        tau2 = float(part.rpartition("tau2")[2])
        assert tau2 == pytest.approx(found.tau2, rel=1e-4, abs=1e-8)


def _number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True


def run(*words: object) -> Any:
    return CliRunner().invoke(APP, [str(word) for word in words], catch_exceptions=True)


def test_the_command_reads_contrasts(tmp_path: Path) -> None:
    file = tmp_path / "net.csv"
    rows = "\n".join(",".join(map(str, row)) for row in zip(STUDY, FIRST, SECOND, YI, VI, strict=True))
    file.write_text("study,treat1,treat2,yi,vi\n" + rows, encoding="utf-8")
    answer = json.loads(run(file, "--tau2", "DL", "--json").stdout)
    assert answer["tau2"] == pytest.approx(made(tau2="DL").tau2)
    assert answer["comparisons"][0]["direct"]["se"] > 0
    told = run(file, "--reference", "usual").stdout
    assert "each treatment over usual" in told
    assert "Where direct and indirect evidence meet" in told
    failed = run(file, "--study", "trial")
    assert isinstance(failed.exception, InputError)
    assert "has no column 'trial'" in str(failed.exception)


def test_the_command_reads_arms(tmp_path: Path) -> None:
    file = tmp_path / "arms.csv"
    file.write_text("study,treatment,xi,ni\n1,a,3,50\n1,b,6,50\n2,b,4,40\n2,c,8,44\n", encoding="utf-8")
    answer = json.loads(run(file, "--measure", "OR", "--better", "lower", "--json").stdout)
    assert (answer["metric"], answer["treatments"], answer["reference"]) == ("OR", ["a", "b", "c"], "b")
    assert answer["ranks"][0]["treatment"] == "a"
    file.write_text("study,treatment,died,n\n1,a,3,50\n1,b,6,50\n2,b,4,40\n2,c,8,44\n", encoding="utf-8")
    words = (file, "--measure", "OR", "--better", "lower", "--json", "--column", "xi=died", "--column")
    assert json.loads(run(*words, "ni=n").stdout) == answer
    assert "must be name=column with a name among xi, ni" in str(run(*words, "n=n").exception)
