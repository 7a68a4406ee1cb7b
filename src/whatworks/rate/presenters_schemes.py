"""A rating scheme as its page shows it: what it rates, what it asks, its rules in order, and where it comes from."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from whatworks.rate.methods.scheme import Input, Level, Rule, Scheme, Source
from whatworks.rate.methods.self_check import MET, OPEN, Prospect, SelfCheck
from whatworks.rate.schemes import newest_schemes, schemes

MARKS = {
    "seen": gettext_lazy("Read at its source."),
    "memory": gettext_lazy("Text not confirmed: nobody here has checked it against the original."),
    "ours": gettext_lazy("Our own choice."),
}
EFFECTS = {
    "set": gettext_lazy("sets the level"),
    "lower": gettext_lazy("lowers it"),
    "raise": gettext_lazy("raises it"),
    "cap": gettext_lazy("limits it"),
    "note": gettext_lazy("is noted"),
}
STANDINGS = {
    MET: ("met", gettext_lazy("Met already, whatever is still open.")),
    OPEN: ("open", gettext_lazy("Open: it can still be met.")),
}
OUT = ("out", gettext_lazy("Out of reach with these answers."))


def listed() -> list[dict[str, Any]]:
    """Every scheme in its newest version."""
    return [
        {
            "key": one.key,
            "title": one.title,
            "about": _("Rates %(rates)s. Standing: %(standing)s.") % {"rates": one.rates, "standing": one.standing},
            "unconfirmed": one.unconfirmed,
            "check": bool(one.ladder),
        }
        for one in newest_schemes()
    ]


def scheme_page(scheme: Scheme) -> dict[str, Any]:
    """One version of a scheme, whole."""
    versions = [one.version for one in schemes() if one.key == scheme.key]
    return {
        "key": scheme.key,
        "title": scheme.title,
        "version": scheme.version,
        "others": [number for number in reversed(versions) if number != scheme.version],
        "newest": scheme.version == max(versions),
        "about": " ".join(scheme.about.split()),
        "rates": scheme.rates,
        "standing": scheme.standing,
        "unconfirmed": scheme.unconfirmed,
        "check": bool(scheme.ladder),
        "levels": _levels(scheme),
        "inputs": [_input(one) for one in scheme.inputs.values()],
        "rules": [_rule(scheme, number, one) for number, one in enumerate(scheme.rules, 1)],
        "sources": [_source(one) for one in scheme.sources],
        "digest": scheme.digest,
    }


def _levels(scheme: Scheme) -> dict[str, Any]:
    held = sorted(scheme.levels.values(), key=lambda one: (one.rank is None, -(one.rank or 0)))
    rows = [[one.word, _place(one, scheme), one.meaning] for one in held]
    return {
        "caption": _("What it can say, highest first"),
        "head": [_("It says"), _("Place"), _("Which means")],
        "rows": rows,
    }


def _place(level: Level, scheme: Scheme) -> str:
    if level.rank is None:
        return _("stands beside") if scheme.ladder else _("no order")
    return _("%(ladder)s of %(ladder_2)s") % {
        "ladder": scheme.ladder.index(level.key) + 1,
        "ladder_2": len(scheme.ladder),
    }


def _input(one: Input) -> dict[str, Any]:
    return {
        "words": _capital(one.words.removeprefix("a judgement of ")),
        "meaning": one.meaning,
        "choices": list(one.choices.values()),
        "judged": one.judged,
    }


def _rule(scheme: Scheme, number: int, rule: Rule) -> dict[str, Any]:
    level = f" ({scheme.word(rule.effect.level)})" if rule.effect.level else ""
    asks = dict.fromkeys(scheme.inputs[name].words.removeprefix("a judgement of ") for name in rule.when.names())
    return {
        "number": number,
        "asks": ", ".join(asks) or _("nothing: it always holds"),
        "does": EFFECTS[rule.effect.kind] + level,
        "person": rule.person,
        "final": rule.final,
    }


def _source(one: Source) -> dict[str, Any]:
    address = one.where if one.where.startswith("https://") else ""
    return {
        "says": one.says,
        "href": address,
        "where": "" if address else one.where,
        "mark": MARKS[one.mark],
        "unconfirmed": one.unconfirmed,
    }


def check_page(found: SelfCheck) -> dict[str, Any]:
    """What a plan could come to, level by level, and what each level asks."""
    return {
        "now": found.outcome.word if found.outcome.level else "",
        "answered": len(found.outcome.told.values),
        "unanswered": [found.scheme.inputs[name].words.removeprefix("a judgement of ") for name in found.unanswered],
        "prospects": [_prospect(one) for one in found.prospects],
    }


def _prospect(one: Prospect) -> dict[str, Any]:
    css, words = STANDINGS.get(one.standing, OUT)
    needs = one.needs or one.instead
    lead = _("Each of these must hold:") if one.needs else _("To reach it, these answers would have to change:")
    return {
        "word": one.word,
        "css": css,
        "standing": words,
        "lead": lead if needs else "",
        "needs": [need.sentence() for need in needs],
    }


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
