"""The long join by verbs: what each step leaves, where it is seen, who is told; every address that anything has leads to a page."""

from __future__ import annotations

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from django.apps import apps
from django.test import Client
from django.utils import timezone

from tests.integration.journey import joined
from tests.integration.journey.joined import BY, ENQUIRER, OTHERS, WORDING

pytestmark = pytest.mark.django_db
# Kinds of things that are cited here and there and have no page that everybody can read, each with the reason.
WITHOUT = {
    "consultation theme": "read on the page of its consultation",
    "contact": "a person or body that we know; personal",
    "dataset": "of a trial: its digest stands on the trial’s page, its rows nowhere",
    "declaration": "a plan of analysis, read in the workspace",
    "document": "a file of a report, read by those who may",
    "enquiry": "read by whoever sent it, at their private address; what everybody may read of it is its answer in the log",
    "fidelity form": "counts of one month of one site, told on its page as shares",
    "import": "a file that was taken in, told on the page of its review",
    "interview": "what was said to a site, told as codes",
    "mailing-list": "has a page where one signs up, for all lists",
    "organisation": "named where it did something; it has no page of its own",
    "outcome": "a heading of pages; it has no page of its own",
    "readiness wave": "answers of the staff of a site, for the site alone",
    "search run": "told on the page of its review",
    "sensitivity": "read with the result that it shakes",
    "small test": "of a site, for its team",
    "source": "told on the page of its review",
    "strategy": "told on the page of its review",
}


@pytest.fixture(scope="module")
def held(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """Everything from the enquiry to the null result, in a transaction around the file's tests."""
    with django_db_blocker.unblock():
        from django.db import transaction
        from django.test import override_settings

        quick = {
            "PASSWORD_HASHERS": ["django.contrib.auth.hashers.MD5PasswordHasher"],
            "PARTICIPANTS": tmp_path_factory.mktemp("participants"),
        }
        with transaction.atomic(), override_settings(**quick):
            yield walked()
            transaction.set_rollback(True)


def walked() -> Any:
    """Each step of the long join, one after the other."""
    from whatworks.convene import enquiring, enquiring_further, joining
    from whatworks.convene.methods import clock
    from whatworks.ledger.work import work_off
    from whatworks.publish.actions import approve
    from whatworks.scope.models import Question

    page = joined.ground()
    enquiry = enquiring.ask(words=joined.ASKED, sort="general", reply_to=ENQUIRER, demonstration=True)
    question = enquiring_further.raise_question(by=BY, enquiry=enquiry, wording=WORDING)
    meeting, contact, token = joined.panel_that_met()
    raised = joining.raise_in_meeting(by=BY, meeting=meeting, wording="What do young people notice of slow zones?")
    setting = joined.ordered([question, *Question.objects.filter(wording__in=OTHERS)], question)
    for one in (question, raised):
        enquiring_further.answer_and_tell(by=BY, question=one, answer=page.pk)
    early = [one.what for one in enquiry.history.all()]
    approve(by=BY, page=page)
    work_off()
    enquiring.move(by=BY, enquiry=enquiry, what=clock.ANSWER, words="See our page.")
    log = enquiring_further.disclose(
        by=BY, enquiry=enquiry, title="Slow zones and crashes", asked="What zones do to crashes.", answered="See the page.",
        outcome="full",
    )  # fmt: skip
    found = SimpleNamespace(
        page=page, enquiry=enquiry, question=question, raised=raised, setting=setting, log=log, early=early, contact=contact,
        token=token, meeting=meeting,
    )  # fmt: skip
    _partnered(found)
    _delivered(found)
    _tested(found)
    return found


def _partnered(found: Any) -> None:
    """The priority leads to a review and a call; the call to an award; the award to a site."""
    from whatworks.decide.deciding import answer_priority
    from whatworks.decide.models import Priority
    from whatworks.implement.opening import agree_to_show, go_on, open_site, write_plan
    from whatworks.people.models import Area
    from whatworks.screen.models import Review

    found.trial, found.award = joined.drawn_trial(found.page), joined.award()
    found.review = Review.objects.listed().order_by("pk")[0]
    found.priority = Priority.objects.get(question=found.question)
    for number, output in enumerate((found.review, found.award.call, found.page)):
        state = "done" if output == found.page else "running"
        told = {"state": state, "reason": "We begin here.", "seen": number, "output": output.subject}
        answer_priority(by=BY, priority=found.priority, **told)
    found.area = Area.objects.authorities().order_by("pk")[0]
    found.practice = joined.practice_of(found.page)
    start = max(joined.START, found.area.valid_from or joined.START)
    found.site = open_site(
        by=BY, name="A town of slow streets", sort="council", revision=found.page.newest(), area=found.area,
        practice=found.practice, award=found.award, trial=found.trial, unit=joined.offered(found.trial), on=start,
        demonstration=True,
    )  # fmt: skip
    write_plan(by=BY, site=found.site, seen=0, plan=joined.PLAN)
    go_on(by=BY, site=found.site, phase="deliver", on=start)
    agree_to_show(by=BY, site=found.site, shown=True)
    found.start = start


def _delivered(found: Any) -> None:
    """An adaptation takes a core component away, the forms say so, and the statistician heeds it."""
    from tests.integration.implement.places import counts
    from whatworks.implement.adapting import adapt, heed
    from whatworks.implement.delivering import send_form
    from whatworks.implement.methods.adapting import Change

    change = Change(
        "deliver", False, "managers", "context", "organisation", "shortened", "inconsistent", "feasible", "organisation",
        ("meets",),
    )  # fmt: skip
    found.adaptation = adapt(by=BY, site=found.site, change=change, on=found.start)
    send_form(by=BY, site=found.site, period=f"{found.start:%Y-%m}", done=counts((10, 3), (10, 6)), dose=12)
    heed(by=BY, adaptation=found.adaptation, decision="fidelity")


def _tested(found: Any) -> None:
    """The trial is analysed, its result joins the evidence, the page is stale, the site stops."""
    from tests.integration.trial.test_analysing import data
    from whatworks.implement.opening import go_on
    from whatworks.ledger.work import work_off
    from whatworks.trial.analysing import lock_plan, run_blind, run_open, take_in, unblind
    from whatworks.trial.reporting import deposit

    rows = take_in(by=BY, trial=found.trial, content=data())
    run_blind(by=BY, trial=found.trial, dataset=rows)
    lock_plan(by=BY, trial=found.trial)
    unblind(by=BY, trial=found.trial, reason="The data are complete.")
    found.analysis = run_open(by=BY, trial=found.trial, dataset=rows)
    found.deposit = deposit(by=BY, trial=found.trial, review=found.review)
    work_off()
    go_on(by=BY, site=found.site, phase="stopped", on=timezone.localdate(), reason="no-benefit")


def text(address: str) -> str:
    answer = Client().get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


def test_every_kind_has_an_address_or_a_reason_not_to() -> None:
    from whatworks.ledger.addresses import _leads
    from whatworks.ledger.models import SubjectRow

    kinds = {one.kind for one in apps.get_models() if issubclass(one, SubjectRow)}
    assert sorted(kinds - set(_leads)) == sorted(set(WITHOUT) & kinds) and len(kinds) > 50
    assert sorted(set(WITHOUT) - kinds) == []
    assert all(len(reason) > 15 for reason in WITHOUT.values())


def test_every_address_that_anything_has_leads_to_a_page(held: Any) -> None:
    """Of every kind that is here, one by one; a link that leads nowhere is what readers meet first."""
    from whatworks.ledger.addresses import link_to
    from whatworks.ledger.models import Subject

    addresses, kinds = set(), set()
    for kind in Subject.objects.values_list("kind", flat=True).order_by().distinct():
        for subject in Subject.objects.filter(kind=kind).order_by("pk")[:4]:
            if href := link_to(subject)["href"]:
                addresses.add(href.partition("#")[0])
                kinds.add(kind)
    assert [one for one in sorted(addresses) if Client().get(one).status_code != 200] == []
    ours = {
        "question",
        "disclosure",
        "priority",
        "review",
        "call",
        "award",
        "site",
        "adaptation",
        "trial",
        "trial analysis",
    }
    assert kinds >= ours | {"page", "revision", "study", "panel", "panel meeting", "finding", "theme", "analysis"}


def test_an_address_within_a_page_is_there(held: Any) -> None:
    from whatworks.ledger.addresses import link_to

    for row in (held.award, held.adaptation, held.meeting, held.analysis, held.priority):
        address, _, part = link_to(row.subject)["href"].partition("#")
        assert part and f'id="{part}"' in text(address), address


def test_each_page_leads_to_the_next_and_back(held: Any) -> None:
    """From the log of answers to the trial and its study, by links alone; and from there back to the question."""
    site, trial = f"/sites/{held.site.slug}/", f"/trials/{held.trial.slug}/"
    page, question = f"/evidence/{held.page.slug}/", f"/questions/{held.question.pk}/"
    study = f"/studies/{held.deposit.contrast.study_id}/"
    ways = [
        (f"/answers/{held.log.number}/", question), (question, f"/answers/{held.log.number}/"),
        (question, f"/priorities/{held.setting.slug}/#{held.priority.pk}"), (f"/priorities/{held.setting.slug}/", question),
        (question, f"/reviews/{held.review.slug}/"), (f"/reviews/{held.review.slug}/", question),
        (question, f"/calls/{held.award.call.slug}/"), (f"/calls/{held.award.call.slug}/", question),
        (question, page), (page, question),
        (f"/calls/{held.award.call.slug}/", site), (site, f"/calls/{held.award.call.slug}/#{held.award.pk}"),
        (page, site), (site, f"{page}revisions/1/"), (site, trial), (trial, site), (trial, page), (page, trial),
        (site, f"/adoption/{held.practice.slug}/"), (trial, study), (study, trial), (page, f"/places/practices/{held.practice.slug}/"),
        (f"/panels/{held.meeting.panel.slug}/", f"/questions/{held.raised.pk}/"),
        (f"/questions/{held.raised.pk}/", f"/panels/{held.meeting.panel.slug}/#{held.meeting.pk}"),
    ]  # fmt: skip
    assert [(here, there) for here, there in ways if f'href="{there}"' not in text(here)] == []


def test_the_adaptation_lowers_fidelity_and_the_trial_knows(held: Any) -> None:
    """Nobody typed the trial's compliance: it is what the forms of the site come to by the locked rule."""
    from whatworks.trial.delivering import taken_up

    unit = next(one for one in taken_up(held.trial) if one.unit == held.site.unit)
    assert unit.taken == 0 and {part.measure: part.value for part in unit.components}["fidelity"] < 0.8
    assert "a core component is touched" in text(f"/sites/{held.site.slug}/")
    assert "1 of them may lower fidelity." in text(f"/trials/{held.trial.slug}/")


def test_the_null_result_makes_the_page_stale_and_the_map_says_who_stopped(held: Any) -> None:
    from whatworks.ledger.models import Artefact

    assert Artefact.objects.stale().filter(pk=held.page.newest().pk).exists()
    assert "This trial cannot tell" in text(f"/trials/{held.trial.slug}/")
    for address in (f"/evidence/{held.page.slug}/", f"/questions/{held.question.pk}/"):
        assert "A trial of this has a result." in text(address)
    said = text(f"/places/practices/{held.practice.slug}/")
    assert held.area.name in said and "No benefit was seen" in said


def test_who_asked_hears_of_the_page_when_it_is_published_checked_again_and_withdrawn(held: Any) -> None:
    """Not before it is published, once for each, by letter and at the private address; and of the next revision."""
    from whatworks.convene.enquiring_further import tell_enquirers
    from whatworks.ledger.models import Job
    from whatworks.ledger.work import work_off
    from whatworks.publish.actions import approve, refresh
    from whatworks.publish.writing.withdrawing import reinstate, withdraw

    told = lambda: [one.what for one in held.enquiry.history.order_by("number")]  # noqa: E731
    assert "told" not in held.early and told()[-3:] == ["told", "answered", "moved"]
    words = [one.content for one in held.enquiry.letters.order_by("at", "pk") if one.ours]
    assert sum("answers a question like yours" in one for one in words) == 2
    assert any("is being checked again" in one and "A trial of this has a result." in one for one in words)
    assert all(f"/evidence/{held.page.slug}/" in one for one in words if "a question like yours" in one)
    assert "We are checking it." in text(f"/mine/{held.enquiry.text.token}/")
    assert not Job.objects.filter(kind="convene.tell", state=Job.FAILED).exists()
    refresh(by=BY)
    approve(by=BY, page=held.page, what_changed="A trial was taken in; it cannot tell.")
    work_off()
    assert told()[-1] == "renewed" and "A trial was taken in" in held.enquiry.letters.order_by("-at", "-pk")[0].content
    work_off()
    assert told().count("renewed") == 1
    withdraw(by=BY, page=held.page, why="A study of it was retracted.")
    work_off()
    letter = held.enquiry.letters.order_by("-at", "-pk")[0].content
    assert told()[-1] == "gone" and "We have withdrawn" in letter and "A study of it was retracted." in letter
    assert "A study of it was retracted." in text(f"/mine/{held.enquiry.text.token}/")
    assert "A study of it was retracted." in text(f"/panels/mine/{held.token}/")
    assert tell_enquirers(by=BY, subject=held.page.pk) == 0, "nobody is sent to a page that is out of use"
    reinstate(by=BY, page=held.page, why="Without that study it says the same.")
    work_off()
    assert told()[-1] == "back" and "Without that study" in held.enquiry.letters.order_by("-at", "-pk")[0].content
    assert "retracted" not in text(f"/mine/{held.enquiry.text.token}/").partition("Letters")[0]


def test_the_panel_sees_what_came_of_its_meeting(held: Any) -> None:
    """On its public page without names, and on the member's own page."""
    from whatworks.convene import joining
    from whatworks.convene.paneling_meetings import note
    from whatworks.errors import InputError

    for address in (f"/panels/mine/{held.token}/", f"/panels/{held.meeting.panel.slug}/"):
        shown = text(address)
        assert held.raised.wording in shown and "A trial of this has a result." in shown
    assert joined.MEMBER not in text(f"/panels/{held.meeting.panel.slug}/")
    words = "Cars in our road go faster behind the church than before the signs came up"
    note(by=BY, meeting=held.meeting, contact=held.contact, words_=words)
    with pytest.raises(InputError, match="how they put it"):
        joining.raise_in_meeting(by=BY, meeting=held.meeting, wording=words)


def test_the_person_is_gone_and_the_counts_are_right(held: Any) -> None:
    """Whoever asked deletes what they sent: pages, open pack and move hold nothing of them, and count them as before."""
    from whatworks.archive.exporting import pack_files
    from whatworks.convene import enquiring
    from whatworks.convene.models import Enquiry
    from whatworks.ledger.verification import verify

    def everything(profile: str) -> str:
        return "\n".join(body for _path, body in pack_files(profile))

    question, before = f"/questions/{held.question.pk}/", Enquiry.objects.count()
    assert "One enquiry asked this." in text(question) and ENQUIRER not in text(question)
    assert ENQUIRER in everything("move") and ENQUIRER not in everything("open")
    enquiring.forget(by="public", enquiry=held.enquiry)
    assert "One enquiry asked this." in text(question) and Enquiry.objects.count() == before
    for profile in ("move", "open"):
        kept = everything(profile)
        assert ENQUIRER not in kept and joined.ASKED[:40] not in kept
    assert verify().differences == []
