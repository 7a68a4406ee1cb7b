"""How secure the result of one trial is, as people judged it: the padlocks with every rule, as the study's page shows them."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from whatworks.extract.models import Study
from whatworks.rate.judged import PADLOCK, Judged, judged_about, taken_back
from whatworks.rate.methods.engine import Outcome
from whatworks.rate.methods.inputs import blanks, shown
from whatworks.rate.methods.scheme import Rule, Scheme


def padlock_of(study: Study) -> dict[str, Any] | None:
    """The approved padlocks of a study; that they were taken back, where they were; None where nobody approved any."""
    found = judged_about([study.pk], PADLOCK)
    if found:
        return _rated(found[0])
    gone = taken_back(study.pk, PADLOCK)
    return {"gone": gone} if gone else None


def _rated(one: Judged) -> dict[str, Any]:
    outcome, scheme = one.outcome, one.scheme
    return {
        "word": one.word,
        "meaning": scheme.levels[one.level].meaning,
        "standing": one.stands.words,
        "override": one.stands.reason,
        "scheme": [{"link": scheme.title, "href": f"/standards/{scheme.key}/{scheme.version}/"}],
        "version": scheme.version,
        "rules": _rules(scheme, outcome) if outcome else None,
        "reasons": _reasons(one),
        "missing": [_plain(scheme, name) for name in outcome.missing] if outcome else [],
        "changes": [change.sentence for change in outcome.would_change] if outcome else [],
        "overridden": one.stands.overridden,
    }


def _rules(scheme: Scheme, outcome: Outcome) -> dict[str, Any]:
    """Every rule as it was asked: what it looked at, whether it held, and what it did."""
    rules = {rule.id: rule for rule in scheme.rules}
    rows = []
    for step in outcome.trail:
        names = dict.fromkeys(_looked_at(rules[step.rule]))
        asked = [
            f"{_plain(scheme, name)}: {shown(scheme.inputs[name], outcome.told.values.get(name))}" for name in names
        ]
        held = _("cannot be said") if step.fired is None else _("yes") if step.fired else _("no")
        level = scheme.word(step.level) if step.level else ""
        rows.append([step.sentence, "; ".join(asked) or _("nothing"), held, step.effect, level])
    head = [_("Rule"), _("What it looked at"), _("Held"), _("What it did"), _("Level after it")]
    caption = _("Every rule in the order in which it was asked.")
    return {"type": "table", "caption": caption, "head": head, "rows": rows}


def _looked_at(rule: Rule) -> tuple[str, ...]:
    """The inputs that a rule asks about; of a rule that always holds, those that it tells of."""
    return rule.when.names() or blanks(rule.sentence)


def _reasons(one: Judged) -> dict[str, Any] | None:
    rows = [[words, said, why or _("none given")] for words, said, why in one.reasons()]
    head = [_("Question"), _("Agreed answer"), _("Reason")]
    caption = _("What two raters agreed on, and why.")
    return {"type": "table", "caption": caption, "head": head, "rows": rows} if rows else None


def _plain(scheme: Scheme, name: str) -> str:
    return scheme.inputs[name].words.removeprefix("a judgement of ")
