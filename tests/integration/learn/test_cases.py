"""Learning from cases: what is refused, coded blind, settled, shown without telling who anybody was, and withdrawn without a trace."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.utils.html import escape

from tools.founding_cases import MADE_UP_ONES, REAL
from tools.founding_cases import build as founding
from whatworks.errors import ConflictError, InputError
from whatworks.learn import cases_files, frames, reviewing_cases, urls_cases
from whatworks.learn.cases_offers import raised_about, theme_gaps
from whatworks.learn.cases_presenters import FACETS, SENTENCE
from whatworks.learn.methods.cases_frame import Code
from whatworks.learn.models import CaseCoding, CaseLink, CasePublication, CaseSettled, CaseTombstone
from whatworks.learn.pack import TABLES
from whatworks.ledger.models import Payload, Subject
from whatworks.ledger.verification import verify
from whatworks.people.models import Assignment, User
from whatworks.scope.models import Intervention, Theme

pytestmark = pytest.mark.django_db

ONE, TWO, THREE = "usr:one", "usr:two", "usr:three"
TITLE = "Reviews of many cases in a made-up country"
CODES = {
    "theme": {"thresholds": Code("p. 3", 40), "sharing-information": Code("p. 9", 95)},
    "harm": {"neglect": Code("p. 4")},
}


def entered(**more: object) -> CasePublication:
    told = {
        "title": TITLE, "publisher": "A made-up panel", "year": 2024, "country": "Wales", "sort": "national", "cases": 100,
        "source": "Made up", "demonstration": True,
    }  # fmt: skip
    return reviewing_cases.enter(by=ONE, **(told | more))  # type: ignore[arg-type]


def coded(**more: object) -> CasePublication:
    held = entered(**more)
    for who in (ONE, TWO):
        reviewing_cases.code(by=who, publication=held, codes=CODES)
    return held


def user(*roles: str) -> User:
    made: User = User.objects.create_user(email=f"{'-'.join(roles)}@fernshire.example", password="not-used-here")
    Assignment.objects.bulk_create(Assignment(user=made, role=role) for role in roles)
    return made


def intervention() -> Intervention:
    theme = Theme.objects.register(slug="fernshire", name="Fernshire", line="", order=1)
    made: Intervention = Intervention.objects.register(slug="a-meeting", name="A family meeting", theme=theme)
    return made


def addresses(client: Client) -> Iterator[tuple[str, str]]:
    """Every public page and file about cases that can be reached from the first, with what it says."""
    waiting, seen = ["/learning/cases/"], set()
    while waiting:
        address = waiting.pop()
        if address in seen:
            continue
        seen.add(address)
        answer = client.get(address)
        assert answer.status_code == 200, address
        text = answer.content.decode()
        yield address, text
        waiting += re.findall(r'href="(/learning/cases/[^"#]*)"', text)


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ({"sort": "local"}, "place, age and day together can tell who a child is"),
        ({"cases": 9}, "fewer than 10 cases is not entered"),
        ({"country": "Mereton"}, "only the country is kept"),
        ({"year": 1900}, "from 1945 until now"),
        ({"source": ""}, "where you read this"),
        ({"title": "A review about my daughter Ellie"}, "it has a name"),
        ({"summary": "A boy born on 3 March 2019 in a flat."}, "it has a date of birth"),
        ({"summary": "It says so. " * 60}, "at most|may have 600 characters"),
    ],
)
def test_what_could_tell_who_somebody_was_is_refused(more: dict[str, object], told: str) -> None:
    with pytest.raises(InputError, match=told) as refused:
        entered(**more)
    assert "Ellie" not in str(refused.value) and not CasePublication.objects.exists()


def test_the_database_itself_refuses_few_cases_and_reviews_of_one_place() -> None:
    held = entered()
    for change in ({"cases": 9}, {"sort": "local"}, {"country": "Mereton"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            CasePublication.objects.filter(pk=held.pk).update(**change)
    with pytest.raises(ConflictError, match="of this title already"):
        entered()


def test_two_people_code_unseen_and_only_what_is_settled_is_shown(client: Client) -> None:
    held = entered()
    reviewing_cases.code(by=ONE, publication=held, codes=CODES)
    with pytest.raises(ConflictError, match="coded this publication already"):
        reviewing_cases.code(by=ONE, publication=held, codes=CODES)
    with pytest.raises(ConflictError, match="Two people must have coded"):
        reviewing_cases.settle(by=THREE, publication=held, codes=CODES, why="-")
    second = user("case-coder")
    client.force_login(second)
    page = client.get(f"/workspace/cases/publications/{held.slug}/code/").content.decode()
    assert "Thresholds and first contact" in page and 'value="p. 3"' not in page and "p. 9" not in page
    other = {
        "theme": {"thresholds": Code("p. 3", 40)},
        "harm": {"neglect": Code("p. 4")},
        "age": {"under-1": Code("p. 1")},
    }
    reviewing_cases.code(by=second.actor, publication=held, codes=other)
    with pytest.raises(ConflictError, match="Two people have coded"):
        reviewing_cases.code(by=THREE, publication=held, codes=CODES)
    assert client.get("/learning/cases/themes/thresholds/").status_code == 404
    assert "Not yet coded by people" in client.get(f"/learning/cases/publications/{held.slug}/").content.decode()
    with pytest.raises(InputError, match="settle on what the one or the other"):
        reviewing_cases.settle(by=THREE, publication=held, codes={"theme": {"asking-further": Code("p. 3")}}, why="So.")
    made = reviewing_cases.settle(by=THREE, publication=held, codes=CODES, why="Read together.")
    assert made.apart == {"age": ["under-1"], "theme": ["sharing-information"]}
    assert made.shown == {"theme": {"thresholds": 40}}  # 95 of 100 would tell of five
    page = client.get(f"/learning/cases/publications/{held.slug}/").content.decode()
    assert "it says so of 40 of its 100 cases" in page and "95" not in page and "Read together." in page
    assert "They differed on 2 terms." in page and "Under 1" not in page
    assert "usr:one" not in page and CaseCoding.objects.count() == 2
    how = client.get("/learning/cases/how/").content.decode()
    assert re.search(r'<th scope="row">Sharing information</th><td class="number">0</td><td class="number">1</td>', how)
    assert not verify().differences


def test_every_page_and_file_says_first_what_it_cannot_show(client: Client) -> None:
    founding()
    reviewing_cases.link(by=ONE, theme="sharing-information", intervention=intervention(), why="Is it shared there?")
    found = dict(addresses(client))
    assert len(found) > 45
    for address, text in found.items():
        said = str(SENTENCE)
        assert said in text or escape(said) in text, address
    first = found["/learning/cases/"]
    assert first.count("made up</span>") == len(MADE_UP_ONES)
    for title, *_ in REAL:
        assert escape(title) in first[first.index("Not yet coded by people") :]
    rows = list(csv.DictReader(io.StringIO(found["/learning/cases/codes.csv"])))
    assert {row["made_up"] for row in rows} == {"yes"}  # nobody coded a real one
    assert {row["cases"] for row in rows if row["term"] == "fathers-and-unseen-men"} == {
        ""
    }  # 58 of 64 would tell of six
    assert {int(row["cases"]) for row in rows if row["cases"]} >= {41, 104} and min(
        int(row["cases"] or 10) for row in rows
    ) >= 10
    data = json.loads(found["/learning/cases/cases.json"])
    assert data["reads_as"] == str(SENTENCE) and data["publications_by_country"] == {
        "England": len(REAL) + len(MADE_UP_ONES)
    }
    gaps = theme_gaps()
    assert gaps == [
        (
            "“Sharing information” comes up in 3 made-up publications about very serious cases; no page of ours answers it.",
            "/learning/cases/themes/sharing-information/",
        )
    ]


def test_no_address_and_no_file_puts_age_place_and_date_together(client: Client) -> None:
    """What can be asked is in the addresses alone: a query changes nothing, and one address takes one of the three."""
    taken = {name: re.findall(r"<\w+:(\w+)>", str(one.pattern)) for one in urls_cases.urlpatterns if (name := one.name)}
    public = {name: given for name, given in taken.items() if not str_of(name).startswith("workspace/")}
    asking = {name: given for name, given in public.items() if given and given != ["slug"]}
    assert asking == {"case_theme": ["theme"], "case_theme_harm": ["theme", "harm"], "case_facet": ["facet", "value"]}
    held = coded()
    one = client.get("/learning/cases/by/country/wales/")
    assert one.content == client.get("/learning/cases/by/country/wales/?age=under-1&year=2020&facet=age").content
    assert "2024" not in re.sub(r"<footer.*", "", one.content.decode(), flags=re.S).split("<main")[1]
    assert client.get("/learning/cases/by/year/2024/").status_code == 200
    for wrong in ("country/wales/year/2024", "place/mereton", "year/2023", "age/7"):
        assert client.get(f"/learning/cases/by/{wrong}/").status_code == 404
    assert not {"age", "place", "area", "country", "sex"} & {*cases_files.PUBLICATIONS, *cases_files.CODES}
    assert "year" not in cases_files.CODES and set(FACETS) == {"harm", "journey", "lesson", "age", "country", "year"}
    row = CaseSettled.objects.get(publication=held)
    CaseSettled.objects.filter(pk=row.pk).update(codes=row.codes | {"age": {"under-1": "p. 1"}})
    for text in (client.get(f"/learning/cases/{name}").content.decode() for name in ("codes.csv", "publications.csv")):
        assert "under-1" not in text and "Under 1" not in text and "Wales" not in text


def str_of(name: str) -> str:
    return next(str(one.pattern) for one in urls_cases.urlpatterns if one.name == name)


def test_what_its_source_withdrew_is_nowhere_and_a_day_remains(client: Client) -> None:
    other = coded(title="Another of a made-up country")
    held = coded(summary="Of what went unnoticed in a made-up country.")
    identifier, settled = held.pk, held.settled.get().pk
    said = (TITLE, held.slug, "went unnoticed", identifier, settled)
    before = "".join(text for _, text in addresses(client))
    assert all(one in before for one in (TITLE, held.slug, "went unnoticed", identifier))
    client.force_login(user("case-settler"))
    where = f"/workspace/cases/publications/{held.slug}/withdraw/"
    assert client.post(where).status_code == 200 and CasePublication.objects.count() == 2  # not sure
    assert client.post(where, {"sure": "yes"}).status_code == 302
    after = "".join(text for _, text in addresses(client))
    assert (
        not [one for one in said if one in after] and "a publication that its source had withdrawn was removed" in after
    )
    assert client.get(f"/learning/cases/publications/{held.slug}/").status_code == client.get(where).status_code == 404
    assert [one.pk for one in CasePublication.objects.all()] == [other.pk] and CaseCoding.objects.count() == 2
    files = {name: text for table in TABLES for name, text in table.files("open")}
    assert TITLE not in "".join(files.values()) and "went unnoticed" not in "".join(files.values())
    assert not [name for name, text in files.items() if identifier in text and name != "learn/case-withdrawn.csv"]
    assert Subject.objects.get(pk=identifier).title == "(erased)"
    held_payloads = Payload.objects.filter(state=Payload.HELD).values_list("body", flat=True)
    assert not [body for body in held_payloads if "unnoticed" in body or TITLE in body]
    assert CaseTombstone.objects.get().removed == [identifier, settled]
    report = verify()
    assert not report.differences and report.checked["publications withdrawn"] == 1


def test_a_row_that_is_gone_without_a_withdrawal_and_a_changed_number_are_found() -> None:
    held = coded()
    CaseSettled.objects.update(shown={"theme": {"thresholds": 40, "sharing-information": 95}})
    assert {one.what for one in verify().differences} == {
        "row changed outside the ledger",
        "numbers of cases that may be shown",
    }
    CaseCoding.objects.all().delete()
    CaseSettled.objects.all().delete()
    held.delete()
    assert {one.what for one in verify().differences} == {"an event made this row, and it is gone without a withdrawal"}
    with connection.cursor() as cursor, pytest.raises(Exception, match="append-only"), transaction.atomic():
        CaseTombstone.objects.create(pk=CaseTombstone.fresh(), on="2026-01-01", removed=[])
        cursor.execute("DELETE FROM learn_casetombstone")


def test_a_theme_raises_a_question_about_an_intervention_both_ways(client: Client) -> None:
    about = intervention()
    with pytest.raises(InputError, match="no theme “weather”"):
        reviewing_cases.link(by=ONE, theme="weather", intervention=about, why="?")
    with pytest.raises(InputError, match="it has a name"):
        reviewing_cases.link(by=ONE, theme="thresholds", intervention=about, why="What of my daughter Ellie?")
    client.force_login(user("case-settler"))
    told = {"theme": "thresholds", "intervention": about.pk, "why": "Are families asked before the bar is decided?"}
    assert client.post("/workspace/cases/tie/", told).status_code == 302
    assert raised_about(about.pk) is None  # no publication draws the theme out yet
    held = coded()
    section = raised_about(about.pk)
    assert section is not None and "raises a question about this" in section.html and str(SENTENCE) in section.html
    page = client.get("/learning/cases/themes/thresholds/").content.decode()
    assert "Raises a question about" in page and "A family meeting" in page and told["why"] in page
    assert not re.search(r"\bshows? that\b|\bworks for\b", section.html + page)
    with pytest.raises(ConflictError):
        reviewing_cases.link(by=ONE, theme="thresholds", intervention=about, why="Again?")
    reviewing_cases.withdraw(by=ONE, publication=held)
    assert raised_about(about.pk) is None
    assert client.post("/workspace/cases/untie/", {"link": CaseLink.objects.get().pk}).status_code == 302
    assert not CaseLink.objects.exists() and not verify().differences


def test_a_new_frame_leaves_what_was_coded_by_the_old_one(
    client: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = coded()
    old = held.settled.get()
    before = client.get(f"/learning/cases/publications/{held.slug}/").content.decode()
    shutil.copy(frames.HERE / "cases-1.toml", tmp_path)
    text = (tmp_path / "cases-1.toml").read_text("utf-8").replace("version = 1", "version = 2")
    renamed = text.replace('title = "Thresholds and first contact"', 'title = "Who gets through the door"')
    (tmp_path / "cases-2.toml").write_text(renamed, "utf-8")
    monkeypatch.setattr(frames, "HERE", tmp_path)
    assert frames.newest().version == 2
    after = client.get(f"/learning/cases/publications/{held.slug}/").content.decode()
    assert "Thresholds and first contact" in after and "Who gets through the door" not in after
    assert re.findall(r"it says so of \d+", after) == re.findall(r"it says so of \d+", before)
    for who in (ONE, TWO):
        reviewing_cases.code(by=who, publication=held, codes=CODES)
    assert "Who gets through the door" in client.get(f"/learning/cases/publications/{held.slug}/").content.decode()
    old.refresh_from_db()
    assert old.version == 1 and held.settled.count() == 2 and not verify().differences


def test_the_workspace_opens_by_role_and_what_is_not_there_is_not_there_for_anybody_who_may(client: Client) -> None:
    held = entered()
    client.force_login(user("screener"))
    assert client.get("/workspace/cases/").status_code == 403
    client.force_login(user("case-coder"))
    assert client.get("/workspace/cases/").status_code == 200
    for step in ("settle", "withdraw"):
        assert client.get(f"/workspace/cases/publications/{held.slug}/{step}/").status_code == 403
    assert client.get("/workspace/cases/tie/").status_code == 403
    answer = client.post(
        "/workspace/cases/enter/",
        {
            "title": "One case in Mereton",
            "publisher": "Mereton",
            "year": 2024,
            "country": "England",
            "sort": "local",
            "source": "-",
        },
    )
    assert answer.status_code == 400 and "A review of one case or one place is not entered" in answer.content.decode()
    where = f"/workspace/cases/publications/{held.slug}/code/"
    answer = client.post(where, {"theme__thresholds__cases": 40})
    assert answer.status_code == 400 and "Say where it stands" in answer.content.decode()
    assert client.post(where, {"theme__thresholds": "p. 3", "theme__thresholds__cases": 40}).status_code == 302
    assert CaseCoding.objects.get().codes == {"theme": {"thresholds": ["p. 3", 40]}}
