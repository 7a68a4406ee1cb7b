"""Likeness: text brought to a form in which equal things are equal.

It removes what exports disagree about (accents, capitals, punctuation, markup, entities) and keeps words and numbers.
"""

from __future__ import annotations

import html
import re
import unicodedata
from functools import lru_cache

_MARKUP = re.compile(r"</?(?:i|b|u|em|strong|sub|sup|scp|span|p|br|inf|math|mml:[a-z]+|jats:[a-z]+)\b[^>]*>", re.I)
_THOUSANDS = re.compile(r"(?<=\d)[, ](?=\d{3}(?!\d))")
_LATEX_ACCENT = re.compile(r"\\(?:[`'^\"~=.]|[uvHtcdbrk](?![A-Za-z]))\s*\{?\\?([A-Za-z])\}?")
_LATEX_LETTERS = {r"\ss": "ss", r"\ae": "ae", r"\AE": "AE", r"\oe": "oe", r"\OE": "OE", r"\aa": "a", r"\AA": "A"}
_LATEX_LETTERS |= {r"\o": "o", r"\O": "O", r"\l": "l", r"\L": "L", r"\i": "i", r"\j": "j", r"\&": "&"}
_LATEX_WORD = re.compile(r"\\(?:ss|ae|AE|oe|OE|aa|AA|[oOlLij])(?![A-Za-z])\s*|\\&")
_LATEX_COMMAND = re.compile(r"\\[A-Za-z]+\s*")
_LOST_LETTER = re.compile(r"(?<=[a-z])\?(?=[a-z])")

# What stands in a word without parting it goes; every other mark of ASCII parts words.
_JOINED = "'`"
_ASCII = {at: " " for at in range(128) if not chr(at).isalnum()}
_ASCII |= {ord(mark): "" for mark in _JOINED}
_ASCII |= {at: chr(at).lower() for at in range(128) if chr(at).isupper()}
_ASCII[ord("&")] = " and "
_STROKES = str.maketrans(
    {"ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "ı": "i", "æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE"}
    | {"’": "'", "‘": "'", "ʼ": "'", "′": "'", "\xad": ""}  # apostrophes of every kind, and the soft hyphen
)
_OTHER_MARKS = re.compile(r"[\W_]+")


def fold(text: str) -> str:
    """Words in small letters and digits, without accents, marks and markup, one space between (Unicode NFKD)."""
    if "<" in text:
        text = _MARKUP.sub("", text)
    if "&" in text and ";" in text:
        text = html.unescape(html.unescape(text))
    if "\\" in text:
        text = _without_latex(text)
    if not text.isascii():
        return _fold_wide(text)
    if "?" in text:
        text = _LOST_LETTER.sub("", text)
    return _grouped(" ".join(text.translate(_ASCII).split()))


def _fold_wide(text: str) -> str:
    """As `fold`, for text with letters beyond ASCII."""
    text = unicodedata.normalize("NFKD", text.translate(_STROKES))
    text = "".join(letter for letter in text if not unicodedata.combining(letter)).casefold()
    text = text.replace("&", " and ").replace("'", "").replace("`", "")
    return _grouped(" ".join(_OTHER_MARKS.sub(" ", _LOST_LETTER.sub("", text)).split()))


def _grouped(folded: str) -> str:
    """Folded text whose thousands ("10 000") are written together."""
    return _THOUSANDS.sub("", folded) if " 000" in folded or _THOUSANDS.search(folded) else folded


def _without_latex(text: str) -> str:
    text = _LATEX_ACCENT.sub(r"\1", text)
    text = _LATEX_WORD.sub(lambda found: _LATEX_LETTERS[found.group().strip()], text)
    return _LATEX_COMMAND.sub("", text).replace("{", "").replace("}", "")


fold_often = lru_cache(maxsize=262144)(fold)
"""`fold`, remembered: for names and journals, which recur."""
