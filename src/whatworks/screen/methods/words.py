"""Words: what a text says, as a list of words that two records can share. In any language, with no list of words.

Case, accents and the forms of one letter are folded. Scripts that write no spaces between words (Chinese, Japanese,
Thai, Lao, Burmese, Khmer) give one word per letter: pairs of neighbours then do what words do elsewhere.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable

import numpy as np
from numpy.typing import NDArray

VERSION = "1"

_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
_PLAIN = re.compile(r"[a-z0-9]{2,}")
_ANY = re.compile(rf"[{_UNSPACED}]|[^\W_{_UNSPACED}]{{2,}}")
_ACCENTS = re.compile("[\u0300-\u036f]")


def fold(text: str) -> str:
    """The text in lower case, without accents, with one form for each letter.

    >>> fold("Évaluation of ＢＥＨＡＶＩＯＵＲ"), fold("Straße")
    ('evaluation of behaviour', 'strasse')
    """
    if text.isascii():
        return text.lower()
    apart = unicodedata.normalize("NFKD", text.casefold())
    return unicodedata.normalize("NFKC", _ACCENTS.sub("", apart))


def words(text: str) -> list[str]:
    """The words of a text in its order; single letters only where a letter may be a word.

    >>> words("A trial: the MTFC-A programme"), words("里親 care")
    (['trial', 'the', 'mtfc', 'programme'], ['里', '親', 'care'])
    """
    folded = fold(text)
    return (_PLAIN if folded.isascii() else _ANY).findall(folded)


def singular(word: str) -> str:
    """The word without the s of an English plural (Harman's S stemmer, 1991); most other words stay as they are.

    >>> singular("families"), singular("trials"), singular("diagnosis"), singular("stress"), singular("virus")
    ('family', 'trial', 'diagnosi', 'stress', 'virus')
    """
    if len(word) < 4 or word[-1] != "s" or word.endswith(("us", "ss")):
        return word
    if word.endswith("ies") and not word.endswith(("eies", "aies")):
        return word[:-3] + "y"
    return word[:-1]


class Vocabulary(dict[str, int]):
    """A number for every word, given when the word is first met; a plural has that of its singular."""

    def __init__(self) -> None:
        super().__init__()
        self.numbers = 0

    def __missing__(self, word: str) -> int:
        root = singular(word)
        if root != word:
            self[word] = number = self[root]
            return number
        self[word] = number = self.numbers
        self.numbers += 1
        return number


def numbered(texts: Iterable[str], number: Callable[[str], int]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The words of all texts one behind the other by number, and how many words each text has."""
    found: list[int] = []
    lengths: list[int] = []
    for text in texts:
        said = words(text)
        found.extend(map(number, said))
        lengths.append(len(said))
    return np.array(found, dtype=np.int64), np.array(lengths, dtype=np.int64)
