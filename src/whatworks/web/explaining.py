"""Words of the glossary explained where a reader meets them: a link at the first use, the meaning at the end of the page.

The meaning opens at the foot of the screen when its link is followed, and stands in the list otherwise: it works by touch, by
keyboard, on paper, from a disk and without script. A page in which no such word stands goes out as it came, byte for byte.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterator
from html import escape
from typing import NamedTuple

from django.http import HttpRequest, HttpResponse
from django.templatetags.static import static
from django.utils.text import slugify
from django.utils.translation import gettext as _

from whatworks.web.glossary import explained, meaning

# Pages that people read. What is kept as it was first served, lists and forms are left as they are.
READ = frozenset(
    "page review study report trace ratings_compared guide guide_consultation package map map_other standards".split()
)
ROOM = 1500  # bytes that a page may grow by; with the style that is 2 kB
PROSE = frozenset(("p", "li", "dd"))
APART = frozenset(
    "a blockquote button caption cite code dfn figcaption figure form h1 h2 h3 h4 h5 h6 label nav q "
    "script select style summary svg table textarea".split()
)
CHIPS = frozenset("state sure eyebrow formula glance certainty tag hidden chips crumbs pages".split())
VOID = frozenset("area base br col hr img input link meta source wbr".split())
TAGS = re.compile(r"(<[^>]*>)")
NAMED = re.compile(r"<(/?)([a-z][a-z0-9]*)")
CLASS = re.compile(r'\sclass="([^"]*)"')
END = "</main>"


class explain:
    """Explains the words of the glossary in pages that people read. Innermost: nothing has measured the page yet."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        match = request.resolver_match
        if match is None or match.url_name not in READ or response.status_code != 200 or response.streaming:
            return response
        if response.headers["Content-Type"].startswith("text/html"):
            text = response.content.decode(response.charset)
            made = with_words(text)
            if made is not text:
                response.content = made.encode(response.charset)
        return response


def with_words(page: str) -> str:
    """The page with the first use of each word linked to its meaning; the same string where there is none."""
    start, end = page.find("<main"), page.rfind(END)
    if start < 0 or end < start:
        return page
    found = _first_uses(page, start, end)
    kept = dict(_fitting(found))
    if not kept:
        return page
    made, at = [], 0
    for term, (begins, ends) in sorted(kept.items(), key=lambda one: one[1]):
        made += [page[at:begins], _link(term, page[begins:ends])]
        at = ends
    return "".join([*made, page[at:end], _list(kept), page[end:]])


def _first_uses(page: str, start: int, end: int) -> dict[str, tuple[int, int]]:
    """Where each word first stands in running text, outside headings, links, quotes, tables and chips."""
    terms, inside = explained(), page[start:end].lower()
    held = tuple(phrase for phrase in terms if phrase in inside)
    found: dict[str, tuple[int, int]] = {}
    for begins, text in _prose(page, start, end) if held else ():
        said = text.lower()
        if not any(phrase in said for phrase in held):
            continue
        for match in _pattern(held).finditer(text):
            term = terms[match[0].lower()]
            if term not in found and not _quoted(text, match.start()):
                found[term] = begins + match.start(), begins + match.end()
    return found


@functools.lru_cache(maxsize=1024)
def _pattern(phrases: tuple[str, ...]) -> re.Pattern[str]:
    """Any of these phrases. A page has few of them: to look for all that there are would take several times as long."""
    longest_first = sorted(phrases, key=len, reverse=True)
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, longest_first))})\b(?!-)", re.IGNORECASE)


def _quoted(text: str, at: int) -> bool:
    return text.count("“", 0, at) > text.count("”", 0, at)


def _prose(page: str, start: int, end: int) -> Iterator[tuple[int, str]]:
    """Each run of text that is a person's reading matter, with where it begins."""
    at, prose, apart = start, 0, 0
    stack: list[Tag] = []
    for number, token in enumerate(TAGS.split(page[start:end])):
        if number % 2 == 0:  # a text; between two texts stands a tag
            if prose and not apart and token.strip():
                yield at, token
        elif (tag := _tag(token)) is not None:
            if tag.ends:
                while stack:  # an element whose end tag is left out ends with what holds it
                    held = stack.pop()
                    prose, apart = prose - held.prose, apart - held.apart
                    if held.name == tag.name:
                        break
            else:
                stack.append(tag)
                prose, apart = prose + tag.prose, apart + tag.apart
        at += len(token)


class Tag(NamedTuple):
    """A tag that begins or ends an element, and whether the element is text to be read, or stands apart from it."""

    name: str
    ends: bool
    prose: bool
    apart: bool


@functools.lru_cache(maxsize=1 << 12)
def _tag(token: str) -> Tag | None:
    """What a tag is; None where it holds nothing."""
    named = NAMED.match(token)
    if named is None or named[2] in VOID or token.endswith("/>"):
        return None
    return Tag(named[2], bool(named[1]), named[2] in PROSE, named[2] in APART or _chip(token))


def _chip(token: str) -> bool:
    """Whether an element is a mark or a label, not text."""
    named = CLASS.search(token)
    return named is not None and not CHIPS.isdisjoint(named[1].split())


def _fitting(found: dict[str, tuple[int, int]]) -> Iterator[tuple[str, tuple[int, int]]]:
    """As many as there is room for, those that matter most first."""
    left = ROOM - len(_list({}).encode())
    for term in dict.fromkeys(explained().values()):
        if term in found:
            left -= len((_entry(term) + _link(term, "")).encode())
            if left < 0:
                return
            yield term, found[term]


def _link(term: str, said: str) -> str:
    key = slugify(term)
    return f'<a class="term" role="doc-glossref" id="u-{key}" href="#w-{key}">{said}</a>'


def _entry(term: str) -> str:
    key = slugify(term)
    back = f'<a href="#u-{key}">{escape(_("Back"))}<span class="hidden"> {escape(_("to the text"))}: {escape(term)}</span></a>'
    return f'<div id="w-{key}"><dt>{escape(term)}</dt><dd>{escape(meaning(term))} {back}</dd></div>'


def _list(kept: dict[str, tuple[int, int]]) -> str:
    rows = "".join(_entry(term) for term in sorted(kept, key=str.lower))
    style = f'<link rel="stylesheet" href="{static("web/words.css")}">'
    title = escape(_("Words used here"))
    return (
        f'{style}<section class="rail used-words" aria-labelledby="used-words"><h2 id="used-words">{title}</h2>'
        f"<dl>{rows}</dl></section>\n"
    )
