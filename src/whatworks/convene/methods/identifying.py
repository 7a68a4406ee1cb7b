"""Does a text say who somebody is? Likely identifiers with the reason for each, by patterns that anybody can read.

A pattern cannot know a name from a word for certain. It is made to be wrong seldom on ordinary prose about services, and
to miss little of what people write when they tell about a child; what it finds goes to a person, and so does every text
that it finds nothing in. It is no proof that a text is safe.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from whatworks.convene.methods.identifying_words import (
    FIRST_NAMES,
    HELPLINES,
    KNOWN_BODIES,
    NO_NAME,
    POSTCODE_AREAS,
    SCHOOL_WORDS,
)
from whatworks.saying import Said, said

REASONS: dict[str, Said] = {
    "name": said("a name"),
    "born": said("a date of birth"),
    "postcode": said("a postcode"),
    "telephone": said("a telephone number"),
    "email": said("an e-mail address"),
    "health-number": said("an NHS number"),
    "insurance-number": said("a National Insurance number"),
    "case-number": said("the number of a case"),
    "school": said("the name of a school"),
    "address": said("an address"),
    "handle": said("a name on a social network"),
}


@dataclass(frozen=True, slots=True)
class Likely:
    """A place in a text that may say who somebody is: from `start` to `end`, and the key of the reason (`REASONS`)."""

    start: int
    end: int
    reason: str


_CAPITAL = r"[A-Z][a-zà-öø-ÿ]+(?:[-'’][A-Z]?[a-zà-öø-ÿ]+)*"
_NAME = rf"(?P<name>{_CAPITAL})"
_KIN = (
    r"son|daughter|child|baby|boy|girl|niece|nephew|grandson|granddaughter|grandchild|brother|sister|husband|wife|partner|ex"
    r"|mother|father|mum|mam|mom|dad|nan|gran|aunt|aunty|auntie|uncle|cousin|friend|neighbour|twins?"
)
_WORKER = (
    r"social worker|support worker|family worker|key worker|keyworker|youth worker|foster carer|health visitor|head ?teacher"
    r"|teacher|doctor|nurse|judge|solicitor|barrister|therapist|psychologist|manager|personal adviser|guardian|officer"
)
_WHOSE = r"my|our|his|her|their|your|the|a"

_BY_NAME: tuple[re.Pattern[str], ...] = (
    re.compile(rf"\b(?:Mr|Mrs|Ms|Miss|Mx|Dr|Prof|Professor|Sir|Dame|Nurse|Judge)\b\.?[ ]+(?:[A-Z]\.?[ ]?)*{_NAME}"),
    re.compile(rf"\b(?i:{_WHOSE})[ ](?i:(?:\w+[ ]){{0,2}}(?:{_KIN}))s?,?[ ]{_NAME}"),
    re.compile(rf"\b(?i:{_WHOSE}|ex)[ -](?i:(?:\w+[ ])?(?:{_WORKER}))s?,?[ ]{_NAME}"),
    re.compile(
        rf"\b(?i:{_KIN}|{_WORKER}|child|person|man|woman|lad|lady)s?,?[ ](?i:(?:is |was |are )?(?:called|named))[ ]{_NAME}"
    ),
    re.compile(
        r"\b(?i:(?:my|his|her|their|child's|son's|daughter's) (?:full )?name (?:is|was|'s)|i am called|i'm called)[ ]"
        r"(?P<name>[A-Za-z][a-z'’-]+)"
    ),
    re.compile(rf"\b{_NAME}(?:'s|’s)[ ](?i:(?:\w+[ ])?(?:{_KIN}|social worker|foster carer|case|school|medication))\b"),
)
_FULL_NAME = re.compile(rf"\b(?P<first>{'|'.join(sorted(FIRST_NAMES))})[ ](?:[A-Z]\.?[ ])?{_NAME}")

_FIRST_ALONE = re.compile(
    rf"\b(?P<name>{'|'.join(sorted(FIRST_NAMES))})(?:['’]s\b|[ ](?:and (?:{'|'.join(sorted(FIRST_NAMES))})\b|(?:was|is|has|had|did"
    r"|said|says|told|went|got|gets|loves|hates|needs|wants|cried|lives|lived|never|came|moved|started|told|hit|hurt|ran)\b))"
)

_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*"
_DAY = (
    rf"(?:\d{{1,2}}[/.\-]\d{{1,2}}[/.\-](?:\d{{4}}|\d{{2}})|\d{{1,2}}(?:st|nd|rd|th)?(?: of)? {_MONTH},?(?: \d{{2,4}})?"
    rf"|{_MONTH} \d{{1,2}}(?:st|nd|rd|th)?,? \d{{4}}|\d{{4}}-\d{{2}}-\d{{2}})"
)
_BORN = re.compile(
    rf"\b(?:born(?: on| in)?|date of birth|d\.?o\.?b\.?|birthday)\b[ ]?(?:was |is )?(?:on )?[:\-(]?[ ]?{_DAY}",
    re.IGNORECASE,
)
_POSTCODE = re.compile(rf"\b(?:{'|'.join(POSTCODE_AREAS)})\d[A-Z\d]?[ ]?\d[ABD-HJLNP-UW-Z]{{2}}\b", re.IGNORECASE)
_ORDINAL = re.compile(r"\d(?:st|nd|rd|th)$", re.IGNORECASE)
_TELEPHONE = re.compile(r"(?<![\w.])(?:\+44[ ]?(?:\(0\)[ ]?)?|0044[ ]?|\(?0)[1-9](?:[ \-()]{0,2}\d){8,9}(?![\w])")
_EMAIL = re.compile(r"\b[\w.+%-]+@[\w-]+(?:\.[\w-]+)*\.[A-Za-z]{2,}\b")
_HANDLE = re.compile(
    r"(?<![\w@.])@[A-Za-z][\w.]{2,29}\b|\b(?:facebook|instagram|tiktok|snapchat|twitter|x)\.com/\w[\w.]+", re.I
)
_HEALTH = re.compile(r"(?<!\d)(?P<told>(?i:nhs)[^\d\n]{0,20})?(?P<number>\d{3}(?P<gap>[ -]?)\d{3}(?P=gap)\d{4})(?!\d)")
_INSURANCE = re.compile(
    r"\b(?!BG|GB|NK|KN|TN|NT|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z][ ]?\d{2}[ ]?\d{2}[ ]?\d{2}[ ]?[A-D]\b",
    re.IGNORECASE,
)
_CASE = re.compile(
    r"\b[A-Z]{2}\d{2}[CPZFJ]\d{5}\b"
    r"|\b(?i:(?:case|court|reference|ref|client|mosaic|lcs|liquid ?logic|pupil)[ ](?:no\.?|number|id|ref(?:erence)?)\b[^\w\n]{0,3}"
    r"(?:is |was )?)(?=\w*\d)[A-Za-z0-9/\-]{4,}"
)
_SCHOOL = re.compile(
    r"\b(?P<named>(?:(?:St|[A-Z][a-z]+(?:'s|’s)?|[A-Z]{2,})\.?[ ]){1,4})"
    r"(?P<kind>School|Academy|College|Nursery|Primary|Infants?|Juniors?|Kindergarten)\b(?![ ]of\b)"
)
_AT_SCHOOL = re.compile(
    r"\b(?:goes to|went to|attends|attending|attended|pupil at|enrolled at|start(?:s|ed) at)[ ]"
    r"(?P<named>(?:[a-z']+[ ]){1,3})(?:primary|secondary|school|academy|nursery|high|infants|juniors)\b",
    re.IGNORECASE,
)
_ROAD = r"road|street|lane|avenue|close|drive|court|crescent|gardens|terrace|grove|rd|ave"
_ADDRESS = re.compile(
    rf"\b(?:flat[ ]\d{{1,4}}[a-z]?,?[ ])?\d{{1,4}}[a-z]?,?[ ](?P<named>(?:[a-z'’]+[ ]){{1,3}})(?:{_ROAD})\b"
    r"|\bflat[ ]\d{1,4}[a-z]?\b",
    re.IGNORECASE,
)


def likely_identifiers(text: str) -> tuple[Likely, ...]:
    """Every place in a text that may say who somebody is, in the order of the text; of two that overlap the longer one.

    Oracle: none exists; judged on made-up texts of both kinds in the tests, and on the prose of a pack.
    """
    found = [Likely(*span, reason) for reason, look in _LOOKS for span in look(text)]
    found.sort(key=lambda one: (one.start, one.start - one.end))
    kept: list[Likely] = []
    for one in found:
        if not kept or one.start >= kept[-1].end:
            kept.append(one)
        elif one.end - one.start > kept[-1].end - kept[-1].start:
            kept[-1] = one
    return tuple(kept)


def reasons_of(found: tuple[Likely, ...]) -> list[str]:
    """The keys of the reasons, each once, in the order in which they came."""
    return list(dict.fromkeys(one.reason for one in found))


Spans = Iterator[tuple[int, int]]


def _names(text: str) -> Spans:
    for pattern in _BY_NAME:
        for match in pattern.finditer(text):
            if _may_be_name(match["name"]):
                yield match.span()
    for match in _FULL_NAME.finditer(text):
        if _may_be_name(match["name"]):
            yield match.span()
    yield from _plain(_FIRST_ALONE, text)


def _may_be_name(word: str) -> bool:
    return word.lower() not in NO_NAME and len(word) > 1


def _plain(pattern: re.Pattern[str], text: str) -> Spans:
    return (match.span() for match in pattern.finditer(text))


def _postcodes(text: str) -> Spans:
    for match in _POSTCODE.finditer(text):
        if match[0].isupper() or not _ORDINAL.search(match[0]):
            yield match.span()


def _telephones(text: str) -> Spans:
    for match in _TELEPHONE.finditer(text):
        digits = re.sub(r"\D", "", match[0]).removeprefix("0044").removeprefix("44").removeprefix("0")
        if not digits.startswith(HELPLINES):
            yield match.span()


def _health_numbers(text: str) -> Spans:
    """Ten digits with the check digit of an NHS number: parted 3-3-4, or said to be one."""
    for match in _HEALTH.finditer(text):
        digits = [int(one) for one in match["number"] if one.isdigit()]
        rest = sum(weight * digit for weight, digit in zip(range(10, 1, -1), digits[:9], strict=True)) % 11
        valid = (11 - rest) % 11 == digits[9]
        if match["told"] or (match["gap"] and valid):
            yield match.start("number"), match.end("number")


def _schools(text: str) -> Spans:
    for match in _SCHOOL.finditer(text):
        words = [word.strip(".") for word in match["named"].split()]
        whole = f"{match['named']}{match['kind']}".lower()
        if any(word.lower() not in SCHOOL_WORDS for word in words) and not whole.endswith(KNOWN_BODIES):
            yield match.span()
    for match in _AT_SCHOOL.finditer(text):
        if any(word not in SCHOOL_WORDS for word in match["named"].lower().split()):
            yield match.span()


def _addresses(text: str) -> Spans:
    for match in _ADDRESS.finditer(text):
        named = (match["named"] or "x").lower().split()
        if not any(word in NO_NAME for word in named):
            yield match.span()


_LOOKS = (
    ("email", lambda text: _plain(_EMAIL, text)),
    ("handle", lambda text: _plain(_HANDLE, text)),
    ("health-number", _health_numbers),
    ("telephone", _telephones),
    ("insurance-number", lambda text: _plain(_INSURANCE, text)),
    ("case-number", lambda text: _plain(_CASE, text)),
    ("born", lambda text: _plain(_BORN, text)),
    ("postcode", _postcodes),
    ("address", _addresses),
    ("school", _schools),
    ("name", _names),
)
