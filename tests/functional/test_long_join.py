"""The long join in a browser: an enquiry becomes a question, a priority, a review, a page; a call finds a partner, a site starts, an
adaptation lowers fidelity, the trial's compliance shows it, its null result makes the page stale, the map shows who stopped, and the
panel and the enquirer are told. Then whoever asked is forgotten."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser import Pages
from tests.fakes.smtp import Sink, sinking
from tests.functional.conftest import Look

PASSWORD = "a-long-password-of-fernshire"
PEOPLE = {
    "asks": "enquiries", "edits": "editor", "writes": "secretary", "panels": "panel-keeper", "keeps": "keeper", "leads": "site",
    "sums": "statistician", "runs": "trialist",
}  # fmt: skip
SITE = "A town of slow streets"
RAISED = "What do young people notice of slow zones?"


@pytest.fixture
def sink(settings: Any) -> Iterator[Sink]:
    """A real mail server on this machine."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    with sinking() as running:
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", running.port
        yield running


@pytest.fixture
def held(live_server: Any, settings: Any, tmp_path: Path) -> Any:
    """What stands before the first step: a page to be approved, a drawn trial, a decided call, a panel that met, the people."""
    from tests.integration.journey import joined
    from whatworks.people.actions import add_user
    from whatworks.screen.models import Review

    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.PARTICIPANTS = tmp_path / "participants"
    settings.BASE_URL = live_server.url
    page = joined.ground()
    meeting, _contact, token = joined.panel_that_met()
    trial = joined.drawn_trial(page)
    for name, role in PEOPLE.items():
        user, _ = add_user(by="test", email=f"{name}@fernshire.example", roles=[role])
        user.set_password(PASSWORD)
        user.save()
    return SimpleNamespace(
        url=str(live_server.url), page=page, meeting=meeting, token=token, trial=trial, unit=joined.offered(trial),
        award=joined.award(), practice=joined.practice_of(page), review=Review.objects.listed().order_by("pk")[0],
    )  # fmt: skip


@pytest.mark.slow
@pytest.mark.smoke
def test_from_an_enquiry_to_what_the_trial_found_and_back(held: Any, sink: Sink, open_page: Pages, look: Look) -> None:
    def enter(name: str, link: str) -> Page:
        return signed_in(open_page(1280), held.url, name, link)

    reader = open_page(1280)
    mine = asks(reader, held)
    keeper = enter("asks", "Enquiries")
    question = takes_up(keeper, held)
    raises(enter("panels", "Panels"), held)
    secretary = enter("writes", "Priorities, decisions, meetings, gates and plans")
    puts_first(secretary, held, question)
    approves(enter("edits", "Workspace"), held)
    answers(keeper, held)
    told(sink, "answers a question like yours", f"/evidence/{held.page.slug}/")
    done(secretary, held)
    opens(enter("keeps", "Your sites"), held)
    lead = enter("leads", "Your sites")
    delivers(lead, held)
    heeds(enter("sums", "Adaptations that may lower fidelity"), held)
    analyses(enter("runs", "The trials, step by step"), held)
    told(sink, "is being checked again", "A trial of this has a result.")
    stops(lead, held)
    reader.goto(mine)
    expect(reader.get_by_text("We are checking it.")).to_be_visible()
    look(reader)
    follows(reader, held, question, look)
    panel_sees(open_page(1280), held)
    forgotten(reader, mine, held)


def signed_in(page: Page, url: str, who: str, link: str) -> Page:
    page.goto(f"{url}/account/login/")
    page.locator("input[name=login]").fill(f"{who}@fernshire.example")
    page.locator("input[name=password]").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.get_by_role("link", name=link, exact=True).first.click()
    return page


def asks(page: Page, held: Any) -> str:
    from tests.integration.journey import joined

    page.goto(f"{held.url}/ask/")
    page.get_by_label("What do you want to know?").fill(joined.ASKED)
    page.get_by_role("button", name="Go on").click()
    page.get_by_label("A question about the evidence").check()
    page.get_by_label("E-mail address").fill(joined.ENQUIRER)
    page.get_by_role("button", name="Send it").click()
    expect(page.get_by_text("We are working on it.")).to_be_visible()
    return page.url


def takes_up(page: Page, held: Any) -> str:
    """The enquiry is answered, put into the log, and becomes a question. Returns the question's identifier."""
    from tests.integration.journey import joined
    from whatworks.scope.models import Question

    page.get_by_role("link", name=re.compile("A question about the evidence")).click()
    steps = (
        ("Make it a question that we look into", "question", {"The question in our words": joined.WORDING}),
        ("Answer", "answered", {"The letter they get": "We look into it, and write again."}),
        ("Put the answer into the public log", "disclose", {
            "Title": "Slow zones and crashes", "What was asked, in our words": "What zones do to crashes.",
            "What we answered": "We are looking into it.",
        }),
    )  # fmt: skip
    for title, step, fields in steps:
        page.get_by_role("heading", name=title, exact=True).click()
        form = page.locator(f"#step-{step}")
        for label, words in fields.items():
            form.get_by_label(label).fill(words)
        form.get_by_role("button", name=title, exact=True).click()
        expect(page.get_by_text("Done, and in its history.")).to_be_visible()
    return str(Question.objects.get(wording=joined.WORDING).pk)


def raises(page: Page, held: Any) -> None:
    page.goto(f"{held.url}/workspace/panels/meeting/{held.meeting.pk}/")
    page.get_by_text("Make it a question that we look into").click()
    page.get_by_label("The question in our words").fill(RAISED)
    page.get_by_role("button", name="Take it up").click()
    expect(page.get_by_role("link", name=RAISED)).to_be_visible()


def puts_first(page: Page, held: Any, question: str) -> None:
    """Ten people vote (their codes are used by the verb); then two answers are given: a review, and a call for partners."""
    from tests.integration.journey import joined
    from whatworks.scope.models import Question

    first = Question.objects.get(pk=question)
    joined.ordered([first, *Question.objects.filter(wording__in=joined.OTHERS)], first)
    for output in (held.review.pk, held.award.call.pk):
        answered(page, "Being answered now", output)


def answered(page: Page, state: str, output: str) -> None:
    from tests.integration.journey import joined

    page.get_by_role("navigation", name="Main").get_by_role("link", name="Workspace").click()
    page.get_by_role("link", name="Priorities, decisions, meetings, gates and plans").click()
    page.get_by_role("link", name="What to find out in Fernshire").click()
    page.get_by_role("link", name=f"1. {joined.WORDING}").click()
    page.get_by_label("What became of it?").select_option(label=state)
    page.get_by_label("Why?").fill("It came first, so we begin here.")
    page.get_by_label("What came of it, or answers it?").fill(output)
    page.get_by_role("button", name="Keep it").click()
    expect(page.get_by_text("The answer stands on the page of priorities.")).to_be_visible()


def approves(page: Page, held: Any) -> None:
    page.get_by_role("link", name=held.page.title).first.click()
    page.get_by_label("What changed").fill("The first version of this page.")
    page.get_by_role("button", name="Approve this draft").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(held.page.title)
    assert page.url.endswith(f"/evidence/{held.page.slug}/")


def answers(page: Page, held: Any) -> None:
    """Both questions are answered by the page; the keeper is told how many were told."""
    page.goto(f"{held.url}/workspace/enquiries/questions/")
    page.get_by_label("The identifier of the page").first.fill(held.page.pk)
    page.get_by_role("button", name="Answered").first.click()
    expect(page.get_by_text("1 person who asked is told.")).to_be_visible()
    from whatworks.convene.enquiring_further import answer_and_tell
    from whatworks.scope.models import Question

    assert answer_and_tell(by="test", question=Question.objects.get(wording=RAISED), answer=held.page.pk) == 0


def told(sink: Sink, *words: str) -> None:
    """The work that waits is done, and the enquirer's last letter says so."""
    from tests.integration.journey import joined
    from whatworks.ledger.work import work_off

    work_off()
    letter = sink.took()[-1]
    assert letter["To"] == joined.ENQUIRER and all(one in letter.get_content() for one in (*words, "/mine/"))


def done(page: Page, held: Any) -> None:
    answered(page, "Done", held.page.pk)


def opens(page: Page, held: Any) -> None:
    from whatworks.people.models import Area

    held.area = Area.objects.authorities().order_by("name")[0]
    page.get_by_role("link", name="Open a site").click()
    page.get_by_label("Name of the place").fill(SITE)
    page.get_by_label("What is it?").select_option("council")
    page.get_by_label("By which page does it go?").select_option(index=1)
    page.get_by_label("Which authority is it in?").select_option(label=held.area.name)
    page.get_by_label("Which practice is it on the map?").select_option(label=held.practice.name)
    page.get_by_label("Does an award of a call pay for it?").select_option(value=held.award.pk)
    page.get_by_label("Is it in a trial?").select_option(label=held.trial.title)
    page.get_by_label("What does the trial’s list call it?").fill(held.unit)
    page.get_by_label("This is a demonstration: the place is made up").check()
    page.get_by_role("button", name="Open it").click()
    page.get_by_role("link", name="Write the plan").click()
    page.get_by_label("Core components").fill("Streets are drawn together | streets | 80")
    page.get_by_label("How much of it: what is counted?").fill("Streets")
    page.get_by_label("What goes to the trial as “fidelity”?").select_option("score")
    page.get_by_label("What goes to the trial as “sessions”?").select_option("dose")
    page.get_by_role("button", name="Keep the plan").click()
    page.get_by_label("E-mail address with which they sign in").fill("leads@fernshire.example")
    page.get_by_role("button", name="Take them in").click()
    page.get_by_role("button", name="The place agrees: show it").click()
    expect(page.get_by_text("The place agreed that everybody sees its page.")).to_be_visible()
    held.site = page.url.removeprefix(held.url).replace("/workspace/sites/at/", "/sites/")


def moves(page: Page, phase: str, why: str = "") -> None:
    page.get_by_text("To another phase").click()
    page.get_by_label("Which phase?").select_option(phase)
    page.get_by_label("Since which day?").fill(page.evaluate("new Date().toISOString().slice(0, 10)"))
    if why:
        page.get_by_label("Why?").select_option(label=why)
    page.get_by_role("button", name="Move it on").click()
    expect(page.get_by_text("The site has moved on.")).to_be_visible()


def delivers(page: Page, held: Any) -> None:
    page.get_by_role("link", name=SITE).click()
    moves(page, "deliver")
    page.get_by_role("link", name="Write down an adaptation").click()
    page.get_by_label("Are all core components still there?").select_option("inconsistent")
    page.get_by_label("Streets are drawn together").check()
    page.get_by_role("button", name="Write it down").click()
    page.get_by_role("navigation", name="Where you are").get_by_role("link", name=SITE).click()
    page.get_by_role("link", name="Send this month’s form").click()
    page.get_by_role("group", name="Streets are drawn together").get_by_label("Due").fill("10")
    page.get_by_role("group", name="Streets are drawn together").get_by_label("Done").fill("3")
    page.get_by_label("Streets", exact=True).fill("12")
    page.get_by_role("button", name="Send it").click()
    expect(page.get_by_role("cell", name="30%")).to_be_visible()


def heeds(page: Page, held: Any) -> None:
    """The statistician hears of the adaptation, and sees that the unit did not take the offer up."""
    page.get_by_label("What becomes of the analysis?").select_option("fidelity")
    page.get_by_role("button", name="Put it into the record").click()
    expect(page.get_by_text("Nothing waits.")).to_be_visible()
    page.goto(f"{held.url}/workspace/trials/run/{held.trial.slug}/delivered/")
    expect(page.get_by_role("row", name=re.compile(f"^{held.unit} ")).first).to_contain_text("no")


def analyses(page: Page, held: Any) -> None:
    """The sums by verbs, as the statistician's pages do them; the result is passed on by a form, and the page knows."""
    from tests.integration.trial.test_analysing import data
    from whatworks.trial.analysing import lock_plan, run_blind, run_open, take_in, unblind

    rows = take_in(by="test", trial=held.trial, content=data())
    run_blind(by="test", trial=held.trial, dataset=rows)
    lock_plan(by="test", trial=held.trial)
    unblind(by="test", trial=held.trial, reason="The data are complete.")
    run_open(by="test", trial=held.trial, dataset=rows)
    page.get_by_role("link", name=held.trial.title).click()
    page.get_by_label("Which review does the result join?").select_option(label=held.review.title)
    page.get_by_role("button", name="Pass the declared result on").click()
    expect(page.get_by_text("The declared result is with the evidence.")).to_be_visible()


def stops(page: Page, held: Any) -> None:
    page.get_by_role("navigation", name="Where you are").get_by_role("link", name=SITE).click()
    moves(page, "stopped", "No benefit was seen")


def follows(page: Page, held: Any, question: str, look: Look) -> None:
    """By links alone from the log of answers to the trial's result, and back to the log."""

    def click(address: str) -> None:
        with page.expect_response(lambda one: one.url.endswith(address.partition("#")[0])) as waiting:
            page.locator(f'main a[href="{address}"]').first.click()
        assert waiting.value.ok, address
        page.wait_for_url(f"{held.url}{address}")

    log, asked, evidence = "/answers/1/", f"/questions/{question}/", f"/evidence/{held.page.slug}/"
    call, site, trial = f"/calls/{held.award.call.slug}/", held.site, f"/trials/{held.trial.slug}/"
    page.goto(f"{held.url}/answers/")
    click(log)
    click(asked)
    expect(page.get_by_text("One enquiry asked this.")).to_be_visible()
    expect(page.get_by_text("A trial of this has a result.")).to_be_visible()
    look(page)
    click(f"/reviews/{held.review.slug}/")
    click(asked)
    click(call)
    look(page)
    click(site)
    expect(page.get_by_text("a core component is touched")).to_be_visible()
    click(f"{call}#{held.award.pk}")
    click(site)
    click(f"{evidence}revisions/1/")
    page.go_back()
    click(trial)
    expect(page.get_by_text("1 of them may lower fidelity.")).to_be_visible()
    expect(page.get_by_text("This trial cannot tell").first).to_be_visible()
    expect(page.get_by_text("offered: 0 did, 1 did not, 5 not known.")).to_be_visible()
    page.get_by_role("link", name=re.compile("^Among the evidence")).click()
    click(trial)
    click(evidence)
    expect(page.get_by_text("A trial of this has a result.").first).to_be_visible()
    click(f"/places/practices/{held.practice.slug}/")
    expect(page.get_by_text("No benefit was seen").first).to_be_visible()
    click(evidence)
    click(asked)
    click(log)


def panel_sees(page: Page, held: Any) -> None:
    page.goto(f"{held.url}/panels/mine/{held.token}/")
    expect(page.get_by_role("link", name=RAISED)).to_be_visible()
    expect(page.get_by_text("A trial of this has a result.")).to_be_visible()
    page.get_by_role("link", name=RAISED).click()
    expect(page.get_by_text("Raised in")).to_be_visible()


def forgotten(page: Page, mine: str, held: Any) -> None:
    """Whoever asked deletes what they sent: what was counted is counted, and nothing of them is on any page or in any export."""
    from tests.integration.journey import joined
    from whatworks.archive.exporting import pack_files
    from whatworks.convene.models import Enquiry

    before = Enquiry.objects.count()
    page.goto(mine)
    expect(page.get_by_text(joined.ASKED)).to_be_visible()
    page.get_by_role("button", name="Delete what I sent").click()
    expect(page.get_by_text("It is deleted.").first).to_be_visible()
    expect(page.get_by_text(joined.ASKED)).to_have_count(0)
    page.get_by_role("link", name=joined.WORDING).click()
    expect(page.get_by_text("One enquiry asked this.")).to_be_visible()
    assert Enquiry.objects.count() == before
    for profile in ("open", "move"):
        kept = "\n".join(body for _path, body in pack_files(profile))
        assert joined.ENQUIRER not in kept and joined.ASKED[:40] not in kept
