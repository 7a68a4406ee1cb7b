"""Words that others wrote, made fit to show: plain text on one line, and addresses that are safe to follow."""

from __future__ import annotations

import re
import unicodedata
from html.parser import HTMLParser

LONG = 600  # characters of a title; the longest real ones have about 300
SCHEMES = ("https://", "http://")
SKIPPED = frozenset({"script", "style", "template", "iframe", "object", "svg", "math", "noscript"})
BREAKS = frozenset({"br", "p", "div", "li", "tr", "h1", "h2", "h3", "h4"})
UNSEEN = re.compile(r"[\s\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]+")
PATH = re.compile(r"/(?:[A-Za-z0-9_.~-]+/)*[A-Za-z0-9_.~-]*(?:#[A-Za-z0-9_-]*)?")


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.said: list[str] = []
        self.within = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.within += tag in SKIPPED
        if tag in BREAKS:
            self.said.append(" ")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.said.append(" " if tag in BREAKS else "")

    def handle_endtag(self, tag: str) -> None:
        self.within -= tag in SKIPPED and self.within > 0
        if tag in BREAKS:
            self.said.append(" ")

    def handle_data(self, data: str) -> None:
        if not self.within:
            self.said.append(data)


def plain(text: str) -> str:
    """What a fragment of HTML says, without its marks; a lone `<`, as in “<5 years”, stays."""
    if "<" not in text and "&" not in text:
        return text
    reader = _Words()
    reader.feed(text)
    reader.close()
    return "".join(reader.said)


def line(text: str, most: int) -> str:
    """Text on one line: whatever has no width or turns the reading order round is a space; cut where it is too long."""
    tidy = UNSEEN.sub(" ", unicodedata.normalize("NFC", text)).strip()
    return tidy if len(tidy) <= most else tidy[: most - 1].rstrip() + "…"


def address(text: str) -> str:
    """An address that is safe to follow: of the web, or a path of this site. Anything else is no address: ""."""
    tidy = text.strip()
    if tidy.startswith("/"):
        return tidy if PATH.fullmatch(tidy) and not tidy.startswith("//") else ""
    clean = len(tidy) <= 2000 and not UNSEEN.search(tidy) and not set('<>"\\^`{|}') & set(tidy)
    return tidy if clean and tidy.lower().startswith(SCHEMES) and len(tidy) > 10 else ""
