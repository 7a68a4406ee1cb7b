"""`whatworks pool-tables`, `whatworks pool-bayes` and the newer options of `whatworks pool`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from whatworks.cli import bayes, rare, synthesise
from whatworks.errors import InputError
from whatworks.synthesise import pool
from whatworks.synthesise.methods.bayes.pooling_bayes import pool_bayes
from whatworks.synthesise.methods.rare.pooling_tables import pool_tables

APP = typer.Typer()
for room in (synthesise, rare, bayes):
    room.register(APP)
COUNTS = {"ai": [1, 3, 0, 5], "n1i": [50, 60, 40, 80], "ci": [4, 6, 3, 9], "n2i": [52, 58, 44, 75]}


def run(*words: object) -> str:
    result = CliRunner().invoke(APP, [str(word) for word in words])
    if result.exception:
        raise result.exception
    return result.stdout


@pytest.fixture
def counts(tmp_path: Path) -> Path:
    file = tmp_path / "counts.csv"
    rows = zip(*COUNTS.values(), strict=True)
    file.write_text("ai,n1i,ci,n2i\n" + "\n".join(",".join(map(str, row)) for row in rows), encoding="utf-8")
    return file


@pytest.fixture
def effects(tmp_path: Path) -> Path:
    file = tmp_path / "effects.csv"
    file.write_text("study,yi,vi\na,0.1,0.04\nb,0.3,0.02\na,-0.2,0.05\n", encoding="utf-8")
    return file


@pytest.mark.parametrize("method", ["MH", "CM.EL", "BB"])
def test_pool_tables_prints_one_json_object(counts: Path, method: str) -> None:
    assert (
        json.loads(run("pool-tables", counts, "--method", method, "--json"))
        == pool_tables(**COUNTS, method=method).to_dict()
    )


def test_pool_tables_for_people(counts: Path) -> None:
    out = run("pool-tables", counts, "--measure", "rr")
    assert "RR by MH" in out and "cochran-mantel-haenszel" in out
    with pytest.raises(InputError, match="IRR needs the columns"):
        run("pool-tables", counts, "--measure", "IRR")


def test_pool_bayes_tells_other_priors_too(effects: Path) -> None:
    answer = json.loads(run("pool-bayes", effects, "--prior", "half-cauchy(1)", "--mu-prior", "0", "2", "--json"))
    want = pool_bayes([0.1, 0.3, -0.2], [0.04, 0.02, 0.05], prior="half-cauchy(1)", mu_prior=(0, 2))
    assert answer["effect"] == want.effect.to_dict()
    assert len(answer["sensitivity"]) == 5
    assert "Under other priors" in run("pool-bayes", effects)


def test_the_newer_options_of_pool(effects: Path, tmp_path: Path) -> None:
    chart = tmp_path / "forest.svg"
    answer = json.loads(
        run("pool", effects, "--names", "study", "--tau2-interval", "pl", "--interval", "hksj-wider", "--band", "-1", "1",
            "--band-source", "the protocol", "--chart", chart, "--json")
    )  # fmt: skip
    same = pool([0.1, 0.3, -0.2], [0.04, 0.02, 0.05], names=["a", "b", "a"], tau2_interval="pl", interval="hksj-wider",
                band=(-1, 1, "the protocol"))  # fmt: skip
    assert answer == same.to_dict()
    assert any("multilevel" in sentence for sentence in answer["warnings"])
    assert chart.read_text(encoding="utf-8").startswith("<svg")
    assert "References" in run("pool", effects, "--report")
    assert "library(metafor)" in run("pool", effects, "--r")
    with pytest.raises(InputError, match="three parts"):
        run("pool", effects, "--band", "-1", "1")
    with pytest.raises(InputError, match="no column 'name'"):
        run("pool", effects, "--names", "name")
