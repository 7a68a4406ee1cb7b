"""Figures kept up to date: each version is taken in once and stands beside those before it, whatever the service does."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer
from django.conf import LazySettings
from typer.testing import CliRunner

from tests.fakes.serving import Fake, Reply, serving
from tests.fakes.statistics import FIRST, FOREIGN, SECOND, Published, StatisticsFake
from whatworks.baseline.models import Series, Vintage
from whatworks.baseline.online import updating
from whatworks.baseline.online.updating import FAILED, FOLDER, HELD, LEFT, NEW, TAKEN, Step, statistics
from whatworks.baseline.vintaging import take_in
from whatworks.cli import baseline_update
from whatworks.errors import InputError
from whatworks.ledger.models import Event
from whatworks.people.models import Area

pytestmark = pytest.mark.django_db

BY = "usr-analyst"
CARE = "Children looked after in England including adoptions"


@pytest.fixture(autouse=True)
def home(settings: LazySettings, tmp_path: Path) -> Path:
    """A centre's folder of this test's own."""
    settings.HOME = tmp_path / "centre"
    return tmp_path / "centre"


@pytest.fixture(autouse=True)
def places() -> None:
    for code, name, sort in (
        ("E92000001", "England", "country"),
        ("E06900001", "Oakshire", "unitary authority"),
        ("E06900002", "Elmshire", "unitary authority"),
    ):
        Area.objects.register(code=code, name=name, sort=sort)


@pytest.fixture
def rates() -> Published:
    return Published("Rates by council")


@pytest.fixture
def published(rates: Published) -> StatisticsFake:
    return StatisticsFake({"Children in hospital": [], CARE: [rates]})


@pytest.fixture
def service(published: StatisticsFake, settings: LazySettings) -> Iterator[Fake]:
    with serving(published) as fake:
        settings.ONLINE = settings.ONLINE | {"statistics": f"{fake.address}/v1", "requests": "60"}
        yield fake


def update(**how: Any) -> list[Step]:
    """An update of the looked-after figures, without real waiting."""
    return list(updating.update(by=BY, only=CARE, service=statistics(sleep=lambda seconds: None), **how))


# --- one release after another ------------------------------------------------------------------------------------------


def test_the_first_version_is_taken_in(service: Fake, home: Path) -> None:
    [step] = update()
    assert (step.state, step.version, step.published_on, step.figures, step.places) == (
        TAKEN,
        "1.0",
        "2023-11-16",
        9,
        3,
    )
    vintage = Vintage.objects.get(pk=step.vintages[0])
    assert (vintage.release, vintage.label, str(vintage.published_on)) == ("cla-numbers", "1.0", "2023-11-16")
    assert vintage.source_url.endswith("/csv?dataSetVersion=1.0")
    assert [(home / FOLDER / vintage.file_name).read_text(encoding="utf-8")] == [FIRST]
    assert step.revised == "Nothing of this release was here before."
    assert Event.objects.filter(verb="baseline.take_in", actor=BY).count() == 1


def test_a_second_run_changes_and_fetches_nothing(service: Fake, published: StatisticsFake) -> None:
    update()
    before = list(Series.objects.order_by("pk").values())
    assert [step.state for step in update()] == [HELD]
    assert list(Series.objects.order_by("pk").values()) == before
    assert published.asked == ["Rates by council 1.0"]


def test_the_next_version_stands_beside_the_first_and_says_what_it_revised(service: Fake, rates: Published) -> None:
    """A number revised, one given that was withheld, a year more, and columns called otherwise, as real releases do."""
    update()
    first = list(Series.objects.order_by("pk").values())
    rates.versions["2.0"] = SECOND
    [step] = update()
    assert (step.state, step.figures, step.places) == (TAKEN, 15, 3)
    assert step.revised == (
        "Beside 1.0 of 16 November 2023: 2 of 7 cells were revised (28.6 per cent), typically by 5.0% and at most by 5.0%. "
        "New: 2024."
    )
    assert list(Series.objects.order_by("pk").values()[: len(first)]) == first
    assert Vintage.objects.count() == 2
    assert [one.state for one in update()] == [HELD]


def test_a_file_that_was_taken_in_by_hand_is_known(service: Fake, tmp_path: Path) -> None:
    """The same bytes under the publisher's year are the same figures."""
    path = tmp_path / "by_hand.csv"
    path.write_text(FIRST, encoding="utf-8")
    take_in(by=BY, path=path, label="2023")
    assert [step.state for step in update()] == [HELD]
    assert Vintage.objects.count() == 1


def test_a_dry_run_says_what_is_new_and_does_nothing(service: Fake, published: StatisticsFake, home: Path) -> None:
    [step] = update(dry_run=True)
    assert step.summary() == f"{CARE}: Rates by council 1.0, published on 2023-11-16: new, and not fetched."
    assert step.state == NEW
    assert (published.asked, Vintage.objects.count(), (home / FOLDER).exists()) == ([], 0, False)


# --- what is left, and what goes wrong ----------------------------------------------------------------------------------


def test_what_no_release_is_known_of_is_said_and_left_and_not_fetched_again(
    service: Fake, published: StatisticsFake, rates: Published
) -> None:
    published.publications[CARE].insert(0, Published("Phases of the moon", {"1.0": FOREIGN}))
    moon, known = update()
    assert (moon.state, known.state) == (LEFT, TAKEN)
    assert "of no release that is known: its columns are time_period" in moon.why
    assert update()[0].state == LEFT
    assert published.asked.count("Phases of the moon 1.0") == 1


def test_what_was_withdrawn_or_never_published_is_said(
    service: Fake, published: StatisticsFake, rates: Published
) -> None:
    rates.status = "Withdrawn"
    published.publications[CARE].append(Published("Soon", {}))
    assert [(step.state, step.why.split(";")[0]) for step in update()] == [
        (LEFT, "Its publisher withdrew it"),
        (LEFT, "It has no published version yet."),
    ]


def test_a_publication_that_programs_may_not_fetch_is_said(service: Fake, published: StatisticsFake) -> None:
    published.publications[CARE].clear()
    assert "It has no data set that programs may fetch; download it" in update()[0].summary()
    del published.publications[CARE]
    assert "gives programs no publication of this title; download it" in update()[0].summary()


def test_one_file_that_does_not_come_does_not_stop_the_others(
    service: Fake, published: StatisticsFake, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A page to sign in, sent as a file, must not be kept as one."""
    published.publications[CARE].append(Published("Again", {"1.0": SECOND}))
    answer, sent = published._sent, [Reply(200, b"<html>Sign in", {"Content-Type": "text/html"})]
    monkeypatch.setattr(published, "_sent", lambda body: sent.pop() if sent else answer(body))
    failed, taken = update()
    assert (failed.state, taken.state) == (FAILED, TAKEN)
    assert "no CSV file (text/html)" in failed.summary()
    assert [path.name.split("-")[0] for path in (home / FOLDER).iterdir()] == ["again"]
    assert [step.state for step in update()] == [TAKEN, HELD]


def test_a_file_that_was_removed_meanwhile_is_left(service: Fake, published: StatisticsFake, rates: Published) -> None:
    published._sent = lambda body: Reply(404, {"title": "Not Found", "type": "Not Found", "status": 404})  # type: ignore[method-assign]
    [step] = update()
    assert step.state == LEFT
    assert "refused the figures (status 404: Not Found)" in step.why


def test_two_failures_running_end_the_update(service: Fake, published: StatisticsFake, home: Path) -> None:
    """A service that is down is not worn out; half a file is not left behind."""
    published.publications[CARE] += [Published("Second"), Published("Third")]
    published._sent = lambda body: Reply(200, body, cut=40)  # type: ignore[method-assign]
    with pytest.raises(InputError, match="failed 2 times running"):
        update()
    assert list((home / FOLDER).iterdir()) == []
    assert len(published.asked) == 6


def test_a_run_that_was_killed_half_way_goes_on(service: Fake, published: StatisticsFake, home: Path) -> None:
    """Killed after the file was kept and before it was read; and what a kill a week ago left is removed."""
    [data_set] = statistics().data_sets(statistics().publication(CARE))  # type: ignore[arg-type]
    part = home / FOLDER / ".half.part"
    part.parent.mkdir(parents=True)
    part.write_text("time_period,", encoding="utf-8")
    os.utime(part, (1_000_000_000, 1_000_000_000))
    updating.kept(statistics(), data_set)
    assert not part.exists()
    assert [step.state for step in update()] == [TAKEN]
    assert published.asked == ["Rates by council 1.0"]


def test_a_title_that_is_not_asked_for_is_refused() -> None:
    with pytest.raises(
        InputError, match="'Weather' is no publication that is asked for; choose one of: Children looked"
    ):
        list(updating.update(by=BY, only="Weather"))


# --- the command --------------------------------------------------------------------------------------------------------


@pytest.fixture
def command(service: Fake, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The command, in the centre of the test."""
    monkeypatch.setattr("whatworks.cli.baseline_update.open_centre", lambda home: None)
    monkeypatch.setattr(updating, "statistics", lambda: statistics(sleep=lambda seconds: None))
    app = typer.Typer()
    app.callback()(lambda: None)  # with one command alone its name would not be asked for
    baseline_update.register(app)
    return lambda *words: CliRunner().invoke(app, ["update", "--only", CARE, *words])


def test_the_command_says_what_it_did_and_then_that_nothing_is_new(command: Any) -> None:
    done = command()
    assert done.exit_code == 0, done.output
    assert done.output.splitlines() == [
        f"{CARE}: Rates by council 1.0, published on 2023-11-16: taken in, 9 figures of 3 places. Nothing of this release "
        "was here before.",
        "1 taken in; 0 data sets were here already.",
    ]
    again = command()
    assert (again.exit_code, again.output) == (0, "Nothing is new; 1 data set was here already.\n")


def test_the_command_gives_its_steps_as_data(command: Any) -> None:
    told = json.loads(command("--json").output)
    assert (told["counts"], told["stopped"], told["steps"][0]["figures"]) == ({"taken in": 1}, "", 9)


def test_a_failure_is_an_exit_status_that_a_timer_sees(command: Any, published: StatisticsFake) -> None:
    published._sent = lambda body: Reply(200, b"<html>", {"Content-Type": "text/html"})  # type: ignore[method-assign]
    done = command()
    assert (done.exit_code, "1 failed" in done.output) == (1, True)


def test_no_network_is_one_sentence(command: Any, settings: LazySettings) -> None:
    with serving(StatisticsFake({})) as gone:
        pass
    settings.ONLINE = settings.ONLINE | {"statistics": gone.address}
    done = command("--json")
    assert isinstance(done.exception, InputError)
    assert "could not be reached in 3 tries" in json.loads(done.output)["stopped"]
