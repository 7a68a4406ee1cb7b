"""Designs without a lot through the command: numbers as the library and R have them, what they rest on, and what they refuse.

R 4.2.2 with nlme 3.1-162 and sandwich 3.0-2 for means and log rates of a series (`quasi_from_r.R`); the other numbers are those that
test_quasi.py pins.
"""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from typer.testing import CliRunner, Result

from tests.unit.trial.quasi_tables import families, months, places
from tools.sources import ROOT
from whatworks.cli.commands import app
from whatworks.errors import InputError
from whatworks.trial.methods.design import read
from whatworks.trial.methods.design.parts import METHODS
from whatworks.trial.methods.design.unlotted import OF_DIFFERENCES, OF_MATCHED, OF_SERIES, QUASI, QUASI_METHODS
from whatworks.trial.methods.quasi.series_of_means import carried_over, series_of_means

NAMES = {"count": "enquiries", "people": "children", "place": "authority", "on": "begun"}
TABLES = {
    "interrupted-series": months(),
    "differences": {("rate" if name == "y" else name): one for name, one in places().items()},
    "matched": {("wellbeing" if name == "y" else name): one for name, one in families().items()},
}


def text(kind: str) -> str:
    """The example of the reference page."""
    return (ROOT / f"tests/spec/designs/{kind}.toml").read_text("utf-8")


def table(kind: str, **changed: Any) -> dict[str, list[Any]]:
    """Its made-up data, by the names of the example."""
    return {NAMES.get(name, name): one.tolist() for name, one in TABLES[kind].items()} | changed


def run(folder: Path, design: str, columns: dict[str, list[Any]], *options: str) -> Result:
    """The command on a design and a table, both written down."""
    (folder / "design.toml").write_text(design, "utf-8")
    with (folder / "data.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(columns)
        writer.writerows(zip(*columns.values(), strict=True))
    return CliRunner().invoke(
        app,
        ["trial", "analyse", str(folder / "design.toml"), str(folder / "data.csv"), *options],
        env={"COLUMNS": "150"},
    )


def answered(folder: Path, design: str, columns: dict[str, list[Any]], *options: str) -> dict[str, Any]:
    """The JSON of the answer."""
    result = run(folder, design, columns, "--json", *options)
    assert result.exit_code == 0, result.output or result.exception
    found: dict[str, Any] = json.loads(result.stdout)
    return found


def lines(found: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """The panel by method."""
    return {row["method"]: row for row in found["panel"]}


@pytest.mark.parametrize(("kind", "methods"), [
    ("interrupted-series", ("its-quasi-poisson", "its-newey-west", "its-ar1", "its-poisson-naive")),
    ("differences", OF_DIFFERENCES), ("matched", OF_MATCHED),
])  # fmt: skip
def test_json_has_the_shape_of_a_trials_and_details(tmp_path: Path, kind: str, methods: tuple[str, ...]) -> None:
    found = answered(tmp_path, text(kind), table(kind))
    assert tuple(lines(found)) == methods
    assert [row["method"] for row in found["panel"] if row["declared"]] == [read(text(kind)).analysis.declared]
    keys = {
        "method",
        "estimate",
        "se",
        "df",
        "p",
        "ci_low",
        "ci_high",
        "declared",
        "scale",
        "by",
        "relative",
        "absolute",
        "warnings",
    }
    assert all(set(row) >= keys for row in found["panel"])
    assert found["kind"] == kind and found["failed"] == [] and found["icc"] is None
    assert found["warnings"][0].startswith("Nothing was drawn by lot")
    assert found["details"]
    assert not set(QUASI_METHODS) & set(METHODS)


def test_a_series_of_counts_is_as_in_r(tmp_path: Path) -> None:
    found = answered(tmp_path, text("interrupted-series"), table("interrupted-series"))
    panel, told = lines(found), found["details"]
    wanted = {  # estimate, standard error; nlme's search stops at 1e-8, which moves its numbers in the sixth place
        "its-quasi-poisson": (-0.206310347606, 0.071069178785), "its-newey-west": (-0.206310347606, 0.056910743835),
        "its-ar1": (-0.208961263915, 0.071360903463),
    }  # fmt: skip
    for name, numbers in wanted.items():
        assert (panel[name]["estimate"], panel[name]["se"]) == pytest.approx(numbers, rel=1e-6)
        assert panel[name]["df"] == 42
    assert panel["its-newey-west"]["relative"] == pytest.approx(np.exp(-0.206310347606))
    assert panel["its-newey-west"]["absolute"] is None  # there is no comparator whose rate could be held
    slope = next(one for one in told["changes"] if (one["change"], one["method"]) == ("slope", "its-ar1"))
    assert (slope["estimate"], slope["se"], slope["p"]) == pytest.approx(
        (-0.009882159127, 0.005764453945, 9.384039289e-02), rel=1e-6
    )
    assert [told["dispersion"], told["autocorrelation"]] == pytest.approx([3.0445988, -0.1003787109], rel=1e-6)
    assert (len(told["points"]), told["points"][29]["time"]) == (48, 30)
    assert sum(one["without"] - one["fitted"] for one in told["points"]) == pytest.approx(told["averted"])


def test_a_series_of_numbers_is_as_in_r(tmp_path: Path) -> None:
    """Without seasons neighbours are alike, and each method's error says how much that matters."""
    held = months()
    columns = {"rate": np.log((held["count"] + 0.5) / held["people"]).tolist(), "month": held["month"].tolist()}
    design = """
[design]
kind = "interrupted-series"
[analysis]
outcome = "rate"
period = "month"
declared = "its-ar1"
[quasi]
began = 30
lags = 3
"""
    found = answered(tmp_path, design, columns)
    panel = lines(found)
    assert tuple(panel) == ("its-ols", "its-newey-west", "its-ar1")
    for name, numbers in {
        "its-ols": (-0.278843488303, 0.090103688892, 3.382954639e-03), "its-ar1": (-0.306113866526, 0.127826550236, 2.085633991e-02),
    }.items():  # fmt: skip
        assert [panel[name][one] for one in ("estimate", "se", "p")] == pytest.approx(numbers, rel=1e-6)
    assert panel["its-newey-west"]["se"] == pytest.approx(0.096651200355, rel=1e-9)
    assert found["details"]["carried_over"] == pytest.approx(0.4848637779, rel=1e-6)
    assert "alike" in panel["its-ols"]["warnings"][0]
    told = run(tmp_path, design, columns).stdout
    assert "By the declared analysis (its-ar1) the level after the change is 0.3061 below where it was going" in told


def test_errors_that_carry_over_are_at_the_least_of_the_whole_likelihood() -> None:
    """Against the criterion with the whole covariance matrix written down."""
    held = months()
    y = np.log(held["count"] / held["people"])
    x = np.column_stack([np.ones(48), held["month"], held["month"] >= 30])
    share, b, _ = carried_over(x, y)

    def criterion(one: float) -> float:
        inside = one ** np.abs(np.subtract.outer(np.arange(48), np.arange(48)))
        turned = np.linalg.solve(inside, x)
        at = np.linalg.solve(x.T @ turned, turned.T @ y)
        rest = y - x @ at
        parts = (np.linalg.slogdet(inside)[1], np.linalg.slogdet(x.T @ turned)[1])
        return float(45 * np.log(rest @ np.linalg.solve(inside, rest)) + sum(parts))

    assert all(criterion(share) < criterion(share + step) for step in (-1e-3, 1e-3, -0.1, 0.1, -0.3, 0.3))
    found = series_of_means(y, held["month"], 30)
    # the criterion is flat at its least, so that the search knows the share to half of the digits
    assert (found.carried, found.changes[0].estimate_carried) == pytest.approx((share, b[2]), rel=1e-6)


def test_differences_are_those_of_the_library_and_staggered_beginnings_are_said(tmp_path: Path) -> None:
    found = answered(tmp_path, text("differences").replace('within = "region"\n', ""), table("differences"))
    panel, told = lines(found), found["details"]
    assert [panel["twfe-cr2"][one] for one in ("estimate", "se", "df")] == pytest.approx(
        [5.234547215e-01, 1.001701550e-01, 4.505258289e01], rel=1e-8
    )
    assert "began at 3 different times" in panel["twfe-cr2"]["warnings"][0]
    cell = next(one for one in told["cells"] if (one["group"], one["time"]) == (3, 6))
    assert (cell["estimate"], cell["se"]) == pytest.approx((1.42985714286, 0.3057180931), rel=1e-9)  # csdid 0.4.3
    assert (told["staggered"], told["began"]) == (True, [3, 4, 6])
    by_region = lines(answered(tmp_path, text("differences"), table("differences")))
    assert by_region["twfe-cr2"]["se"] == pytest.approx(8.018525098e-02, rel=1e-8)
    assert "12 clusters" in by_region["did-group-time"]["warnings"][0]  # regions are counted, not their 48 places
    assert panel["did-group-time"]["warnings"] == []


def test_one_beginning_needs_no_warning(tmp_path: Path) -> None:
    held = {name: one[(TABLES["differences"]["began"] != 4) & (TABLES["differences"]["began"] != 6)].tolist()
            for name, one in TABLES["differences"].items()}  # fmt: skip
    columns = {NAMES.get(name, name): one for name, one in held.items()}
    found = answered(tmp_path, text("differences"), columns)
    assert found["details"]["staggered"] is False
    assert not any("different times" in one for one in lines(found)["twfe-cr2"]["warnings"])


def test_matching_shows_balance_and_what_is_unseen(tmp_path: Path) -> None:
    """With all three covariates, as test_quasi.py pins it: R 4.2.2, clubSandwich 0.5.8."""
    design = text("matched").replace('["need", "age"]', '["need", "age", "area"]').replace('beside = ["area"]', "")
    found = answered(tmp_path, design, table("matched"))
    told = found["details"]
    assert [one["name"] for one in told["balance"]] == ["need", "age", "area"]
    assert told["balance"][0]["difference_before"] == pytest.approx(0.6245267034, rel=1e-8)
    assert told["treated"] == told["matched"] + told["unmatched"]
    assert told["unseen"]["e_value"] >= told["unseen"]["e_value_of_interval"] >= 1
    beside = answered(tmp_path, text("matched"), table("matched"))
    area = next(one for one in beside["details"]["balance"] if one["name"] == "area")
    assert (area["matched_on"], area["alike"]) == (False, False)
    assert any("Unlike in what nobody was matched on: area" in one for one in beside["warnings"])
    panel = lines(beside)
    assert abs(panel["unmatched-cr2"]["estimate"] - 0.5) > abs(
        panel["matched-adjusted-cr2"]["estimate"] - 0.5
    )  # 0.5 is the truth


def test_a_blind_run_of_matching_does_not_read_the_outcome(tmp_path: Path) -> None:
    blind = answered(tmp_path, text("matched"), table("matched"), "--blind")
    other = answered(tmp_path, text("matched"), table("matched", wellbeing=[1.0] * 240), "--blind")
    assert blind["panel"] == [] and blind["blind"] is True
    assert blind["details"] == other["details"] and "unseen" not in blind["details"]
    (tmp_path / "blind.json").write_text(
        json.dumps(answered(tmp_path, text("matched"), table("matched"), "--blind")), "utf-8"
    )
    held = json.loads((tmp_path / "blind.json").read_text("utf-8"))
    held.pop("cpu_seconds")
    (tmp_path / "blind.json").write_text(json.dumps(held), "utf-8")
    later = answered(tmp_path, text("matched"), table("matched"), "--locked", str(tmp_path / "blind.json"))
    assert later["lock"]["same"] is True
    changed = answered(
        tmp_path, text("matched").replace("0.2", "0.3"), table("matched"), "--locked", str(tmp_path / "blind.json")
    )
    assert changed["lock"]["differences"] == ["[quasi] caliper was 0.2 and is 0.3."]


@pytest.mark.parametrize(
    ("kind", "change", "said"),
    [
        ("interrupted-series", ("began = 30", ""), "[quasi] has no began"),
        ("interrupted-series", ('period = "month"', ""), "[analysis] has no period"),
        ("interrupted-series", ('outcome = "count"', 'outcome = "binary"'), "is of counts or of numbers"),
        (
            "interrupted-series",
            ("its-newey-west", "lmm-kr"),
            "does not go with “interrupted-series”; it can be: its-quasi",
        ),
        ("interrupted-series", ('["level", "slope"]', '["step"]'), "it can be: level, slope"),
        ("interrupted-series", ("[quasi]", 'covariates = ["month"]\n[quasi]'), "covariates is not used"),
        ("differences", ('cluster = "authority"', ""), "the column of the places"),
        ("differences", ('kind = "differences"', 'kind = "cluster"'), "does not go with “cluster”"),
        ("differences", ('against = "never"', 'against = "nobody"'), "it can be: never, not yet"),
        ("matched", ('covariates = ["need", "age"]', ""), "columns on which people are matched"),
        ("matched", ("[quasi]", 'random = ["area"]\n[quasi]'), "random is not used"),
        ("matched", ("[quasi]", 'subgroups = ["area"]\n[quasi]'), "subgroups is not used"),
    ],
)
def test_what_a_design_without_a_lot_cannot_say_is_one_sentence(tmp_path: Path, kind: str, change, said: str) -> None:
    assert change[0] in text(kind)
    result = run(tmp_path, text(kind).replace(*change), table(kind), "--json")
    assert isinstance(result.exception, InputError), result.output
    assert said in str(result.exception)


def test_data_that_cannot_be_are_one_sentence(tmp_path: Path) -> None:
    stopped = table("differences")
    stopped["begun"][5] = 0.0 if stopped["begun"][4] else stopped["begun"][5]
    place = next(n for n, one in enumerate(stopped["begun"]) if one and stopped["year"][n] < 6)
    stopped["begun"][place + 1] = 0.0
    short = {name: [*one[:7], *one[8:]] for name, one in table("interrupted-series").items()}
    half = table("interrupted-series")
    half["enquiries"][3] = 10.5
    for kind, columns, said in (
        ("differences", stopped, "ends what it had begun"), ("interrupted-series", short, "equally far apart"),
        ("interrupted-series", half, "a count is a whole number"),
        ("interrupted-series", table("interrupted-series") | {"enquiries": ["", *half["enquiries"][1:]]}, "lacks its time"),
    ):  # fmt: skip
        result = run(tmp_path, text(kind), columns, "--json")
        assert isinstance(result.exception, InputError), result.output
        assert said in str(result.exception)


@pytest.mark.parametrize("kind", QUASI)
def test_what_only_a_lot_has_is_refused_with_the_reason(tmp_path: Path, kind: str) -> None:
    (tmp_path / "design.toml").write_text(text(kind), "utf-8")
    for asked in (("size",), ("power",), ("mdes",), ("power", "--simulate", "20"), ("size", "--curve")):
        result = CliRunner().invoke(app, ["trial", asked[0], str(tmp_path / "design.toml"), *asked[1:]])
        assert isinstance(result.exception, InputError)
        assert f"“{kind}” is not sized here: nothing is drawn by lot, and " in str(result.exception)
    if kind != "matched":
        result = run(tmp_path, text(kind), table(kind), "--blind")
        assert "Nothing was drawn that could be dealt out anew" in str(result.exception)
    (tmp_path / "units.csv").write_text("unit\na\nb\n", "utf-8")
    names = [str(tmp_path / one) for one in ("design.toml", "units.csv", "out.json")]
    result = CliRunner().invoke(app, ["trial", "allocate", *names[:2], "--out", names[2], "--practice", "--seed", "1"])
    assert "nothing is drawn by lot: there is no allocation to draw" in str(result.exception)


def test_the_words_of_each_kind(tmp_path: Path) -> None:
    told = run(tmp_path, text("interrupted-series"), table("interrupted-series")).stdout
    assert "the rate after the change is 18.6% below where it was going (ratio 0.814" in told
    assert "After the change 1,234 events fewer than expected" in told
    told = run(tmp_path, text("differences"), table("differences")).stdout
    assert "By time since it began" in told and "7.6e-05!" in told
    told = run(tmp_path, text("matched"), table("matched")).stdout
    assert "86 of 94 matched with 86 others." in told and "something unmeasured would have to" in told
    assert OF_SERIES[0] not in told
