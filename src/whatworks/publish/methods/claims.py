"""Do the words of a text say what its results say? Claims, no effect, safety, certainty and likelihood, sentence by sentence."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from whatworks.publish.methods.references import (
    ABSOLUTE,
    CERTAINTY,
    EFFECTS,
    RELATIVE,
    Slip,
    place,
    reference,
)
from whatworks.publish.methods.sentences import Span, paragraphs, sentences
from whatworks.publish.methods.wordlists import Wording
from whatworks.saying import said

NO_EFFECT = "none"  # the one state of an outcome that says that nothing worthwhile happens
TOLD = re.compile(
    r"\b(very[- ]low|low|moderate|high)[- ]certainty\b|\bcertainty (?:is|was|of) (very low|low|moderate|high)\b", re.I
)


@dataclass(frozen=True, slots=True)
class Fact:
    """What is known about a result that a text refers to.

    `side` is −1 or +1 where the whole interval lies below or above no effect, 0 where it crosses or none is held.
    `good` is +1 where more of the outcome is agreed to be good, −1 where less is, 0 for contact and neutral outcomes.
    `certainty` is high, moderate, low, very low, or empty where nobody has rated it. `held` are the numbers that may
    be inserted.
    """

    identifier: str
    name: str
    state: str
    side: int
    good: int = 0
    contact: bool = False
    safety: bool = False
    certainty: str = ""
    held: frozenset[str] = frozenset()


Facts = Mapping[str, Fact]


def inconsistencies(text: str, facts: Facts, rules: Wording) -> tuple[Slip, ...]:
    """Every place where the words of a text say other, more or less than the results it refers to."""
    found: list[Slip] = [*_banned(text, rules), *_unknown(text, facts)]
    near = paragraphs(text)
    for sentence in sentences(text):
        paragraph = next(one for one in near if one.start <= sentence.start < one.end)
        about = _facts(sentence, facts) or _facts(paragraph, facts)
        found += _claimed(text, sentence, about, rules)
        found += _nothing(text, sentence, about, rules)
        found += _likely(text, sentence, rules)
        found += _judged(text, sentence, facts, rules)
        found += _safe(text, sentence, [fact for one in near for fact in _facts(one, facts)], rules)
    for paragraph in near:
        found += _certain(text, paragraph, facts)
        found += _relative(text, paragraph, facts)
    return tuple(sorted(set(found), key=lambda one: (one.line, one.column, one.rule)))


def _facts(span: Span, facts: Facts) -> list[Fact]:
    return [facts[one.identifier] for one in span.references if one.identifier in facts]


def _slip(text: str, at: int, words: str, sentence: str, rule: str) -> Slip:
    return Slip(*place(text, at), words, sentence, rule)


def _banned(text: str, rules: Wording) -> Iterator[Slip]:
    for pattern, sentence in rules.banned:
        for match in pattern.finditer(text):
            yield _slip(text, match.start(), match[0], sentence.replace("{words}", match[0]), "wording")


def _unknown(text: str, facts: Facts) -> Iterator[Slip]:
    for one in (piece for span in paragraphs(text) for piece in span.references):
        fact = facts.get(one.identifier)
        if fact is None:
            said = f"{one.identifier} is no result that is held here; choose one from the list of results."
        elif one.what not in fact.held:
            said = f"“{one.what}” is not held for {fact.name}; held are {', '.join(sorted(fact.held)) or 'no numbers'}."
        else:
            continue
        yield Slip(one.line, one.column, one.text, said, "reference")


def _claimed(text: str, sentence: Span, about: Sequence[Fact], rules: Wording) -> Iterator[Slip]:
    for way, pattern in rules.claims.items():
        for match in pattern.finditer(sentence.text):
            before = sentence.text[: match.start()]
            if _frame(before, rules) not in ("unknown", "meant"):
                yield from _one_claim(text, sentence, match, way, about, rules)


def _frame(before: str, rules: Wording) -> str:
    """How a sentence leads up to a claim: that nobody knows, what is meant, what studies saw, probably, may; or nothing."""
    return next((name for name in rules.framed if rules.framed[name].search(before)), "")


def _one_claim(
    text: str, sentence: Span, match: re.Match[str], way: str, about: Sequence[Fact], rules: Wording
) -> Iterator[Slip]:
    words, at = match[0], sentence.start + match.start()
    if not about:
        said = (
            f"“{words}” says what happens, and no result stands beside it; insert the result it rests on, "
            "or say what it is meant to do."
        )
        yield _slip(text, at, words, said, "claim")
    frame = _frame(sentence.text[: match.start()], rules)
    for fact in dict.fromkeys(about):
        if said := _overstated(words, way, frame, fact):
            yield _slip(text, at, words, said, "claim")


def _overstated(words: str, way: str, frame: str, fact: Fact) -> str:
    """What is wrong with a claim about a result; empty where nothing is."""
    if fact.side == 0 or fact.state in ("uncertain", "mixed", "not-poolable", NO_EFFECT):
        return said(
            "“%(words)s” says more than the result on %(name)s, %(why)s; write that we cannot tell whether it does.",
            words=words,
            name=fact.name,
            why=_why(fact),
        )
    if way in ("good", "bad") and fact.good == 0:
        return said(
            "“%(words)s” takes a side, and %(name)s has no agreed good direction; say fewer or more.",
            words=words,
            name=fact.name,
        )
    if _points(way, fact) not in (0, fact.side):
        return said(
            "“%(words)s” says the opposite of the result on %(name)s; look at its range again.",
            words=words,
            name=fact.name,
        )
    if frame in HEDGES.get(fact.certainty, ("seen",)):
        return ""
    return said(
        "“%(words)s” sounds surer than the result on %(name)s; %(hedge)s.",
        words=words,
        name=fact.name,
        hedge=_hedge(fact),
    )


HEDGES: Mapping[str, tuple[str, ...]] = {
    "high": ("", "probably", "may", "seen"),
    "moderate": ("probably", "may", "seen"),
    "low": ("may", "seen"),
    "very low": (),
}


def _hedge(fact: Fact) -> str:
    if fact.certainty == "moderate":
        return said("its certainty is moderate, so write “probably”")
    if fact.certainty == "low":
        return said("its certainty is low, so write “may”")
    if fact.certainty == "very low":
        return said("its certainty is very low, so write that we cannot tell whether it does")
    return said("nobody has rated its certainty, so write what the studies so far saw")


def _why(fact: Fact) -> str:
    if fact.state == NO_EFFECT:
        return said("which is that there is no worthwhile effect")
    if fact.state in ("mixed", "not-poolable"):
        return said("whose studies cannot be put together or do not agree")
    return said("whose range goes from less to more") if fact.side == 0 else said("which is uncertain")


def _points(way: str, fact: Fact) -> int:
    return {"lower": -1, "higher": 1, "good": fact.good, "bad": -fact.good}.get(way, 0)


def _nothing(text: str, sentence: Span, about: Sequence[Fact], rules: Wording) -> Iterator[Slip]:
    for match in rules.no_effect.finditer(sentence.text):
        if _frame(sentence.text[: match.start()], rules) in ("unknown", "meant"):
            continue
        words, at = match[0], sentence.start + match.start()
        wrong = [fact for fact in about if fact.state != NO_EFFECT]
        if not about:
            said = f"“{words}” says what happens, and no result stands beside it; insert the result it rests on."
        elif wrong:
            said = (
                f"“{words}” is not what is known of {wrong[0].name}: no sign of an effect is not a sign of no effect; "
                "write that we cannot tell."
            )
        else:
            continue
        yield _slip(text, at, words, said, "no-effect")


def _safe(text: str, sentence: Span, about: Iterable[Fact], rules: Wording) -> Iterator[Slip]:
    if any(fact.safety for fact in about):
        return
    for match in rules.safe.finditer(sentence.text):
        if _frame(sentence.text[: match.start()], rules) not in ("unknown", "meant"):
            said = f"“{match[0]}” needs a result on children's safety in this text; insert one, or write that we do not know."
            yield _slip(text, sentence.start + match.start(), match[0], said, "safe")


def _likely(text: str, sentence: Span, rules: Wording) -> Iterator[Slip]:
    if any(one.what in ABSOLUTE for one in sentence.references):
        return
    for match in rules.probability.finditer(sentence.text):
        said = (
            f"“{match[0]}” means a different number to each reader; insert the number out of 100 in the same sentence."
        )
        yield _slip(text, sentence.start + match.start(), match[0], said, "likelihood")


def _judged(text: str, sentence: Span, facts: Facts, rules: Wording) -> Iterator[Slip]:
    if not any(fact.contact for fact in _facts(sentence, facts)) and not rules.contact.search(sentence.text):
        return
    for match in rules.judged.finditer(sentence.text):
        said = f"“{match[0]}” judges contact with services, which is fewer or more and neither good nor bad by itself."
        yield _slip(text, sentence.start + match.start(), match[0], said, "contact")


def _certain(text: str, paragraph: Span, facts: Facts) -> Iterator[Slip]:
    """An effect stands with how sure we are in the same paragraph; a certainty in words is the one that was recorded."""
    told = [
        " ".join((match[1] or match[2]).lower().replace("-", " ").split()) for match in TOLD.finditer(paragraph.text)
    ]
    named = {one.identifier for one in paragraph.references if one.what == CERTAINTY}
    for one in paragraph.references:
        fact = facts.get(one.identifier)
        if fact is None or one.what not in EFFECTS or one.identifier in named:
            continue
        if fact.certainty and told == [fact.certainty]:
            continue
        wanted = reference(one.identifier, CERTAINTY)
        said = f"A number stands with how sure we are: insert {wanted} into the same paragraph."
        yield Slip(one.line, one.column, one.text, said, "certainty")
    known = {fact.certainty for fact in _facts(paragraph, facts)}
    for match, level in zip(TOLD.finditer(paragraph.text), told, strict=True):
        if known and level not in known:
            said = (
                f"“{match[0]}” is not what was recorded for this result; insert its certainty from the list of results."
            )
            yield _slip(text, paragraph.start + match.start(), match[0], said, "certainty")


def _relative(text: str, paragraph: Span, facts: Facts) -> Iterator[Slip]:
    absolute = {one.identifier for one in paragraph.references if one.what in ABSOLUTE}
    for one in paragraph.references:
        fact = facts.get(one.identifier)
        if fact is None or one.what not in RELATIVE or one.identifier in absolute:
            continue
        if fact.held & ABSOLUTE:
            said = "A change in per cent says nothing without where it starts; insert the numbers out of 100 beside it."
        elif "starting" in paragraph.text or "where it starts" in paragraph.text:
            continue
        else:
            said = (
                "A change in per cent says nothing without where it starts, and that is not held; say in the same "
                "paragraph that the starting number is not known."
            )
        yield Slip(one.line, one.column, one.text, said, "relative")
