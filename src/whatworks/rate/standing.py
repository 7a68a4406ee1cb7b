"""How a rating stands: computed by rule, being judged, approved by people, or overridden by them; and of what else they judged."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from django.utils import timezone

from whatworks.ledger.models import Artefact
from whatworks.rate.methods.scheme import Scheme
from whatworks.rate.models import Assessment, Moderation, Rating, RecordedJudgement, Revocation, Signature, Signoff
from whatworks.rate.schemes import load_scheme
from whatworks.saying import dated, said
from whatworks.synthesise.models import Analysis, Synthesis

COMPUTED, JUDGED, APPROVED, OVERRIDDEN, SIGNED = "computed", "judged", "approved", "overridden", "signed"
BY_RULE = said("computed by rule, not yet judged by people: provisional")
Found = TypeVar("Found")
APPROVING = said("rated by two people, each alone, and signed off by an approver who was neither")


@dataclass(frozen=True, slots=True)
class Standing:
    """How one rating stands now.

    state: computed, judged (by two, waiting for an approver), approved, overridden (approved at another level than the
    rules give) or signed (by two people, as was done before raters worked blind). level: the one that counts; computed:
    the rules' own. words: all of this in a sentence without its full stop. reason: why people gave another level. on: the
    day of approval. earlier: what people approved of a rating that this one has replaced. trace: the assessment.
    """

    state: str
    level: str | None
    computed: str | None
    words: str
    reason: str = ""
    on: str = ""
    earlier: str = ""
    trace: str = ""

    @property
    def provisional(self) -> bool:
        """Whether no people stand behind it yet."""
        return self.state in (COMPUTED, JUDGED)

    @property
    def overridden(self) -> bool:
        """Whether people gave another level than the rules."""
        return self.state == OVERRIDDEN


def standing_of(rating: Rating) -> Standing:
    """How a rating stands. What was approved of a rating that this one replaced is told as `earlier`, and does not count."""
    return standings([rating])[rating.pk]


def standings(ratings: Sequence[Rating]) -> dict[str, Standing]:
    """How each of many ratings stands, by its identifier; the database is asked as often as for one."""
    keys = [rating.pk for rating in ratings]
    signoffs = _approvals(keys)
    rest = [rating for rating in ratings if rating.pk not in signoffs]
    left = [rating.pk for rating in rest]
    before = _earlier(left)
    signed = Counter(Signature.objects.filter(rating__in=left).values_list("rating_id", flat=True))
    open_ones = Assessment.objects.open().filter(about__in=left).order_by("-at", "pk")
    waiting = _first(open_ones, lambda one: one.about_id)
    found = {}
    for rating in ratings:
        scheme, computed = load_scheme(rating.scheme, int(rating.version)), rating.result["level"]
        if rating.pk in signoffs:
            found[rating.pk] = _approved(scheme, computed, signoffs[rating.pk], "")
            continue
        earlier = _earlier_told(before[rating.pk], scheme) if rating.pk in before else ""
        found[rating.pk] = _unapproved(computed, signed[rating.pk], waiting.get(rating.pk), earlier)
    return found


def _unapproved(computed: str | None, signed: int, waiting: Assessment | None, earlier: str) -> Standing:
    if signed >= Signature.NEEDED:
        return Standing(SIGNED, computed, computed, said("signed by %(n)s people", n=signed), earlier=earlier)
    if waiting is not None and waiting.state == Assessment.MODERATED:
        words = said("rated by two people, each alone; not yet signed off: provisional")
        return Standing(JUDGED, computed, computed, words, earlier=earlier, trace=waiting.pk)
    return Standing(COMPUTED, computed, computed, BY_RULE, earlier=earlier, trace=waiting.pk if waiting else "")


def _approvals(about: Iterable[str]) -> dict[str, Signoff]:
    """The newest approval of each of these that nobody took back, where there is one."""
    rows = Signoff.objects.filter(decision=Signoff.APPROVED, revocation=None, moderation__assessment__about__in=about)
    newest = rows.select_related("moderation__assessment").order_by("-at", "-pk")
    return _first(newest, lambda one: one.moderation.assessment.about_id)


def _first(rows: Iterable[Found], of: Callable[[Found], str]) -> dict[str, Found]:
    """The first row of each."""
    found: dict[str, Found] = {}
    for row in rows:
        found.setdefault(of(row), row)
    return found


def approved(about: str, scheme: str = "") -> Signoff | None:
    """The newest approval of what was judged about a subject that nobody took back; None where there is none."""
    rows = Signoff.objects.filter(decision=Signoff.APPROVED, revocation=None, moderation__assessment__about=about)
    rows = rows.filter(moderation__assessment__scheme=scheme) if scheme else rows
    row: Signoff | None = rows.select_related("moderation__assessment").order_by("-at", "-pk").first()
    return row


def _approved(scheme: Scheme, computed: str | None, signoff: Signoff, earlier: str) -> Standing:
    agreed = signoff.moderation
    on = day(signoff)
    told = {"on": on, "earlier": earlier, "trace": agreed.assessment_id}
    if not agreed.overrides:
        words = said("%(how)s, on %(day)s", how=APPROVING, day=on)
        return Standing(APPROVED, agreed.level, computed, words, **told)
    words = said(
        "people gave “%(level)s” where the rules give “%(computed)s”; %(how)s, on %(day)s",
        level=scheme.word(agreed.level),
        computed=scheme.word(agreed.computed),
        how=APPROVING,
        day=on,
    )
    return Standing(OVERRIDDEN, agreed.level, computed, words, reason=agreed.override, **told)


def standing_by(scheme: Scheme, signoff: Signoff) -> Standing:
    """How what people judged stands where nothing was computed beforehand: their answers, followed by the rules."""
    return _approved(scheme, signoff.moderation.computed or None, signoff, "")


def day(row: Signoff | Revocation) -> str:
    """The day of a sign-off, or of its taking back, as pages say it."""
    return dated(timezone.localtime(row.at))


def _earlier(ratings: Iterable[str]) -> dict[str, Signoff]:
    """For each of these that replaced others: the newest approval of one it replaced, or of one before, where there is one."""
    whose = {one: {one} for one in ratings}  # each rating of the chains, with those of today that stand at their end
    newer = set(whose)
    while newer:
        older: dict[str, set[str]] = {}
        for pk, by in Artefact.objects.filter(superseded_by__in=sorted(newer)).values_list("pk", "superseded_by"):
            older.setdefault(pk, set()).update(whose[by])
        newer = {pk for pk, ends in older.items() if not ends <= whose.get(pk, set())}
        for pk in newer:
            whose.setdefault(pk, set()).update(older[pk])
    replaced = {pk: ends - {pk} for pk, ends in whose.items() if ends - {pk}}
    rows = Signoff.objects.filter(
        decision=Signoff.APPROVED, revocation=None, moderation__assessment__about__in=replaced
    )
    found: dict[str, Signoff] = {}
    for row in rows.select_related("moderation__assessment").order_by("-at", "-pk") if replaced else ():
        for end in replaced[row.moderation.assessment.about_id]:
            found.setdefault(end, row)
    return found


def _earlier_told(last: Signoff, scheme: Scheme) -> str:
    """What was approved of the rating that this one replaced, or of one before it, in a sentence."""
    word = _word(last.moderation, scheme)
    return said(
        "People approved “%(word)s” on %(day)s for what was held then. That has changed since, and they must look again.",
        word=word,
        day=day(last),
    )


def _word(agreed: Moderation, scheme: Scheme) -> str:
    held = load_scheme(agreed.assessment.scheme, int(agreed.assessment.version))
    return held.word(agreed.level) if agreed.level in held.levels else scheme.word(agreed.level)


def certainty_of(analysis: Analysis, result: Synthesis | None) -> RecordedJudgement | None:
    """How sure people are of a result: what this centre approved of it as it stands, else what was published about it.

    What was approved of an earlier result does not count for a newer one.
    """
    if result is not None and (signoff := approved(result.pk, "grade")) is not None:
        return signoff.recorded
    row: RecordedJudgement | None = analysis.judgements.filter(signoff=None).order_by("pk").first()
    return row


def certainty_before(analysis: Analysis, result: Synthesis | None) -> str:
    """That people judged an earlier result of the analysis, in a sentence; empty where they did not, or judged this one."""
    if result is not None and approved(result.pk, "grade"):
        return ""
    rows = Signoff.objects.filter(recorded__analysis=analysis, decision=Signoff.APPROVED, revocation=None)
    last = rows.select_related("recorded").order_by("-at", "-pk").first()
    if last is None or last.recorded is None:
        return ""
    return said(
        "People judged an earlier result, on %(day)s: %(level)s certainty. They must look again.",
        day=day(last),
        level=last.recorded.level,
    )
