"""What the centre's own evidence says before a trial, on the pages of a trial; made-up trials of the pack about roads."""

from __future__ import annotations

import ast
import datetime
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from scipy.stats import norm

from tests.integration.trial import test_analysing
from tests.integration.trial.test_drawing import LIST, committed
from whatworks.baseline.comparing import Comparing
from whatworks.baseline.indicators import indicator
from whatworks.ledger.models import Event, Lineage
from whatworks.people.actions import add_user
from whatworks.scope.models import Intervention, Outcome, OutcomeGroup
from whatworks.synthesise.models import Analysis
from whatworks.synthesise.presenters import current_of
from whatworks.trial.analysing import lock_plan, run_blind, run_open, take_in, unblind
from whatworks.trial.drawing import draw, freeze
from whatworks.trial.foreseeing import evidence_of, foreseen, signal_of
from whatworks.trial.happening import record_events
from whatworks.trial.methods.design import read
from whatworks.trial.methods.flowing import Happening
from whatworks.trial.methods.foreseeing.learning import Standing, foresee
from whatworks.trial.methods.foreseeing.repeating import repeated
from whatworks.trial.methods.sizing.planning import mdes, power
from whatworks.trial.models import Correlation, Trial, TrialLock
from whatworks.trial.opening import lock, open_trial

pytestmark = pytest.mark.django_db
DAY = datetime.date(2026, 1, 5)
DESIGN = """\
[design]
kind = "cluster"
outcome = "binary"
[estimand]
units = "junctions"
endpoint = "junctions with a serious injury in 24 months"
[size]
clusters = 40
per_cluster = 10
icc = 0.02
control_rate = 0.3
effect = -0.1
[[progression]]
name = "districts that agree"
red = 0.3
green = 0.6
"""


@pytest.fixture(scope="module", autouse=True)
def roads(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """The tiny pack, computed and published, in a transaction around the file's tests."""
    with django_db_blocker.unblock():
        from django.db import transaction

        from tests.integration.journey.centres import build_roads

        with transaction.atomic():
            build_roads()
            yield
            transaction.set_rollback(True)


def opened(design: str = DESIGN, **about: Any) -> Trial:
    analysis = Analysis.objects.get()
    told = {"intervention": analysis.intervention, "outcome": analysis.outcome} | about
    return open_trial(by="usr:t", title="Slow zones in Dunmere", design=design, demonstration=True, **told)


def known(trial: Trial, design: str = DESIGN) -> dict[str, Any]:
    found = foreseen(trial, read(design), public=True)
    assert found is not None
    return found


def text(found: dict[str, Any]) -> str:
    return str(found)


def banked(**about: Any) -> None:
    Correlation.objects.register(
        Correlation.derived(about["outcome"], about["setting"]),
        **({"measure": "icc", "value": 0.013, "low": 0.0, "high": 0.07, "clusters": 24, "source": "A made-up report"} | about),
        by="usr:t", at=datetime.datetime(2026, 1, 5, tzinfo=datetime.UTC),
    )  # fmt: skip


def test_the_pooled_result_is_known_with_its_trace_and_its_prior() -> None:
    analysis = Analysis.objects.get()
    held = current_of(analysis)
    assert held is not None
    found = known(opened())
    row = found["known"][0]
    assert row["href"] == f"/trace/{held.pk}/" and f"{held.result['k']} results" in row["source"]
    if held.result["pi_low"] is None:
        assert "takes three studies" in row["why"] and "prior" not in found["toml"]
    else:
        sd = (held.result["pi_high"] - held.result["pi_low"]) / 3.92
        mean, deviation = ast.literal_eval(found["toml"].split("prior = ")[1].splitlines()[0])
        assert mean == pytest.approx((held.result["pi_low"] + held.result["pi_high"]) / 2, abs=1e-5)
        assert deviation == pytest.approx(sd, rel=1e-3)
        assert found["assurance"]["power"] == f"{100 * (power(read(DESIGN)).power or 0):.0f}%"


def test_nothing_is_changed_by_looking() -> None:
    trial = opened()
    before = Event.objects.count()
    known(trial)
    assert Event.objects.count() == before and trial.newest().design == DESIGN  # type: ignore[union-attr]


def test_what_it_would_do_to_the_answer_is_that_of_the_method() -> None:
    held = current_of(Analysis.objects.get())
    assert held is not None
    result = held.result
    standing = Standing(
        result["estimate"], result["se"], result["tau2"], result["k"], result["ci_low"], result["ci_high"], by_t=True
    )
    wanted = foresee(standing, power(read(DESIGN)).se)
    lines = known(opened())["next"]["lines"]
    assert f"{round(100 * wanted.flips)} in 100" in lines[2] or "less than" in lines[2]
    assert f"{round(100 * wanted.wrong_now)} in 100" in lines[3] or "less than" in lines[3]
    assert "of each 1,000 junctions" in lines[3] and "costs nothing that counts here" in lines[4]
    assert any("studies" in line for line in known(opened_again())["next"]["strength"])


def opened_again() -> Trial:
    return Trial.objects.get(title="Slow zones in Dunmere")


def test_a_scale_that_does_not_meet_is_said() -> None:
    other = DESIGN.replace('outcome = "binary"', 'outcome = "continuous"').replace("control_rate = 0.3\n", "")
    found = known(opened(other), other)
    assert "cannot be set against the other" in found["next"]["problem"] and "prior" not in found["toml"]


def test_the_bank_gives_its_nearest_with_interval_and_source() -> None:
    banked(outcome="junctions with a serious injury", setting="districts")
    banked(outcome="prices", setting="farms")
    found = known(opened())
    row = next(one for one in found["known"] if one["what"].startswith("icc"))
    assert row["value"] == "0.0130 (0.0000 to 0.0700)" and row["source"] == "A made-up report"
    assert "nearest" in row["why"] and "injury" in row["why"]
    assert "icc = 0.013  # from 0 to 0.07" in found["toml"] and "farms" not in text(found)


def test_what_is_not_held_is_said_and_not_made_up() -> None:
    found = known(opened(intervention=None, outcome=None))
    assert found["next"] is None and found["known"] == []
    assert any("names no intervention" in line for line in found["absent"])
    assert any("No indicator held here counts this outcome" in line for line in known(opened_other())["absent"])


def opened_other() -> Trial:
    fines = Outcome.objects.get(slug="fines")
    about = {"intervention": Intervention.objects.first(), "outcome": fines}
    return open_trial(by="usr:t", title="Fines in Dunmere", design=DESIGN, demonstration=True, **about)


def test_the_public_page_shows_all_of_it(client: Client) -> None:
    trial = opened()
    page = client.get(f"/trials/{trial.slug}/").content.decode()
    plan = power(read(DESIGN))
    for words in (
        "What this design can find", f"{100 * (plan.power or 0):.0f}%", "What we know before it starts",
        "What would this trial do to our answer?", "40 clusters", "districts that agree: 25 must be counted",
    ):  # fmt: skip
        assert words in page, words


def test_a_size_that_cannot_be_reckoned_is_a_sentence(client: Client) -> None:
    trial = opened(DESIGN.replace("effect = -0.1", "effect = -0.5"))
    page = client.get(f"/trials/{trial.slug}/").content.decode()
    assert "It cannot be told: [size] An effect of -0.5 on 0.3 gives -0.2" in page
    bare = open_trial(by="usr:t", title="Bare", design='[design]\nkind = "cluster"\n', demonstration=True)
    assert "What this design can find" not in client.get(f"/trials/{bare.slug}/").content.decode()


def test_who_is_left_and_what_they_can_still_find(client: Client) -> None:
    trial = opened()
    told = []
    for n in range(40):
        arm = "control" if n % 2 else "intervention"
        told += [Happening(f"D{n}", "allocated", DAY, arm=arm), Happening(f"D{n}", "enrolled", DAY, 10)]
        told += [Happening(f"D{n}", "lost", DAY, reason="left the trial")] if n in (0, 2, 4, 6) else []
    record_events(by="usr:t", trial=trial, events=told)
    page = client.get(f"/trials/{trial.slug}/").content.decode()
    assert "16 of 20 (80%)" in page and "160 of 200 (80%)" in page and "20 of 20 (100%)" in page
    left = DESIGN.replace("clusters = 40", "clusters = 36").replace(
        "control_rate", f"allocated = {16 / 36}\ncontrol_rate"
    )
    least = 100 * (mdes(read(left)).mdes or 0)
    assert f"can be expected to find is {least:.4g} in each 100" in page
    assert f"As planned it was {100 * (mdes(read(DESIGN)).mdes or 0):.4g} in each 100" in page


def test_the_level_without_it_is_the_newest_published_one() -> None:
    """Section 47 enquiries in England: the pack's own figures, read the way a page of places reads them."""
    from tests.integration.baseline.england import load_england

    load_england()
    group = OutcomeGroup.objects.get(pk=Outcome.objects.get(slug="fines").group_id)
    about = {
        "slug": "child-protection-enquiries",
        "name": "Enquiries",
        "group": group,
        "direction": "contact",
        "order": 9,
    }
    outcome = Outcome.objects.register(Outcome.derived("enquiries"), **about)
    counts = (
        DESIGN.replace('"binary"', '"count"')
        .replace("icc = 0.02", "k = 0.3")
        .replace("control_rate = 0.3", "control_rate = 0.02")
    )
    counts = counts.replace("effect = -0.1", "ratio = 0.8")
    trial = opened(counts, outcome=outcome)
    found = known(trial, counts)
    held = Comparing.read(indicator("section-47"))
    rate = held.value(held.country)
    assert rate is not None and 100 < rate < 300  # published as a rate for every 10,000
    row = next(one for one in found["known"] if one["what"].startswith("Level"))
    assert f"{rate:.1f}" in row["value"] and row["href"].startswith("/places/vintages/")
    assert f"control_rate = {rate / 10_000:.6g}" in found["toml"]
    assert "control_rate" not in known(trial, DESIGN)["toml"]  # a share of people is not a rate of events


def test_a_pilots_record_says_how_likely_its_signal_is_found_again(
    settings: Any, tmp_path: Path, client: Client
) -> None:
    settings.PARTICIPANTS = tmp_path / "participants"
    pilot = test_analysing.DESIGN.replace('name = "brookfield"', 'name = "pilot"\nstage = "pilot"')
    pilot += "[size]\neffect = 0.5\nsd = 1.6\nclusters = 12\nper_cluster = 15\nicc = 0.05\n"
    trial = open_trial(by="usr:t", title="A pilot in Brookfield", design=pilot, demonstration=True)
    lock(by="usr:t", protocol=trial.newest(), what=TrialLock.REGISTRATION)  # type: ignore[arg-type]
    told = committed(trial)
    freeze(by="usr:t", trial=trial, listed=LIST)
    draw(by="usr:t", trial=trial, secrets=told)
    assert signal_of(trial, read(pilot)) == []
    held = take_in(by="usr:t", trial=trial, content=test_analysing.data())
    run_blind(by="usr:t", trial=trial, dataset=held)
    lock_plan(by="usr:t", trial=trial)
    unblind(by="usr:t", trial=trial, reason="The data are complete.")
    row = next(one for one in run_open(by="usr:t", trial=trial, dataset=held).panel["panel"] if one["declared"])
    wanted = repeated(row["estimate"], row["se"], 0.5 / (norm.isf(0.025) + norm.ppf(0.8)), planned=0.5)
    lines = signal_of(trial, read(pilot))
    assert f"about {round(100 * wanted.flat)} of 100" in lines[1] and "power of 80%" in lines[0]
    page = client.get(f"/trials/{trial.slug}/").content.decode()
    assert "Would a definitive trial find this again?" in page and lines[1] in page
    assert "What we know before it starts" not in page  # its own result stands
    assert signal_of(trial, read(pilot.replace('stage = "pilot"', ""))) == []


def test_too_few_for_three_arms_is_a_sentence(client: Client) -> None:
    """Dunnett's level needs degrees of freedom; with none left the page says so."""
    arms = "".join(f'[[arms]]\nname = "{name}"\n' for name in "abc")
    few = f'[design]\nkind = "individual"\n{arms}[size]\nclusters = 6\nattrition = 0.95\nsd = 1.0\n'
    trial = opened(few)
    assert "No degrees of freedom are left" in client.get(f"/trials/{trial.slug}/").content.decode()


def test_those_who_run_it_see_the_same_beside_each_step(client: Client) -> None:
    """In the workspace from results as computed last; the public page from those as approved."""
    trial = opened()
    user, _ = add_user(by="test", email="runs@fernshire.example", roles=["trialist"])
    client.force_login(user)
    page = client.get(f"/workspace/trials/run/{trial.slug}/").content.decode()
    assert "What this design can find" in page and "What would this trial do to our answer?" in page
    assert "The trial as it is now" not in page
    record_events(by="usr:t", trial=trial, events=[Happening("D1", "allocated", DAY, arm="control")])
    assert "The trial as it is now" in client.get(f"/workspace/trials/run/{trial.slug}/").content.decode()


def test_what_is_not_approved_is_not_on_the_public_page() -> None:
    """The page's approved revision rests on a result; without that line there is nothing to rest a public number on."""
    trial, held = opened(), current_of(Analysis.objects.get())
    assert [one.held for one in evidence_of(trial, public=True)] == [held]
    Lineage.objects.filter(input=held.pk, output__kind="revision").delete()  # type: ignore[union-attr]
    assert evidence_of(trial, public=True) == []
    assert [one.held for one in evidence_of(trial, public=False)] == [held]
