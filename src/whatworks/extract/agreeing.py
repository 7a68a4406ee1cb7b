"""Agreeing: what two people judged each alone is brought together in the one judgement that counts, saying what changed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone

from whatworks.errors import ConflictError, ForbiddenError, InputError
from whatworks.extract.appraising import Working, belongs, stand, worked
from whatworks.extract.appraising_two import LONGEST_REASON, locked, verdicts_of
from whatworks.extract.instruments import Instrument, instrument
from whatworks.extract.models import Agreed, Appraiser, Appraising, Judging, Study, Verdict
from whatworks.extract.supporting import OVERALL, supported
from whatworks.ledger.actions import record
from whatworks.saying import said
from whatworks.screen.models import Screener

MEANWHILE = said("Somebody else recorded what was agreed meanwhile; reload the page and look at it first.")


def apart(chosen: Instrument, verdicts: Iterable[Verdict], made: Working) -> dict[str, list[str]]:
    """Where a judgement is not what both said: by domain and `overall`, the questions, and `judgement` where it is that."""
    said = list(verdicts)
    found: dict[str, list[str]] = {}
    for domain in chosen.domains:
        keys = [one.key for one in domain.questions]
        other = [key for key in keys if any(one.answers.get(key, "") != made.answers.get(key, "") for one in said)]
        judged = any(one.domains.get(domain.key) != made.domains.get(domain.key) for one in said)
        if other or judged:
            found[domain.key] = [*other, *(["judgement"] if judged else [])]
    if any(one.overall != made.overall for one in said):
        found[OVERALL] = ["judgement"]
    return found


@transaction.atomic
def agree(
    *,
    by: str,
    appraising: Appraising | str,
    seen: str,
    answers: Mapping[str, str] | None = None,
    domains: Mapping[str, str] | None = None,
    overall: str = "",
    reasons: Mapping[str, str] | None = None,
    notes: Mapping[str, Any] | None = None,
    changed: Mapping[str, str] | None = None,
) -> Agreed:
    """Record what two people agreed on, or what a third decided; it becomes the appraisal that counts.

    `changed` says why, by domain or `overall`, wherever it is not what both had said. `seen` names the agreement that was
    shown (`seen_of`): a ConflictError where there is another by now. Raises ForbiddenError before both are done and for
    who takes no part in the review, InputError for what the instrument does not allow.
    """
    held = locked(appraising)
    verdicts = verdicts_of(held)
    how = way_for(held, by)
    if held.state == Appraising.CALLED_OFF:
        raise ConflictError(said("It was called off that two judge this; judge it alone, or ask two anew."))
    study = Study.objects.locked(held.study)
    belongs(study, held.report, held.contrast)
    chosen = instrument(held.instrument, held.version)
    made = worked(chosen, answers or {}, domains or {}, overall, reasons or {})
    why = _reasons(chosen, list(verdicts.values()), made, changed or {})
    last = last_of(held)
    kept = supported(chosen, study.pk, notes or {})
    if last is not None and _unchanged(last, made, kept, why, by):
        return last
    if seen != seen_of(held):
        raise ConflictError(MEANWHILE)
    told: dict[str, Any] = {"by": by, "report": held.report, "contrast": held.contrast, "notes": kept}
    row = stand(study, chosen, made, **told, agreed=why)
    judging = Judging.objects.last_of(row)
    held.state, held.appraisal = Appraising.AGREED, row
    held.save(update_fields=["state", "appraisal"])
    over = sorted(one.pk for one in verdicts.values())
    new: Agreed = Agreed.objects.create(
        id=Agreed.fresh(), appraising=held, number=(last.number if last else 0) + 1, judging=judging, how=how,
        changed=why, over=over, by=by, at=timezone.now(),
    )  # fmt: skip
    record(verb="extract.agree", by=by, about=[study], made=[held, new], payload={"how": how, "changed": why})
    return new


def _unchanged(last: Agreed, made: Working, notes: Mapping[str, Any], why: Mapping[str, str], by: str) -> bool:
    same = all(getattr(last.judging, name) == one for name, one in made.plain().items())
    return same and last.by == by and last.changed == why and last.judging.notes == notes


def _reasons(chosen: Instrument, verdicts: list[Verdict], made: Working, changed: Mapping[str, str]) -> dict[str, str]:
    """The reasons that are needed, and no others."""
    why: dict[str, str] = {}
    for name, what in apart(chosen, verdicts, made).items():
        text = changed.get(name, "").strip()
        if not text:
            raise InputError(
                said(
                    "%(name)s: this is not what both said (%(what)s); say why it is so now.",
                    name=name,
                    what=", ".join(what),
                )
            )
        if len(text) > LONGEST_REASON:
            raise InputError(
                said(
                    "%(name)s: a reason has at most %(longest_reason)s characters; this has %(count)s.",
                    name=name,
                    longest_reason=f"{LONGEST_REASON:,}",
                    count=f"{len(text):,}",
                )
            )
        why[name] = text
    return why


def last_of(appraising: Appraising) -> Agreed | None:
    """What was agreed on last."""
    found: Agreed | None = appraising.agreed.select_related("judging").order_by("-number").first()
    return found


def seen_of(appraising: Appraising) -> str:
    """What a page that shows the agreement hands back to `agree`: the agreement's name; empty where there is none."""
    last = last_of(appraising)
    return last.pk if last else ""


def way_for(appraising: Appraising, actor: str) -> str:
    """How this person would record what is agreed: as one of the two, or as a third. Raises ForbiddenError for others."""
    if Appraiser.objects.here().filter(appraising=appraising, user=actor).exists():
        return Agreed.DISCUSSION
    team = Screener.objects.here().filter(review=appraising.study.review_id)
    if team.exists() and not team.filter(user=actor).exists():
        raise ForbiddenError(said("You do not take part in this review; ask one of its leads to add you."))
    return Agreed.THIRD
