"""One address of the public site as a file: its bytes, the links it has, and what they rest on."""

from __future__ import annotations

import os
import posixpath
import re
from dataclasses import dataclass
from functools import lru_cache

from django.contrib.staticfiles import finders
from django.test import Client

from whatworks.archive.asking import Answers, Question, noting
from whatworks.errors import WhatworksError
from whatworks.saying import said

LINK = re.compile(r'(?P<before>\s(?:href|src|action)=")(?P<address>/[^"]*)(?P<after>")')
NUMBERED = re.compile(r"(?P<path>[^?]*)\?page=(?P<number>\d+)")
NOT_OURS = ("/account/", "/workspace/", "/health/")  # what a reader of files cannot use
BY_FILES = ("/releases/",)  # these show what lies in files, which no question tells of


@dataclass(frozen=True, slots=True)
class Rendered:
    """A file of the site. `reads`: each question it rests on with the digest of its answer; None if it cannot be told."""

    address: str
    body: bytes
    links: tuple[str, ...]
    reads: tuple[tuple[Question, str], ...] | None


def rendered(address: str) -> Rendered:
    """An address as a reader without an account has it, with its links made relative."""
    if address.startswith("/static/"):
        return Rendered(address, _static(address), (), None)
    answers = _answers(os.getpid())
    answers.stand()
    with noting(answers.shared) as noted:
        body, links = _page(address)
    reads = None if noted.questions is None else tuple((one, answers.of(one)) for one in noted.questions)
    if address.startswith(BY_FILES):
        reads = None
    # What was committed while it was made may be in the page or not: then nobody can say what it rests on.
    return Rendered(address, body, links, reads if answers.stand() else None)


@lru_cache(maxsize=1)
def _client(process: int) -> Client:
    return Client(SERVER_NAME="localhost", headers={"X-Static-Site": "1"})


@lru_cache(maxsize=1)
def _answers(process: int) -> Answers:
    return Answers()


def _static(address: str) -> bytes:
    path = finders.find(address.removeprefix("/static/"))
    if not isinstance(path, str):
        raise WhatworksError(said("%(address)s is linked but does not exist.", address=address))
    with open(path, "rb") as file:
        return file.read()


def _page(address: str) -> tuple[bytes, tuple[str, ...]]:
    response = _client(os.getpid()).get(address, secure=True)  # production answers plain requests with a redirect
    if response.status_code != 200:
        raise WhatworksError(
            said(
                "%(address)s is linked but answers %(status_code)s; a release has no dead links.",
                address=address,
                status_code=response.status_code,
            )
        )
    body = b"".join(response) if response.streaming else response.content
    if "text/html" not in response.headers["Content-Type"]:
        return body, ()
    text = body.decode()
    links = dict.fromkeys(clean for match in LINK.finditer(text) if (clean := cleaned(match["address"])))
    return relative(text, address).encode(), tuple(links)


@lru_cache(maxsize=1 << 16)
def cleaned(address: str) -> str:
    """The address without fragment and question; empty for what is not part of the site."""
    bare = address.split("#")[0]
    bare = bare if NUMBERED.fullmatch(bare) else bare.split("?")[0]
    return "" if bare.startswith(NOT_OURS) else bare


@lru_cache(maxsize=1 << 16)
def file_of(address: str) -> str:
    """Where an address lies in the site: a folder's index, or the file itself."""
    path, _, query = address.partition("?")
    if query:
        path = f"{path}{query.replace('=', '-')}/"
    path = path.lstrip("/")
    return f"{path}index.html" if not path or path.endswith("/") else path


@lru_cache(maxsize=1 << 16)
def _between(here: str, clean: str) -> str:
    return posixpath.relpath(file_of(clean), here or ".")


def relative(text: str, address: str) -> str:
    """The page with its links relative to where it lies, so that it works from a disk."""
    here = posixpath.dirname(file_of(address))

    def rewrite(match: re.Match[str]) -> str:
        whole = match["address"]
        clean = cleaned(whole)
        fragment = "#" + whole.split("#", 1)[1] if "#" in whole else ""
        if not clean:
            return f"{match['before']}#main{match['after']}"
        return f"{match['before']}{_between(here, clean)}{fragment}{match['after']}"

    return LINK.sub(rewrite, text)
