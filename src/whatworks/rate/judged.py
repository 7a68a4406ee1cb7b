"""What people judged and an approver signed off about a study, a review or an intervention: level, reasons, standing. Reads only."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from whatworks.errors import InputError
from whatworks.rate.methods.asking import followed
from whatworks.rate.methods.engine import Outcome
from whatworks.rate.methods.inputs import shown
from whatworks.rate.methods.profile import DIMENSIONS, best_of
from whatworks.rate.methods.scheme import Scheme
from whatworks.rate.models import Revocation, Signoff
from whatworks.rate.moderating import TWO_RATERS
from whatworks.rate.schemes import load_scheme
from whatworks.rate.standing import Standing, day, standing_by
from whatworks.saying import said
from whatworks.screen.models import Review

PADLOCK, CERQUAL = "eef-trial-padlock", "cerqual"


@dataclass(frozen=True, slots=True)
class Judged:
    """One approved judgement of a thing by one version of a scheme.

    outcome: what the scheme's rules make of the agreed answers, with its trail; None where the answers contradict.
    stands: the level that counts, in words how it came about, and why people gave another level than the rules.
    """

    about: str
    title: str
    scheme: Scheme
    level: str
    stands: Standing
    answers: Mapping[str, Mapping[str, Any]]
    outcome: Outcome | None

    @property
    def word(self) -> str:
        """The level in the scheme's words."""
        return self.scheme.word(self.level)

    @property
    def because(self) -> tuple[str, ...]:
        """The rules that fired, a sentence each."""
        return tuple(step.sentence for step in self.outcome.trail if step.fired) if self.outcome else ()

    def reasons(self) -> list[tuple[str, str, str]]:
        """What was agreed on each question: its words, the answer, and the reason that was given."""
        asked = [(self.scheme.inputs[name], one) for name, one in self.answers.items() if name in self.scheme.inputs]
        return [(_named(one.words), _said(one, given), str(given.get("reason", ""))) for one, given in asked]


def _named(words: str) -> str:
    plain = words.removeprefix("a judgement of ")
    return plain[:1].upper() + plain[1:]


def _said(declared: Any, given: Mapping[str, Any]) -> str:
    value = given.get("value")
    return "cannot tell" if value is None else shown(declared, value)


def judged_about(subjects: Iterable[str], *schemes: str) -> list[Judged]:
    """The newest approval that stands of each subject, scheme and finding, in the order of subject, scheme and title."""
    rows = Signoff.objects.filter(
        decision=Signoff.APPROVED,
        revocation=None,
        moderation__assessment__about__in=list(subjects),
        moderation__assessment__scheme__in=schemes,
    ).select_related("moderation__assessment__about")
    found: dict[tuple[str, str, str], Judged] = {}
    for row in rows.order_by("at", "pk"):
        one = row.moderation.assessment
        finding = one.title if one.scheme == CERQUAL else ""  # many findings of one intervention are rated, each alone
        found[(one.about_id, one.scheme, finding)] = _judged(row)
    return [found[key] for key in sorted(found)]


def _judged(row: Signoff) -> Judged:
    agreed = row.moderation
    one = agreed.assessment
    scheme = load_scheme(one.scheme, int(one.version))
    return Judged(
        about=one.about_id,
        title=one.title if one.scheme == CERQUAL else one.about.title,
        scheme=scheme,
        level=agreed.level,
        stands=standing_by(scheme, row),
        answers=agreed.answers,
        outcome=_followed(scheme, agreed.answers),
    )


def _followed(scheme: Scheme, answers: Mapping[str, Any]) -> Outcome | None:
    try:
        return followed(scheme, {}, answers, TWO_RATERS)
    except InputError:
        return None


def taken_back(about: str, scheme: str) -> str:
    """That the last approval about a subject was taken back, in a sentence; empty where it stands or there is none."""
    of = {"moderation__assessment__about": about, "moderation__assessment__scheme": scheme}
    last = Signoff.objects.filter(decision=Signoff.APPROVED, **of).order_by("-at", "-pk").first()
    back = Revocation.objects.filter(signoff=last).first() if last else None
    if last is None or back is None:
        return ""
    return said(
        "A rating that was approved on %(day)s was taken back on %(back)s: %(why)s",
        day=day(last),
        back=day(back),
        why=back.why,
    )


def emmie_of(reviews: Iterable[Review]) -> dict[str, Judged | None]:
    """By dimension the best approved rating of these reviews, among equals of the one that searched last; five, never a total."""
    held = {review.pk: review for review in reviews}
    rows = judged_about(held, *(f"emmie-{name}" for name in DIMENSIONS))
    found: dict[str, Judged | None] = {}
    for name in DIMENSIONS:
        of = {one.about: one for one in rows if one.scheme.key == f"emmie-{name}"}
        ranked = {key: (one.scheme, one.level, _searched(held[key])) for key, one in of.items()}
        first = best_of(ranked)
        found[name] = of[first[0]] if first else None
    return found


def _searched(review: Review) -> int:
    return review.last_search.toordinal() if review.last_search else 0
