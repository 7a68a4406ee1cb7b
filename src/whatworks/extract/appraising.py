"""Judging how far a study's result may be bent: answers, what the instrument proposes, what a person judges and why."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone

from whatworks.collate.models import Report
from whatworks.errors import ConflictError, InputError
from whatworks.extract.following import tell
from whatworks.extract.instruments import Instrument, Override, instrument, judge
from whatworks.extract.instruments.checking import problems_of
from whatworks.extract.models import Appraisal, Appraising, Contrast, Finding, Judging, Study
from whatworks.extract.supporting import OVERALL, supported
from whatworks.ledger.actions import mark_stale, record
from whatworks.ledger.fields import PUBLIC
from whatworks.ledger.models import Event
from whatworks.saying import said

BLIND = said(
    "Two people judge this by the same instrument, each alone, and what they agree on will stand. Judge something else, "
    "or ask a lead of the review to call that off."
)
AGREED = said("Two people agreed on this judgement; change it where they compared what they had judged.")
BY_PEOPLE = "The instrument leaves this to people."  # what stands as the reason where no rule proposes anything


@dataclass(frozen=True, slots=True)
class Working:
    """One filled-in instrument: the answers, what its rules propose with their reasons, what is judged, and why.

    `proposed` and `reasons` are by domain and `overall`; nothing is proposed where the rules cannot say.
    """

    answers: dict[str, str]
    proposed: dict[str, str]
    trail: dict[str, list[str]]
    domains: dict[str, str]
    overall: str
    reasons: dict[str, str]

    def plain(self) -> dict[str, Any]:
        """The fields by name."""
        return {name: getattr(self, name) for name in ("answers", "proposed", "trail", "domains", "overall", "reasons")}


@transaction.atomic
def appraise(
    *,
    by: str,
    study: Study,
    tool: str,
    version: int | None = None,
    answers: Mapping[str, str] | None = None,
    domains: Mapping[str, str] | None = None,
    overall: str = "",
    reasons: Mapping[str, str] | None = None,
    notes: Mapping[str, Any] | None = None,
    report: Report | None = None,
    contrast: Contrast | None = None,
    key: str = "",
) -> Appraisal:
    """Judge a study, or one report or result of it, by an instrument; a later judgement stands in place of the first.

    `answers` are given to the signalling questions; `domains` and `overall` are what the person judges, and may be left
    out where the instrument's rules propose a judgement. One that differs from the proposal needs its reason (by domain,
    or `overall`). `notes` support an answer or judgement, quotes too (see `supported`): for the workspace only. The same
    request (`key`) twice is one judgement. Raises InputError for what the instrument does not allow, ConflictError while
    two people judge the same thing, each alone.
    """
    if key and (done := Judging.objects.filter(key=key).select_related("appraisal").first()):
        return _same(done, study)
    held = Study.objects.locked(study)
    chosen = instrument(tool, version)
    belongs(held, report, contrast)
    if (two := of_two(held, chosen, report, contrast)) is not None:
        raise ConflictError(AGREED if two.state == Appraising.AGREED else BLIND)
    made = worked(chosen, answers or {}, domains or {}, overall, reasons or {})
    return stand(held, chosen, made, by=by, report=report, contrast=contrast, notes=notes or {}, key=key)


def stand(
    study: Study,
    chosen: Instrument,
    made: Working,
    *,
    by: str,
    report: Report | None = None,
    contrast: Contrast | None = None,
    notes: Mapping[str, Any],
    key: str = "",
    agreed: Mapping[str, str] | None = None,
) -> Appraisal:
    """Let a working be what stands, tell of it, and mark what rests on it; the caller holds the study and has asked.

    agreed: where two people agreed on it, why it is not what both had said. The same from one person again is what stands already.
    """
    kept = supported(chosen, study.pk, notes)
    row = _standing(study, report, contrast, chosen)
    if agreed is None and row is not None and _unchanged(row, made, kept, by):
        return row
    before = {"domains": row.domains, "overall": row.overall, "by": row.by} if row else {}
    row = _kept(row, study, report, chosen, made, by)
    judging = _judged(row, made, contrast, kept, by, key)
    payload: dict[str, Any] = {"overall": made.overall, "before": before, "reasons": made.reasons}
    if agreed is not None:
        payload["agreed"] = dict(agreed)
    event = record(verb="extract.appraise", by=by, about=[study], made=[row, judging], payload=payload, audience=PUBLIC)
    _tell_of(row, study, event)
    return row


def about_of(study: Study, report: Report | None = None, contrast: Contrast | None = None) -> str:
    """The identifier of what is judged: one result, one report, or the whole study."""
    return str((contrast or report or study).pk)


def of_two(
    study: Study, chosen: Instrument, report: Report | None = None, contrast: Contrast | None = None
) -> Appraising | None:
    """Where two people judge, or judged and agreed on, this very thing by this version of an instrument; the last time."""
    told = (about_of(study, report, contrast), chosen.key, str(chosen.version))
    rows = Appraising.objects.of_thing(study, *told).exclude(state=Appraising.CALLED_OFF)
    found: Appraising | None = rows.order_by("-at", "-pk").first()
    return found


def worked(
    chosen: Instrument,
    answers: Mapping[str, str],
    domains: Mapping[str, str],
    overall: str = "",
    reasons: Mapping[str, str] | None = None,
) -> Working:
    """The working of an appraisal: what the rules propose, and what is judged. Raises InputError for what cannot be so.

    Asked again after each answer, it is what a page shows as one goes on; `judge` shows it while questions are open.
    """
    why = {name: text.strip() for name, text in (reasons or {}).items() if text.strip()}
    _refuse_strangers(chosen, domains, why)
    alone = judge(chosen, answers)
    told = {name: chosen.judgement(word) or word for name, word in domains.items() if word.strip()}
    rule = {one.key: one.computed for one in alone.domains}
    instead = {name: Override(word, why.get(name, BY_PEOPLE)) for name, word in told.items() if rule[name] != word}
    found = judge(chosen, answers, instead)
    proposed = {one.key: one.computed for one in (*alone.domains, found.overall) if one.computed is not None}
    judged = {one.key: one.judgement for one in found.domains if one.judgement is not None}
    if waiting := next((one for one in alone.domains if one.key not in judged), None):
        still = said("; %(open)s not answered", open=", ".join(waiting.open[:3])) if waiting.open else ""
        raise InputError(
            said("%(key)s: “%(name)s” is not judged%(still)s.", key=waiting.key, name=waiting.name, still=still)
        )
    final = _overall(chosen, overall, proposed.get(OVERALL, ""))
    for name, word in {**judged, OVERALL: final}.items():
        if proposed.get(name, word) != word and name not in why:
            raise InputError(
                said(
                    "%(name)s: it is judged %(word)s, and the instrument's rules propose %(proposed)s; say why it "
                    "is not that.",
                    name=name,
                    word=word,
                    proposed=proposed[name],
                )
            )
    _refuse(chosen, judged, final, why)
    trail = {one.key: list(one.trail) for one in (*found.domains, found.overall) if one.trail}
    return Working(dict(answers), proposed, trail, judged, final, why)


def _overall(chosen: Instrument, overall: str, proposed: str) -> str:
    if chosen.overall.none:
        return overall.strip()
    word = chosen.overall_judgement(overall) if overall.strip() else proposed
    if not word:
        words = ", ".join(chosen.overall_words)
        if overall.strip():
            told = said("'%(overall)s' is none of its overall judgements", overall=overall)
        else:
            told = said("its rules propose none")
        raise InputError(said("overall: %(told)s; choose one of %(words)s.", told=told, words=words))
    return word


def _refuse_strangers(chosen: Instrument, domains: Mapping[str, str], reasons: Mapping[str, str]) -> None:
    known = {domain.key for domain in chosen.domains}
    if stray := sorted(set(domains) - known):
        raise InputError(
            said(
                "There is no domain %(stray)r of %(key)s; there are %(known)s.",
                stray=stray[0],
                key=chosen.key,
                known=", ".join(sorted(known)),
            )
        )
    if stray := sorted(set(reasons) - known - {OVERALL}):
        raise InputError(
            said(
                "There is no domain %(stray)r to give a reason for; there are %(known)s.",
                stray=stray[0],
                known=", ".join(sorted(known)),
            )
        )


def _refuse(chosen: Instrument, judged: Mapping[str, str], final: str, reasons: Mapping[str, str]) -> None:
    """Refuse what the instrument does not allow; where its overall rule may be overridden, a reason is enough."""
    for one in problems_of(chosen, judged, final):
        overridden = one.where == OVERALL and chosen.overall.rules and OVERALL in reasons
        if not overridden:
            raise InputError(said("%(where)s: %(sentence)s", where=one.where, sentence=one.sentence))


def belongs(study: Study, report: Report | None, contrast: Contrast | None) -> None:
    """Refuse a report or result that is not of the study. Raises InputError."""
    if report is not None and not study.tellings.filter(report=report).exists():
        raise InputError(
            said("The report “%(report)s” does not tell of this study; add it to the study first.", report=report)
        )
    if contrast is not None and contrast.study_id != study.pk:
        raise InputError(
            said("“%(contrast)s” is a result of another study; choose one of this study's.", contrast=contrast)
        )


def _same(done: Judging, study: Study) -> Appraisal:
    row: Appraisal = done.appraisal
    if row.study_id != study.pk:
        raise ConflictError(said("This request has the name of an earlier one; reload the page and judge again."))
    return row


def _standing(study: Study, report: Report | None, contrast: Contrast | None, chosen: Instrument) -> Appraisal | None:
    """The appraisal of the same thing by the same version that is here."""
    told = {"study": study, "report": report, "instrument": chosen.key, "version": str(chosen.version)}
    rows = Appraisal.objects.filter(**told).order_by("pk")
    of_study = rows.exclude(judgings__contrast__isnull=False)
    found: Appraisal | None = (rows.filter(judgings__contrast=contrast) if contrast is not None else of_study).first()
    return found


def _unchanged(row: Appraisal, made: Working, notes: Mapping[str, Any], by: str) -> bool:
    last = Judging.objects.last_of(row)
    if last is None or last.by != by or last.notes != dict(notes):
        return False
    return all(getattr(last, name) == one for name, one in made.plain().items())


def _kept(
    row: Appraisal | None, study: Study, report: Report | None, chosen: Instrument, made: Working, by: str
) -> Appraisal:
    if row is not None:
        row.domains, row.overall, row.by = made.domains, made.overall, by
        row.save(update_fields=["domains", "overall", "by"])
        return row
    told = {"study": study, "report": report, "instrument": chosen.key, "version": str(chosen.version)}
    new: Appraisal = Appraisal.objects.register(**told, domains=made.domains, overall=made.overall, by=by)
    return new


def _judged(
    row: Appraisal, made: Working, contrast: Contrast | None, notes: dict[str, Any], by: str, key: str
) -> Judging:
    last = Judging.objects.last_of(row)
    told = {"appraisal": row, "contrast": contrast, "number": (last.number if last else 0) + 1, "notes": notes}
    told |= {"by": by, "at": timezone.now(), "key": key or uuid.uuid4().hex, **made.plain()}
    new: Judging = Judging.objects.create(id=Judging.fresh(), **told)
    return new


def _tell_of(row: Appraisal, study: Study, event: Event) -> None:
    """What is pooled or rated with results of the study is to be looked at again; the results themselves hold."""
    findings = Finding.objects.filter(contrast__study=study).values_list("pk", flat=True)
    mark_stale(row.pk, *findings, event=event)
    for one in study.contrasts.all():
        tell(one, event)
