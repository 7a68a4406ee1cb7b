"""The ground of the long join, by verbs: a pack whose page waits for approval, a drawn trial of it, a decided call, a panel that met."""

from __future__ import annotations

import datetime
import json
from typing import Any

from django.utils import timezone

from tests.integration.implement.places import DESIGN, PLAN  # noqa: F401  the plan is for whoever walks
from tests.integration.journey.centres import ROADS
from tests.integration.trial.test_drawing import LIST, committed
from whatworks.archive.loading import load_pack
from whatworks.baseline.models import Practice
from whatworks.baseline.practising import add_practice
from whatworks.commission.models import Award
from whatworks.convene.models import PanelContact, PanelMeeting
from whatworks.convene.paneling import apply, invite, open_panel
from whatworks.convene.paneling_meetings import attend, hold_meeting
from whatworks.extract.models import Contrast
from whatworks.publish.actions import refresh
from whatworks.publish.models import Page
from whatworks.scope.models import Question
from whatworks.scope.questioning import take_up
from whatworks.trial.drawing import draw, freeze
from whatworks.trial.models import Trial, TrialLock
from whatworks.trial.opening import lock, open_trial

BY = "usr:test"
START = datetime.date(2026, 3, 2)
ASKED = "How much slower do cars go after a town has drawn its slow streets together, and who says so?"
ENQUIRER = "asks@mereton.example"
WORDING = "Do slow zones prevent crashes on the streets around them?"
OTHERS = ("Do speed tables work at night?", "What do drivers say of zones?")
MEMBER = "A young person in Mereton"
TITLE = "Slow zones in the towns of Fernshire"


def ground() -> Page:
    """Everything that stands before the first step. Returns the page that nobody has approved yet."""
    load_pack(folder=ROADS, by=BY)
    refresh(by=BY)
    page: Page = Page.objects.get()
    for wording in OTHERS:
        take_up(by=BY, wording=wording, demonstration=True)
    return page


def drawn_trial(page: Page) -> Trial:
    """A trial of what the page is about: registered, committed to, frozen and drawn."""
    contrast = Contrast.objects.filter(intervention=page.intervention).select_related("outcome").order_by("pk").first()
    assert contrast is not None
    trial = open_trial(
        by=BY, title=TITLE, design=DESIGN % {"concealed": ""}, demonstration=True, intervention=page.intervention,
        outcome=contrast.outcome,
    )  # fmt: skip
    protocol = trial.newest()
    assert protocol is not None
    lock(by=BY, protocol=protocol, what=TrialLock.REGISTRATION)
    told = committed(trial)
    freeze(by=BY, trial=trial, listed=LIST)
    draw(by=BY, trial=trial, secrets=told)
    return trial


def offered(trial: Trial) -> str:
    """A unit that was drawn to have the offer."""
    made = trial.allocations.get(practice=False)
    arms: dict[str, str] = json.loads(made.document)["allocation"]
    return next(unit for unit in sorted(arms) if arms[unit] == "offered")


def award() -> Award:
    """The first award of the made-up call, which is decided by it."""
    from tools import founding_commission

    call = founding_commission.fictional_call("decided")
    found: Award = call.awards.order_by("pk")[0]
    return found


def practice_of(page: Page) -> Practice:
    """What the page is about, on the practice map."""
    made: Practice = add_practice(by=BY, name="Zones", plain="Streets are slow.", intervention=page.intervention)
    return made


def panel_that_met() -> tuple[PanelMeeting, PanelContact, str]:
    """A panel with one member and a meeting to which they came; and the end of the member's private address."""
    today = timezone.localdate()
    opened = today - datetime.timedelta(days=30)
    panel = open_panel(
        by=BY, title="Young people of Fernshire", sort="young", safeguarding="Safeguarding lead, by telephone", places=4,
        youngest=11, oldest=24, quotas=[["Area", "Town", 0, 4], ["Area", "Country", 0, 4]], opens_on=opened,
        closes_on=today - datetime.timedelta(days=10), other_ways="By post.", demonstration=True,
    )  # fmt: skip
    contact, token = apply(
        panel=panel, name=MEMBER, email="young@mereton.example", age=17, bands={"Area": "Town"},
        agrees=["taking part", "data"], day=opened,
    )  # fmt: skip
    contact = invite(by=BY, contact=contact)
    meeting = hold_meeting(by=BY, panel=panel, title="On streets", on=today - datetime.timedelta(days=2))
    attend(by=BY, meeting=meeting, contacts=[contact])
    return meeting, contact, token


def ordered(questions: list[Question], first: Question) -> Any:
    """A setting of priorities, voted on and published, with `first` on top."""
    from whatworks.decide import prioritising as setting

    groups = ("young people", "social workers")
    made = setting.open_setting(
        by=BY, title="What to find out in Fernshire", groups=dict.fromkeys(groups, 1.0), shortlist=1, choose=1,
        closes_on=timezone.localdate() + datetime.timedelta(days=5), demonstration=True,
    )  # fmt: skip
    for one in questions:
        row = setting.put_forward(by=BY, setting=made, question=one)
        setting.look_up(by=BY, row=row, found="unanswered", looked="The store and the register.")
    setting.open_voting(by=BY, setting=made)
    for group in groups:
        for code in setting.hand_out(by=BY, setting=made, group=group, number=5):
            setting.cast(setting=made, code=code, ticked=[first.pk])
    setting.publish(by=BY, setting=made)
    return made
