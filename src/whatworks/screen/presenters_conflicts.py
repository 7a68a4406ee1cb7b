"""Conflicts in words: blind while they are open, with names once they are settled."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from whatworks.screen.methods.protocol import FULL_TEXT, Rules
from whatworks.screen.models import Candidate, Opinion, Remark, Review
from whatworks.screen.models.queue import CandidateQuerySet
from whatworks.screen.models.saying import OpinionQuerySet
from whatworks.screen.presenters_screening import records
from whatworks.screen.presenters_stages import named
from whatworks.screen.reckoning import AGREED
from whatworks.screen.reviewing import may_lead

SAYS = {
    Opinion.INCLUDE: gettext_lazy("belongs in"),
    Opinion.EXCLUDE: gettext_lazy("does not belong in"),
    Opinion.MAYBE: gettext_lazy("is not sure"),
}
SAID = SAYS | {Opinion.WITHDRAWN: gettext_lazy("took it back")}
DECIDED = {Candidate.INCLUDE: gettext_lazy("It belongs in."), Candidate.EXCLUDE: gettext_lazy("It does not belong in.")}
NUMBERS = {1: gettext_lazy("one"), 2: gettext_lazy("two"), 3: gettext_lazy("three")}
BY_SEVERAL = gettext_lazy("what several people said together")
COLLEAGUE = gettext_lazy("Somebody of the team")


def open_conflicts(review: Review, stage: str = "") -> CandidateQuerySet:
    """The conflicts that wait, near-identical reports once, in the order in which they came up."""
    rows = Candidate.objects.filter(review=review, state=Candidate.CONFLICT, as_one=None).select_related("report")
    return (rows.filter(stage=stage) if stage else rows).order_by("-stage", "number")


def listed(rows: Sequence[Candidate], actor: str) -> list[dict[str, Any]]:
    """Conflicts as a list shows them: what was said, and by nobody in particular."""
    said: dict[str, list[Opinion]] = {row.pk: [] for row in rows}
    for one in opinions_on(said):
        said.setdefault(one.candidate.same_as_id or one.candidate_id, []).append(one)
    return [
        {
            "candidate": row,
            "words": difference(said[row.pk]),
            "mine": any(one.by == actor for one in said[row.pk]),
        }
        for row in rows
    ]


def opinions_on(candidates: Iterable[str]) -> OpinionQuerySet:
    """The opinions that count on these candidates and on their duplicates."""
    wanted = list(candidates)
    rows = Opinion.objects.current().filter(Q(candidate__in=wanted) | Q(candidate__same_as__in=wanted))
    return rows.select_related("candidate").order_by("at", "pk")


def difference(said: Sequence[Opinion]) -> str:
    """What was said, without who said it.

    >>> from types import SimpleNamespace as one
    >>> difference([one(decision="include"), one(decision="exclude")])
    'One says it belongs in, one says it does not belong in.'
    """
    words = {
        Opinion.INCLUDE: _("it belongs in"),
        Opinion.EXCLUDE: _("it does not belong in"),
        Opinion.MAYBE: _("maybe"),
    }
    counts = {key: sum(one.decision == key for one in said) for key in words}
    told = [
        ngettext("%(number)s says %(words)s", "%(number)s say %(words)s", n)
        % {"number": NUMBERS.get(n, str(n)), "words": words[key]}
        for key, n in counts.items()
        if n
    ]
    text = ", ".join(told)
    return f"{text[:1].upper()}{text[1:]}." if text else _("Nobody has an opinion on it now.")


def letters(candidate: Candidate, people: Iterable[str]) -> dict[str, str]:
    """A letter for each person on this candidate: the same on every visit, telling neither who it is nor who was first."""
    drawn = sorted(set(people), key=lambda who: hashlib.sha256(f"{candidate.pk}{who}".encode()).hexdigest())
    return {who: _("Screener %(value)s") % {"value": chr(ord("A") + at % 26)} for at, who in enumerate(drawn)}


def conflict_page(candidate: Candidate, rules: Rules, actor: str) -> dict[str, Any]:
    """One conflict, or how it was settled."""
    said = list(opinions_on([candidate.pk]))
    is_open = candidate.state == Candidate.CONFLICT
    settled = candidate.state in DECIDED
    mine = next((one for one in reversed(said) if one.by == actor), None)
    record = records([candidate], by=actor, terms=(rules.terms_for, rules.terms_against))[0]
    blind = letters(candidate, (one.by for one in said))
    return {
        "candidate": candidate,
        "record": record,
        "rules": rules,
        "full": candidate.stage == FULL_TEXT,
        "open": is_open,
        "settled": settled,
        "words": difference(said) if is_open else _standing(candidate),
        "said": sorted((_blind(one, blind, actor) for one in said), key=lambda one: one["who"]) if is_open else [],
        "remarks": _remarks(candidate, actor, None if settled else blind) if is_open or settled else [],
        "history": _history(candidate) if settled else [],
        "mine": mine,
        "may_change": is_open and mine is not None and not mine.third,
        "may_decide": is_open and may_decide(candidate, rules, actor),
        "why_not": why_not(candidate, rules, actor) if is_open else "",
    }


def _standing(candidate: Candidate) -> str:
    if candidate.state in DECIDED:
        reason = candidate.judgement.reason if candidate.judgement else ""
        return f"{DECIDED[candidate.state]}" + (_(" The reason: %(reason)s.") % {"reason": reason} if reason else "")
    return _("This is not in conflict. What was said about it stays closed until everybody who is to has spoken.")


def _blind(one: Opinion, blind: dict[str, str], actor: str) -> dict[str, Any]:
    who = _("%(who)s (you)") % {"who": blind[one.by]} if one.by == actor else blind[one.by]
    return {"who": who, "says": SAYS[one.decision], "reason": one.reason, "note": one.note}


def _remarks(candidate: Candidate, actor: str, blind: dict[str, str] | None) -> list[dict[str, Any]]:
    """What was written to the others: by letters while it is open, by names afterwards."""
    rows = list(Remark.objects.filter(Q(candidate=candidate) | Q(candidate__same_as=candidate)).order_by("at", "pk"))
    called = (
        named({one.by for one in rows}) if blind is None else {one.by: blind.get(one.by, COLLEAGUE) for one in rows}
    )
    return [
        {
            "who": _("%(who)s (you)") % {"who": called[one.by]} if one.by == actor else called[one.by],
            "text": one.text,
            "at": one.at,
        }
        for one in rows
    ]


def _history(candidate: Candidate) -> list[dict[str, Any]]:
    """Everything that was ever said, by whom and when, and what it came to."""
    rows = Opinion.objects.filter(Q(candidate=candidate) | Q(candidate__same_as=candidate)).order_by("at", "pk")
    called = named({one.by for one in rows})
    return [
        {
            "who": called[one.by],
            "says": SAID[one.decision],
            "third": one.third,
            "again": one.number > 1 and not one.third and one.decision != Opinion.WITHDRAWN,
            "reason": one.reason,
            "note": one.note,
            "at": one.at,
        }
        for one in rows
    ]


def decided_by(candidate: Candidate) -> str:
    """Whose word the decision is."""
    if candidate.judgement is None:
        return ""
    by = candidate.judgement.by
    return BY_SEVERAL if by == AGREED else named([by])[by]


def why_not(candidate: Candidate, rules: Rules, actor: str) -> str:
    """Why this person cannot decide between the others; nothing where they can."""
    if may_lead(candidate.review_id, actor):
        return ""
    if opinions_on([candidate.pk]).filter(by=actor).exists():
        return _("You are one of those who differ. You can change your mind, or leave it to somebody else.")
    if rules.settling != "third":
        return _("Those who differ talk it over here; a lead decides where they cannot agree.")
    return ""


def may_decide(candidate: Candidate, rules: Rules, actor: str) -> bool:
    """Whether this person may decide between the others."""
    return not why_not(candidate, rules, actor)
