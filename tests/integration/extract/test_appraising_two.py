"""Two people judge the same thing: each blind to the other, compared when both are done, and one agreed judgement counts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from tests.integration.archive.centres import empty_the_database, files
from tests.integration.extract.studied import Team, framework, person, team
from tests.integration.extract.test_coding_pages import able, text
from whatworks.archive.exporting import export_pack
from whatworks.archive.loading import load_pack
from whatworks.archive.verifying import verify_centre
from whatworks.errors import ConflictError, ForbiddenError, InputError
from whatworks.extract.agreeing import agree, seen_of
from whatworks.extract.applying import applying_to
from whatworks.extract.appraisal_agreement import agreements_in
from whatworks.extract.appraising import appraise
from whatworks.extract.appraising_two import (
    ask_two,
    call_off,
    keep_verdict,
    replace_appraiser,
    think_again,
    verdicts_of,
)
from whatworks.extract.checks_appraising import check_appraisals
from whatworks.extract.entering import enter_finding
from whatworks.extract.instruments import instruments
from whatworks.extract.judged_things import per_result
from whatworks.extract.measuring import add_measure
from whatworks.extract.models import Agreed, Appraisal, Appraising, Contrast, Judging, Verdict
from whatworks.extract.regrouping import merge_studies
from whatworks.extract.studying import open_study
from whatworks.ledger.models import Event
from whatworks.ledger.verification import Report
from whatworks.synthesise.taking import risk_of

pytestmark = pytest.mark.django_db

ANSWERS = {"1.1": "Y", "1.2": "Y", "1.3": "N", "2.1": "N", "2.2": "N", "2.6": "Y", "3.1": "Y", "4.1": "N", "4.2": "N",
           "4.3": "N", "5.1": "Y", "5.2": "N", "5.3": "N"}  # fmt: skip
SOME = {"answers": ANSWERS, "domains": {"D4": "Some concerns"}, "reasons": {"D4": "Raters may have known."}}
SECRET = "words of the report that stay here"


@pytest.fixture
def held(db: None) -> Team:
    return team()


@pytest.fixture
def result(held: Team) -> Contrast:
    done, outcome = framework(held)
    measure = add_measure(by="u", study=held.study, outcome=outcome, name="Days at school")
    return enter_finding(
        by=held.first.pk, study=held.study, report=held.reports[0], intervention=done, measure=measure, months_from_baseline=12,
        inputs={"events1": 9, "n1": 80, "events2": 16, "n2": 82}, formula="risk-difference-from-counts", arms=held.arms,
    )  # fmt: skip


def asked(held: Team, **told: Any) -> Appraising:
    given: dict[str, Any] = {"by": held.lead.pk, "study": held.study, "tool": "rob-2"}
    return ask_two(**(given | {"users": [held.first, held.second]} | told))


def judged(held: Team, **told: Any) -> Appraising:
    """Judged by both: the first Low throughout, the second with some concerns in one domain."""
    two = asked(held, **told)
    notes = {"1.2": {"note": "Sealed", "quote": SECRET, "page": 3}}
    keep_verdict(by=held.first.pk, appraising=two, answers=ANSWERS, notes=notes, done=True)
    keep_verdict(by=held.second.pk, appraising=two, **SOME, done=True)
    two.refresh_from_db()
    return two


def counted(held: Team) -> str:
    """The judgement that an analysis reads of a result of the study."""
    one = Contrast(subject_id="con-any", study=held.study, report=held.reports[0])
    return risk_of([one]).get(one.pk, "")


def settle(held: Team, two: Appraising, by: str = "", **told: Any) -> Agreed:
    why = {"D4": "The raters were told the arms.", "overall": "It follows from D4."}
    given: dict[str, Any] = {"by": by or held.first.pk, "appraising": two, "seen": seen_of(two), "changed": why}
    return agree(**(given | SOME | told))


def test_what_is_judged_blind_counts_nowhere_and_is_told_to_nobody(held: Team) -> None:
    two = asked(held)
    keep_verdict(by=held.first.pk, appraising=two, answers=ANSWERS, done=True)
    assert not Appraisal.objects.exists() and not Judging.objects.exists()
    assert counted(held) == ""
    with pytest.raises(ForbiddenError, match="not both said that they are done"):
        verdicts_of(two)
    with pytest.raises(ForbiddenError, match="not both said that they are done"):
        settle(held, two)
    payloads = " ".join(event.payload.body for event in Event.objects.all())
    assert "1.1" not in payloads and "Low" not in payloads
    assert agreements_in(held.review) == []


def test_neither_sees_the_other_on_any_page_before_both_are_done(held: Team) -> None:
    two = asked(held)
    keep_verdict(by=held.first.pk, appraising=two, **SOME, notes={"D1": SECRET}, done=True)
    other, lead = able(held.second, "coder"), able(held.lead, "lead")
    study, form = f"/workspace/studies/{held.study.pk}/", f"/workspace/appraisings/{two.pk}/"
    for client in (other, lead):
        assert client.get(f"{form}compare/").status_code == 403
        for page in (study, form, "/workspace/appraised/", f"{study}appraise/?tool=rob-2"):
            shown = text(client.get(page))
            assert SECRET not in shown and "Raters may have known" not in shown
        assert "Some concerns" not in text(client.get(study))
    assert "first (done), second" in text(other.get(study))


def test_what_is_agreed_counts_and_says_why_it_is_not_what_both_said(held: Team) -> None:
    two = judged(held)
    assert two.state == Appraising.COMPARING and counted(held) == ""
    with pytest.raises(InputError, match=r"D4: this is not what both said \(judgement\); say why"):
        settle(held, two, changed={})
    made = settle(held, two, by=held.third.pk)
    two.refresh_from_db()
    assert (two.state, made.how, set(made.changed)) == (Appraising.AGREED, "third", {"D4", "overall"})
    assert counted(held) == "some concerns"
    assert settle(held, two, by=held.third.pk) == made and Judging.objects.count() == 1
    assert verify_centre()["ok"], verify_centre()["differences"]


def test_two_who_record_at_once_do_not_overwrite_each_other(held: Team) -> None:
    two = judged(held)
    seen = seen_of(two)
    settle(held, two)
    with pytest.raises(ConflictError, match="Somebody else recorded"):
        settle(held, two, by=held.second.pk, seen=seen, reasons={"D4": "Otherwise."})
    again = settle(held, two, by=held.second.pk, reasons={"D4": "They did know."})
    assert (again.number, again.how, Judging.objects.count()) == (2, "discussion", 2)
    assert Appraisal.objects.get().by == held.second.pk


def test_what_stood_before_stays_in_history_until_the_two_agree(held: Team) -> None:
    high = {"domains": {"D1": "High"}, "reasons": {"D1": "An open list."}, "answers": ANSWERS}
    alone = appraise(by=held.third.pk, study=held.study, tool="rob-2", **high)
    two = judged(held)
    assert counted(held) == "high"
    with pytest.raises(ConflictError, match="each alone"):
        appraise(by=held.third.pk, study=held.study, tool="rob-2", answers=ANSWERS)
    settle(held, two)
    assert Appraisal.objects.get() == alone and counted(held) == "some concerns"
    assert [one.overall for one in Judging.objects.order_by("number")] == ["High", "Some concerns"]
    with pytest.raises(ConflictError, match="Two people agreed on this"):
        appraise(by=held.third.pk, study=held.study, tool="rob-2", answers=ANSWERS)


def test_a_draft_goes_on_and_a_done_one_is_whole(held: Team) -> None:
    two = asked(held)
    draft = keep_verdict(by=held.first.pk, appraising=two, answers={"1.1": "Y"})
    assert keep_verdict(by=held.first.pk, appraising=two, answers={"1.1": "Y"}) == draft
    with pytest.raises(InputError, match="is not judged"):
        keep_verdict(by=held.first.pk, appraising=two, answers={"1.1": "Y"}, done=True)
    with pytest.raises(InputError, match="'Perfect' is no judgement"):
        keep_verdict(by=held.first.pk, appraising=two, domains={"D1": "Perfect"})
    with pytest.raises(ForbiddenError, match="not one of the two"):
        keep_verdict(by=held.third.pk, appraising=two, answers={})
    whole = keep_verdict(by=held.first.pk, appraising=two, answers=ANSWERS, done=True)
    assert keep_verdict(by=held.first.pk, appraising=two, answers=ANSWERS, done=True) == whole, "the page sent twice"
    with pytest.raises(ConflictError, match="said that you are done"):
        keep_verdict(by=held.first.pk, appraising=two, answers=ANSWERS)
    think_again(by=held.first.pk, appraising=two)
    keep_verdict(by=held.first.pk, appraising=two, **SOME, done=True)
    keep_verdict(by=held.second.pk, appraising=two, **SOME, done=True)
    with pytest.raises(ConflictError, match="nothing of it changes"):
        think_again(by=held.first.pk, appraising=two)
    assert Verdict.objects.current().count() == 2 and Verdict.objects.count() == 4


def test_a_person_is_replaced_and_what_they_judged_does_not_count(held: Team) -> None:
    two = asked(held)
    keep_verdict(by=held.first.pk, appraising=two, answers=ANSWERS, done=True)
    replace_appraiser(by=held.lead.pk, appraising=two, user=held.first, to=held.third)
    keep_verdict(by=held.second.pk, appraising=two, **SOME, done=True)
    two.refresh_from_db()
    assert two.unblinded_at is None
    keep_verdict(by=held.third.pk, appraising=two, **SOME, done=True)
    two.refresh_from_db()
    assert list(verdicts_of(two)) == [held.second.pk, held.third.pk]
    with pytest.raises(ConflictError, match="nothing of it changes"):
        replace_appraiser(by=held.lead.pk, appraising=two, user=held.second, to=held.first)


def test_asking_two_is_refused_where_it_cannot_be(held: Team, result: Contrast) -> None:
    with pytest.raises(InputError, match="two different people"):
        asked(held, users=[held.first, held.first])
    one = asked(held, contrast=result, key="k")
    assert asked(held, contrast=result, key="k") == one
    with pytest.raises(ConflictError, match="judge this by the same instrument already"):
        asked(held, contrast=result)
    assert asked(held).pk != one.pk, "another thing of the same study"
    elm = open_study(by="u", review=held.review, name="Elm", design="d", randomised=True)
    with pytest.raises(InputError, match="result of another study"):
        asked(held, study=elm, contrast=result)
    with pytest.raises(InputError, match="Say why"):
        call_off(by=held.lead.pk, appraising=one, why=" ")
    assert call_off(by=held.lead.pk, appraising=one, why="Enough.").state == Appraising.CALLED_OFF
    assert asked(held, contrast=result).pk != one.pk
    merge_studies(by="u", study=held.study, into=elm, why="One trial.")
    with pytest.raises(ConflictError, match="merged into another"):
        asked(held, tool="robins-i")


def test_agreement_is_told_by_domain_with_its_number(held: Team) -> None:
    judged(held)
    ((one, overall),) = [(said.rows[3], said.rows[-1]) for said in agreements_in(held.review)]
    assert (one.key, one.n, one.agreed, overall.agreed) == ("D4", 1, 0, 0)
    assert one.kappa.value is None and "throughout" in one.warnings[0]
    page = text(able(held.first, "coder").get("/workspace/appraised/"))
    assert "hardly be told from so few" in page and "0 of 1" in page


def test_notes_support_answers_and_stay_in_the_workspace(held: Team, tmp_path: Path) -> None:
    two = judged(held)
    settle(held, two, notes={"q-1.2": {"quote": SECRET, "page": 3, "report": held.reports[0].pk}, "D1": "Good."})
    assert Judging.objects.get().notes["q-1.2"]["page"] == 3
    for notes, said in (
        ({"9.9": "x"}, "no '9.9' of rob-2"),
        ({"D1": {"page": "iv"}}, "a page is a whole number"),
        ({"D1": {"colour": "red"}}, "no 'colour'"),
        ({"D1": "x" * 5001}, "at most 5,000"),
        ({"D1": {"quote": "x", "report": held.reports[1].pk}}, "does not tell of this study"),
    ):
        with pytest.raises(InputError, match=said):
            settle(held, two, notes=notes)
    export_pack(folder=tmp_path / "open")
    out = files(tmp_path / "open")
    assert not any(SECRET.encode() in body or b"Sealed" in body for body in out.values())
    assert not {f"extract/{name}.csv" for name in ("appraisings", "appraisers", "verdicts", "agreed")} & set(out)


def test_a_move_takes_the_two_along_byte_for_byte(held: Team, tmp_path: Path) -> None:
    settle(held, judged(held))
    export_pack(folder=tmp_path / "first", profile="move")
    empty_the_database()
    load_pack(folder=tmp_path / "first", by="u")
    export_pack(folder=tmp_path / "second", profile="move")
    assert files(tmp_path / "first") == files(tmp_path / "second")
    assert Agreed.objects.count() == 1 and verify_centre()["ok"], verify_centre()["differences"]


def form(two: Appraising, page: str = "") -> str:
    return f"/workspace/appraisings/{two.pk}/{page}"


def test_a_result_is_asked_for_and_named_wherever_it_is_shown(held: Team, result: Contrast) -> None:
    coder, here = able(held.first, "coder"), f"/workspace/studies/{held.study.pk}/appraise/"
    told = {"tool": "rob-2", "step": "keep"} | {f"q-{key}": value for key, value in ANSWERS.items()}
    assert "What is judged?" in text(coder.get(f"{here}?tool=rob-2"))
    refused = text(coder.post(here, told))
    assert "one result at a time" in refused and not Appraisal.objects.exists()
    coder.post(here, told | {"of": result.pk, "note-D1": "Sound.", "quote-q-1.1": SECRET, "page-q-1.1": "4"})
    working = Judging.objects.get()
    assert working.contrast == result and working.notes["q-1.1"] == {"quote": SECRET, "page": 4}
    named = "Days at school, 12 months (A service)"
    assert named in text(coder.get(f"/workspace/studies/{held.study.pk}/"))
    table = text(coder.get(f"/workspace/reviews/{held.review.slug}/risk-of-bias/rob-2-2.csv"))
    assert f'"Oak 2019: {named}",Low' in table
    assert SECRET in text(coder.get(f"/workspace/appraisals/{working.appraisal_id}/"))
    assert "nothing of this study" in text(coder.get(f"{here}?tool=rob-2&of=con_nowhere"))


def test_the_whole_way_on_the_pages(held: Team) -> None:
    lead, first, second = able(held.lead, "lead"), able(held.first, "coder"), able(held.second, "coder")
    here = f"/workspace/studies/{held.study.pk}/appraise/"
    asking = {"tool": "rob-2", "of": held.study.pk, "first": held.first.pk, "second": held.first.pk, "key": "k"}
    assert "two different people" in text(lead.post(f"{here}two/", asking))
    assert first.post(f"{here}two/", asking).status_code == 403
    lead.post(f"{here}two/", asking | {"second": held.second.pk})
    lead.post(f"{here}two/", asking | {"second": held.second.pk})
    two = Appraising.objects.get()
    given = {f"q-{key}": value for key, value in ANSWERS.items()}
    kept = text(first.post(form(two), given | {"step": "keep", "note-D2": "To ask."}, follow=True))
    assert "Proposed: <strong>Low</strong>" in kept and "To ask." in kept
    wrong = text(first.post(form(two), given | {"step": "done", "page-D2": "iv"}))
    assert "a page is a whole number" in wrong and 'value="iv"' in wrong
    first.post(form(two), given | {"step": "done"})
    assert "You said that you are done" in text(first.get(form(two)))
    second.post(form(two), given | {"q-4.1": "NI", "step": "done", "judged-D4": "Some concerns", "why-D4": "Unclear."})
    assert second.get(form(two)).url == form(two, "compare/")
    page = text(second.get(form(two, "compare/")))
    assert page.count("They differ.") == 3 and "Unclear." in page and "4 of 5 domains the same" in page
    agreed = given | {"step": "agree", "seen": ""}
    assert "D4: this is not what both said (4.1, judgement)" in text(second.post(form(two, "compare/"), agreed))
    told = agreed | {"changed-D4": "Table 2 says it.", "changed-overall": "By the rules."}
    done = text(second.post(form(two, "compare/"), told, follow=True))
    assert "This counts now" in done and "Table 2 says it." in done and Appraisal.objects.get().overall == "Low"
    assert "Agreed by two people" in text(first.get(f"/workspace/studies/{held.study.pk}/"))


def test_a_lead_replaces_and_calls_off_on_the_page(held: Team) -> None:
    two, lead = asked(held), able(held.lead, "lead")
    told = {"step": "replace", "user": held.first.pk, "to": held.third.pk}
    able(held.third, "coder")
    assert able(held.first, "coder").post(form(two), told).status_code == 403
    assert "asked instead" in text(lead.post(form(two), told, follow=True))
    assert "Say why" in text(lead.post(form(two), {"step": "call-off"}))
    assert "Called off" in text(lead.post(form(two), {"step": "call-off", "why": "Enough."}, follow=True))
    stranger: Client = able(person("out"), "coder")
    assert stranger.get(form(two)).status_code == stranger.get(form(two, "compare/")).status_code == 403


def test_the_nearest_judgement_applies_to_a_result_and_none_of_another(held: Team, result: Contrast) -> None:
    done, outcome = framework(held)
    other = enter_finding(
        by=held.first.pk, study=held.study, report=held.reports[0], intervention=done, outcome=outcome, measured="Marks",
        sign=1, unit="children", inputs={"events1": 9, "n1": 80, "events2": 16, "n2": 82},
        formula="risk-difference-from-counts",
    )  # fmt: skip
    assert applying_to([result, other]) == {}
    told: dict[str, Any] = {"by": "u", "study": held.study, "tool": "rob-2", "answers": ANSWERS}
    high = {"domains": {"D1": "High"}, "reasons": {"D1": "An open list."}}
    of_result = appraise(**told, **high, contrast=result)
    assert applying_to([result, other]) == {result.pk: [of_result]}
    whole = appraise(**told)
    assert applying_to([result, other]) == {result.pk: [of_result], other.pk: [whole]}
    report = appraise(**told, report=held.reports[0])
    asked(held, contrast=other)
    assert applying_to([other]) == {other.pk: [report]}


def test_what_waits_for_a_person_is_found(held: Team) -> None:
    two = asked(held)
    page = "/workspace/appraised/"
    assert "Judge it alone" in text(able(held.first, "coder").get(page))
    assert "Waiting for you" not in text(able(held.third, "coder").get(page))
    keep_verdict(by=held.first.pk, appraising=two, answers=ANSWERS, done=True)
    assert "the other is not yet" in text(able(held.first, "coder").get(page))
    keep_verdict(by=held.second.pk, appraising=two, answers=ANSWERS, done=True)
    assert "Compare and agree" in text(able(held.first, "coder").get(page))


def test_where_both_said_the_same_no_reason_is_asked_for(held: Team) -> None:
    two = asked(held)
    for person_ in (held.first, held.second):
        keep_verdict(by=person_.pk, appraising=two, **SOME, done=True)
    client = able(held.first, "coder")
    page = text(client.get(form(two, "compare/")))
    assert "They differ." not in page and "Raters may have known." in page
    made = agree(by=held.first.pk, appraising=two, seen="", **SOME)
    assert made.changed == {} and made.how == "discussion"


def test_instruments_that_judge_a_result_say_so() -> None:
    keys = {one.key for one in instruments() if per_result(one)}
    assert keys == {"rob-2", "rob-2-cluster", "rob-2-crossover", "robins-i"}


def test_a_judgement_changed_outside_the_ledger_is_seen(held: Team) -> None:
    settle(held, judged(held))
    found = Report()
    check_appraisals(found)
    assert not found.differences and found.checked == {"appraisals as argued": 1, "verdicts": 2}
    Appraisal.objects.update(overall="Low")
    check_appraisals(found)
    assert [one.what for one in found.differences] == ["judgement"]
