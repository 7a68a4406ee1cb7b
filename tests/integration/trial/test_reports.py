"""Documents, checklists and the archive of a whole made-up trial: made of its record alone, the same each time, and readable again."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from tests.integration.trial.test_register import opened
from tools.made_up_trial import TITLE, build, outcomes
from whatworks.people.actions import add_user
from whatworks.spreadsheets import RISKY
from whatworks.trial.models import Trial, TrialAnalysis
from whatworks.trial.opening import add_protocol, open_trial
from whatworks.trial.reports.archive import archive, counts_by_arm, table_text
from whatworks.trial.reports.card import above
from whatworks.trial.reports.checking import checked
from whatworks.trial.reports.gathering import Gathered, gather
from whatworks.trial.reports.plan import plan
from whatworks.trial.reports.protocol import protocol
from whatworks.trial.reports.report import report, result_card
from whatworks.trial.reports.results import people
from whatworks.trial.reports.text import text

pytestmark = pytest.mark.django_db
DOCUMENTS = {"protocol": protocol, "plan": plan, "report": report, "result": result_card}
HERE = "/trials/made-up-schools/"


@pytest.fixture(scope="module", autouse=True)
def whole(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """The made-up trial, run from design to result, in a transaction around the file's tests."""
    from django.conf import settings
    from django.db import transaction

    before, settings.PARTICIPANTS = settings.PARTICIPANTS, tmp_path_factory.mktemp("participants")
    with django_db_blocker.unblock(), transaction.atomic():
        build()
        yield
        transaction.set_rollback(True)
    settings.PARTICIPANTS = before


@pytest.fixture
def held() -> Gathered:
    found = gather(Trial.objects.get(slug="made-up-schools"))
    assert found is not None
    return found


def pdf_words(body: bytes) -> str:
    from pypdf import PdfReader

    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(body)).pages).split())


def word_words(body: bytes) -> str:
    import docx

    made = docx.Document(io.BytesIO(body))
    cells = [cell.text for table in made.tables for row in table.rows for cell in row.cells]
    return " ".join(" ".join([*(one.text for one in made.paragraphs), *cells]).split())


def test_each_document_says_the_same_in_each_form(client: Client, held: Gathered) -> None:
    """The three forms are set by three programs: what one of them loses, a reader of that form never sees."""
    for name, make in DOCUMENTS.items():
        needed = [TITLE, "A demonstration"] + ([] if name == "result" else [held.protocol.digest])
        told = {
            "txt": " ".join(client.get(f"{HERE}{name}.txt").content.decode().split()),
            "pdf": pdf_words(client.get(f"{HERE}{name}.pdf").content),
            "docx": word_words(client.get(f"{HERE}{name}.docx").content),
        }
        for heading in (one.text for one in make(held).blocks if type(one).__name__ == "Heading"):
            needed.append(heading)
        for form, words in told.items():
            joined = words.replace(" ", "").lower()
            for one in needed:
                assert one.replace(" ", "").lower() in joined, (name, form, one)


def test_the_report_holds_the_result_the_flow_the_panel_and_the_digests(client: Client, held: Gathered) -> None:
    words = pdf_words(client.get(f"{HERE}report.pdf").content)
    analysis = TrialAnalysis.objects.get(trial=held.trial, blind=False)
    declared = next(row for row in analysis.panel["panel"] if row["declared"])
    assert f"{declared['estimate']:.4f}" in words and f"{declared['p']:.4f}" in words
    for row in analysis.panel["panel"]:
        assert row["method"] in words
    for part in ("24 units allocated", "26 units", "no room for a worker: 1", "305 people", "lmm-kr (DECLARED)"):
        assert part in words
    assert "Nothing: the plan that ran is the one that was locked" in words
    joined = words.replace(" ", "")
    for digest in (analysis.digest, analysis.dataset.digest, held.draw["seed"], held.draw["digest"]):
        assert digest in joined


def test_the_card_tells_a_result_of_nothing_in_numbers_of_people_and_does_not_call_it_no_effect(held: Gathered) -> None:
    told = text(result_card(held))
    plain = " ".join(told.split())
    g = held.panel["hedges_g"]
    assert g["ci_low"] < 0 < g["ci_high"], "the made-up trial cannot tell"
    assert "of 100 children" in plain and f"about {above(g['g'])} come out above" in plain
    assert f"from {above(g['ci_low'])} to {above(g['ci_high'])}" in plain
    assert "This trial cannot tell whether that is more or less" in plain
    assert "no effect" not in plain and "Harms were not measured" in plain


def test_the_same_record_gives_the_same_bytes(held: Gathered) -> None:
    from whatworks.trial.reports.pdf import pdf, picture
    from whatworks.trial.reports.word import word

    first = {name: (pdf(make(held)), word(make(held))) for name, make in DOCUMENTS.items()}
    for cache in (pdf, picture, word):
        cache.cache_clear()
    again = gather(Trial.objects.get(slug="made-up-schools"))
    assert again is not None
    for name, make in DOCUMENTS.items():
        assert (pdf(make(again)), word(make(again))) == first[name], name
        assert make(held) == make(again)


def test_every_page_of_a_demonstration_says_that_it_is_one(client: Client) -> None:
    from pypdf import PdfReader

    for name in DOCUMENTS:
        pages = PdfReader(io.BytesIO(client.get(f"{HERE}{name}.pdf").content)).pages
        assert all("A demonstration." in " ".join(page.extract_text().split()) for page in pages), name


def test_every_pdf_is_tagged_and_says_so(client: Client) -> None:
    from pypdf import PdfReader

    for name in DOCUMENTS:
        answer = client.get(f"{HERE}{name}.pdf")
        assert answer["Content-Type"] == "application/pdf" and answer["ETag"]
        assert client.get(f"{HERE}{name}.pdf", headers={"If-None-Match": answer["ETag"]}).status_code == 304
        made = PdfReader(io.BytesIO(answer.content))
        assert made.trailer["/Root"]["/MarkInfo"]["/Marked"]  # type: ignore[index]
        assert b"pdfuaid" in answer.content and made.metadata is not None and made.metadata.title == TITLE


def test_the_word_file_has_headings_tables_with_heads_and_the_flow_as_a_picture_with_words(client: Client) -> None:
    import docx

    made = docx.Document(io.BytesIO(client.get(f"{HERE}report.docx").content))
    styles = [one.style.name for one in made.paragraphs if one.style]
    assert styles.count("Heading 1") > 10 and "Heading 2" in styles
    (drawn,) = made.inline_shapes
    assert "24 units allocated" in drawn._inline.docPr.get("descr")
    assert any(one.text == "24 units allocated" for one in made.paragraphs)
    assert "w:tblHeader" in made.element.xml


def test_the_page_offers_the_files_and_every_offer_can_be_taken(client: Client) -> None:
    page = client.get(HERE).content.decode()
    for name in DOCUMENTS:
        for form in ("pdf", "docx", "txt"):
            assert f'href="{HERE}{name}.{form}"' in page
    assert "CONSORT for cluster trials (2012)" in page and "TIDieR" in page
    assert "stepped-wedge" not in page.lower().replace("stepped-wedge-2018", "")
    assert "4 items, marked *, are not yet compared with the source" in page


def test_checklists_claim_what_the_record_holds_and_no_more(client: Client, held: Gathered) -> None:
    rows = list(csv.DictReader(io.StringIO(client.get(f"{HERE}checklists.csv").content.decode())))
    by = {(row["checklist"], row["item"]): row for row in rows}
    assert by["CONSORT 2025", "2"]["state"] == "not in the record", "the made-up trial has no number in a registry"
    assert "the number in a registry" in by["CONSORT 2025", "2"]["not_in_the_record"]
    assert (
        by["CONSORT 2025", "17b"]["state"] == "filled"
        and "council" in by["CONSORT 2025", "17b"]["answer_from_the_record"]
    )
    assert (
        by["CONSORT 2025", "27"]["state"] == "not in the record"
        and "harms" in by["CONSORT 2025", "27"]["to_be_written"]
    )
    assert by["CONSORT 2025", "24a"]["state"] == "not in the record", "nobody wrote down who received the offer"
    assert by["CONSORT for cluster trials (2012)", "17a"]["unconfirmed"] == "yes"
    assert len(rows) == sum(len(items) for _, items in checked(held))
    assert not any(value.startswith(RISKY) for row in rows for value in row.values())


def test_a_trial_that_has_only_a_protocol_has_a_protocol_and_a_plan_but_no_report(client: Client) -> None:
    trial = opened()
    here = f"/trials/{trial.slug}/"
    page = client.get(here).content.decode()
    assert f"{here}protocol.pdf" in page and f"{here}report.pdf" not in page
    assert client.get(f"{here}report.pdf").status_code == 404
    assert client.get(f"{here}result.txt").status_code == 404
    told = client.get(f"{here}plan.txt").content.decode()
    assert "This plan is not locked yet" in told
    words = " ".join(client.get(f"{here}protocol.txt").content.decode().split())
    assert "Nothing has been drawn yet" in words and "Ethical review: Not in the record." in words
    held = gather(trial)
    assert held is not None
    assert {str(one.state) for _, items in checked(held) for one in items if one.item.section == "Results"} <= {
        "not in the record", "partly",
    }  # fmt: skip


def test_what_changed_after_registration_stands_in_the_report(held: Gathered) -> None:
    from django.db import transaction

    with transaction.atomic():
        add_protocol(
            by="usr:t", trial=held.trial, seen=1, what_changed="A later end.", design=held.protocol.design,
            particulars=held.particulars | {"ended": "2026-11-01"},
        )  # fmt: skip
        later = gather(held.trial)
        assert later is not None
        words = " ".join(text(report(later)).split())
        assert "Since it was registered the protocol changed:" in words and "A later end." in words
        transaction.set_rollback(True)


def test_an_entry_of_others_offers_no_documents_of_ours(client: Client) -> None:
    trial = open_trial(by="usr:t", title="A trial of others", particulars={"status": "reported"})
    assert "Take it with you" not in client.get(f"/trials/{trial.slug}/").content.decode()
    assert client.get(f"/trials/{trial.slug}/protocol.pdf").status_code == 404
    assert client.get(f"/trials/{trial.slug}/checklists.csv").status_code == 404


@pytest.mark.parametrize("count", [0, 1, 9, 10, 1234])
def test_small_counts_of_people_are_not_told(count: int) -> None:
    assert people(count) == {0: "0", 1: "fewer than 10", 9: "fewer than 10", 10: "10", 1234: "1,234"}[count]


def test_the_archive_holds_no_row_of_anybody_and_all_that_is_needed_to_check(held: Gathered) -> None:
    body = archive(held)
    assert body == archive(held)
    with zipfile.ZipFile(io.BytesIO(body)) as file:
        parts = {name: file.read(name) for name in file.namelist()}
    for line in parts["SHA256SUMS"].decode().splitlines():
        digest, name = line.split("  ")
        assert hashlib.sha256(parts[name]).hexdigest() == digest
    assert held.drawn is not None and hashlib.sha256(parts["allocation.json"]).hexdigest() == held.drawn.digest
    assert hashlib.sha256(parts["design.toml"]).hexdigest() == held.protocol.digest
    real = outcomes(held.draw["allocation"])
    assert real.encode() not in b"".join(parts.values())
    assert parts["synthetic/twin.csv"] != real.encode()
    assert [row["column"] for row in csv.DictReader(io.StringIO(parts["dictionary.csv"].decode()))] == [
        "school",
        "score",
    ]
    readme = parts["README.txt"].decode()
    for safe in ("PROJECTS", "PEOPLE", "SETTINGS", "DATA", "OUTPUTS"):
        assert f"SAFE {safe}." in readme
    assert "is not data" in readme and "made-up" in readme


def test_the_archive_s_own_programs_repeat_the_draw_and_run_the_analysis_on_the_twin(
    held: Gathered, tmp_path: Path
) -> None:
    with zipfile.ZipFile(io.BytesIO(archive(held))) as file:
        file.extractall(tmp_path)
    environment = os.environ | {"PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}

    def ran(*command: str) -> str:
        told = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
        assert told.returncode == 0, told.stderr
        return told.stdout

    ran(sys.executable, "-I", "replay_allocation.py", "allocation.json")
    found = json.loads(ran(sys.executable, "analyse.py", "synthetic/twin.csv", "--json"))
    declared = next(row for row in found["panel"] if row["declared"])
    assert declared["method"] == "lmm-kr" and {row["method"] for row in found["panel"]} >= {"ri-exact", "ols-cr2"}
    kept = next(row for row in held.panel["panel"] if row["declared"])
    assert declared["estimate"] != kept["estimate"]


def test_tables_withhold_small_counts_and_what_would_give_them_away(held: Gathered) -> None:
    arms = ["usual"] * 30 + ["offered"] * 30
    table = {"score": [1] * 26 + [""] * 4 + [1] * 30, "council": (["A"] * 15 + ["B"] * 15) * 2}
    rows = list(csv.DictReader(io.StringIO(counts_by_arm(held.design, table, arms))))
    told = {(row["arm"], row["which"]): row["rows"] for row in rows}
    assert told["usual", "has none"] == "c"
    assert told["usual", "has an outcome"] == "c", "it would give the other away"
    assert told["offered", "has none"] in ("0", "c") and told["all", "has none"] == "c"
    assert told["usual", "council: A"] == "15" and told["all", "all"] == "60"


def test_only_those_who_run_trials_take_the_archive(client: Client, held: Gathered) -> None:
    at = "/workspace/trials/run/made-up-schools/archive.zip"
    assert client.get(at).status_code == 302
    for role, status in (("statistician", 403), ("trialist", 200)):
        user, _ = add_user(by="test", email=f"{role}@fernshire.example", roles=[role])
        client.force_login(user)
        answer = client.get(at)
        assert answer.status_code == status
    assert answer["Content-Type"] == "application/zip" and "no-store" in answer["Cache-Control"]


def test_what_a_spreadsheet_would_run_is_text_and_a_number_below_nought_stays_a_number() -> None:
    told = table_text(("a", "b", "c"), (("=1+1", "-2.5", "-2+3"), ("@x", "1e3", "-inf")))
    assert told.splitlines()[1:] == ["'=1+1,-2.5,'-2+3", "'@x,1e3,'-inf"]
