"""The practice map in words: who does this, and what a place does. Silence is never “not doing”."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from whatworks.baseline.methods.standing import DOING, NOT_KNOWN, PLANNED, STOPPED, TRIED, in_words, newest
from whatworks.baseline.models import Practice, Standing
from whatworks.baseline.models.practice import STATUSES
from whatworks.baseline.practising import authorities
from whatworks.baseline.presenters_rounds import WEB, compared, place
from whatworks.baseline.wording import listed
from whatworks.ledger.money import Money
from whatworks.people.models import Area
from whatworks.spoken import spoken

KNOWN = (DOING, TRIED, STOPPED, PLANNED)
TITLES = {
    DOING: gettext_lazy("Doing it"),
    TRIED: gettext_lazy("Tried it"),
    STOPPED: gettext_lazy("Stopped it"),
    PLANNED: gettext_lazy("Plan it"),
}
SAYS = {
    DOING: gettext_lazy("Does it"),
    TRIED: gettext_lazy("Tried it"),
    STOPPED: gettext_lazy("Stopped it"),
    PLANNED: gettext_lazy("Plans it"),
    NOT_KNOWN: gettext_lazy("Not known"),
}
SYMBOLS = {"GBP": "£", "EUR": "€", "USD": "$"}
MANY = 10  # places in one list: of more than this each is folded

Places = Mapping[str, Area]


def places_today() -> dict[str, Area]:
    """The places that exist today, by identifier, by their names."""
    return {one.pk: one for one in authorities().valid_on(timezone.localdate()).order_by("name", "code")}


def counts_of(statuses: Mapping[str, str], today: Places) -> dict[str, int]:
    """How many of today's places stand how; those of whom nothing is said are not known."""
    found = Counter(status for place, status in statuses.items() if place in today)
    told = {status: found[status] for status in KNOWN}
    return {**told, NOT_KNOWN: len(today) - sum(told.values()), "of": len(today)}


def answer(counts: Mapping[str, int]) -> str:
    """Who does this, in a sentence or two.

    >>> answer({"doing": 3, "tried": 2, "stopped": 0, "planned": 1, "not-known": 147, "of": 153})
    '3 of 153 places are known to do this; of 147 we do not know. 2 tried it and 1 plans it.'
    >>> answer({"doing": 0, "tried": 0, "stopped": 0, "planned": 0, "not-known": 1, "of": 1})
    'No place is known to do this; of the only one we do not know.'
    """
    total, unknown = counts["of"], counts[NOT_KNOWN]
    if not total:
        return _("No places are held here yet, so nobody can be known to do this.")
    who = (
        ngettext("%(doing)s of %(total)s places is", "%(doing)s of %(total)s places are", counts[DOING])
        % {"doing": counts[DOING], "total": total}
        if counts[DOING]
        else _("No place is")
    )
    of = (
        (_("the only one") if total == 1 else _("all %(total)s") % {"total": total})
        if unknown == total
        else str(unknown)
    )
    rest = _("; of %(of)s we do not know.") % {"of": of} if unknown else _("; of every other we know how it stands.")
    others = [
        f"{counts[status]} {_verb(status, counts[status])}" for status in (TRIED, STOPPED, PLANNED) if counts[status]
    ]
    return _("%(who)s known to do this%(rest)s") % {"who": who, "rest": rest} + (
        f" {listed(others)}." if others else ""
    )


def _verb(status: str, count: int) -> str:
    return spoken(STATUSES[status]) if status != PLANNED else (_("plans it") if count == 1 else _("plan it"))


def practice_list() -> list[dict[str, Any]]:
    """Every practice with how many of today's places stand how."""
    today = places_today()
    words: dict[str, dict[str, list[Standing]]] = defaultdict(lambda: defaultdict(list))
    for row in Standing.objects.not_replaced().only("practice_id", "area_id", "status", "on", "entered_at"):
        words[row.practice_id][row.area_id].append(row)
    found = []
    for one in Practice.objects.order_by("name"):
        counts = counts_of({place: newest(rows).status for place, rows in words[one.pk].items()}, today)
        told = {"slug": one.slug, "name": one.name, "plain": one.plain}
        found.append(told | {"counts": counts, "unknown": counts[NOT_KNOWN], "known": len(words[one.pk])})
    return found


def who_does(practice: Practice) -> dict[str, Any]:
    """Who does this: the answer in a sentence, the places by how it stands, and those of whom we do not know."""
    today, entries = places_today(), history(practice)
    now = [one for one in entries if one["area"] in today]
    counts = counts_of({one["area"]: one["status"] for one in now}, today)
    said = {one["area"] for one in now if one["status"] != NOT_KNOWN}
    return {
        "slug": practice.slug,
        "name": practice.name,
        "plain": practice.plain,
        "answer": answer(counts),
        "counts": counts,
        "unknown": counts[NOT_KNOWN],
        "groups": [_group(status, now) for status in KNOWN if counts[status]],
        "asked": [one for one in now if one["status"] == NOT_KNOWN],
        "silent": [place(one) for key, one in today.items() if key not in said],
        "past": [one for one in entries if one["area"] not in today],
    }


def practice_page(practice: Practice) -> dict[str, Any]:
    """All that the page of a practice shows."""
    return who_does(practice) | {"rounds": compared(practice)}


def _group(status: str, now: list[dict[str, Any]]) -> dict[str, Any]:
    entries = [one for one in now if one["status"] == status]
    return {"status": status, "title": TITLES[status], "entries": entries, "many": len(entries) > MANY}


def _rows() -> Any:
    return Standing.objects.select_related("area", "practice__intervention", "reply__round", "replaced_by")


def _by_place(rows: Iterable[Standing]) -> dict[str, list[Standing]]:
    """Words by place, in the order of their days."""
    found: dict[str, list[Standing]] = defaultdict(list)
    for row in sorted(rows, key=lambda one: (one.on, one.entered_at, one.pk), reverse=True):
        found[row.area_id].append(row)
    return found


def _entry(rows: list[Standing]) -> dict[str, Any]:
    """The word that stands now, with all others about the same practice and place, newest first."""
    stands = newest(row for row in rows if not _later(row))
    return shown(stands) | {"others": [shown(row) for row in rows if row != stands]}


def _later(row: Standing) -> Standing | None:
    return getattr(row, "replaced_by", None)


def shown(row: Standing) -> dict[str, Any]:
    """What one row says, in words."""
    later = _later(row)
    survey = row.reply.round if row.reply else None
    return {
        **place(row.area),
        "area": row.area_id,
        "identifier": row.pk,
        "status": row.status,
        "says": SAYS[row.status],
        "since": in_words(row.since) if row.since else "",
        "facts": list(_facts(row)),
        "source": row.source,
        "source_url": row.source_url if row.source_url.startswith(WEB) else "",  # a pack could carry a script
        "on": in_words(row.on),
        "said_by": row.said_by,
        "round": {"identifier": survey.pk, "name": survey.name} if survey else None,
        "replaced": later.why if later else "",
        "why": row.why,
    }


def _facts(row: Standing) -> Iterator[str]:
    """Since when, on what scale, by and with whom, for how much; only what is known."""
    begins = _("Since %(day)s") if row.status == DOING else _("From %(day)s")
    ends = [begins % {"day": in_words(row.since)}] if row.since else []
    ends += [(_("until %(day)s") if ends else _("Until %(day)s")) % {"day": in_words(row.until)}] if row.until else []
    if ends:
        yield f"{', '.join(ends)}."
    if row.scale:
        yield _("Scale: %(scale)s") % {"scale": row.scale}
    if row.delivered_by:
        yield _("Delivered by: %(delivered_by)s") % {"delivered_by": row.delivered_by}
    if row.partners:
        yield _("With: %(partners)s") % {
            "partners": listed([one.strip() for one in row.partners.split(";") if one.strip()])
        }
    if row.cost is not None:
        yield _("Cost: %(cost)s") % {"cost": _cost(row.cost, row.cost_of)}


def _cost(money: Money, what: str) -> str:
    amount = f"{money.amount:,.2f}".removesuffix(".00")
    named = f"{SYMBOLS[money.currency]}{amount}" if money.currency in SYMBOLS else f"{amount} {money.currency}"
    return _("%(named)s, in prices of %(price_year)s") % {"named": named, "price_year": money.price_year} + (
        f" ({what})" if what else ""
    )


def history(practice: Practice) -> list[dict[str, Any]]:
    """Everything ever said of a practice, place by place, what stands now first."""
    entries = [_entry(rows) for rows in _by_place(_rows().filter(practice=practice)).values()]
    return sorted(entries, key=lambda one: (one["place"], one["code"]))


def practices_of(area: Area) -> dict[str, Any]:
    """What a place does: what is known of each practice there, and of which practices nothing is."""
    by_practice: dict[str, list[Standing]] = defaultdict(list)
    for rows in _by_place(_rows().filter(area=area)).values():
        for row in rows:
            by_practice[row.practice_id].append(row)
    practices = {one.pk: one for one in Practice.objects.select_related("intervention").order_by("name")}
    entries = {key: _entry(rows) for key, rows in by_practice.items()}
    known = [
        entries[key] | {"practice": one.name, "slug": one.slug, "intervention": one.intervention_id}
        for key, one in practices.items()
        if key in entries and entries[key]["status"] != NOT_KNOWN
    ]
    named = {one["slug"] for one in known}
    return {
        **place(area),
        "known": sorted(known, key=lambda one: (KNOWN.index(one["status"]), one["practice"])),
        "unknown": [{"name": one.name, "slug": one.slug} for one in practices.values() if one.slug not in named],
        "total": len(practices),
        "answer": _what(area.name, known, len(practices)),
    }


def _what(name: str, known: list[dict[str, Any]], total: int) -> str:
    """What a place does, in a sentence."""
    if not total:
        return _("No practices are on the map yet.")
    if not known:
        return _("Of none of the %(total)s practices on the map do we know how it stands in %(name)s.") % {
            "total": total,
            "name": name,
        }
    found = Counter(one["status"] for one in known)
    verbs = {DOING: _("is known to do"), TRIED: _("tried"), STOPPED: _("stopped"), PLANNED: _("plans")}
    told = listed([f"{verb} {found[status]}" for status, verb in verbs.items() if found[status]])
    rest = _("; of %(total)s we do not know") % {"total": total - len(known)} if len(known) < total else ""
    return ngettext(
        "Of the %(total)s practice on the map, %(name)s %(told)s%(rest)s.",
        "Of the %(total)s practices on the map, %(name)s %(told)s%(rest)s.",
        total,
    ) % {"total": total, "name": name, "told": told, "rest": rest}


def csv_rows(practice: Practice) -> list[dict[str, str]]:
    """Every word about a practice as the cells of a table, by place and day."""
    rows = sorted(
        _rows().filter(practice=practice), key=lambda one: (one.area.name, one.area.code, one.on, one.entered_at)
    )
    stand = {newest(row for row in words if not _later(row)).pk for words in _by_place(rows).values()}
    return [_cells(row, row.pk in stand) for row in rows]


def _cells(row: Standing, stands: bool) -> dict[str, str]:
    later = _later(row)
    named = (
        "status",
        "on",
        "since",
        "until",
        "scale",
        "delivered_by",
        "partners",
        "cost_of",
        "source",
        "source_url",
        "said_by",
    )
    return {name: getattr(row, name) for name in named} | {
        "place_code": row.area.code,
        "place": row.area.name,
        "practice": row.practice.slug,
        "cost": str(row.cost) if row.cost else "",
        "stands": "now" if stands else "replaced" if later else "earlier",
        "replaced_because": later.why if later else "",
        "identifier": row.pk,
    }
