"""What was judged of a study: each judgement with what it is about, by whom, what two people are asked, and history."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from whatworks.errors import InputError
from whatworks.extract.instruments import Instrument, instrument
from whatworks.extract.models import Appraisal, Appraiser, Appraising, Judging, Study
from whatworks.extract.presenters_appraising import judged_of, support_of
from whatworks.extract.presenters_comparing import people_of, thing_judged
from whatworks.extract.supporting import QUESTION, supports
from whatworks.people.naming import names


def appraisals_of(study: Study, actor: str = "") -> list[dict[str, Any]]:
    """What stands of a study, then what two people are asked to judge: nothing of what either judged is in it."""
    rows = Appraisal.objects.filter(study=study).select_related("study", "report").order_by("instrument", "pk")
    held = judged_of(rows)
    people = names(one.by for one, _ in held)
    ended = Appraising.objects.filter(appraisal__in=rows).order_by("unblinded_at", "pk")
    agreed = {one.appraisal_id: one for one in ended}
    shown = [
        {"appraisal": one, "by": people[one.by], "thing": thing.name, "title": title_of(one.instrument, one.version),
         "agreed": agreed.get(one.pk)}
        for one, thing in held
    ]  # fmt: skip
    asked = study.appraisings.open().select_related("study", "report", "contrast__intervention").order_by("at", "pk")
    return [*shown, *(_asked(one, actor) for one in asked)]


def waiting_for(actor: str) -> list[dict[str, Any]]:
    """What this person is asked to judge blind, or to compare with what the other judged."""
    mine = Appraiser.objects.here().filter(user=actor).values("appraising")
    rows = Appraising.objects.open().filter(pk__in=mine).select_related("study", "report", "contrast__intervention")
    return [_asked(one, actor) for one in rows.order_by("at", "pk")]


def _asked(one: Appraising, actor: str) -> dict[str, Any]:
    people = people_of(one)
    return {
        "two": one,
        "title": title_of(one.instrument, one.version),
        "thing": thing_judged(one).name,
        "people": people,
        "mine": any(person["user"] == actor for person in people),
        "done": any(person["user"] == actor and person["done"] for person in people),
        "open": one.unblinded_at is not None,
    }


def title_of(key: str, version: str) -> str:
    """What an instrument is called; its key where it does not ship."""
    held = _known(key, version)
    return (
        _("%(title)s, version %(version)s") % {"title": held.title.split(":")[0], "version": version}
        if held
        else _("%(key)s, version %(version)s") % {"key": key, "version": version}
    )


def _known(key: str, version: str) -> Instrument | None:
    try:
        return instrument(key, version)
    except InputError:
        return None


def appraisal_page(appraisal: Appraisal) -> dict[str, Any]:
    """One appraisal as it stands and as it stood before, the last first."""
    ((_, thing),) = judged_of([appraisal])
    chosen = _known(appraisal.instrument, appraisal.version)
    rows = list(appraisal.judgings.select_related("agreed").order_by("-number"))
    people = names([appraisal.by, *(one.by for one in rows)])
    return {
        "thing": thing.name,
        "title": title_of(appraisal.instrument, appraisal.version),
        "by": people[appraisal.by],
        "workings": [_working(one, chosen, people[one.by]) for one in rows],
    }


def _working(one: Judging, chosen: Instrument | None, by: str) -> dict[str, Any]:
    called = {domain.key: domain.name for domain in chosen.domains} if chosen else {}
    domains = [
        {"key": key, "name": called.get(key, ""), "word": word, "proposed": one.proposed.get(key, ""),
         "why": one.reasons.get(key, "")}
        for key, word in one.domains.items()
    ]  # fmt: skip
    known = supports(chosen) if chosen else {}
    known |= {f"{QUESTION}{one.key}": f"{one.key} {one.text}" for one in (chosen.questions if chosen else ())}
    agreed = getattr(one, "agreed", None)
    return {
        "judging": one,
        "by": by,
        "domains": domains,
        "why": one.reasons.get("overall", ""),
        "notes": [{"name": known.get(name, name)} | {"support": support_of(name, one.notes)} for name in one.notes],
        "agreed": agreed,
        "changed": sorted(agreed.changed.items()) if agreed else [],
    }
