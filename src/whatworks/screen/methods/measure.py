"""Measure: how wide a piece of text will be and where its lines break, for drawings laid out without a browser.

Widths are those of Arial, in thousandths of the type size, by group of letters. The faces that stand for system-ui
differ, for which there is an allowance.
"""

from __future__ import annotations

_GROUPS = {
    222: "ijl'|",
    278: "I!,./:;[]\\ ft",
    333: '()-r`"',
    500: "cksvxyzJ",
    556: "abdeghnopqu0123456789L$#?_+<>=~–",
    667: "ABEKPSVXYT&",
    722: "CDHNRUw",
    778: "GOQ",
    833: "mM",
    944: "W",
    1000: "@%—…",
}
_WIDTHS = {letter: width for width, letters in _GROUPS.items() for letter in letters}
_OTHER = 667  # letters not listed, with their accents
_ALLOWANCE = 1.15  # DejaVu Sans and Verdana, the widest of the faces that stand for system-ui
_WIDE_LETTER = 1200  # letters that fill a square (Chinese, Japanese, Korean), with the same care


def text_width(text: str, size: float) -> float:
    """The width of a line in the units of `size`; an estimate on the wide side."""
    units = sum(_WIDTHS.get(letter, _OTHER if letter < "\u1100" else _WIDE_LETTER) for letter in text)
    return units / 1000 * size * _ALLOWANCE


def number_width(number: str, size: float) -> float:
    """The width of a number such as "2,442", in a serif or a sans face: digits take 0.6 of the size, commas 0.28."""
    return sum(0.6 if digit.isdigit() else 0.28 for digit in number) * size


def wrap(text: str, size: float, width: float) -> list[str]:
    """The text in lines no wider than `width`; a word wider than that is broken. Never empty."""
    lines = [""]
    for word in text.split():
        for piece in _pieces(word, size, width):
            longer = f"{lines[-1]} {piece}".strip()
            if text_width(longer, size) <= width:
                lines[-1] = longer
            else:
                lines.append(piece)
    return [line for line in lines if line] or [""]


def _pieces(word: str, size: float, width: float) -> list[str]:
    pieces = [""]
    for letter in word:
        if pieces[-1] and text_width(pieces[-1] + letter, size) > width:
            pieces.append("")
        pieces[-1] += letter
    return pieces
