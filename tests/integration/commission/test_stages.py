"""Stages of the made-up call that need one of their own: scoring as it goes on, and a call whose rules have a lot."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.integration.commission.verified import differences
from tools.founding_commission import RULES
from whatworks.commission import assessing, calling, deciding, lots
from whatworks.commission.methods.lottery import replay
from whatworks.commission.models import Application, LotDraw
from whatworks.commission.weighing import weighed
from whatworks.errors import ConflictError, ForbiddenError, InputError
from whatworks.ledger import triggers
from whatworks.stats.lot import commitment

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _quick(settings: Any) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


def test_scores_need_reasons_and_are_blind(who: Any, db: None) -> None:
    """A score without a reason cannot be told to anybody."""
    from tools.founding_commission import fictional_call

    call = fictional_call("assessing")
    one, user = call.applications.get(body="Mereton Town"), who("panel-1")
    good = dict.fromkeys(("need", "plan", "learning"), (3, "Because."))
    with pytest.raises(InputError, match="Give the reason"):
        assessing.score(by=user.actor, user=user, application=one, given={"need": (3, " ")}, hand_in=False)
    with pytest.raises(InputError, match="no such score"):
        assessing.score(by=user.actor, user=user, application=one, given={"need": (9, "x")}, hand_in=False)
    with pytest.raises(InputError, match="no score yet on"):
        assessing.score(by=user.actor, user=user, application=one, given={"need": (3, "x")}, hand_in=True)
    with pytest.raises(ForbiddenError, match="not appointed"):
        assessing.score(by="x", user=who("keeper"), application=one, given=good, hand_in=True)
    with pytest.raises(ForbiddenError, match="conflict"):
        hidden = call.applications.get(body="Larkmere East")
        assessing.score(by="x", user=who("panel-5"), application=hidden, given=good, hand_in=True)
    assessing.score(by=user.actor, user=user, application=one, given=good, hand_in=True)
    with pytest.raises(ConflictError, match="stay as they are"):
        assessing.score(by=user.actor, user=user, application=one, given=good, hand_in=True)
    with pytest.raises(ConflictError, match="Not every application"):
        calling.end_scoring(by="usr:k", call=call)
    assessing.recuse(
        by=user.actor, application=call.applications.get(body="Mereton Vale"), user=user, why="My sister works there."
    )
    assert not Application.objects.filter(body="Mereton Vale").visible_to(user).exists()
    with pytest.raises(ConflictError, match="after scoring has ended"):
        assessing.moderate(by="usr:k", application=one, criterion="need", points=2, why="Agreed.")


LOT = RULES.replace("lot = false", 'lot = true\nthreshold = 30.0\nsigned_by = "The accountable officer"').replace(
    "level = 0.5", "level = 0.9"
)


def test_a_lot_can_be_drawn_again_by_a_stranger(db: None, who: Any, monkeypatch: Any) -> None:
    """Committed before, frozen by the accountable officer, drawn once; the record alone gives the same outcome."""
    from tools import founding_commission

    monkeypatch.setattr(founding_commission, "RULES", LOT)
    call = founding_commission.fictional_call("deciding")
    officer, secrets = who("officer"), {"First custodian": "a1b2c3", "Second custodian": "d4e5f6"}
    with pytest.raises(ConflictError, match="Two custodians"):
        lots.freeze(by=officer, call=call)
    for number, (name, secret) in enumerate(secrets.items()):
        lots.commit(by=f"usr:{number}", call=call, custodian=name, commitment=commitment(secret))
    with pytest.raises(ConflictError, match="once"):
        lots.commit(by="usr:0", call=call, custodian="Third", commitment=commitment("x"))
    with pytest.raises(ForbiddenError, match="accountable officer"):
        lots.freeze(by=who("keeper"), call=call)
    with pytest.raises(ConflictError, match="not frozen"):
        lots.draw(by="usr:d", call=call, secrets=secrets)
    frozen = lots.freeze(by=officer, call=call)
    line = weighed(call).line
    assert line is not None and set(frozen.names.values()) == set(line.tied)  # the stated rule, all above the threshold
    with pytest.raises(ConflictError, match="is frozen"):
        lots.commit(by="usr:9", call=call, custodian="Late", commitment=commitment("y"))
    with pytest.raises(InputError, match="does not match"):
        lots.draw(by="usr:d", call=call, secrets={**secrets, "First custodian": "other"})
    drawn = lots.draw(by="usr:d", call=call, secrets=secrets)
    assert replay(drawn.document) == [] and differences() == []
    names = set(call.applications.values_list("pk", flat=True)) | set(call.applications.values_list("body", flat=True))
    assert not [one for one in names if one in drawn.document]
    other = json.loads(drawn.document)
    other["taken"] = other["order"][-1:]
    assert replay(json.dumps(other)) != []
    with pytest.raises(ConflictError, match="drawn once"):
        lots.draw(by="usr:d", call=call, secrets=secrets)
    taken = lots.taken_of(call)
    one = call.applications.get(pk=sorted(taken)[0])
    assert deciding.came_out(one, weighed(call)) == "chosen"
    triggers.remove()
    LotDraw.objects.filter(pk=drawn.pk).update(document=json.dumps(other))
    assert {d.identifier for d in differences()} == {drawn.pk}
