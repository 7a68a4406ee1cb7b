"""A centre in another language: Welsh is our English between marks, so that whatever stands outside marks was not translated."""

from __future__ import annotations

import datetime
import html
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import models
from django.template import Context, Template
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.utils.html import format_html

from tests.catalogues import CLOSE, OPEN, Unmarked, written
from tests.integration.journey.centres import build_roads
from tests.integration.web.test_access import person
from tools.messages import SOURCE, gathered
from tools.sources import ROOT
from whatworks.collate.search.presenting import count_words
from whatworks.people.roles import roles
from whatworks.saying import said
from whatworks.screen.drawings import prisma_svg
from whatworks.screen.methods.prisma import Tally, build_flow
from whatworks.screen.presenters_script import words
from whatworks.spoken import on_day, spoken

pytestmark = pytest.mark.django_db

PUBLIC = (
    "/ /about/ /glossary/ /evidence/ /evidence/?q=slow+roads /evidence/slow-zones/history/ /guides/ /standards/ /places/"
    " /places/indicators/ /reports/ /releases/ /account/login/ /nowhere/ /map/ /map/?show=groups /reviews/ /reviews/slow-zones/"
).split()
WORK = (
    "/workspace/ /workspace/tokens/ /workspace/interests/ /workspace/pairs/ /workspace/merges/ /workspace/imports/"
    " /workspace/retractions/ /workspace/searches/new/ /workspace/reports/enter/ /workspace/analyses/ /workspace/studies/"
    " /workspace/frames/ /workspace/reviews/ /workspace/texts/ /workspace/planning/ /workspace/declare/"
    " /workspace/open-review/ /workspace/writing/numbers/"
).split()
SAME = {
    "whatworks": "the name of the system",
    **dict.fromkeys(("DL", "EB", "HE", "HS", "SJ"), "a method, by the letters of its name"),
    "OpenAlex": "the name of a service",
    "Crossref": "the name of a service",
    "How sure we are: low certainty": "part of an answer, as it was approved",
    "Forgot your password?": "of the library for signing in, which has no Welsh for it",
    "Ebost": "of the same library, in real Welsh",
    "Cyfeiriad ebost": "of the same library, in real Welsh",
    "Cyfrinair": "of the same library, in real Welsh",
}
NUMBERS = re.compile(r"[\d.,()−+]+( to |$)|, version |\d+ [A-Z][a-z]+ \d{4}")
LOADING = """
import importlib, pkgutil, sys, traceback
import django
from django.utils import translation
kept = translation._trans
class Watched:
    def __getattr__(self, name):
        asked = getattr(kept, name)
        def answer(*said):
            frames = [one.filename for one in traceback.extract_stack() if "/site-packages/" not in one.filename]
            if name in ("gettext", "ngettext") and not said[0].startswith("Constraint "):
                if any("/whatworks/" in one for one in frames[-1:]):
                    print(frames[-1].rpartition("/whatworks/")[2], said[0])
            return asked(*said)
        return answer
translation._trans = Watched()
django.setup()
import whatworks
for one in pkgutil.walk_packages(whatworks.__path__, "whatworks."):
    if ".migrations" not in one.name and not one.name.endswith("__main__"):
        importlib.import_module(one.name)
"""


@pytest.fixture(scope="module")
def languages(tmp_path_factory: Any) -> Path:
    return written(tmp_path_factory.mktemp("languages"), gathered())


@pytest.fixture
def in_marks(languages: Path, settings: Any) -> None:
    """Every message between marks, as a centre has it whose catalogue says so."""
    settings.LOCALE_PATHS = [languages]
    settings.LANGUAGE_CODE = "cy"
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


def stored() -> Iterator[str]:
    """Every text that the database holds."""
    for model in apps.get_models():
        kinds = (models.TextField, models.CharField, models.JSONField)
        names = [one.attname for one in model._meta.concrete_fields if isinstance(one, kinds)]
        for row in model._default_manager.values_list(*names):
            yield from map(str, row)


@pytest.fixture(scope="module")
def content(roads: None) -> str:
    """What is content: what the rows hold, what people wrote into data files, and the words of pure methods."""
    data = [path.read_text("utf-8") for path in SOURCE.rglob("*.toml")]
    data += [(ROOT / "GLOSSARY.md").read_text("utf-8"), (SOURCE / "rate" / "methods" / "scheme.py").read_text("utf-8")]
    return " ".join(" ".join([*stored(), *data]).split())


def untranslated(page: str, content: str) -> list[str]:
    """What a page says outside marks that is neither content nor a number nor named above."""
    found = (one.strip(" ,.:·") for text in Unmarked(page).found for one in re.split(r"(?<=[.?]) ", text))
    return [one for one in found if one not in content and one not in SAME and not NUMBERS.search(one)]


@pytest.mark.parametrize("address", PUBLIC)
def test_what_readers_see_is_translated(
    roads: None, content: str, in_marks: None, client: Client, address: str
) -> None:
    page = client.get(address).content.decode()
    assert '<html lang="cy">' in page and f"{OPEN}Skip to content{CLOSE}" in page
    assert untranslated(page, content) == []


@pytest.mark.parametrize("address", WORK)
def test_what_those_who_work_here_see_is_translated(
    roads: None, content: str, in_marks: None, client: Client, address: str
) -> None:
    client.force_login(person(*roles()))
    page = client.get(address).content.decode()
    assert untranslated(page, content) == []


def test_what_was_approved_stays_as_it_was_written(roads: None, in_marks: None, client: Client) -> None:
    """The frame of a page speaks the centre's language; its title and its sentences are those that an editor read."""
    page = client.get("/evidence/slow-zones/").content.decode()
    assert re.search(r"<h1[^>]*>Slow zones", page)
    assert "We cannot tell whether it makes serious injuries better or worse." in Unmarked(page).found
    assert f"{OPEN}Places{CLOSE}" in page and page.count(OPEN) > 50


def test_a_notice_and_an_error_of_a_form_are_translated(roads: None, in_marks: None, client: Client) -> None:
    client.force_login(person(*roles()))
    told = client.post("/workspace/tokens/", {"name": "", "days": "900"}).content.decode()
    assert f"{OPEN}Choose at least one.{CLOSE}" in told and f"{OPEN}At most 366.{CLOSE}" in told
    kept = client.post("/workspace/interests/", {"about": "x", "words": "I wrote it."}).content.decode()
    assert f"{OPEN}Choose one of the list.{CLOSE}" in kept


def test_an_error_of_a_lower_room_is_said_in_the_language_of_the_centre(
    roads: None, in_marks: None, client: Client
) -> None:
    """Its sentence is made in English where nobody knows a language; a page says it, and what is put into it stays."""
    client.force_login(person(*roles()))
    asked = {"target": "95", "confidence": "95"}
    files = [
        (
            b"title,included\nRoads,perhaps\n",
            "Row 2 says 'perhaps' in the column included; write 1 for included and 0 for not.",
        ),
        (b"", "The file is empty; export the table again."),
        (
            b"words\nRoads\n",
            "The table needs a column title or abstract, and a column included with 1 or 0; its columns are words.",
        ),
    ]
    for body, sentence in files:
        file = SimpleUploadedFile("past.csv", body, content_type="text/csv")
        page = client.post("/workspace/planning/", {"file": file, **asked}).content.decode()
        assert f"{OPEN}{sentence}{CLOSE}" in html.unescape(page)


def test_the_api_says_its_errors_in_english(roads: None, in_marks: None, client: Client) -> None:
    """Programs read them, and one program may ask two centres."""
    answer = client.get("/api/reports", {"limit": "many"})
    assert answer.status_code == 400
    assert "give a whole number from" in answer.content.decode() and OPEN not in answer.content.decode()


READER = {"reports": [], "file": SimpleNamespace(pk="fil-1")}
SAYS = re.compile(r'data-[a-z]+="([^"]*[a-z][^"]*)"')


@pytest.mark.parametrize(
    ("template", "context"),
    [
        ("extract/_reader.html", {"reader": READER, "study": SimpleNamespace(pk="sty-1")}),
        ("collate/match_pairs.html", {"imports": [], "origin": None, "keyed": ""}),
    ],
)
def test_what_a_script_says_stands_in_the_page_in_its_language(
    roads: None, in_marks: None, template: str, context: dict[str, Any]
) -> None:
    page = render_to_string(template, context, request=RequestFactory().get("/"))
    told = SAYS.findall(page)
    assert len(told) >= 5
    assert [one for one in told if not (one.startswith(OPEN) and one.endswith(CLOSE))] == []


def test_what_the_script_for_screening_says_is_translated(in_marks: None) -> None:
    told = json.loads(words())
    flat = [*(one for one in told.values() if isinstance(one, str)), *told["kinds"].values()]
    flat += [form for one in ("waiting", "here", "no-more-ahead") for form in told[one]["forms"]]
    assert len(flat) > 35
    assert [one for one in flat if not (one.startswith(OPEN) and one.endswith(CLOSE))] == []
    assert told["waiting"]["of"].startswith("010") and len(told["waiting"]["of"]) == 200


def test_the_flow_of_a_review_is_drawn_in_the_language_of_the_page(in_marks: None) -> None:
    """Lines are broken for the words that are drawn; the drawing that a program makes for itself stays English."""
    flow = build_flow(held=[Tally("database_results", "", 120), Tally("new_studies", "", 3)], title="Slow zones")
    drawn = prisma_svg(flow, say=spoken)
    assert drawn.count(OPEN) > 10
    assert untranslated(drawn, "Slow zones") == []
    assert OPEN not in prisma_svg(flow)


def test_a_sentence_of_a_method_is_said_wherever_a_template_puts_it(in_marks: None) -> None:
    """In a page, in what is put into a translated sentence, in a list, and where a filter asks for it; kept, it is English."""
    sentence = said("%(n)s of %(whole)s", n=said("the longest"), whole="40 & more")
    asked = "{{ one }}|{% blocktranslate %}<b>{{ one }}</b>{% endblocktranslate %}|{{ both|join:', ' }}|{{ one|spoken|upper }}"
    page = Template(asked).render(Context({"one": sentence, "both": [sentence, "plain"]}))
    shown = f"{OPEN}{OPEN}the longest{CLOSE} of 40 &amp; more{CLOSE}"
    assert page == f"{shown}|<b>{shown}</b>|{shown}, plain|{shown.upper().replace('&AMP;', '&amp;')}"
    assert f"{format_html('<i>{}</i>', sentence)}" == f"<i>{shown}</i>"
    assert json.dumps(sentence) == '"the longest of 40 & more"' and str(sentence) == "the longest of 40 & more"


def test_days_are_said_with_the_months_of_the_language(in_marks: None) -> None:
    day = datetime.date(2026, 3, 4)
    assert on_day(day) == f"{OPEN}4 {OPEN}March{CLOSE} 2026{CLOSE}"
    assert Template("{{ day|date:'F' }}").render(Context({"day": day})) == f"{OPEN}March{CLOSE}"


@pytest.mark.parametrize(("total", "told"), [(0, "No report"), (1, "1 report"), (2, "2 reports")])
def test_a_number_decides_which_form_is_taken(in_marks: None, total: int, told: str) -> None:
    assert count_words(SimpleNamespace(total=total, more=False)) == f"{OPEN}{told}{CLOSE}"


def test_what_is_stored_never_passes_through_translation(in_marks: None, tmp_path: Path, settings: Any) -> None:
    """A row, a hash or a frozen page in another language would differ from the same row in another centre."""
    settings.HOME = tmp_path
    build_roads()
    held = list(stored())
    assert any("We cannot tell" in one for one in held)
    assert [one[:200] for one in held if OPEN in one or CLOSE in one] == []


def test_nothing_is_translated_while_the_program_is_loaded(tmp_path: Path) -> None:
    """What is translated too early stays in the language of the first moment; and loading would read catalogues."""
    told = {"WHATWORKS_HOME": str(tmp_path), "DJANGO_SETTINGS_MODULE": "whatworks.web.settings"}
    run = subprocess.run(
        [sys.executable, "-c", LOADING], env=os.environ | told, capture_output=True, text=True, timeout=120, check=True
    )
    assert run.stdout == ""


def test_a_page_without_a_catalogue_is_in_english(roads: None, client: Client) -> None:
    page = client.get("/").content.decode()
    assert '<html lang="en-GB">' in page and 'content="en_GB"' in page and OPEN not in page
