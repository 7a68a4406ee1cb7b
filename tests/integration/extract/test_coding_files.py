"""Codings go out as CSV, Excel, JSON and JSON-LD, and come in as one's own answers; packs hold what stands."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest

from tests.integration.archive.centres import empty_the_database, files
from tests.integration.extract.studied import Team, fill, framework, put_up, team
from whatworks.archive.exporting import export_pack
from whatworks.archive.loading import load_pack
from whatworks.archive.verifying import verify_centre
from whatworks.collate.methods.eppi import code_sets_in, codings_in
from whatworks.errors import ForbiddenError, InputError
from whatworks.extract.appraising import appraise
from whatworks.extract.coding import answer, answer_all, finish, open_coding
from whatworks.extract.coding_files import codings_file, form_file, import_codings, import_eppi_codings
from whatworks.extract.entering import enter_finding
from whatworks.extract.framing import import_eppi_frames
from whatworks.extract.measuring import add_measure
from whatworks.extract.models import Answer, Coding, Decided, Study
from whatworks.extract.reconciling import compared, settle
from whatworks.extract.regrouping import merge_studies
from whatworks.extract.studying import add_arm, describe_support, open_study

pytestmark = pytest.mark.django_db


@pytest.fixture
def held() -> Team:
    return team()


@pytest.fixture
def coding(held: Team) -> Coding:
    """Coded by both and settled, with a quote and a text that looks like a formula."""
    coding = put_up(held, held.first, held.second)
    answer(by=held.first.pk, coding=coding, item="aim", value="=1+1", quote="secret words", note="mine", page=3)
    for user in (held.first, held.second):
        fill(held, coding, user, settings=["home", "court"], began=None)
    coding.refresh_from_db()
    assert coding.state == Coding.SETTLED
    return coding


def table(body: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(body.decode("utf-8-sig"), newline="")))


def test_what_stands_goes_out_without_the_reports_own_words(held: Team, coding: Coding) -> None:
    rows = table(codings_file(held.review, held.frame, "csv").body)
    found = {(one["item"], one["unit_name"]): one["value"] for one in rows}
    assert found["settings", ""] == "home | court" and found["offered", "Usual"] == "usual"
    assert found["aim", ""] == "'=1+1", "a spreadsheet must not run it"
    assert {one["status"] for one in rows if one["item"] == "began"} == {"not reported"}
    for form in ("csv", "xlsx", "json", "jsonld"):
        assert b"secret words" not in codings_file(held.review, held.frame, form).body
    assert b"secret words" in codings_file(held.review, held.frame, "json", inside=True).body


def test_answers_go_out_only_when_nobody_is_blind_any_more(held: Team) -> None:
    coding = put_up(held, held.first, held.second)
    fill(held, coding, held.first)
    assert table(codings_file(held.review, held.frame, "csv", answers=True).body) == []
    fill(held, coding, held.second)
    rows = table(codings_file(held.review, held.frame, "csv", answers=True, inside=True).body)
    assert {one["coder"] for one in rows} == {held.first.pk, held.second.pk}


@pytest.mark.parametrize("form", ["csv", "xlsx", "json", "jsonld"])
def test_what_went_out_comes_in_as_one_s_own_answers(held: Team, coding: Coding, form: str) -> None:
    """A coder who leaves the file as it is would say what stands."""
    file = codings_file(held.review, held.frame, form)
    wanted = {(one.item, one.unit): (one.status, one.value) for one in Decided.objects.standing()}
    for user in (held.first, held.second):
        import_codings(by=user.pk, frame=held.frame, name=file.name, body=file.body)
        rows = Answer.objects.current().filter(sheet__user=user)
        assert {(one.item, one.unit): (one.status, one.value) for one in rows} == wanted


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_a_form_is_filled_in_elsewhere_and_imported(held: Team, form: str) -> None:
    coding = put_up(held, held.first, held.second)
    assert form_file(coding, form).name == f"small-1-{held.study.pk}.{form}"
    rows = table(form_file(coding).body)
    values = {"randomised": "yes", "drawn": "By computer", "joined": "40", "offered": "usual"}
    text = io.StringIO()
    writer = csv.DictWriter(text, rows[0])
    writer.writeheader()
    writer.writerows(row | {"value": values.get(row["item"], "")} for row in rows)
    body = text.getvalue().encode()
    assert import_codings(by=held.first.pk, frame=held.frame, name="x.csv", body=body, key="k") == {held.study.pk: 5}
    assert import_codings(by=held.first.pk, frame=held.frame, name="x.csv", body=body, key="k") == {held.study.pk: 5}
    assert Answer.objects.count() == 5
    assert finish(by=held.first.pk, coding=coding).done_at is not None


@pytest.mark.parametrize(
    ("name", "body", "said"),
    [
        ("x.pdf", b"", "read from csv, xlsx, json or jsonld"),
        ("x.csv", b"", "no line has an answer"),
        ("x.csv", b"study,item\n1,2\n", "Line 2: there is no column 'value'"),
        ("x.csv", b"\xff\xfe", "not UTF-8"),
        ("x.csv", b'study,item,value\nx,aim,"', "cannot be read"),
        ("x.csv", b"study,item,value\nsty-none,aim,x\n", "Line 2: the study 'sty-none' is not put up"),
        ("x.json", b"{", "not JSON"),
        ("x.json", b'{"values": 3}', "no list of values"),
        ("x.xlsx", b"PK\x03\x04", "damaged or cut off"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_and_nothing_is_kept(
    held: Team, name: str, body: bytes, said: str
) -> None:
    put_up(held, held.first)
    with pytest.raises(InputError, match=said):
        import_codings(by=held.first.pk, frame=held.frame, name=name, body=body)
    assert not Answer.objects.exists()


def test_nobody_imports_for_another(held: Team, coding: Coding) -> None:
    file = codings_file(held.review, held.frame, "json")
    with pytest.raises(ForbiddenError):
        import_codings(by=held.third.pk, frame=held.frame, name=file.name, body=file.body)


def test_codes_given_in_eppi_come_in_by_the_frame_of_their_set(held: Team) -> None:
    kind = "Selectable (show checkbox)"
    codes = [{"AttributeId": at, "AttributeName": name, "AttributeType": kind} for at, name in ((1, "A"), (2, "B"))]
    text = json.dumps({"CodeSets": [{"SetId": 7, "SetName": "Codes", "Attributes": {"AttributesList": codes}}]})
    (frame,) = import_eppi_frames(by="u", text=text)
    assert code_sets_in(json.loads(text)["CodeSets"])
    coding = open_coding(by="u", study=held.study, frame=frame, needed=1)
    from whatworks.extract.coding import assign_coder

    assign_coder(by="u", coding=coding, user=held.first)
    given = codings_in({"ItemId": 9, "Codes": [{"AttributeId": 2, "AdditionalText": "p. 3"}]})
    told: dict[str, Any] = {"by": held.first.pk, "frame": frame, "codings": given}
    assert import_eppi_codings(**told, studies={"9": held.study}) == {held.study.pk: 1}
    made = Answer.objects.get()
    assert (made.value, made.note) == (["B"], "p. 3")
    assert import_eppi_codings(**told, studies={}) == {}


@pytest.fixture
def whole(held: Team, coding: Coding) -> Team:
    """One of everything that the room keeps."""
    done, outcome = framework(held)
    measure = add_measure(by="u", study=held.study, outcome=outcome, name="Days")
    describe_support(by="u", study=held.study, funder="A council", developer_involved="none")
    enter_finding(
        by=held.first.pk, study=held.study, report=held.reports[0], intervention=done, measure=measure,
        inputs={"events1": 9, "n1": 80, "events2": 16, "n2": 82}, formula="risk-difference-from-counts",
        arms=held.arms, quote="secret words", rectangle=[0, 0, 1, 1], icc=0.1, icc_source="the report",
    )  # fmt: skip
    rob = dict.fromkeys(("D1", "D2", "D3", "D4", "D5"), "Low")
    appraise(by="u", study=held.study, tool="rob-2", version=1, domains=rob, notes={"D1": "secret words"})
    elm = open_study(by="u", review=held.review, name="Elm", design="d", randomised=True)
    merge_studies(by="u", study=elm, into=held.study, why="One trial.")
    answer(by=held.second.pk, coding=coding, item="joined", value=50)
    seen = next(one.seen for one in compared(coding, by="u") if one.asked.item.key == "joined")
    settle(by=held.third.pk, coding=coding, item="joined", value=45, why="Table 1.", seen=seen, quote="secret words")
    return held


def test_a_study_s_findings_go_out_as_linked_data(whole: Team) -> None:
    made = json.loads(codings_file(whole.review, whole.frame, "jsonld").body)
    (study,) = made["@graph"]
    (finding,) = study["hasFinding"]
    assert (finding["evaluates"]["name"], finding["comparedTo"]["name"]) == ("Service", "Usual")
    assert finding["hasObservedResult"][1] == {"type": "ObservedResult", "forArm": "Usual", "n": 82, "events": 16}
    assert finding["hasEffectEstimate"][0]["metric"] == "RD"


def test_an_open_pack_has_what_stands_and_not_who_said_what(whole: Team, tmp_path: Path) -> None:
    export_pack(folder=tmp_path / "open")
    found = files(tmp_path / "open")
    assert {"extract/frames.csv", "extract/codings.csv", "extract/decided.csv", "extract/judgings.csv"} <= set(found)
    assert not {"extract/answers.csv", "extract/sheets.csv"} & set(found)
    assert not any(b"secret words" in body for body in found.values())


def test_a_move_goes_round_byte_for_byte_and_verifies(whole: Team, tmp_path: Path) -> None:
    assert verify_centre()["ok"], verify_centre()["differences"]
    export_pack(folder=tmp_path / "first", profile="move")
    assert any(b"secret words" in body for body in files(tmp_path / "first").values())
    empty_the_database()
    load_pack(folder=tmp_path / "first", by="u")
    export_pack(folder=tmp_path / "second", profile="move")
    assert files(tmp_path / "first") == files(tmp_path / "second")
    assert verify_centre()["ok"], verify_centre()["differences"]
    assert Study.objects.standing().count() == 1


def test_an_open_pack_loads_elsewhere_and_verifies(whole: Team, tmp_path: Path) -> None:
    """There, nobody's answers are held: what stands is taken as signed."""
    export_pack(folder=tmp_path / "open")
    empty_the_database()
    load_pack(folder=tmp_path / "open", by="u")
    export_pack(folder=tmp_path / "again")
    assert files(tmp_path / "open") == files(tmp_path / "again")
    assert verify_centre()["ok"], verify_centre()["differences"]
    before = Decided.objects.count()
    add_arm(by="u", study=Study.objects.standing().get(), name="Third", role="comparison")
    assert Decided.objects.count() == before, "without the answers, nothing can be drawn anew"
    assert Decided.objects.standing().get(item="joined").value == 45


def test_a_whole_form_is_kept_in_few_queries(held: Team, django_assert_max_num_queries: Any) -> None:
    """A form of a hundred items must not take a hundred questions to the database."""
    from whatworks.extract.coding import Said

    coding = put_up(held, held.first, held.second)
    said = [Said("randomised", value="no"), Said("joined", value=4), Said("country", value="Wales")]
    said += [Said("offered", value="usual", unit=arm.pk) for arm in held.arms]
    with django_assert_max_num_queries(22):
        answer_all(by=held.first.pk, coding=coding, answers=said)
