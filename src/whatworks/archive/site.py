"""The public site as plain files: every page a reader can reach, links made relative, ready for any web server or a disk."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator

from django.contrib.staticfiles import finders
from django.test import Client

from whatworks.errors import WhatworksError

START = "/"
LINK = re.compile(r'(?P<before>\s(?:href|src|action)=")(?P<address>/[^"]*)(?P<after>")')
NOT_OURS = ("/account/", "/workspace/", "/health/")  # what a reader of files cannot use


def site_files(release: int) -> Iterator[tuple[str, bytes]]:
    """Every reachable public page and the files it needs, by path. Follows links from the front page."""
    client = Client(SERVER_NAME="localhost", headers={"X-Static-Site": str(release)})
    waiting, seen = [START], {START}
    while waiting:
        address = waiting.pop()
        body, found = _page(client, address)
        yield file_of(address), body
        for link in found:
            if link not in seen:
                seen.add(link)
                waiting.append(link)


def _page(client: Client, address: str) -> tuple[bytes, list[str]]:
    if address.startswith("/static/"):
        path = finders.find(address.removeprefix("/static/"))
        if not isinstance(path, str):
            raise WhatworksError(f"{address} is linked but does not exist.")
        with open(path, "rb") as file:
            return file.read(), []
    response = client.get(address, secure=True)  # production answers plain requests with a redirect
    if response.status_code != 200:
        raise WhatworksError(f"{address} is linked but answers {response.status_code}; a release has no dead links.")
    body = response.content
    if "text/html" not in response.headers["Content-Type"]:
        return body, []
    text = body.decode()
    links = [clean for match in LINK.finditer(text) if (clean := _clean(match["address"]))]
    return relative(text, address).encode(), links


def _clean(address: str) -> str:
    """The address without fragment and question; empty for what is not part of the site."""
    bare = address.split("#")[0]
    page = re.fullmatch(r"(?P<path>[^?]*)\?page=(?P<number>\d+)", bare)
    bare = bare if page else bare.split("?")[0]
    return "" if bare.startswith(NOT_OURS) else bare


def file_of(address: str) -> str:
    """Where an address lies in the site: a folder's index, or the file itself."""
    path, _, query = address.partition("?")
    if query:
        path = f"{path}{query.replace('=', '-')}/"
    path = path.lstrip("/")
    return f"{path}index.html" if not path or path.endswith("/") else path


def relative(text: str, address: str) -> str:
    """The page with its links relative to where it lies, so that it works from a disk."""
    here = posixpath.dirname(file_of(address))

    def rewrite(match: re.Match[str]) -> str:
        whole = match["address"]
        clean = _clean(whole)
        fragment = "#" + whole.split("#", 1)[1] if "#" in whole else ""
        if not clean:
            return f"{match['before']}#main{match['after']}"
        return f"{match['before']}{posixpath.relpath(file_of(clean), here or '.')}{fragment}{match['after']}"

    return LINK.sub(rewrite, text)
