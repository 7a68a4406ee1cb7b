"""What an instrument file may hold: domains, signalling questions, and the rules that lead from answers to judgements."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

Conditions = dict[str, tuple[str, ...]]
NOT_APPLICABLE = "NA"


class _Form(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Answer(_Form):
    """One answer that questions allow: a short key and the word for it."""

    key: str = Field(min_length=1)
    word: str = Field(min_length=1)


class Question(_Form):
    """One signalling question, in our own plain words. It is asked only if all of `only_if` hold, and any of
    `only_if_any`; else its answer is NA. answers: the keys it allows, by default all of the instrument's."""

    key: str = Field(min_length=1)
    text: str = Field(min_length=1)
    answers: tuple[str, ...] = ()
    only_if: Conditions = {}
    only_if_any: Conditions = {}


class Rule(_Form):
    """Where every question of `when` has one of these answers, the judgement is `gives`, because. First rule wins."""

    when: Conditions = {}
    gives: str
    because: str = Field(min_length=1)


class Part(_Form):
    """A step within a domain: what its rules give can be asked for by its key in later rules, like an answer."""

    key: str = Field(min_length=1)
    rules: tuple[Rule, ...] = Field(min_length=1)


class Domain(_Form):
    """One way in which a result can be bent: a key, our own short name, and what the tool calls it.

    how: `rules` leads from the answers by rule; `count` gives how many questions are answered Y; `take` takes the
    answer to its one question as the judgement; nothing leaves the judgement to people. critical: weighs more.
    """

    key: str = Field(min_length=1)
    name: str = Field(min_length=1)
    of: str = Field(min_length=1)
    critical: bool = False
    how: Literal["", "rules", "count", "take"] = ""
    questions: tuple[Question, ...] = ()
    parts: tuple[Part, ...] = ()
    rules: tuple[Rule, ...] = ()


class MayBeWorse(_Form):
    """Where so many domains share the worst judgement, the overall one may be this instead."""

    worst: str
    domains: int = Field(ge=1)
    overall: str


class OverallRule(_Form):
    """Where at least so many domains (critical ones, others, or all) have one of these judgements, the overall is this."""

    gives: str
    at_least: int = Field(default=0, ge=0)
    judged: tuple[str, ...] = ()
    among: Literal["all", "critical", "other"] = "all"
    because: str = Field(min_length=1)


class Overall(_Form):
    """How the overall judgement follows from the domains.

    judgements: its own words, best first, where they are not the domains'. rules: in order, the first that holds;
    without them it is the worst domain. none: the instrument has no overall judgement.
    """

    says: str
    judgements: tuple[str, ...] = ()
    rules: tuple[OverallRule, ...] = ()
    none: bool = False
    may_be_worse: tuple[MayBeWorse, ...] = ()
    no_information: str = ""
    no_information_unless: tuple[str, ...] = ()


class Source(_Form):
    """Where a part comes from. What nobody has checked says `unconfirmed = true`."""

    says: str
    where: str = ""
    mark: Literal["seen", "memory", "ours"]
    unconfirmed: bool = False
    note: str = ""

    @model_validator(mode="after")
    def _says_so(self) -> Self:
        if self.unconfirmed is not (self.mark == "memory") or (
            self.unconfirmed and "unconfirmed text" not in self.note
        ):
            raise ValueError(
                "a source from memory, and only that, says unconfirmed = true with the note 'unconfirmed text'"
            )
        return self


class Instrument(_Form):
    """A versioned instrument: what it judges, its domains, the judgements allowed (best first), the overall rule."""

    key: str = Field(pattern=r"^[a-z][a-z0-9-]*$")
    version: int = Field(ge=1)
    title: str
    also_called: tuple[str, ...] = ()
    judges: str
    judgements: tuple[str, ...] = Field(min_length=2)
    beside: tuple[str, ...] = ()
    answers: tuple[Answer, ...] = ()
    domains: tuple[Domain, ...] = Field(min_length=1)
    overall: Overall
    sources: tuple[Source, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        for problem in self._problems():
            raise ValueError(problem)
        return self

    def _problems(self) -> Iterator[str]:
        if len({domain.key for domain in self.domains}) < len(self.domains):
            yield "two domains share a key"
        named = [
            *self.overall.no_information_unless,
            *(w for m in self.overall.may_be_worse for w in (m.worst, m.overall)),
        ]
        for judgement in named:
            if judgement not in self.judgements:
                yield f"overall: '{judgement}' is no judgement of this instrument"
        for rule in self.overall.rules:
            if rule.gives not in self.overall_words:
                yield f"overall: '{rule.gives}' is no overall judgement of this instrument"
            if unknown := set(rule.judged) - set(self.allowed):
                yield f"overall: '{min(unknown)}' is no judgement of a domain"
        for domain in self.domains:
            yield from self._domain_problems(domain)

    def _domain_problems(self, domain: Domain) -> Iterator[str]:
        keys = [one.key for one in domain.questions]
        if len(set(keys)) < len(keys):
            yield f"{domain.key}: two questions share a key"
        known = {one.key: (*self.answers_to(one), NOT_APPLICABLE) for one in domain.questions}
        for one in domain.questions:
            for conditions in (one.only_if, one.only_if_any):
                yield from _unknown(domain.key, conditions, known)
            if unknown := set(one.answers) - {answer.key for answer in self.answers}:
                yield f"{domain.key}: question {one.key} allows the unknown answer '{min(unknown)}'"
        for part in domain.parts:
            for rule in part.rules:
                yield from _unknown(domain.key, rule.when, known)
            known[part.key] = tuple(rule.gives for rule in part.rules)
        for rule in domain.rules:
            yield from _unknown(domain.key, rule.when, known)
            if rule.gives not in self.allowed:
                yield f"{domain.key}: '{rule.gives}' is no judgement of this instrument"
        if bool(domain.rules) is not (domain.how == "rules"):
            yield f"{domain.key}: rules are there if and only if how = 'rules'"

    @property
    def allowed(self) -> tuple[str, ...]:
        """Every judgement a domain may have: the ranked ones, then those that stand beside the ranking."""
        more = (self.overall.no_information,) if self.overall.no_information else ()
        return (*self.judgements, *self.beside, *more)

    @property
    def overall_words(self) -> tuple[str, ...]:
        """Every judgement the overall may have."""
        return self.overall.judgements or self.allowed

    @property
    def unconfirmed(self) -> bool:
        """Whether any part rests on a text that nobody has checked: then no conformance may be claimed."""
        return any(source.unconfirmed for source in self.sources)

    @property
    def questions(self) -> tuple[Question, ...]:
        """Every signalling question, in order; none where the instrument holds judgements only."""
        return tuple(question for domain in self.domains for question in domain.questions)

    def answers_to(self, question: Question) -> tuple[str, ...]:
        """The answers this question allows."""
        return question.answers or tuple(answer.key for answer in self.answers)

    def judgement(self, word: str) -> str | None:
        """A domain's judgement as the instrument spells it, or None where it is none of them."""
        return _spelt(word, self.allowed)

    def overall_judgement(self, word: str) -> str | None:
        """The overall judgement as the instrument spells it, or None where it is none of them."""
        return _spelt(word, self.overall_words)


def _spelt(word: str, words: tuple[str, ...]) -> str | None:
    spelt = {allowed.casefold(): allowed for allowed in words}
    return spelt.get(" ".join(word.split()).casefold())


def _unknown(domain: str, conditions: Conditions, known: dict[str, tuple[str, ...]]) -> Iterator[str]:
    for key, answers in conditions.items():
        if key not in known:
            yield f"{domain}: a condition asks for '{key}', which is no question before it"
        elif wrong := set(answers) - set(known[key]):
            yield f"{domain}: a condition asks for '{min(wrong)}', which is no answer to {key}"
