"""How hard is a text to read? Reading age, long sentences, words that readers may not know, who does what."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from whatworks.publish.methods.references import Slip, place, references
from whatworks.publish.methods.sentences import MASK, Span, masked, sentences
from whatworks.publish.methods.wordlists import Wording
from whatworks.saying import said, said_of

ENOUGH = 20  # words: of fewer, a reading age says nothing
SCHOOL = 5  # the age at which school begins, which turns a school grade into an age
_PASSIVE = re.compile(
    r"\b(?:is|are|was|were|be|been|being|gets?|got) (?:\w+ly )?(?:\w{3,}ed|given|made|done|seen|shown|taken|held|kept|put|set|"
    r"known|written|told|found|brought|built|chosen|drawn|driven|led|left|lost|meant|met|paid|read|run|said|sent|spent|taught)\b",
    re.I,
)
_MEANS = re.compile(
    r"\b(?:is|are|was|were) (?:meant|thought|supposed|called|based|concerned|interested|worried|tired) ", re.I
)

Syllables = Callable[[str], int]


@dataclass(frozen=True, slots=True)
class Ease:
    """How a text reads: counts, the longest sentence in words, and the reading age in years (None for a short text)."""

    words: int
    sentences: int
    longest: int
    age: float | None

    def told(self) -> str:
        """The same in a sentence."""
        many = said(
            "%(words)s in %(sentences)s",
            words=said_of(self.words, "%(n)s word", "%(n)s words", n=self.words),
            sentences=said_of(self.sentences, "%(n)s sentence", "%(n)s sentences", n=self.sentences),
        )
        if self.age is None:
            return said("%(many)s; too short for a reading age.", many=many)
        return said(
            "%(many)s; the longest has %(longest)s. Reading age about %(age)s.",
            many=many,
            longest=self.longest,
            age=f"{self.age:.0f}",
        )


def ease(text: str, syllables: Syllables) -> Ease:
    """How a text reads, by the grade of Kincaid and others (1975), which is 5 less than the reading age.

    0.39 words a sentence + 11.8 syllables a word − 15.59. A reference counts as one word of one syllable.
    """
    found = [one for one in sentences(text) if one.words()]
    counts = [len(one.words()) + len(one.references) for one in found]
    words, inserted = sum(counts), len(references(text))
    if words < ENOUGH:
        return Ease(words, len(found), max(counts, default=0), None)
    spoken = inserted + sum(syllables(word) for one in found for word in one.words())
    grade = 0.39 * words / len(found) + 11.8 * spoken / words - 15.59
    return Ease(words, len(found), max(counts), round(max(grade, 0.0) + SCHOOL, 1))


def by_vowels(word: str) -> int:
    """The syllables of an English word by its groups of vowels: a silent e at the end is none, and there is at least one."""
    word = re.sub(r"[^a-z]", "", word.lower())
    word = re.sub(r"(?:(?<=[^aeiouylsxzg])es|(?<=[^aeiouytd])ed|(?<=[^aeiouyl])e|(?<=[aeiouy]l)e)$", "", word)
    word = re.sub(r"ely$", "ly", re.sub(r"ety$", "ty", word)).replace("eve", "ev")
    return max(1, len(re.findall(r"[aeiouy]+", word)))


def advice(text: str, how: Ease, rules: Wording, glossary: Mapping[str, str]) -> tuple[Slip, ...]:
    """What would make a text easier to read. Nothing here stops anybody from publishing it."""
    found: list[Slip] = []
    if how.age is not None and how.age > rules.reading_age:
        said = f"Readers of about {how.age:.0f} would manage this; write for {rules.reading_age:.0f}, with shorter words and sentences."
        found.append(Slip(1, 1, "", said, "reading-age"))
    for sentence in sentences(text):
        found += _long(text, sentence, rules)
        found += _passive(text, sentence)
    found += _hard(text, rules)
    found += _terms(text, glossary)
    return tuple(sorted(found, key=lambda one: (one.line, one.column)))


def _long(text: str, sentence: Span, rules: Wording) -> Iterator[Slip]:
    count = len(sentence.words()) + len(sentence.references)
    if count > rules.sentence_words:
        at = sentence.start + len(sentence.text) - len(sentence.text.lstrip())
        beginning = " ".join(sentence.text.replace(MASK, "").split()[:4]) + " …"
        said = f"This sentence has {count} words; cut it in two. At most {rules.sentence_words} are easy to follow."
        yield Slip(*place(text, at), beginning, said, "long-sentence")


def _passive(text: str, sentence: Span) -> Iterator[Slip]:
    for match in _PASSIVE.finditer(sentence.text):
        if not _MEANS.match(sentence.text[match.start() : match.end()] + " "):
            said = f"“{match[0]}” leaves open who does it; if it matters, begin with who."
            yield Slip(*place(text, sentence.start + match.start()), match[0], said, "passive")


def _hard(text: str, rules: Wording) -> Iterator[Slip]:
    bare = masked(text)
    for word, better in rules.plain.items():
        flags = 0 if word.isupper() or word[:2].isupper() else re.I
        for match in re.finditer(rf"\b{re.escape(word)}\b", bare, flags):
            yield Slip(*place(text, match.start()), match[0], f"“{match[0]}”: say “{better}”.", "hard-word")
    for match in rules.abstract.finditer(bare):
        said = f"“{match[0]}” hides who does what; use a verb."
        yield Slip(*place(text, match.start()), match[0], said, "abstract")


def _terms(text: str, glossary: Mapping[str, str]) -> Iterator[Slip]:
    """Words of the glossary, each once, with what they mean: a reader may need that said in place."""
    bare = masked(text)
    for term, meaning in glossary.items():
        if match := re.search(rf"\b{re.escape(term)}s?\b", bare, re.I):
            said = f"“{match[0]}” is a word of this house: {meaning} Say so, or use a word that readers have."
            yield Slip(*place(text, match.start()), match[0], said, "glossary")
