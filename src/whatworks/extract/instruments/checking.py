"""What a filled-in instrument says that the instrument does not allow, such as an overall better than its worst domain."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from whatworks.extract.instruments.form import Instrument
from whatworks.extract.instruments.judging import Judgement, by_rule


@dataclass(frozen=True, slots=True)
class Problem:
    """Something the instrument does not allow: in which domain (or `overall`), and a sentence."""

    where: str
    sentence: str


def problems_of(held: Instrument, domains: Mapping[str, str], overall: str) -> list[Problem]:
    """What this instrument does not allow in these judgements; empty when it allows all."""
    judged, problems = _domains(held, domains)
    if held.overall.none:
        says = f"{held.title.split(':')[0]} has no overall judgement; leave it empty."
        return [*problems, Problem("overall", says)] if overall.strip() else problems
    word = held.overall_judgement(overall)
    if word is None:
        return [*problems, Problem("overall", f"'{overall}' is no judgement of {held.title.split(':')[0]}.")]
    by_rule = _against_rules(held, judged, word) if held.overall.rules else _overall(held, judged, word)
    return problems + by_rule


def _against_rules(held: Instrument, judged: Mapping[str, str], overall: str) -> list[Problem]:
    if len(judged) < len(held.domains):
        return []
    rows = tuple(Judgement(key, key, word, word, "", (), ()) for key, word in judged.items())
    computed, _ = by_rule(held, rows)
    if computed in (None, overall):
        return []
    return [Problem("overall", f"Overall is {overall}, but the domains give {computed}; say why it differs.")]


def _domains(held: Instrument, given: Mapping[str, str]) -> tuple[dict[str, str], list[Problem]]:
    known = {domain.key: domain for domain in held.domains}
    problems = [
        Problem(key, f"'{key}' is no domain of {held.title.split(':')[0]}.") for key in given if key not in known
    ]
    judged: dict[str, str] = {}
    for key, domain in known.items():
        word = given.get(key, "")
        spelt = held.judgement(word)
        if spelt is not None:
            judged[key] = spelt
        elif word.strip():
            problems.append(Problem(key, f"{domain.name}: '{word}' is none of {', '.join(held.allowed)}."))
        else:
            problems.append(Problem(key, f"{domain.name}: no judgement is recorded."))
    return judged, problems


def _overall(held: Instrument, judged: Mapping[str, str], overall: str) -> list[Problem]:
    ranked = [held.judgements.index(word) for word in judged.values() if word in held.judgements]
    if overall == held.overall.no_information:
        return _without_information(held, judged)
    if not ranked:
        return []
    worst = held.judgements[max(ranked)]
    shared = ranked.count(max(ranked))
    step = held.judgements.index(overall) - max(ranked)
    if step < 0:
        return [Problem("overall", f"Overall is {overall}, better than the worst domain, which is {worst}.")]
    opened = {more.overall for more in held.overall.may_be_worse if more.worst == worst and shared >= more.domains}
    if step > 0 and overall not in opened:
        return [Problem("overall", f"Overall is {overall}, worse than {worst}, the worst domain, without cause to be.")]
    if overall == held.judgements[0] and held.overall.no_information in judged.values():
        return [Problem("overall", f"Overall is {overall}, but a domain says {held.overall.no_information}.")]
    return []


def _without_information(held: Instrument, judged: Mapping[str, str]) -> list[Problem]:
    bad = [word for word in judged.values() if word in held.overall.no_information_unless]
    if bad:
        return [Problem("overall", f"Overall says {held.overall.no_information}, but a domain is {bad[0]}.")]
    if held.overall.no_information not in judged.values():
        return [Problem("overall", f"Overall says {held.overall.no_information}, but every domain was judged.")]
    return []
