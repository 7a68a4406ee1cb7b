"""Taking reports away: any selection, in every form, whole; and what the pages say of retractions."""

from __future__ import annotations

import html
import io
import json
import re
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.test import Client
from typer.testing import CliRunner

from whatworks.collate.api import limits
from whatworks.collate.exporting import COLUMNS, chosen, in_pieces
from whatworks.collate.matching import decide
from whatworks.collate.methods.csl_items import csl_problems
from whatworks.collate.models import Import, NoticeHit, Report
from whatworks.collate.retractions import load_list
from whatworks.collate.search import refresh
from whatworks.collate.sources import read_stream
from whatworks.errors import InputError
from whatworks.people.actions import add_user
from whatworks.people.models import User

pytestmark = pytest.mark.django_db
FORMS = ["ris", "bibtex", "csl", "csv", "jsonl", "xlsx"]


@pytest.fixture(autouse=True)
def _fresh(settings: Any, tmp_path: Path) -> None:
    settings.HOME = tmp_path / "home"
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


def body(address: str, client: Client | None = None) -> bytes:
    response = (client or Client()).get(address)
    assert response.status_code == 200, address
    return b"".join(response.streaming_content) if response.streaming else response.content


def person(*roles: str) -> Client:
    user: User = add_user(by="test", email="coder@example.org", roles=roles)[0]
    client = Client()
    client.force_login(user)
    return client


def said(content: bytes) -> str:
    return " ".join(html.unescape(re.sub("<[^>]+>", " ", content.decode())).split())


def identifiers(form: str, content: bytes) -> list[str]:
    """Our identifiers in a file, read as another program would read it."""
    if form in ("ris", "bibtex"):
        return [record.identifier for record in read_stream(io.BytesIO(content), path=f"file.{form}")]
    if form == "csl":
        items = json.loads(content)
        assert [problem for item in items for problem in csl_problems(item)] == []
        return [item["id"] for item in items]
    if form == "jsonl":
        return [json.loads(line)["id"] for line in content.decode().splitlines()]
    if form == "csv":
        return [line.partition(",")[0] for line in content.decode().split("\r\n")[1:-1]]
    rows = list(openpyxl.load_workbook(io.BytesIO(content), read_only=True).active.iter_rows(values_only=True))
    assert rows[0] == COLUMNS
    return [row[0] for row in rows[1:]]


@pytest.mark.parametrize("form", FORMS)
def test_every_form_holds_every_report_under_its_identifier(reports: dict[str, Report], form: str) -> None:
    expected = sorted(report.pk for report in reports.values())
    assert identifiers(form, body(f"/reports/export/{form}/")) == expected


@pytest.mark.parametrize("form", FORMS)
def test_nobody_who_is_not_signed_in_gets_a_licensed_abstract(reports: dict[str, Report], form: str) -> None:
    inside = body(f"/reports/export/{form}/?ids={reports['W1'].pk}", person("coder"))
    outside = body(f"/reports/export/{form}/?ids={reports['W1'].pk}")
    if form != "xlsx":
        assert b"licensed" not in outside
        assert b"licensed abstract" in inside


def test_selections(reports: dict[str, Report]) -> None:
    refresh([report.pk for report in reports.values()])
    names = {report.pk: name for name, report in reports.items()}
    origin = Import.objects.get(source__name="Database B").pk

    def found(**query: str) -> str:
        return " ".join(sorted(names[one.identifier] for one in in_pieces(chosen(query))))

    assert found() == "W1 W2 W3 X1 X2"
    assert found(ids=f"{reports['W2'].pk}, {reports['W3'].pk}") == "W2 W3"
    assert found(q="family support") == "W1 X1"
    assert found(q="family", **{"import": origin}) == "X1"
    assert found(year="2018") == "X2"
    decide(by="usr-1", left=reports["W1"].pk, right=reports["X1"].pk, decision="same")
    assert found(ids=reports["X1"].pk) == "W1", "a merged report is the one through which it speaks"
    assert found(**{"import": origin}) == "W1 X2"


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ({"ids": "rep-none"}, "There is no report rep-none"),
        ({"import": "imp-none"}, "There is no import imp-none"),
        ({"review": "none"}, "There is no review none"),
        ({"ids": ",".join(f"rep-{n}" for n in range(2001))}, "2,001 identifiers are too many"),
    ],
)
def test_a_selection_of_what_is_not_there_is_one_sentence(
    reports: dict[str, Report], query: dict[str, str], says: str
) -> None:
    with pytest.raises(InputError, match=says):
        chosen(query)
    response = Client().get("/reports/export/ris/", query)
    assert response.status_code == 400 and says in said(response.content)


def test_the_reports_that_a_review_took_in(roads: None) -> None:
    """Those and no others."""
    from whatworks.screen.models import Judgement, Review

    review = Review.objects.get(slug="slow-zones")
    taken = set(
        Judgement.objects.filter(review=review, stage="full text", decision="include").values_list("report", flat=True)
    )
    assert taken and set(identifiers("csv", body("/reports/export/csv/?review=slow-zones"))) == taken


def test_a_large_selection_is_not_for_strangers(reports: dict[str, Report], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("whatworks.collate.views.sharing.PUBLIC_MOST", 4)
    response = Client().get("/reports/export/csv/")
    assert response.status_code == 400 and "more than 4 reports" in said(response.content)
    assert "too many for one file" in said(body("/reports/export/"))
    assert len(identifiers("csv", body("/reports/export/csv/", person("coder")))) == 5


def test_files_are_limited_too(reports: dict[str, Report], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "time", lambda: 20_000 * 86_400.0)  # so that no minute ends between two requests
    answers = [Client().get("/reports/export/jsonl/").status_code for _ in range(13)]
    assert answers[:12] == [200] * 12 and answers[12] == 429
    assert "ask again in" in said(Client().get("/reports/export/jsonl/").content)


def test_reading_goes_piece_by_piece(
    reports: dict[str, Report], monkeypatch: pytest.MonkeyPatch, django_assert_max_num_queries: Any
) -> None:
    """Memory does not grow with the selection, and nothing is lost between pieces."""
    whole = body("/reports/export/jsonl/")
    monkeypatch.setattr("whatworks.collate.exporting.PIECE", 2)
    assert body("/reports/export/jsonl/") == whole


def test_the_page_says_what_is_in_it(reports: dict[str, Report]) -> None:
    text = said(body("/reports/export/?ids=" + reports["W1"].pk))
    assert "1 report is selected." in text and "Named" in text
    assert "Abstracts and subject terms are in it only where their licence is open" in text
    assert "You are signed in, so abstracts" in said(body("/reports/export/", person("coder")))


def test_there_is_no_form_of_that_name(reports: dict[str, Report]) -> None:
    assert Client().get("/reports/export/pdf/").status_code == 404


@pytest.mark.parametrize(("ending", "begins"), [("ris", "TY  - JOUR"), ("bib", "@article{"), ("json", "[")])
def test_one_report_for_a_reference_manager(reports: dict[str, Report], ending: str, begins: str) -> None:
    address = f"/reports/{reports['W1'].pk}/cite.{ending}"
    response = Client().get(address)
    assert response.content.decode().startswith(begins) and reports["W1"].pk in response.content.decode()
    assert response.headers["Content-Disposition"] == f'attachment; filename="{reports["W1"].pk}.{ending}"'
    assert address in body(f"/reports/{reports['W1'].pk}/").decode()
    decide(by="usr-1", left=reports["W1"].pk, right=reports["X1"].pk, decision="same")
    moved = Client().get(f"/reports/{reports['X1'].pk}/cite.{ending}")
    assert (moved.status_code, moved.headers["Location"]) == (301, address)


def withdraw(folder: Path, doi: str, nature: str = "Retraction") -> None:
    path = folder / "list.csv"
    path.write_text(f"doi,date,notice,nature,reason\n{doi},2024-05-31,https://example.org/notice,{nature},Its data\n")
    load_list(by="test", path=path)


def test_the_report_s_page_says_that_it_was_retracted(reports: dict[str, Report], tmp_path: Path) -> None:
    """First of all, and in every reference."""
    before = said(body(f"/reports/{reports['W3'].pk}/"))
    assert "Retracted" not in before
    withdraw(tmp_path, "10.1000/third_one")
    after = said(body(f"/reports/{reports['W3'].pk}/"))
    assert "Retracted on 31 May 2024: the publisher withdrew it." in after and "Reason given: Its data." in after
    assert after.count("[Retracted 31 May 2024, https://example.org/notice]") == 3


@pytest.mark.parametrize(
    ("nature", "words"),
    [
        ("Retraction", "was retracted"),
        ("Expression of concern", "has expressed concern"),
        ("Correction", "was corrected"),
    ],
)
def test_study_and_evidence_pages_say_it_too(roads: None, tmp_path: Path, nature: str, words: str) -> None:
    """Also after an editor has looked and approved: the page rests on the report all the same."""
    from whatworks.extract.models import Contrast
    from whatworks.publish.models import Page

    contrast = Contrast.objects.exclude(formula="").select_related("report", "study").first()
    assert contrast is not None
    Report.objects.filter(pk=contrast.report_id).update(doi="10.1000/withdrawn")
    withdraw(tmp_path, "10.1000/withdrawn", nature)
    study = said(body(f"/studies/{contrast.study_id}/"))
    page = said(body(f"/evidence/{Page.objects.get().slug}/"))
    standing = NoticeHit.objects.get().notice.standing()
    assert standing.sentence() in study
    assert standing.sentence() in page and words in page


def test_a_list_is_brought_in_by_the_page_and_a_title_is_judged(reports: dict[str, Report]) -> None:
    from whatworks.ledger.work import work_off

    client = person("coder")
    content = (
        "doi,title,date,notice\n10.1000/third_one,,2024-05-31,https://example.org/notice\n"
        ",Annual report of the Council of Nowhere on children in care,2024-06-01,https://example.org/other\n"
    )
    response = client.post("/workspace/retractions/", {"file": io.BytesIO(content.encode())})
    assert response.status_code == 302
    assert client.get("/workspace/retractions/").headers["Refresh"] == "2"
    assert "Refresh" not in client.get("/workspace/retractions/?still=1").headers
    work_off()
    text = said(body("/workspace/retractions/", client))
    assert "2 rows: 2 new, 0 known already, 0 that could not be read. 1 reports here were marked, 1 wait below" in text
    assert "Is this notice about this report?" in text
    hit = NoticeHit.objects.waiting().get()
    client.post(f"/workspace/retractions/{hit.pk}/", {"decision": "yes"})
    assert Report.objects.get(pk=reports["W2"].pk).retracted_on is not None
    again = client.post(f"/workspace/retractions/{hit.pk}/", {"decision": "yes"}, follow=True)
    assert "Somebody has judged this notice already" in said(again.content)
    client.post(f"/workspace/retractions/{hit.pk}/", {"decision": "no"})
    assert Report.objects.get(pk=reports["W2"].pk).retracted_on is None


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "The file is empty"),
        (b"Authors,Year\nA,2020\n", "this is no list of retractions"),
        (b"%PDF-1.7\0\0", "this is no plain table"),
    ],
)
def test_what_is_no_list_is_said_on_the_page(db: None, content: bytes, says: str, settings: Any) -> None:
    response = person("coder").post("/workspace/retractions/", {"file": io.BytesIO(content)})
    assert response.status_code == 200 and says in said(response.content)
    assert not [path for path in settings.HOME.rglob("*") if path.is_file() and path.parent.name == "uploads"]


def test_the_commands(reports: dict[str, Report], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a person types, with the centre open already."""
    from whatworks.cli import sharing
    from whatworks.cli.commands import app

    monkeypatch.setattr(sharing, "open_centre", lambda home: home)
    run = lambda *arguments: CliRunner().invoke(app, [str(one) for one in arguments], catch_exceptions=False)  # noqa: E731
    out = tmp_path / "out.bib"
    assert "5 reports written to" in run("export-reports", out).stdout
    assert sorted(identifiers("bibtex", out.read_bytes())) == sorted(report.pk for report in reports.values())
    made = json.loads(run("export-reports", tmp_path / "one.xlsx", "--id", reports["W1"].pk, "--json").stdout)
    assert (made["reports"], made["form"]) == (1, "Excel")
    assert "licensed abstract" not in out.read_text()
    run("export-reports", tmp_path / "full.ris", "--full")
    assert "licensed abstract" in (tmp_path / "full.ris").read_text()
    assert run("cite", "10.1000/first").stdout.startswith("Smith, M. B., & Jones, J.-P. (2020).")
    assert run("cite", reports["W2"].pk, "--style", "bibtex").stdout.startswith("@techreport{")
    path = tmp_path / "list.csv"
    path.write_text("doi,date,notice\n10.1000/first,2024-05-31,https://example.org/notice\nx,y,z\n")
    text = run("retractions", path).stdout
    assert "2 rows: 1 new, 0 known already, 1 unreadable." in text and "line 3: it has neither a DOI" in text
    assert json.loads(run("retractions", path, "--json").stdout)["known"] == 1
    for arguments, says in [
        (("export-reports", tmp_path / "out.pdf"), "end the name in one of"),
        (("export-reports", tmp_path / "nowhere" / "out.ris"), "no such folder"),
        (("cite", "rep-none"), "There is no report rep-none"),
        (("cite", "10.1000/first", "--style", "mla"), "There is no style mla"),
        (("retractions", tmp_path / "none.csv"), "There is no file"),
    ]:
        with pytest.raises(InputError, match=says):
            run(*arguments)
