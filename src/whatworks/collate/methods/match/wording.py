"""Wording: how two folded titles agree, told by their words where their letters are not the same."""

from __future__ import annotations

from enum import IntEnum

from rapidfuzz import fuzz

SAME_WORD = 85.0  # percent of letters shared: a misspelling or the other side of the Atlantic, not another word
MISSPELT = 75.0  # percent; a long word of which a few letters are wrong, believed only where much else agrees
STEM = 5  # letters that two forms of one word share ("organised", "organisational")
MANY_WORDS = 16  # differing words from which two titles are not looked at for misspellings
SHORTEST_PART = 4  # a title of fewer words than this is a mere phrase, and so is in many others
ALIKE = 60.0  # percent; below it two titles have little in common
_SMALL_WORDS = frozenset(
    "a an the of in on for and or to from with by at as is its into und der die das le la les de".split()
)
_OPPOSITES = (
    ("hypo", "hyper"),
    ("inter", "intra"),
    ("pre", "post"),
    ("in", "out"),
    ("under", "over"),
    ("", "un"),
    ("", "non"),
    ("", "in"),
    ("", "dis"),
    ("", "fe"),
    ("male", "female"),
    ("mono", "poly"),
    ("micro", "macro"),
    ("anti", "pro"),
    ("for", "against"),
    ("north", "south"),
    ("east", "west"),
    ("primary", "secondary"),
    ("peri", "pre"),
    ("neo", "pre"),
    ("peri", "post"),
)


class Wording(IntEnum):
    """How two titles agree."""

    MISSING = 0  # one of them is
    EXACT = 1  # the same letters
    SPELLING = 2  # the same words but for misspellings, variants and small words
    ORDER = 3  # the same words in another order: title and subtitle exchanged
    START = 4  # one begins with the other
    END = 5  # one ends with the other: a rubric stands before it
    WITHIN = 6  # all words of one are in the other
    FORMS = 7  # words differ in their form only
    CHANGED = 8  # few words differ
    ALIKE = 9  # they have much in common
    FAR = 10


class Told(IntEnum):
    """How the numbers in two titles agree."""

    AGREE = 0
    CUT = 1  # one of them stops before the other's numbers
    ONE = 2  # only one of them names any
    DIFFER = 3


def wording(one: str, other: str) -> Wording:
    """How two folded titles agree, whichever comes first."""
    if not (one and other):
        return Wording.MISSING
    if one.replace(" ", "") == other.replace(" ", ""):
        return Wording.EXACT
    short, long = sorted((one, other), key=lambda text: (len(text), text))
    phrase = short.count(" ") + 1 >= SHORTEST_PART
    if phrase and (long.startswith(f"{short} ") or long.endswith(f" {short}")):
        return Wording.START if long.startswith(short) else Wording.END
    left, right = differing_words(short, long)
    if not left and not right:
        return Wording.SPELLING if fuzz.ratio(short, long) >= ALIKE and _in_order(short, long) else Wording.ORDER
    if phrase and not left:
        return _extended(short, long)
    return _changed(short, long, left, right)


def _in_order(short: str, long: str) -> bool:
    """Whether two titles with the same words have them in about the same order."""
    words, others = short.split(), long.split()
    return fuzz.ratio(words, others) >= ALIKE


def _extended(short: str, long: str) -> Wording:
    """One title has all words of the other and more: behind it, before it, or among it."""
    if fuzz.ratio(short, long[: len(short)]) >= 90.0:
        return Wording.START
    return Wording.END if fuzz.ratio(short, long[-len(short) :]) >= 90.0 else Wording.WITHIN


def _changed(short: str, long: str, left: list[str], right: list[str]) -> Wording:
    likeness = max(fuzz.ratio(short, long), fuzz.token_sort_ratio(short, long))
    if len(left) == len(right) and all(any(_forms(word, twin) for twin in right) for word in left):
        return Wording.FORMS
    most = max(len(left), len(right))
    words = len(long.split()) - most
    if likeness >= 80.0 and words >= SHORTEST_PART and most <= max(1, words // 3):
        return Wording.CHANGED
    return Wording.ALIKE if max(likeness, fuzz.token_set_ratio(short, long)) >= ALIKE else Wording.FAR


def differing_words(one: str, other: str) -> tuple[list[str], list[str]]:
    """The words of each title that the other has not, nor a spelling of them, small words left out."""
    words, others = one.split(), other.split()
    left = [word for word in dict.fromkeys(words) if word not in _SMALL_WORDS and word not in others]
    right = [word for word in dict.fromkeys(others) if word not in _SMALL_WORDS and word not in words]
    if "".join(left) == "".join(right):  # "health care" and "healthcare"
        return [], []
    if len(left) + len(right) > MANY_WORDS:
        return left, right
    for word in sorted(left):
        twin = next((twin for twin in sorted(right) if same_word(word, twin)), None)
        if twin is not None:
            left.remove(word)
            right.remove(twin)
    if left and right and "".join(left) == "".join(right):
        return [], []
    return left, right


def same_word(one: str, other: str) -> bool:
    """Whether two words are spellings of one: not a number, not an opposite."""
    if fuzz.ratio(one, other) < SAME_WORD or not (one.isalpha() and other.isalpha()):
        return False
    return one[0] == other[0] and not _opposite(one, other)  # who mistypes a word still begins it right


def _opposite(one: str, other: str) -> bool:
    for a, b in _OPPOSITES:
        for word, twin in ((one, other), (other, one)):
            if word.startswith(a) and twin == b + word[len(a) :]:
                return True
    return False


def _forms(one: str, other: str) -> bool:
    """Whether two words are forms of one word, or one of them badly misspelt."""
    if not (one.isalpha() and other.isalpha()) or one[0] != other[0] or _opposite(one, other):
        return False
    stem = one[:STEM] == other[:STEM] and min(len(one), len(other)) > STEM
    return stem or (min(len(one), len(other)) > STEM and fuzz.ratio(one, other) >= MISSPELT)


def told(wording_: Wording, one: str, other: str) -> Told:
    """How the numbers that two titles name agree."""
    if one == other:
        return Told.AGREE
    if not (one and other):
        return Told.CUT if wording_ in (Wording.START, Wording.END, Wording.WITHIN) else Told.ONE
    if wording_ in (Wording.START, Wording.END, Wording.WITHIN):
        short, long = sorted((one.split(), other.split()), key=len)
        if long[: len(short)] == short or long[-len(short) :] == short:
            return Told.CUT
    return Told.DIFFER
