"""A protocol in words, and what changed from one version to the next."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from whatworks.collate.models import Report
from whatworks.people.naming import names
from whatworks.screen.methods.protocol import (
    LEARNING,
    MODES,
    ORDERS,
    SETTLING,
    STOPPING,
    USUAL,
    Rules,
    changes,
    read_rules,
)
from whatworks.screen.methods.stop_words import percent
from whatworks.screen.models import Protocol, Review

TITLES = {
    "question": gettext_lazy("The question"),
    "criteria": gettext_lazy("Criteria"),
    "reasons": gettext_lazy("Reasons to leave a full text out"),
    "terms_for": gettext_lazy("Words that speak for a report"),
    "terms_against": gettext_lazy("Words that speak against a report"),
    "title": gettext_lazy("Who decides on title and abstract"),
    "full_text": gettext_lazy("Who decides at full text"),
    "settling": gettext_lazy("If two people differ"),
    "order": gettext_lazy("Order of reading"),
    "learner": gettext_lazy("What learns the order"),
    "share": gettext_lazy("Random sample"),
    "seeds": gettext_lazy("Studies known to belong in"),
    "stopping": gettext_lazy("When reading may stop"),
    "target": gettext_lazy("Share of the relevant reports to find"),
    "confidence": gettext_lazy("How sure to be"),
    "seed": gettext_lazy("Seed of the lots"),
}
NONE = gettext_lazy("None")


def worded(rules: Rules, name: str) -> str:
    """What the rules say of one thing, in words."""
    value = getattr(rules, name)
    if name in ("title", "full_text"):
        return MODES[value.mode]
    if name == "learner":
        return LEARNING[value or USUAL]
    for field, known in (("order", ORDERS), ("settling", SETTLING), ("stopping", STOPPING)):
        if name == field:
            return known[value]
    if name in ("share", "target", "confidence"):
        return percent(value)
    if name == "criteria":
        return "; ".join(_criterion(one.name, one.include, one.exclude) for one in value) or NONE
    if name == "seeds":
        return "; ".join(titles_of(value)) or NONE
    return "; ".join(value) or NONE if isinstance(value, tuple) else str(value)


def _criterion(name: str, include: str, exclude: str) -> str:
    said = [_("in: %(what)s") % {"what": include}] if include else []
    said += [_("out: %(what)s") % {"what": exclude}] if exclude else []
    return f"{name} ({', '.join(said)})"


def titles_of(reports: tuple[str, ...]) -> list[str]:
    """The titles of these reports, those that are not here by their identifiers."""
    known = dict(Report.objects.filter(pk__in=reports).values_list("pk", "title"))
    return [known.get(one, one) for one in reports]


def protocol_page(review: Review) -> dict[str, Any]:
    """The protocol in force, and each version with what changed, the newest first."""
    rows = list(review.protocols.order_by("number"))
    known = names(one.by for one in rows)
    versions, before = [], None
    for one in rows:
        versions.append(_version(one, before, known[one.by]))
        before = read_rules(one.rules)
    if before is None:
        return {"rules": None, "facts": [], "versions": []}
    plain = [name for name in TITLES if name not in ("question", "criteria", "seed")]
    facts = [(TITLES[name], worded(before, name)) for name in plain]
    return {"rules": before, "facts": facts, "versions": versions[::-1]}


def _version(one: Protocol, before: Rules | None, who: str) -> dict[str, Any]:
    rules = read_rules(one.rules)
    changed = changes(before, rules) if before else []
    return {
        "number": one.number,
        "who": who,
        "at": one.at,
        "why": one.why,
        "changes": [
            {"title": TITLES[name], "old": worded(before, name), "new": worded(rules, name)}
            for name in changed
            if before is not None
        ],
    }
