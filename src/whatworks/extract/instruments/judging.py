"""From answers to judgements by an instrument's own rules, with the reasons; people may override, saying why.

>>> from whatworks.extract.instruments import instrument
>>> found = judge(instrument("rob-2"), {"1.1": "Y", "1.2": "N"})
>>> found.domains[0].judgement, found.domains[0].trail[0]
('High', '1.2 No')
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from whatworks.errors import InputError
from whatworks.extract.instruments.form import (
    NOT_APPLICABLE,
    Conditions,
    Domain,
    Instrument,
    OverallRule,
    Question,
    Rule,
)
from whatworks.saying import said
from whatworks.stats.results import Result

OVERALL = "overall"
YES = ("Y",)


@dataclass(frozen=True, slots=True)
class Override(Result):
    """What people judge instead of what the rules give, and why. The reason may not be empty."""

    judgement: str
    reason: str


@dataclass(frozen=True, slots=True)
class Judgement(Result):
    """The judgement of one domain, or overall. computed: what the rules give; judgement: that, or what people say.

    Both are None while questions are open, or where the instrument leaves the judgement to people. trail: each answer
    that decided, then why; open: the questions still to be answered before the rules can say.
    """

    key: str
    name: str
    judgement: str | None
    computed: str | None
    reason: str
    trail: tuple[str, ...]
    open: tuple[str, ...]

    @property
    def overridden(self) -> bool:
        """Whether people said otherwise than the rules."""
        return bool(self.reason)


@dataclass(frozen=True, slots=True)
class Judged(Result):
    """An appraisal by the rules: the judgement of each domain in order, and overall."""

    instrument: str
    version: int
    domains: tuple[Judgement, ...]
    overall: Judgement

    @property
    def complete(self) -> bool:
        """Whether every domain and the overall have a judgement (the overall only where there is one)."""
        named = all(one.judgement is not None for one in self.domains)
        return named and (self.overall.judgement is not None or not self.overall.name)


def asked(instrument: Instrument, answers: Mapping[str, str]) -> tuple[Question, ...]:
    """The questions that apply after these answers, in order; those whose turn has not come yet are left out."""
    given = checked(instrument, answers)
    return tuple(
        question
        for domain in instrument.domains
        for question in domain.questions
        if applies(question, _known(domain, given))
    )


def judge(
    instrument: Instrument, answers: Mapping[str, str], overrides: Mapping[str, Override] | None = None
) -> Judged:
    """The judgements that follow from answers by question key (`Y`, `PN`, ... or their words).

    overrides: by domain key, or `overall`. Raises InputError for an unknown question, answer, domain or judgement, for
    an answer to a question that does not apply, and for an override without a reason.
    """
    given, instead = checked(instrument, answers), dict(overrides or {})
    known = {domain.key for domain in instrument.domains} | {OVERALL}
    for key, override in instead.items():
        if key not in known:
            raise InputError(
                said(
                    "%(key)s is no domain of %(instrument_key)s; override one of %(known)s.",
                    key=key,
                    instrument_key=instrument.key,
                    known=", ".join(sorted(known)),
                )
            )
        if not override.reason.strip():
            raise InputError(said("%(key)s: say why the judgement differs from what the rules give.", key=key))
    domains = tuple(_domain(instrument, domain, given, instead.get(domain.key)) for domain in instrument.domains)
    return Judged(instrument.key, instrument.version, domains, _overall(instrument, domains, instead.get(OVERALL)))


def checked(instrument: Instrument, answers: Mapping[str, str]) -> dict[str, str]:
    """The answers as keys; InputError for a question or an answer there is not. Empty answers count as not given."""
    words = {answer.word.casefold(): answer.key for answer in instrument.answers}
    questions = {question.key: question for question in instrument.questions}
    given = {}
    for key, answer in answers.items():
        if key not in questions:
            raise InputError(
                said(
                    "%(key)s is no question of %(instrument_key)s, version %(version)s.",
                    key=key,
                    instrument_key=instrument.key,
                    version=instrument.version,
                )
            )
        told = str(answer).strip()
        if not told or told == NOT_APPLICABLE:
            continue
        spelt = words.get(told.casefold(), told)
        allowed = instrument.answers_to(questions[key])
        if spelt not in allowed:
            raise InputError(
                said(
                    "%(key)s: '%(answer)s' is none of the answers %(allowed)s.",
                    key=key,
                    answer=answer,
                    allowed=", ".join(allowed),
                )
            )
        given[key] = spelt
    return given


def applies(question: Question, known: Mapping[str, str]) -> bool:
    """Whether a question is to be asked. Where an answer it depends on is missing, it is not its turn yet."""
    every = all(known.get(key) in answers for key, answers in question.only_if.items())
    some = any(known.get(key) in answers for key, answers in question.only_if_any.items())
    return every and (some or not question.only_if_any)


def _known(domain: Domain, given: Mapping[str, str]) -> dict[str, str]:
    """The domain's answers, with NA for a question that the answers before it rule out; InputError for one answered all
    the same."""
    known: dict[str, str] = {}
    for question in domain.questions:
        if applies(question, known):
            if question.key in given:
                known[question.key] = given[question.key]
        elif all(key in known for key in (*question.only_if, *question.only_if_any)) or _ruled_out(question, known):
            if question.key in given:
                raise InputError(
                    said("%(key)s does not apply after the answers before it; leave it empty.", key=question.key)
                )
            known[question.key] = NOT_APPLICABLE
    return known


def _ruled_out(question: Question, known: Mapping[str, str]) -> bool:
    return any(key in known and known[key] not in answers for key, answers in question.only_if.items())


def _domain(instrument: Instrument, domain: Domain, given: Mapping[str, str], override: Override | None) -> Judgement:
    known = _known(domain, given)
    computed: str | None = None
    trail: tuple[str, ...] = ()
    waiting: tuple[str, ...] = ()
    if domain.how == "rules":
        for part in domain.parts:
            gave, why, missing = first(part.rules, known)
            trail += _said(instrument, domain, why, known)
            if gave is None:
                waiting += missing
            else:
                known[part.key] = gave
        computed, why, missing = first(domain.rules, known)
        trail = tuple(dict.fromkeys(trail + _said(instrument, domain, why, known)))
        waiting += tuple(key for key in missing if key not in {part.key for part in domain.parts})
    elif domain.how:
        waiting = tuple(q.key for q in domain.questions if applies(q, known) and q.key not in known)
        computed = None if waiting else _counted_or_taken(instrument, domain, known)
        trail = tuple(_answer(instrument, key, known) for key in known)
    else:
        waiting = tuple(q.key for q in domain.questions if applies(q, known) and q.key not in known)
    return _settled(instrument, domain.key, domain.name, computed, trail, tuple(dict.fromkeys(waiting)), override)


def first(
    rules: Iterable[Rule], known: Mapping[str, str]
) -> tuple[str | None, tuple[Conditions, str], tuple[str, ...]]:
    """What the first rule that holds gives, its conditions and reason, and the questions open before it can be said.

    A rule is passed over only where an answer speaks against it; one that waits for an answer stops the search, since
    it might yet hold.
    """
    for rule in rules:
        if any(key in known and known[key] not in answers for key, answers in rule.when.items()):
            continue
        missing = tuple(key for key in rule.when if key not in known)
        if missing:
            return None, ({}, ""), missing
        return rule.gives, (rule.when, rule.because), ()
    return None, ({}, "The instrument leaves this to judgement."), ()


def _counted_or_taken(instrument: Instrument, domain: Domain, known: Mapping[str, str]) -> str:
    if domain.how == "count":
        return str(sum(answer in YES for answer in known.values()))
    answer = known[domain.questions[0].key]
    word = next((one.word for one in instrument.answers if one.key == answer), answer)
    return instrument.judgement(word) or instrument.judgement(answer) or answer


def _said(
    instrument: Instrument, domain: Domain, why: tuple[Conditions, str], known: Mapping[str, str]
) -> tuple[str, ...]:
    conditions, because = why
    questions = {question.key for question in domain.questions}
    answered = tuple(_answer(instrument, key, known) for key in conditions if key in questions)
    return (*answered, because) if because else answered


def _answer(instrument: Instrument, key: str, known: Mapping[str, str]) -> str:
    words = {answer.key: answer.word for answer in instrument.answers} | {NOT_APPLICABLE: "does not apply"}
    return f"{key} {words.get(known[key], known[key])}"


def _overall(instrument: Instrument, domains: tuple[Judgement, ...], override: Override | None) -> Judgement:
    if instrument.overall.none:
        if override is not None:
            raise InputError(
                said("%(key)s has no overall judgement, so there is none to override.", key=instrument.key)
            )
        return Judgement(OVERALL, "", None, None, "", (instrument.overall.says,), ())
    waiting = tuple(one.key for one in domains if one.judgement is None)
    computed: str | None = None
    trail: tuple[str, ...] = ()
    if not waiting:
        computed, trail = by_rule(instrument, domains) if instrument.overall.rules else _worst(instrument, domains)
    return _settled(instrument, OVERALL, "Overall", computed, trail, waiting, override, instrument.overall_words)


def by_rule(instrument: Instrument, domains: tuple[Judgement, ...]) -> tuple[str | None, tuple[str, ...]]:
    """The overall judgement by the instrument's rules, and why; None where no rule holds."""
    critical = {domain.key for domain in instrument.domains if domain.critical}
    for rule in instrument.overall.rules:
        held = [one.key for one in domains if one.judgement in rule.judged and _among(one.key, critical, rule)]
        if len(held) >= rule.at_least:
            return rule.gives, ((f"{', '.join(held)}: {rule.because}") if held else rule.because,)
    return None, ("The instrument leaves this to judgement.",)


def _among(key: str, critical: set[str], rule: OverallRule) -> bool:
    return rule.among == "all" or (key in critical) is (rule.among == "critical")


def _worst(instrument: Instrument, domains: tuple[Judgement, ...]) -> tuple[str | None, tuple[str, ...]]:
    order = instrument.judgements
    ranked = [one for one in domains if one.judgement in order]
    silent = [one.key for one in domains if one.judgement == instrument.overall.no_information]
    worst = max((order.index(str(one.judgement)) for one in ranked), default=0)
    if silent and order[worst] not in instrument.overall.no_information_unless:
        return instrument.overall.no_information, (f"{', '.join(silent)} had no information, and no domain is bad.",)
    held = [one.key for one in ranked if one.judgement == order[worst]]
    trail = [f"The worst domain decides: {order[worst]} in {', '.join(held)}."]
    trail += [
        f"{len(held)} domains are {more.worst}: people may say {more.overall}, giving the reason."
        for more in instrument.overall.may_be_worse
        if more.worst == order[worst] and len(held) >= more.domains
    ]
    return order[worst], tuple(trail)


def _settled(
    instrument: Instrument,
    key: str,
    name: str,
    computed: str | None,
    trail: tuple[str, ...],
    waiting: tuple[str, ...],
    override: Override | None,
    words: tuple[str, ...] = (),
) -> Judgement:
    if override is None:
        return Judgement(key, name, computed, computed, "", trail, waiting)
    allowed = words or instrument.allowed
    spelt = {word.casefold(): word for word in allowed}.get(" ".join(override.judgement.split()).casefold())
    if spelt is None:
        raise InputError(
            said(
                "%(key)s: '%(judgement)s' is none of %(allowed)s.",
                key=key,
                judgement=override.judgement,
                allowed=", ".join(allowed),
            )
        )
    told = f"People judged {spelt}" + (f" instead of {computed}" if computed not in (None, spelt) else "")
    return Judgement(
        key, name, spelt, computed, override.reason.strip(), (*trail, f"{told}: {override.reason}"), waiting
    )
