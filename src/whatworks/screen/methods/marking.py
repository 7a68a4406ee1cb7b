"""Marking: the words of a text that a screener wants to see at once, and a text without the markup it came with."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

Part = tuple[str, str]  # some of the text, and what it is: "for", "against" or "" for all the rest
MOST, LONGEST = 60, 80  # terms of one kind, and characters of a term
_MARKUP = re.compile(r"</?(?:jats:)?[a-zA-Z]{1,10}(?:\s[^<>]*)?/?>")
_BREAKS = re.compile(r"\n[ \t\r]*\n|</(?:jats:)?p>")


def read_terms(text: str) -> tuple[str, ...]:
    """Terms as people type them, one a line or with commas between them; each once.

    >>> read_terms("kinship, Special guardian*; kinship")
    ('kinship', 'Special guardian*')
    """
    found = (" ".join(one.split())[:LONGEST] for one in re.split(r"[,;\n]", text))
    return tuple(dict.fromkeys(one for one in found if len(one.strip("*")) > 1))[:MOST]


def marked(text: str, terms_for: Sequence[str], terms_against: Sequence[str] = ()) -> list[Part]:
    """The text in parts. A term stands for whole words and their plural; a star for any ending; capitals do not count.

    >>> marked("Foster carers left.", ["foster care*"])
    [('Foster carers', 'for'), (' left.', '')]
    """
    wanted = _pattern(tuple(terms_for), tuple(terms_against))
    if wanted is None:
        return [(text, "")] if text else []
    parts: list[Part] = []
    at = 0
    for hit in wanted.finditer(text):
        if hit.start() > at:
            parts.append((text[at : hit.start()], ""))
        parts.append((hit.group(), "for" if hit.group("f") else "against"))
        at = hit.end()
    return [*parts, (text[at:], "")] if at < len(text) else parts


@lru_cache(maxsize=256)
def _pattern(terms_for: tuple[str, ...], terms_against: tuple[str, ...]) -> re.Pattern[str] | None:
    ours, theirs = _any(terms_for), _any(terms_against)
    if not ours and not theirs:
        return None
    return re.compile(rf"(?<!\w)(?:(?P<f>{ours or '(?!)'})|(?P<a>{theirs or '(?!)'}))(?!\w)", re.IGNORECASE)


def _any(terms: Sequence[str]) -> str:
    """The longest first, so that “foster care leaver” is not cut off after “foster care”."""
    return "|".join(_one(term) for term in sorted(terms, key=len, reverse=True) if term.strip("* "))


def _one(term: str) -> str:
    # Only at the end of a word: several stars in one would have a hostile text looked through over and over.
    words = [re.escape(word.rstrip("*")) + (r"\w*" if word.endswith("*") else "") for word in term.split()]
    return r"[\s\-\u2010\u2011]+".join(words) + ("" if term.endswith("*") else "(?:s|es)?")


def paragraphs(text: str) -> list[str]:
    """A text in paragraphs, without the markup that databases leave in.

    >>> paragraphs("<p>One <i>word</i>.</p><p>p < 0.05</p>")
    ['One word .', 'p < 0.05']
    """
    found = (" ".join(_MARKUP.sub(" ", part).split()) for part in _BREAKS.split(text))
    return [part for part in found if part]
