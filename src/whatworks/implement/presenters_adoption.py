"""Adoption of a practice round by round, of all authorities that were there, and whether those who began go on."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from whatworks.baseline.methods.standing import DOING, STOPPED, days
from whatworks.baseline.models import Practice, Round, Standing
from whatworks.baseline.practising import authorities
from whatworks.baseline.surveying import answers_of
from whatworks.errors import InputError
from whatworks.implement.methods.reaching import Adopted, Share, adopted, maintained
from whatworks.implement.showing import shown


def practices() -> list[Practice]:
    """Every practice on the map, by name."""
    return list(Practice.objects.select_related("intervention").order_by("name"))


def adoption_page(practice: Practice) -> dict[str, Any]:
    """What is known of how widely a practice is adopted and kept."""
    rounds = [
        one for one in Round.objects.exclude(closed_on=None).order_by("-opened_on") if practice.pk in one.practices
    ]
    held = [site for site in shown() if site.practice_id == practice.pk]
    return {
        "practice": practice,
        "rounds": [_round_words(practice, one) for one in rounds],
        "now": now_words(practice),
        "maintained": maintained_words(started(practice)),
        "early": [site for site in held if site.early],
        "sites": held,
    }


def could_on(day: datetime.date) -> dict[str, str]:
    """Every authority that was there on a day, with its region: the denominator."""
    held = authorities().valid_on(day)
    return {one.pk: one.region or _("region not known") for one in held}


def _round_words(practice: Practice, one: Round) -> dict[str, Any]:
    said = answers_of(one, practice)
    found = adopted(one.opened_on, could_on(one.opened_on), set(said), {k for k, v in said.items() if v == DOING})
    return {"round": one, "asked": len(one.areas)} | adopted_words(found)


def now_words(practice: Practice) -> dict[str, Any] | None:
    """Adoption by everything the map holds today; None where it holds nothing."""
    newest = newest_words(practice)
    if not newest:
        return None
    day = timezone.localdate()
    doing = {area for area, word in newest.items() if word.status == DOING}
    return adopted_words(adopted(day, could_on(day), set(newest), doing))


def newest_words(practice: Practice) -> Mapping[str, Standing]:
    """The word that stands of each place."""
    found: dict[str, Standing] = {}
    for word in Standing.objects.not_replaced().filter(practice=practice).newest_first():
        found.setdefault(word.area_id, word)
    return found


def adopted_words(found: Adopted) -> dict[str, Any]:
    """The number, its denominator with the day, the same of those who answered, and how like the country those are."""
    return {
        "found": found,
        "on": found.on,
        "sentence": ngettext(
            "%(n)s of the %(of)s authorities that there were (%(percent)s of 100) is known to do it.",
            "%(n)s of the %(of)s authorities that there were (%(percent)s of 100) are known to do it.",
            found.whole.number,
        )
        % {"n": found.whole.number, "of": found.whole.of, "percent": _hundred(found.whole)},
        "answered": _("Of those of which anything is known, %(n)s of %(of)s do. They may be unlike the rest.")
        % {"n": found.answered.number, "of": found.answered.of}
        if found.answered
        else _("Nothing is known of any."),
        "parts": found.parts,
    }


def _hundred(one: Share) -> int:
    """Of 100; only all is 100 and only none is 0."""
    if one.number in (0, one.of):
        return 100 if one.number else 0
    return min(99, max(1, round(one.percent)))


def started(practice: Practice) -> list[tuple[datetime.date, datetime.date | None]]:
    """When each place began and stopped, where both are known well enough: a day that may be several is taken as the last of them."""
    return [pair for word in newest_words(practice).values() if (pair := _span(word)) is not None]


def _span(word: Standing) -> tuple[datetime.date, datetime.date | None] | None:
    if word.status not in (DOING, STOPPED) or not word.since:
        return None
    try:
        begun = days(word.since)[1]
        stopped = days(word.until or word.on)[0] if word.status == STOPPED else None
    except InputError:
        return None
    return begun, stopped


def maintained_words(spans: Iterable[tuple[datetime.date, datetime.date | None]]) -> str:
    """Whether those who began six months ago or longer went on for six months, in a sentence."""
    found = maintained(spans, timezone.localdate())
    if found is None:
        return _(
            "No place is known to have begun six months ago or longer, so nothing can be said on whether it is kept."
        )
    return _("Of %(of)s places known to have begun six months ago or longer, %(n)s still did it six months on.") % {
        "of": found.of,
        "n": found.number,
    }
