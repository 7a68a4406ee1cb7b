"""A published result is the same number wherever it is asked for: in Python, by the command, on the page, by the API, in R."""

from __future__ import annotations

import csv
import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

import whatworks as ww
from tests.integration.journey.centres import BY, build_roads
from whatworks.extract.actions import correct
from whatworks.ledger.work import work_off
from whatworks.publish.methods.numbers import plain
from whatworks.publish.models import Page
from whatworks.synthesise.methods.running import FLOOR_USED
from whatworks.synthesise.models import Synthesis

pytestmark = pytest.mark.django_db

NUMBERS = ("k", "estimate", "se", "ci_low", "ci_high", "p", "tau2", "i2", "pi_low", "pi_high")


@pytest.fixture(autouse=True)
def _roads(db: None, settings: Any, tmp_path: Path) -> None:
    settings.HOME = tmp_path / "home"  # what other tests asked does not count here
    build_roads()


def asked(address: str) -> Any:
    response = Client().get(address)
    assert response.status_code == 200, response.content
    return response.json()


def wholes() -> list[dict[str, Any]]:
    return [asked(f"/api/results/{one['id']}") for one in asked("/api/results")["results"]]


def test_the_library_gives_the_numbers_of_the_api_from_its_recipe() -> None:
    found = wholes()
    assert found
    for one in found:
        assert one["recipe"]["function"] == "pool"
        again = ww.pool(**one["recipe"]["arguments"]).to_dict()
        assert {name: again[name] for name in NUMBERS} == {name: one["result"][name] for name in NUMBERS}
        assert {name: one[name] for name in NUMBERS} == {name: one["result"][name] for name in NUMBERS}


def test_the_command_gives_them_from_the_inputs(tmp_path: Path) -> None:
    for one in wholes():
        method = one["result"]["method"]
        file = tmp_path / f"{one['id']}.csv"
        with file.open("w", newline="") as out:
            writer = csv.writer(out)
            writer.writerow(("study", "yi", "vi"))
            writer.writerows((row["study"], repr(row["yi"]), repr(row["vi"])) for row in one["inputs"])
        options = ["--tau2", method["tau2"], "--interval", method["interval"]]
        options += ["--model", method["model"]]
        command = [sys.executable, "-m", "whatworks", "pool", str(file), *options, "--json"]
        told = json.loads(subprocess.run(command, check=True, capture_output=True, text=True, timeout=60).stdout)
        again = told[0] if isinstance(told, list) else told
        for name in ("k", "estimate", "se", "ci_low", "ci_high", "tau2"):
            assert again[name] == pytest.approx(one["result"][name], rel=1e-12), (one["id"], name)


def test_the_page_and_its_thread_show_them() -> None:
    for one in wholes():
        thread = Client().get(re.sub(r"^https?://[^/]+", "", one["trace"])).content.decode()
        assert plain(one["estimate"], 6) in thread
        page = Client().get(re.sub(r"^https?://[^/]+", "", one["page"])).content.decode()
        assert f"/trace/{one['id']}/" in page


def test_a_corrected_number_is_said_before_people_have_looked_again() -> None:
    """Nothing goes stale silently, for programs either: the approved numbers stay, and are marked."""
    first = wholes()[0]
    assert not first["ground_moved"] and first["newest"]
    contrast = Synthesis.objects.get(pk=first["id"]).analysis.members.order_by("pk").first().contrast
    name, value = next((name, value) for name, value in contrast.inputs.items() if isinstance(value, int) and value > 3)
    correct(by=BY, contrast=contrast, inputs={**contrast.inputs, name: value - 1}, reason="A slip.")
    work_off()
    listed = {one["id"]: one for one in asked("/api/results")["results"]}
    assert listed[first["id"]]["ground_moved"]
    assert listed[first["id"]]["estimate"] == first["estimate"]


def test_results_come_page_by_page_and_by_filter() -> None:
    everything = asked("/api/results")
    assert everything["count"] == len(everything["results"]) and everything["next"] is None
    slug = Page.objects.get().slug
    assert asked(f"/api/results?intervention={slug}")["count"] == everything["count"]
    assert asked("/api/results?role=as+published")["count"] <= everything["count"]
    identifiers, address = [], "/api/results?limit=1"
    while address:
        body = asked(address)
        identifiers += [one["id"] for one in body["results"]]
        address = body["next"] and re.sub(r"^https?://[^/]+", "", body["next"])
    assert identifiers == sorted(one["id"] for one in everything["results"])


@pytest.mark.parametrize(
    ("address", "status", "words"),
    [
        ("/api/results/syn-00000000", 404, "no published result"),
        ("/api/results?intervention=nowhere", 400, "There is no page nowhere"),
        ("/api/results?outcome=Nothing", 400, "There is no outcome Nothing"),
        ("/api/results?role=ours", 400, "role=ours cannot be read"),
        ("/api/results?limit=0", 400, "whole number from 1 to 200"),
        ("/api/results?metric=RD", 400, "There is no parameter metric"),
    ],
)
def test_what_cannot_be_is_said_in_one_sentence(address: str, status: int, words: str) -> None:
    response = Client().get(address)
    assert response.status_code == status
    assert words in response.json()["error"]


def test_a_result_that_no_page_shows_is_not_given() -> None:
    """What is still being worked on belongs to the workspace."""
    one = Synthesis.objects.get(pk=wholes()[0]["id"])
    loose = Synthesis(
        subject_id=Synthesis.fresh(), analysis=one.analysis, role=one.role, method=one.method, version=one.version,
        settings=one.settings, inputs=one.inputs, result=one.result,
    )  # fmt: skip
    (held,) = Synthesis.objects.register_all([loose])
    assert Client().get(f"/api/results/{held.pk}").status_code == 404


@pytest.mark.r
def test_the_script_gives_them_in_r() -> None:
    for one in wholes():
        if FLOOR_USED in one["warnings"] or one["k"] < 2:
            continue
        done = subprocess.run(["Rscript", "-e", one["r_script"]], capture_output=True, text=True, timeout=120)
        assert done.returncode == 0, done.stderr
        said = [float(number) for number in re.findall(r"-?\d+\.\d{3,}", done.stdout)]
        assert any(abs(number - one["estimate"]) < 5e-5 for number in said), done.stdout
