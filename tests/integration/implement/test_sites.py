"""Sites are opened, planned, moved on and back; what they deliver reaches the trial; what they change warns its statistician."""

from __future__ import annotations

import datetime

import pytest
from django.db import DatabaseError, transaction

from tests.integration.implement.places import BY, PLAN, any_revision, counts, drawn_trial, site_at
from whatworks.baseline.models import Standing
from whatworks.baseline.practising import add_practice
from whatworks.convene.models import Quarantined, Text
from whatworks.errors import ConflictError, InputError
from whatworks.implement.adapting import adapt, heed
from whatworks.implement.delivering import months, pass_on, send_form
from whatworks.implement.mapping import tell_map
from whatworks.implement.methods.adapting import Change
from whatworks.implement.models import Adaptation, FidelityForm, Site, SitePhase, SitePlan
from whatworks.implement.opening import agree_to_show, go_on, open_site, write_plan
from whatworks.implement.presenters import site_page
from whatworks.implement.presenters_work import warning
from whatworks.implement.showing import shown, shown_site
from whatworks.ledger.models import Event, Subject
from whatworks.ledger.sections import about
from whatworks.ledger.verification import verify
from whatworks.people.models import Area
from whatworks.trial.models import Delivered

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("roads")]
FIRST = datetime.date(2026, 1, 1)
CHANGE = Change(
    "deliver",
    False,
    "practitioners",
    "content",
    "team",
    "removed",
    "inconsistent",
    "feasible",
    "organisation",
    ("meets",),
)


def test_phases_go_on_and_back_and_stopping_needs_a_reason() -> None:
    site = open_site(by=BY, name="Larkmere school", sort="school", revision=any_revision(), on=FIRST)
    with pytest.raises(ConflictError, match="no plan yet"):
        go_on(by=BY, site=site, phase="deliver", on=FIRST)
    write_plan(by=BY, site=site, seen=0, plan=PLAN)
    go_on(by=BY, site=site, phase="deliver", on=FIRST)
    with pytest.raises(InputError, match="Say why"):
        go_on(by=BY, site=site, phase="prepare", on=FIRST)
    go_on(by=BY, site=site, phase="prepare", on=FIRST, reason="staff")
    with pytest.raises(InputError, match="other than the one"):
        go_on(by=BY, site=site, phase="prepare", on=FIRST)
    with pytest.raises(InputError, match="before 2026-01-01"):
        go_on(by=BY, site=site, phase="deliver", on=FIRST - datetime.timedelta(days=1))
    go_on(by=BY, site=site, phase="stopped", on=FIRST, reason="money")
    assert [(one.phase, one.reason) for one in site.phases.order_by("number")] == [
        ("explore", ""),
        ("deliver", ""),
        ("prepare", "staff"),
        ("stopped", "money"),
    ]


def test_a_plan_changed_after_delivery_began_says_so_and_the_one_before_stays() -> None:
    site = site_at()
    with pytest.raises(InputError, match="Nothing is different"):
        write_plan(by=BY, site=site, seen=1, plan=PLAN, what_changed="None")
    import dataclasses

    lower = dataclasses.replace(
        PLAN, components=(dataclasses.replace(PLAN.components[0], threshold=0.5), *PLAN.components[1:])
    )
    with pytest.raises(InputError, match="fixed beforehand"):
        write_plan(by=BY, site=site, seen=1, plan=lower)
    with pytest.raises(ConflictError, match="Somebody else changed"):
        write_plan(by=BY, site=site, seen=0, plan=lower, what_changed="Too strict.")
    write_plan(by=BY, site=site, seen=1, plan=lower, what_changed="Too strict.")
    assert [one.after_start for one in site.plans.order_by("number")] == [False, True]
    named = dataclasses.replace(PLAN, partners=("Call Mrs Harrington on 01632 960961",))
    with pytest.raises(InputError, match="Do not name or describe"):
        write_plan(by=BY, site=site, seen=2, plan=named, what_changed="More partners.")


def test_what_is_delivered_reaches_the_trial_without_being_typed_again() -> None:
    trial = drawn_trial()
    site = site_at(trial=trial, unit="School 1")
    send_form(by=BY, site=site, period="2026-02", done=counts((10, 8), (10, 5), (0, 0)), dose=6)
    send_form(by=BY, site=site, period="2026-03", done=counts((10, 10), (10, 10), (4, 4)), dose=7, people=3)
    held = {(one.unit, one.period, one.measure): one.value for one in Delivered.objects.filter(trial=trial)}
    assert held == {
        ("School 1", "2026-02", "fidelity"): pytest.approx(0.65),
        ("School 1", "2026-02", "sessions"): 6,
        ("School 1", "2026-03", "fidelity"): 1,
        ("School 1", "2026-03", "sessions"): 7,
    }
    assert pass_on(by=BY, site=site) == 0  # nothing is new
    assert [one.result.complied for one in months(site)] == [True, True]
    assert verify().differences == []


def test_a_wrong_form_is_replaced_and_the_trial_hears_of_it() -> None:
    trial = drawn_trial()
    site = site_at(trial=trial, unit="School 2")
    wrong = send_form(by=BY, site=site, period="2026-02", done=counts((10, 1), (10, 1)), dose=60)
    send_form(by=BY, site=site, period="2026-02", done=counts((10, 10), (10, 10)), dose=6, replaces=wrong)
    with pytest.raises(ConflictError, match="replaced this form first"):
        send_form(by=BY, site=site, period="2026-02", done=counts((10, 9), (10, 9)), dose=6, replaces=wrong)
    last = Delivered.objects.filter(trial=trial, measure="sessions").order_by("-number").first()
    assert last is not None and last.value == 6 and site.forms.standing().count() == 1


def test_before_the_draw_forms_are_kept_and_given_afterwards() -> None:
    from tests.integration.implement.places import DESIGN
    from whatworks.trial.opening import open_trial

    trial = open_trial(by=BY, title="Not drawn yet", design=DESIGN % {"concealed": ""})
    site = site_at(trial=trial, unit="School 1")
    send_form(by=BY, site=site, period="2026-02", done=counts((10, 8), (10, 5)), dose=6)
    assert not Delivered.objects.filter(trial=trial).exists() and site.forms.count() == 1


def test_forms_that_cannot_be_are_refused_and_nothing_is_kept() -> None:
    trial = drawn_trial()
    site = site_at(trial=trial, unit="School 99")
    with pytest.raises(InputError, match="School 99 was not drawn"):
        send_form(by=BY, site=site, period="2026-02", done=counts((10, 8), (10, 5)), dose=6, note="A note.")
    with pytest.raises(InputError, match="no month up to this one"):
        send_form(by=BY, site=site, period="2999-01", done=counts((1, 1), (1, 1)), dose=1)
    assert not FidelityForm.objects.filter(site=site).exists() and not Text.objects.exists()
    go_on(by=BY, site=site, phase="stopped", on=FIRST, reason="money")
    with pytest.raises(ConflictError, match="does not now"):
        send_form(by=BY, site=site, period="2026-02", done=counts((1, 1), (1, 1)), dose=1)


def test_a_note_that_names_somebody_goes_into_quarantine() -> None:
    site = site_at()
    send_form(
        by=BY,
        site=site,
        period="2026-02",
        done=counts((1, 1), (1, 1)),
        dose=1,
        note="Mrs Harrington was ill for a week.",
    )
    send_form(by=BY, site=site, period="2026-02", done=counts((1, 1), (1, 1)), dose=1, note="The room was too small.")
    assert sorted(Text.objects.values_list("state", flat=True)) == [Text.KEPT, Text.QUARANTINED]
    assert Quarantined.objects.count() == 1
    for event in Event.objects.filter(verb__startswith="implement."):
        assert "Harrington" not in event.payload.body
    assert not Subject.objects.filter(title__contains="Harrington").exists()


def test_an_adaptation_that_touches_a_component_waits_for_the_statistician_of_the_trial() -> None:
    trial = drawn_trial()
    site = site_at(trial=trial, unit="School 3")
    made = adapt(by=BY, site=site, change=CHANGE, on=FIRST)
    import dataclasses

    adapt(by=BY, site=site, change=dataclasses.replace(CHANGE, keeps="consistent"), on=FIRST)
    assert list(Adaptation.objects.unheeded()) == [made]
    assert warning(made)["site"] == site
    with pytest.raises(InputError, match="what becomes"):
        heed(by=BY, adaptation=made, decision="nothing")
    heed(by=BY, adaptation=made, decision="plan")
    with pytest.raises(ConflictError, match="somebody else decided"):
        heed(by=BY, adaptation=made, decision="plan")
    assert Event.objects.filter(verb="implement.adapt", subjects__contains=trial.pk).exists()
    section = next(one for one in about("trial", trial.pk) if "adaptation" in one.html)
    assert "1 of them may lower fidelity" in section.html
    assert verify().differences == []


def test_outside_a_trial_nobody_waits() -> None:
    site = site_at()
    made = adapt(by=BY, site=site, change=CHANGE, on=FIRST)
    assert not Adaptation.objects.unheeded().exists()
    with pytest.raises(ConflictError, match="in no trial"):
        heed(by=BY, adaptation=made, decision="plan")


def test_while_arms_are_concealed_nothing_tells_which_unit_does_it() -> None:
    trial = drawn_trial(concealed=True)
    site = site_at("Mereton school", trial=trial, unit="School 4")
    agree_to_show(by=BY, site=site, shown=True)
    made = adapt(by=BY, site=site, change=CHANGE, on=FIRST)
    assert shown() == [] and shown_site(site.slug) is None
    told = warning(made)
    assert told["site"] is None and "School 4" not in str(told) and "Mereton" not in str(told)
    html = "".join(one.html for one in about("trial", trial.pk))
    assert "Mereton" not in html and "not named until" in html


def test_a_site_is_shown_only_while_it_agrees_and_its_subject_has_no_name_before() -> None:
    site = site_at("Brookfield north school")
    assert Subject.objects.get(pk=site.pk).title == "A site that is not shown"
    agree_to_show(by=BY, site=site, shown=True)
    assert [one.pk for one in shown()] == [site.pk] and Subject.objects.get(pk=site.pk).title == site.name
    page = site_page(site)
    assert page["plan"]["components"][0]["threshold"] == "80%" and page["demonstration"]
    agree_to_show(by=BY, site=site, shown=False)
    assert shown() == [] and verify().differences == []


def test_a_site_writes_itself_into_the_practice_map_and_says_why_it_stopped() -> None:
    revision = any_revision()
    area = Area.objects.authorities().order_by("pk")[0]
    practice = add_practice(
        by=BY, name="A practice of this page", plain="People do it.", intervention=revision.page.intervention
    )
    start = max(FIRST, area.valid_from or FIRST)
    site = open_site(by=BY, name="A council", sort="council", revision=revision, area=area, practice=practice, on=start)
    assert not Standing.objects.filter(practice=practice).exists()
    write_plan(by=BY, site=site, seen=0, plan=PLAN)
    go_on(by=BY, site=site, phase="deliver", on=start)
    later = start + datetime.timedelta(days=30)
    go_on(by=BY, site=site, phase="stopped", on=later, reason="money")
    words = Standing.objects.filter(practice=practice).order_by("entered_at", "on")
    assert [(one.status, one.since, one.until) for one in words] == [
        ("doing", start.isoformat(), ""),
        ("stopped", start.isoformat(), later.isoformat()),
    ]
    assert "money ended" in words[1].source and words[1].partners == "Youth service of Brookfield"


def test_nothing_made_up_stands_beside_a_real_name() -> None:
    """A made-up site is in no real authority, and no real site is paid for by a made-up award; nor does such a row reach the map."""
    from tests.integration.journey import joined

    revision, award = any_revision(), joined.award()
    area = Area.objects.authorities().order_by("pk")[0]
    practice = add_practice(
        by=BY, name="Another practice", plain="People do it.", intervention=revision.page.intervention
    )
    with pytest.raises(InputError, match="is an award of a made-up call; say that the site is made up too"):
        open_site(by=BY, name="A council", sort="council", revision=revision, award=award)
    site = site_at("Made up", area=area, practice=practice)
    assert area.invented and Standing.objects.filter(practice=practice).exists()
    Area.objects.filter(pk=area.pk).update(code="E99000001")
    with pytest.raises(InputError, match="is a real place, and the site is made up"):
        site_at("Made up too", area=Area.objects.get(pk=area.pk), practice=practice)
    assert tell_map(by=BY, site=Site.objects.get(pk=site.pk)) is None


@pytest.mark.parametrize("model", [SitePhase, SitePlan])
def test_what_was_written_down_is_not_changed(model: type) -> None:
    site_at()
    with pytest.raises(DatabaseError), transaction.atomic():
        model.objects.update(number=99)  # type: ignore[attr-defined]


def test_a_changed_form_is_found_by_verification() -> None:
    """The digests of forms lie in payloads; with the trigger away a changed count must still be seen."""
    from whatworks.ledger import triggers

    trial = drawn_trial()
    site = site_at(trial=trial, unit="School 5")
    form = send_form(by=BY, site=site, period="2026-02", done=counts((10, 8), (10, 5)), dose=6)
    triggers.remove()
    FidelityForm.objects.filter(pk=form.pk).update(dose=9)
    triggers.install()
    found = {(one.identifier, one.what) for one in verify().differences}
    assert (form.pk, "row changed outside the ledger") in found and (site.pk, "2026-02, sessions") in found
