"""Titles: what a title is without what databases add, what kind of writing it announces, and the numbers it names."""

from __future__ import annotations

import re

from whatworks.collate.methods.likeness import fold

LONGEST_TITLE = 600  # characters that take part; what runs on longer is an abstract in the wrong place

# Remarks that databases append to titles, seen in Ovid and MEDLINE exports; they are no part of the title.
_RECURRING = frozenset(
    "review reviews inspection inspections briefing bulletin newsletter working paper papers minutes inquiry agenda"
    " factsheet editorial proceedings".split()
)
_LANGUAGES = (
    "swedish|chinese|japanese|german|french|spanish|russian|italian|polish|dutch|danish|portuguese|norwegian|romanian"
    "|czech|hungarian|turkish|korean|greek|croatian|serbian|finnish|hebrew|ukrainian|bulgarian|persian|arabic|english"
)
_REMARK = re.compile(
    r"[\[(](?:(?:review|comment|letter|editorial|(?:provisional |structured )?abstract(?: record)?)s?|\d+ refs?"
    r"|references|see comments?|abstract no\b[^\[\]()]*|no abstract available|multiple letters"
    rf"|(?:article |text )?(?:in )?(?:{_LANGUAGES})|\d{{1,2}})\.?[\])]\.?\s*$",
    re.I,
)
_ERRATUM_ELSEWHERE = re.compile(
    r"\s*\[(?:published )?(?:erratum|correction|corrected|retraction)s? (?:appears|in)\b.*$", re.I
)
# How Web of Science and Scopus title a correction: the report's title and where it stood.
_CORRECTS = re.compile(
    r"\((?:vol \d+,? (?:pg|p|art(?:n)?|article|no) [^()]*|[^()]*\(\d{4}\)[^()]*(?:\([^()]*\))*[^()]*)\)\.?\s*$", re.I
)
_ORIGINAL = re.compile(r"<original>.*$", re.I | re.DOTALL)
_ADDRESS = re.compile(r"^https?://\S+$|^10\.\d{4,9}/\S+$", re.I)

# Kinds that are written about, for, or before another report and often repeat its title.
_NOTICE = (
    r"(?:publishers? |authors? |editors? )?"
    r"(?:erratum|errata|corrigend(?:um|a)|corrections?|retraction|retracted|withdrawn|expression of concern|addendum)"
)
_KINDS = (
    ("notice", rf"{_NOTICE}(?: notice| note| article| chapter| paper)?(?: to| of| for)?(?: the)?"),
    (
        "reply",
        r"(?:in |(?:the )?authors? )?(?:reply|rejoinder|response|comments?|commentary|letter|discussion)"
        r"(?: to the editor)?(?: to| on| by [a-z ]+)?",
    ),
    ("protocol", r"(?:a )?(?:study |trial |review |research |evaluation )?protocols?(?: for| of)?(?: an?| the)?"),
    (
        "summary",
        r"(?:(?:a )?(?:executive|plain language|technical|research|policy|key findings|evidence|lay|easy read|short) )?"
        r"(?:summary|briefing|digest|infographic|easy read|press release)(?: report| paper| note| version)?",
    ),
    ("annex", r"(?:technical |statistical |methodological )?(?:appendi(?:x|ces)|annex(?:es)?|technical report)"),
    (
        "companion",
        r"(?:a |the )?(?:progress report|explanatory (?:notes?|memorandum)|(?:consultation |final )?draft|action plan"
        r"|consultation (?:paper|document)|(?:equality |regulatory |privacy )?impact assessment|user guide|data tables?"
        r"|(?:government |management )response|(?:technical|methodology|guidance|background) (?:notes?|paper)|toolkit"
        r"|slides|replication data)",
    ),
    ("answer", r"(?:a |our )?(?:reply|response|rejoinder) to (?:[a-z]+ ){0,3}[a-z]+"),
    (
        "interim",
        r"(?:interim|preliminary|emerging|provisional) ?(?:report|findings|results|analysis|figures|statistics|data)?",
    ),
    ("abstract", r"(?:conference |meeting |poster |oral )?(?:abstract|poster|presentation)"),
    ("book review", r"(?:book |essay )?review(?: of)?"),
)
_AT_START = {"notice", "reply", "protocol", "summary", "abstract"}
_AT_END = {"notice", "reply", "companion", "answer", "protocol", "summary", "annex", "interim", "abstract"}
_KIND_AT_START = tuple(
    (kind, re.compile(rf"^(?:{words})\b(?P<rest> .*)$")) for kind, words in _KINDS if kind in _AT_START
)
_KIND_AT_END = tuple(
    (kind, re.compile(rf"^(?P<rest>.{{12,}}? )(?:{words})$")) for kind, words in _KINDS if kind in _AT_END
)
_PROTOCOL_WITHIN = re.compile(r"^(?P<rest>.{12,}?) (?:a )?(?:study |trial |review )?protocol (?:for|of|to) .*$")
_BOOK_REVIEW = re.compile(
    r"^(?:book|essay) reviews? (?:of |on )?(?P<rest>.*)$|^review of (?P<of>.{8,}(?: by [a-z ]+)?)$"
)
_ANNOUNCING = frozenset(
    "erratum errata corrigendum corrigenda correction corrections retraction retracted withdrawn expression addendum reply"
    " rejoinder response comment comments commentary letter discussion protocol protocols summary briefing digest"
    " infographic easy press appendix appendices annex annexes technical interim preliminary emerging provisional abstract poster"
    " presentation review reviews progress explanatory draft action consultation impact guide data toolkit slides notes note"
    " paper".split()
)

_PART = frozenset(
    "part parts volume vol phase wave study chapter section book paper series stage round year edition report experiment"
    " module quarter sweep issue number no appendix version grade type level".split()
)
_NAMED = frozenset(
    "child adult baby family appendix annex case patient person site schedule part volume series".split()
)
_ROMAN = dict(zip("i ii iii iv v vi vii viii ix x".split(), map(str, range(1, 11)), strict=True))
_WORD_NUMBERS = {word: str(n) for n, word in enumerate("one two three four five six seven eight nine ten".split(), 1)}
_ORDINALS = {word: str(n) for n, word in enumerate("first second third fourth fifth sixth".split(), 1)}
_MONTHS = "january february march april may june july august september october november december".split()
_SEASONS = {"spring", "summer", "autumn", "winter"}
_PERIODS = {word: word[:3] for word in _MONTHS if word != "may"} | {word: word for word in _SEASONS}
_SAYING = frozenset([*_ROMAN, *_WORD_NUMBERS, *_ORDINALS, *_PERIODS])
_NUMBERING = _SAYING | _NAMED  # a title with none of these words and no digit names no number
_DIGIT = re.compile(r"\d")
_DOUBLE_YEAR = re.compile(r"\b((?:19|20)\d\d) (\d\d)\b")
_DIGITS = re.compile(r"\d+")


def without_remarks(title: str) -> str:
    """The title without what a database added at its end, unless nothing would be left; "" for a bare web address."""
    if "<" in title:
        title = _ORIGINAL.sub("", title)
    if "[" in title:
        title = _ERRATUM_ELSEWHERE.sub("", title)
    title = title.strip()
    if "/" in title and _ADDRESS.match(title):
        return ""
    while title and title.rstrip(". ")[-1:] in ("]", ")"):
        shorter = _REMARK.sub("", title).strip()
        if shorter == title or not shorter:
            break
        title = shorter
    return title


def titles_of(title: str) -> tuple[str, str, str]:
    """The kind, the folded title, and that title without what announces the kind."""
    plain = without_remarks(title)
    if plain.rstrip(". ").endswith(")"):
        corrected = _CORRECTS.sub("", plain).strip()
        if corrected and corrected != plain:
            return "notice", fold(plain), kind_of(fold(corrected))[1]
    folded = _spelt_out(fold(plain))
    kind, core = kind_of(folded)
    return kind, folded, core


def _spelt_out(folded: str) -> str:
    """A folded title whose double years ("2015 16") are written in full."""
    return _DOUBLE_YEAR.sub(_both_years, folded) if "20" in folded or "19" in folded else folded


def _both_years(found: re.Match[str]) -> str:
    first, second = int(found.group(1)), int(found.group(2))
    return f"{first} {first + 1}" if (first + 1) % 100 == second else found.group()


def kind_of(folded_title: str) -> tuple[str, str]:
    """The kind of writing that a title announces ("" for an ordinary report), and the title without that."""
    if _ANNOUNCING.isdisjoint(folded_title.split()):
        return "", folded_title
    if found := _BOOK_REVIEW.match(folded_title):
        return "book review", (found.group("rest") or found.group("of") or folded_title).strip()
    for kind, pattern in (*_KIND_AT_START, *_KIND_AT_END, ("protocol", _PROTOCOL_WITHIN)):
        if found := pattern.match(folded_title):
            return "reply" if kind == "answer" else kind, found.group("rest").strip()
    return "", folded_title


def numbers_in(folded_title: str) -> tuple[str, ...]:
    """Every number in a title, in order; "part ii", "part two" and "second edition" count as 2, months by name."""
    words = folded_title.split()
    if not _DIGIT.search(folded_title) and _NUMBERING.isdisjoint(words):
        return ()
    found: list[str] = []
    for at, word in enumerate(words):
        if len(word) > 1 and word.isalpha() and word not in _SAYING:
            continue
        before = words[at - 1] if at else ""
        after = words[at + 1] if at + 1 < len(words) else ""
        found += _numbers_of(word, before, after)
    return tuple(found)


def _numbers_of(word: str, before: str, after: str) -> list[str]:
    """The numbers that one word between two others stands for."""
    if _DIGIT.search(word):
        return [digits.lstrip("0") or "0" for digits in _DIGITS.findall(word)]
    if before in _PART and (number := _ROMAN.get(word) or _WORD_NUMBERS.get(word)):
        return [number]
    if len(word) == 1 and before in _NAMED:
        return [word]
    if after in _PART and word in _ORDINALS:
        return [_ORDINALS[word]]
    if word in ("ii", "iii"):
        return [_ROMAN[word]]
    return [_PERIODS[word]] if word in _PERIODS else []


def recurs(folded_title: str, numbers: str) -> bool:
    """Whether one body may give many documents of one year this title: a kind of document, without a number of its own."""
    return not numbers and not _RECURRING.isdisjoint(folded_title.split())
