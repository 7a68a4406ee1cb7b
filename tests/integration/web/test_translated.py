"""A centre in another language: Welsh is our English between marks, so that whatever stands outside marks was not translated."""

from __future__ import annotations

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
from django.db import models
from django.test import Client

from tests.catalogues import CLOSE, OPEN, Unmarked, written
from tests.integration.journey.centres import build_roads
from tests.integration.web.test_access import person
from tools.messages import SOURCE, gathered
from tools.sources import ROOT
from whatworks.collate.search.presenting import count_words
from whatworks.people.roles import roles

pytestmark = pytest.mark.django_db

PUBLIC = (
    "/ /about/ /glossary/ /evidence/ /evidence/?q=slow+roads /evidence/slow-zones/history/ /guides/ /standards/ /places/"
    " /places/indicators/ /reports/ /releases/ /account/login/ /nowhere/"
).split()
WORK = (
    "/workspace/ /workspace/tokens/ /workspace/interests/ /workspace/pairs/ /workspace/merges/ /workspace/imports/"
    " /workspace/retractions/ /workspace/searches/new/ /workspace/reports/enter/ /workspace/analyses/ /workspace/studies/"
    " /workspace/frames/ /workspace/reviews/ /workspace/texts/ /workspace/planning/"
).split()
SAME = {
    "whatworks": "the name of the system",
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


@pytest.mark.parametrize(("total", "said"), [(0, "No report"), (1, "1 report"), (2, "2 reports")])
def test_a_number_decides_which_form_is_taken(in_marks: None, total: int, said: str) -> None:
    assert count_words(SimpleNamespace(total=total, more=False)) == f"{OPEN}{said}{CLOSE}"


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
