"""What a machine on this computer can propose about answers: words that come often, and which theme an answer is close to.

Words as screening reads them, plurals as their singular. A word that occurs c times in a text weighs (1 + log c) times
log((1 + n) / (1 + df)) + 1, where df of the n texts have it (TF-IDF, Salton and Buckley 1988, doi 10.1016/0306-4573(88)90021-0); the score
is the cosine to the theme's name, its meaning and the answers that people coded with it. Nothing is sent anywhere and no language model is
asked. What comes out is a proposal: it is never a coding, and never published.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import log, sqrt

from whatworks.screen.methods.words import singular, words

METHOD = "tf-idf cosine 1"
LEAST = 0.08  # a cosine below this is no proposal
PLAIN = frozenset(
    "the and for that with was were are not you your our they them their there this these those have has had but from what when who"
    " which will would could should can may all any some about into than then its his her she him out more most just very also been"
    " being because so if of to in on at by as is it be do did does or an we us me my no one get got like".split()
)


@dataclass(frozen=True, slots=True)
class Proposal:
    """An answer may belong to a theme; the score is a cosine from 0 to 1."""

    answer: str
    theme: str
    score: float


def said_words(text: str) -> list[str]:
    """The words of a text that can say what it is about."""
    return [singular(word) for word in words(text) if len(word) > 2 and word not in PLAIN]


def _vector(text: str, rarity: Mapping[str, float]) -> dict[str, float]:
    held = {word: (1 + log(count)) * rarity[word] for word, count in Counter(said_words(text)).items()}
    length = sqrt(sum(weight * weight for weight in held.values()))
    return {word: weight / length for word, weight in held.items()} if length else {}


def proposals(answers: Mapping[str, str], themes: Mapping[str, Sequence[str]]) -> list[Proposal]:
    """What to look at: answers by identifier, and for each theme the texts that say what it is. The closest first."""
    described = {theme: " ".join(texts) for theme, texts in themes.items()}
    texts = [*answers.values(), *described.values()]
    df = Counter(word for text in texts for word in set(said_words(text)))
    rarity = {word: log((1 + len(texts)) / (1 + count)) + 1 for word, count in df.items()}
    centres = {theme: _vector(text, rarity) for theme, text in described.items()}
    found = []
    for answer, text in answers.items():
        held = _vector(text, rarity)
        for theme, centre in centres.items():
            score = sum(weight * centre.get(word, 0.0) for word, weight in held.items())
            if score >= LEAST:
                found.append(Proposal(answer, theme, round(score, 4)))
    return sorted(found, key=lambda one: (-one.score, one.answer, one.theme))


def frequent(answers: Sequence[str], most: int = 20) -> list[tuple[str, int]]:
    """Words by how many answers have them, the most frequent first; those of a single answer are left out."""
    counts = Counter(word for text in answers for word in set(said_words(text)))
    return sorted(((word, n) for word, n in counts.items() if n > 1), key=lambda one: (-one[1], one[0]))[:most]
