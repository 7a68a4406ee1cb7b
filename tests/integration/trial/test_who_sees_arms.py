"""Role by address: while arms are concealed, everything that any page, file, interface or pack says is the same whatever was drawn.

Two draws by other secrets give other arms. Whatever a reader gets may differ in digests and moments only; a keeper of arms alone, asking
with a reason, gets what differs. So no page needs to be searched for a word that would tell.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import get_resolver, reverse

from tests.integration.trial.test_analysing import data
from tests.integration.trial.test_concealing import CONCEALED, OTHERS, SECRETS, arms_of, concealed
from whatworks.archive.exporting import pack_files
from whatworks.people.actions import add_user
from whatworks.trial.analysing import lock_plan, run_blind, take_in, unblind
from whatworks.trial.delivering import record_fidelity
from whatworks.trial.happening import record_events
from whatworks.trial.methods.flowing import Happening
from whatworks.trial.models import Trial
from whatworks.trial.urls import urlpatterns

pytestmark = pytest.mark.django_db

PLAN = CONCEALED.replace('declared = "lmm-kr"', 'declared = "lmm-kr"\nreceived = "took"') + (
    '[compliance]\nvariable = "took"\nmeasure = "sessions"\nenough = 6\n[size]\nclusters = 12\nper_cluster = 15\nicc = 0.05\neffect = 1\n'
)
ROLES = ("nobody", "statistician", "trialist", "custodian", "administrator", "unblinded")
PASSED_OVER = {"trial_archive"}  # there is none before the result
VARIES = re.compile(
    r"[0-9a-f]{10,}|\b\d{4}-\d\d-\d\dT[0-9:.+]+Z?|csrfmiddlewaretoken[^>]*|nonce-[^'\"]*|\b\d\d:\d\d\b|\b(?:evt|usr|[a-z]{3})-[0-9a-z]+\b"
)


@pytest.fixture
def readers(settings: Any, tmp_path: Path) -> dict[str, Client]:
    settings.PARTICIPANTS = tmp_path / "participants"
    found = {"nobody": Client()}
    for role in ROLES[1:]:
        user, _password = add_user(by="test", email=f"{role}@fernshire.example", roles=[role])
        found[role] = Client()
        found[role].force_login(user)
    return found


def running(secrets: dict[str, str]) -> Trial:
    """A concealed trial on its way: people enrolled, some lost, sessions held where they were offered, a blind run, a locked plan."""
    import datetime

    day = datetime.date(2026, 3, 2)
    trial = concealed(secrets, PLAN)
    events = [Happening(f"School {n}", "enrolled", day, 20 + n) for n in range(1, 13)]
    events += [Happening("School 3", "withdrew", day, reason="closed")]
    record_events(by="usr:t", trial=trial, events=events)
    for unit, arm in arms_of(trial).items():
        value = 8.0 if arm == "offered" else 0.0
        record_fidelity(
            by="usr:t", trial=trial, unit=unit, period="spring", measure="sessions", value=value, at=day, source="log"
        )
    told = take_in(by="usr:t", trial=trial, content=data(6))
    run_blind(by="usr:s", trial=trial, dataset=told)
    lock_plan(by="usr:s", trial=trial)
    return trial


def addresses(trial: Trial) -> Iterator[str]:
    """Every address of the room, and every one of the house that needs nothing to be asked."""
    held = {"slug": trial.slug, "number": 1, "name": "protocol", "form": "txt"}
    for pattern in urlpatterns:
        if pattern.name not in PASSED_OVER:
            needed = {name: held[name] for name in pattern.pattern.regex.groupindex}
            yield reverse(pattern.name, kwargs=needed)
    yield reverse("trial_document", kwargs={"slug": trial.slug, "name": "plan", "form": "txt"})
    for name, known in get_resolver().reverse_dict.items():
        if (
            isinstance(name, str)
            and any(not parameters for _path, parameters in known[0])
            and not name.startswith("account")
        ):
            yield reverse(name)


def said(client: Client, address: str) -> str:
    answer = client.get(address)
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return f"{answer.status_code} " + VARIES.sub("~", body.decode("utf-8", "replace"))


def everything(trial: Trial, readers: dict[str, Client]) -> dict[str, str]:
    found = {f"{role} {address}": said(client, address) for role, client in readers.items() for address in sorted({*addresses(trial)})
             if role in ("nobody", "statistician") or trial.slug in address}  # fmt: skip
    for path, text in pack_files("open"):
        if path != "events.jsonl":  # each event has its own moment and number, checked by the digests that it may hold
            found[f"pack {path}"] = "\n".join(sorted(VARIES.sub("~", text).splitlines()))
    return found


def test_nothing_that_anybody_gets_hangs_on_the_arms(readers: dict[str, Client]) -> None:
    got, arms = [], []
    for secrets in (SECRETS, OTHERS):
        with transaction.atomic():
            trial = running(secrets)
            arms.append(arms_of(trial))
            got.append(everything(trial, readers))
            assert not [where for where, text in got[-1].items() for secret in secrets.values() if secret in text]
            transaction.set_rollback(True)
    assert arms[0] != arms[1] and len(got[0]) > 150
    run = reverse("trial_run", args=[trial.slug])
    assert [role for role in ROLES if got[0][f"{role} {run}"].startswith("200")] == list(ROLES[1:])
    assert got[0].keys() == got[1].keys()
    assert [where for where in got[0] if got[0][where] != got[1][where]] == []


def test_a_keeper_of_arms_sees_them_with_a_reason_and_an_analyst_never(readers: dict[str, Client]) -> None:
    trial = running(SECRETS)
    address = reverse("trial_arms", args=[trial.slug])
    asked = {"step": "look", "unit": "", "reason": "A child must be placed today."}
    for role in set(ROLES) - {"unblinded"}:
        assert readers[role].post(address, asked).status_code in (302, 403, 404), role
    assert trial.sights.count() == 0
    assert readers["unblinded"].post(address, asked | {"reason": ""}).status_code == 400
    shown = readers["unblinded"].post(address, asked)
    rows = dict(re.findall(r'<th scope="row">(School \d+)</th><td>(\w+)</td>', shown.content.decode()))
    assert rows == arms_of(trial) and trial.sights.count() == 1
    assert "no-store" in shown.headers["Cache-Control"]
    delivered = reverse("trial_delivered", args=[trial.slug])
    for role in set(ROLES) - {"unblinded"}:
        assert readers[role].post(delivered, {"step": "look", "look-reason": "To know."}).status_code in (302, 403), (
            role
        )
    seen = readers["unblinded"].post(delivered, {"step": "look", "look-reason": "To see whether it is delivered."})
    assert "Took it up" in seen.content.decode() and trial.sights.count() == 2


def test_one_person_with_both_roles_cannot_look(readers: dict[str, Client]) -> None:
    trial = running(SECRETS)
    user, _password = add_user(by="test", email="both@fernshire.example", roles=["unblinded", "statistician"])
    client = Client()
    client.force_login(user)
    answer = client.post(reverse("trial_arms", args=[trial.slug]), {"step": "look", "reason": "Curiosity."})
    assert answer.status_code == 403 and trial.sights.count() == 0


def test_from_the_unblinding_on_everybody_sees(readers: dict[str, Client]) -> None:
    trial = running(SECRETS)
    unblind(by="usr:t", trial=trial, reason="The data are complete.")
    told = readers["nobody"].get(reverse("trial_allocation", args=[trial.slug, 1])).json()
    assert told["allocation"] == arms_of(trial)
    rows = readers["nobody"].get(reverse("trial_events", args=[trial.slug])).content.decode().splitlines()
    allocated = {row.split(",")[1]: row.split(",")[4] for row in rows if ",allocated," in row}
    assert allocated == arms_of(trial)
    kept = dict(pack_files("open"))
    assert SECRETS["First custodian"] in kept["trial/told-draws.csv"] and "trial/concealed-draws.csv" not in kept
