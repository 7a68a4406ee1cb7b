"""Catalogues of translations made by a test: every message that the program marks, between marks that no text of ours has."""

from __future__ import annotations

import re
import struct
from collections.abc import Mapping
from html.parser import HTMLParser
from pathlib import Path

from tools.messages import Message

OPEN, CLOSE = "\N{LEFT WHITE TORTOISE SHELL BRACKET}", "\N{RIGHT WHITE TORTOISE SHELL BRACKET}"
HEADER = "Content-Type: text/plain; charset=UTF-8\nPlural-Forms: nplurals=2; plural=(n != 1);\n"
LETTER = re.compile(r"[^\W\d_]")
MAGIC, HEAD = 0x950412DE, 28  # of a compiled catalogue: how it begins, and the bytes before its tables
SPOKEN = {"aria-label", "alt", "title", "placeholder", "content", "data-caption", "aria-roledescription"}
SILENT = {"script", "style", "code", "pre", "kbd"}


def marked(messages: Mapping[Message, object]) -> dict[str, str]:
    """Each message between marks, in one form or in two; space at its ends stays outside."""
    found = {"": HEADER}
    for one in messages:
        if not one.plural:
            found[one.text] = _wrapped(one.text)
        else:
            found[f"{one.text}\0{one.plural}"] = f"{_wrapped(one.text)}\0{_wrapped(one.plural)}"
    return found


def _wrapped(text: str) -> str:
    inner = text.strip()
    return text.replace(inner, f"{OPEN}{inner}{CLOSE}") if inner else text


def compiled(messages: Mapping[str, str]) -> bytes:
    """A catalogue as GNU gettext compiles it: the number of messages, two tables of lengths and places, the texts."""
    keys = sorted(messages, key=str.encode)
    texts = [[key.encode() for key in keys], [messages[key].encode() for key in keys]]
    at = HEAD + 16 * len(keys)
    tables = b""
    for column in texts:
        for one in column:
            tables += struct.pack("<II", len(one), at)
            at += len(one) + 1
    head = struct.pack("<IIIIIII", MAGIC, 0, len(keys), HEAD, HEAD + 8 * len(keys), 0, 0)
    return head + tables + b"".join(one + b"\0" for column in texts for one in column)


def written(folder: Path, messages: Mapping[Message, object]) -> Path:
    """A folder of languages in which Welsh is our English between marks."""
    place = folder / "cy" / "LC_MESSAGES"
    place.mkdir(parents=True)
    (place / "django.mo").write_bytes(compiled(marked(messages)))
    return folder


class Unmarked(HTMLParser):
    """What a page says that went through no translation: texts, and the attributes that are read out."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self._depth, self._silent = 0, 0
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Attributes stand for themselves."""
        self._silent += tag in SILENT
        told = dict(attrs)
        if tag == "meta" and told.get("name") not in ("description",) and told.get("property") != "og:title":
            return
        for name in SPOKEN & set(told):
            self._keep(_outside(told[name] or "", 0)[0])

    def handle_endtag(self, tag: str) -> None:
        """What is code is over."""
        self._silent -= tag in SILENT

    def handle_data(self, data: str) -> None:
        """A message may hold elements, so that its marks stand in several texts."""
        if not self._silent:
            said, self._depth = _outside(data, self._depth)
            self._keep(said)

    def _keep(self, text: str) -> None:
        if LETTER.search(text):
            self.found.append(" ".join(text.split()))


def _outside(text: str, depth: int) -> tuple[str, int]:
    """What stands outside all marks, and how many are open at the end."""
    kept = []
    for letter in text:
        depth += (letter == OPEN) - (letter == CLOSE)
        kept.append(letter if depth == 0 and letter != CLOSE else " ")
    return "".join(kept), depth
