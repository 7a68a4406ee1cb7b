"""One trial from its protocol to its result, in a browser: register, commit, freeze, draw, repeat the draw, blind, lock, tell, report."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser import Pages
from tests.functional.conftest import Look
from tests.integration.trial.test_analysing import DESIGN, data
from tests.integration.trial.test_drawing import LIST
from whatworks.stats.lot import commitment

SECRETS = {"First custodian": "a1b2c3d4e5f60718", "Second custodian": "0f1e2d3c4b5a6978"}
SIZED = DESIGN.replace(
    "[allocation]", "[size]\nclusters = 12\nper_cluster = 15\nicc = 0.05\neffect = 1.0\nsd = 2.0\n[allocation]"
)


@pytest.fixture
def people(live_server: Any, settings: Any, tmp_path: Path) -> dict[str, tuple[str, str]]:
    """A small centre with published pages; somebody who runs trials, two custodians, a statistician and an editor."""
    from tests.integration.journey.centres import build_roads
    from whatworks.people.actions import add_user

    settings.PARTICIPANTS = tmp_path / "participants"
    build_roads()
    found = {}
    for name, role in (
        ("runs", "trialist"),
        ("first", "custodian"),
        ("second", "custodian"),
        ("sums", "statistician"),
        ("edits", "editor"),
    ):
        user, password = add_user(by="test", email=f"{name}@fernshire.example", roles=[role])
        found[name] = (user.email, password)
    return found


def published_contrast() -> Any:
    """A result on whose intervention a page is published."""
    from whatworks.extract.models import Contrast
    from whatworks.publish.models import Page as Published

    pages = Published.objects.exclude(revisions=None).values("intervention")
    return Contrast.objects.filter(intervention__in=pages).select_related("intervention", "outcome").order_by("pk")[0]


def signed_in(page: Page, url: str, who: tuple[str, str]) -> Page:
    page.goto(f"{url}/account/login/")
    page.locator("input[name=login]").fill(who[0])
    page.locator("input[name=password]").fill(who[1])
    page.keyboard.press("Enter")
    page.get_by_role("link", name="The trials, step by step").click()
    return page


@pytest.mark.slow
@pytest.mark.parametrize("width", [390, 1280])
def test_a_trial_from_its_protocol_to_its_result(
    live_server: Any, people: dict[str, tuple[str, str]], open_page: Pages, width: int, look: Look, tmp_path: Path
) -> None:
    url = live_server.url
    runs = signed_in(open_page(width), url, people["runs"])
    about = published_contrast()
    slug = opens(runs, look, about)
    registers(runs, look)
    for who, name in (("first", "First custodian"), ("second", "Second custodian")):
        commits(signed_in(open_page(width), url, people[who]), name)
    freezes(runs, tmp_path, look)
    custodian = signed_in(open_page(width), url, people["first"])
    draws(custodian, look)
    repeats(open_page(width), url, slug, tmp_path, look)
    brings_data(runs, tmp_path)
    sums = signed_in(open_page(width), url, people["sums"])
    runs_blind(sums, look)
    tells(runs)
    runs_open(sums)
    passes_on(runs, look)
    reads(open_page(width), url, slug, about.intervention.slug, look)


def opens(page: Page, look: Look, about: Any) -> str:
    page.get_by_role("link", name="Open a trial").click()
    look(page)
    page.get_by_role("button", name="Open it").click()
    expect(page.get_by_role("alert")).to_contain_text("There is a problem")
    page.get_by_label("Title").fill("Workers in Brookfield schools")
    page.get_by_label("Which intervention is tested?").select_option(label=about.intervention.name)
    page.get_by_label("Which outcome of the framework decides?").select_option(label=about.outcome.name)
    page.get_by_label("This is a demonstration").check()
    page.get_by_role("button", name="Open it").click()
    look(page)
    page.get_by_label("The design (TOML)").fill(SIZED.replace("kind", "kindd", 1))
    page.get_by_role("button", name="Keep this version").click()
    expect(page.get_by_role("alert")).to_contain_text("did you mean “kind”")
    page.get_by_label("The design (TOML)").fill(SIZED)
    page.get_by_label("Where the trial stands").select_option("running")
    page.get_by_role("button", name="Keep this version").click()
    return page.url.rstrip("/").rpartition("/")[2]


def registers(page: Page, look: Look) -> None:
    expect(page.get_by_role("heading", name="What this design can find")).to_be_visible()
    expect(page.get_by_role("heading", name="What we know before it starts")).to_be_visible()
    page.get_by_role("button", name="Lock the design for registration").click()
    expect(page.get_by_text("The design is locked by its digest.")).to_be_visible()
    look(page)


def commits(page: Page, name: str) -> None:
    page.get_by_role("link", name="Workers in Brookfield schools").click()
    page.get_by_label("Your part").fill(name)
    page.get_by_label("Your commitment").fill(commitment(SECRETS[name]))
    page.get_by_role("button", name="Publish my commitment").click()
    expect(page.get_by_text("Your commitment is published.")).to_be_visible()


def freezes(page: Page, folder: Path, look: Look) -> None:
    path = folder / "units.csv"
    path.write_text(LIST, "utf-8")
    page.reload()
    page.get_by_label("The list of units").first.set_input_files(path)
    page.get_by_role("button", name="Freeze the list").click()
    expect(page.get_by_text("A list of 12 units was frozen")).to_be_visible()
    look(page)


def draws(page: Page, look: Look) -> None:
    page.get_by_role("link", name="Workers in Brookfield schools").click()
    page.get_by_label("First custodian").fill("another secret")
    page.get_by_label("Second custodian").fill(SECRETS["Second custodian"])
    page.get_by_role("button", name="Draw", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("does not match the commitment")
    look(page)
    page.get_by_label("First custodian").fill(SECRETS["First custodian"])
    page.get_by_role("button", name="Draw", exact=True).click()
    expect(page.get_by_text("Units are drawn.")).to_be_visible()


def repeats(page: Page, url: str, slug: str, folder: Path, look: Look) -> None:
    """Anybody takes the file from the register and draws again with the script alone; one changed arm is noticed."""
    page.goto(f"{url}/trials/{slug}/")
    look(page)
    with page.expect_download() as waiting:
        page.get_by_role("link", name="Draw 1, as the file").click()
    path = folder / "allocation.json"
    waiting.value.save_as(path)
    script = Path(__file__).parents[2] / "src/whatworks/trial/standalone/replay_allocation.py"
    again = subprocess.run(
        [sys.executable, "-I", str(script), str(path)], cwd=folder, capture_output=True, text=True, check=False
    )
    assert again.returncode == 0, again.stdout + again.stderr
    text = path.read_text("utf-8")
    first = next(line for line in text.splitlines() if line.strip().startswith('"School 1": '))
    other = first.replace("usual", "?").replace("offered", "usual").replace("?", "offered")
    path.write_text(text.replace(first, other), "utf-8")
    changed = subprocess.run(
        [sys.executable, "-I", str(script), str(path)], cwd=folder, capture_output=True, text=True, check=False
    )
    assert changed.returncode == 1, changed.stdout


def brings_data(page: Page, folder: Path) -> None:
    path = folder / "outcomes.csv"
    path.write_bytes(data())
    page.reload()
    page.get_by_label("The file of outcomes").set_input_files(path)
    page.get_by_role("button", name="Take the data in").click()
    expect(page.get_by_text("Data 1: 180 rows")).to_be_visible()


def runs_blind(page: Page, look: Look) -> None:
    page.get_by_role("link", name="Workers in Brookfield schools").click()
    page.get_by_role("button", name="Run the plan on scrambled arms").click()
    expect(page.get_by_text("its numbers mean nothing")).to_be_visible()
    page.get_by_role("button", name="Lock the plan").click()
    expect(page.get_by_text("The plan of analysis was locked")).to_be_visible()
    look(page)


def tells(page: Page) -> None:
    page.reload()
    page.get_by_label("Why are the arms told now?").fill("The data are complete and the plan is locked.")
    page.get_by_role("button", name="Tell the arms").click()
    expect(page.get_by_text("The arms are told.")).to_be_visible()


def runs_open(page: Page) -> None:
    page.reload()
    page.get_by_role("button", name="Run the plan on the arms as drawn").click()
    expect(page.get_by_text("The plan ran on the arms as drawn.")).to_be_visible()


def passes_on(page: Page, look: Look) -> None:
    page.reload()
    page.get_by_label("Which review does the result join?").select_option(index=1)
    page.get_by_role("button", name="Pass the declared result on").click()
    expect(page.get_by_text("The declared result is with the evidence.")).to_be_visible()
    look(page)


def reads(page: Page, url: str, slug: str, intervention: str, look: Look) -> None:
    page.goto(f"{url}/trials/{slug}/")
    expect(page.get_by_role("heading", name="The result")).to_be_visible()
    expect(page.get_by_text("The plan is the one that was locked")).to_be_visible()
    look(page)
    page.get_by_role("link", name="Among the evidence").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Workers in Brookfield schools")
    page.goto(f"{url}/evidence/{intervention}/")
    expect(page.get_by_text("A trial of this has a result").first).to_be_visible()
    expect(page.get_by_role("link", name="Workers in Brookfield schools").first).to_be_visible()
    look(page)
