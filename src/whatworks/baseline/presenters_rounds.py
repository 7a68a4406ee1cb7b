"""Survey rounds in words: who answered, who did not, and what changed from one round to the next."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from itertools import pairwise
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from whatworks.baseline.methods.rounds import PARTS, Changed, Response, changed
from whatworks.baseline.methods.standing import DOING, NOT_KNOWN, PLANNED, STOPPED, TRIED
from whatworks.baseline.models import Practice, Round
from whatworks.baseline.surveying import answers_of, response_of
from whatworks.baseline.wording import listed
from whatworks.people.models import Area

WEB = ("https://", "http://")
COLUMNS = (DOING, NOT_KNOWN, TRIED, STOPPED, PLANNED)  # on a phone the first two are seen at once
BECAME = {
    "began": gettext_lazy("Began"),
    "stopped": gettext_lazy("Stopped"),
    "otherwise": gettext_lazy("Changed otherwise"),
    "same": gettext_lazy("As before"),
    "became_known": gettext_lazy("Was not known, is now"),
    "became_unknown": gettext_lazy("Was known, is not now"),
    "unknown": gettext_lazy("Not known both times"),
}


def place(area: Area) -> dict[str, str]:
    """A place as it is linked."""
    return {"place": area.name, "code": area.code}


def compared(practice: Practice) -> list[dict[str, Any]]:
    """What changed between each closed round that asked about the practice and the one before, newest first."""
    closed = Round.objects.exclude(closed_on=None).order_by("opened_on", "closed_on", "pk")
    rounds = [one for one in closed if practice.pk in one.practices]
    names = {one.pk: place(one) for one in Area.objects.filter(pk__in={key for one in rounds for key in one.areas})}
    told = [_between(before, after, practice, names) for before, after in pairwise(rounds)]
    return told[::-1]


def _between(before: Round, after: Round, practice: Practice, names: Mapping[str, dict[str, str]]) -> dict[str, Any]:
    found = changed(answers_of(before, practice), answers_of(after, practice))
    responses = [(one, response_of(one)) for one in (before, after)]
    return {
        "title": _("%(name)s to %(name_2)s") % {"name": before.name, "name_2": after.name},
        "sentence": change(found),
        "parts": [
            {"title": BECAME[name], "count": len(keys), "places": _named(keys, names)}
            for name in PARTS
            if (keys := getattr(found, name))
        ],
        "responses": [survey(one, told, names) for one, told in responses],
    }


def change(found: Changed) -> str:
    """What changed, in a sentence.

    >>> change(Changed((), ("a",), (), ("b", "c"), (), (), ()))
    'Of the 3 places that answered both rounds, 1 stopped and 2 are as before.'
    """
    if not found.both:
        return _("No place answered both rounds, so they cannot say whether anything changed.")
    verbs = {
        "began": _("began"),
        "stopped": _("stopped"),
        "otherwise": _("changed otherwise"),
        "same": _("is as before|are as before"),
        "became_known": _("was not known and is now|were not known and are now"),
        "became_unknown": _("is not known any more|are not known any more"),
        "unknown": _("was not known either time|were not known either time"),
    }
    told = []
    for name, verb in verbs.items():
        if count := len(getattr(found, name)):
            told.append(f"{count} {verb.split('|')[0 if count == 1 else -1]}")
    whole = _("Of the one place") if found.both == 1 else _("Of the %(both)s places") % {"both": found.both}
    return _("%(whole)s that answered both rounds, %(told)s.") % {"whole": whole, "told": listed(told)}


def _named(keys: Iterable[str], names: Mapping[str, dict[str, str]]) -> list[dict[str, str]]:
    return sorted((names[key] for key in keys if key in names), key=lambda one: (one["place"], one["code"]))


def survey(one: Round, told: Response, names: Mapping[str, dict[str, str]]) -> dict[str, Any]:
    """A round and its response, with who did not answer."""
    return {
        "identifier": one.pk,
        "name": one.name,
        "question": one.question,
        "source_url": one.source_url if one.source_url.startswith(WEB) else "",  # a pack could carry a script
        "opened": one.opened_on,
        "closed": one.closed_on,
        "asked": told.asked,
        "answered": told.answered,
        "percent": told.percent,
        "silent": _named(told.silent, names),
    }


def round_page(one: Round) -> dict[str, Any]:
    """A round, its response, and what the places said of each practice."""
    names = {area.pk: place(area) for area in Area.objects.filter(pk__in=one.areas)}
    said = []
    for practice in Practice.objects.filter(pk__in=one.practices).order_by("name"):
        found = Counter(answers_of(one, practice).values())
        counts = [{"status": status, "count": found[status]} for status in COLUMNS]
        said.append({"slug": practice.slug, "name": practice.name, "counts": counts})
    replies = [place(row.area) | {"on": row.on, "said_by": row.said_by} for row in one.replies.select_related("area")]
    replies.sort(key=lambda reply: (reply["place"], reply["code"]))
    return survey(one, response_of(one), names) | {"practices": said, "replies": replies}


def rounds_list() -> list[dict[str, Any]]:
    """Every round with its response, newest first."""
    return [survey(one, response_of(one), {}) for one in Round.objects.order_by("-opened_on", "-pk")]
