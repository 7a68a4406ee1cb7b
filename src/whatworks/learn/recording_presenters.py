"""A person's own record of learning as their page shows it."""

from __future__ import annotations

import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from whatworks.convene.models import Gathering, GatheringPlace
from whatworks.learn.methods.register_year import Piece, RegisterYear, Standing, standing, year_of
from whatworks.learn.models import LearningEntry
from whatworks.learn.recording_forms import SORTS
from whatworks.ledger.addresses import link_to
from whatworks.people.models import User
from whatworks.publish.models import Revision
from whatworks.spoken import on_day

KNOWN = dict(SORTS)


def record_of(user: User, today: datetime.date) -> dict[str, Any]:
    """The whole record: this year and what it lacks, earlier years, events without an entry, and peers who ask."""
    held = list(LearningEntry.objects.of(user).select_related("about"))
    this = year_of(today)
    years = sorted({year_of(one.on).ends_in for one in held} | {this.ends_in}, reverse=True)
    return {
        "years": [_year(RegisterYear(number), held, today) for number in years],
        "attended": attended(user, {one.about_id for one in held}),
        "asking": [asked(one) for one in LearningEntry.objects.asking(user).select_related("user", "about")],
        "missing": told(of_year(held, this), today),
    }


def _year(year: RegisterYear, held: list[LearningEntry], today: datetime.date) -> dict[str, Any]:
    found = of_year(held, year)
    return {
        "ends_in": year.ends_in,
        "title": _("%(first)s to %(last)s") % {"first": on_day(year.first), "last": on_day(year.last)},
        "current": year.holds(today),
        "standing": found,
        "told": told(found, today),
        "entries": [row(one) for one in held if year.holds(one.on)],
    }


def piece(entry: LearningEntry) -> Piece:
    """An entry as the rule sees it. Two on the same page or event are one piece; else two with the same words."""
    same = entry.about_id or " ".join(entry.title.casefold().split())
    return Piece(entry.on, same, entry.complete, entry.with_peer)


def of_year(held: list[LearningEntry], year: RegisterYear) -> Standing:
    """What a year holds and lacks."""
    return standing((piece(one) for one in held), year)


def told(found: Standing, today: datetime.date) -> list[str]:
    """What is missing of a year, a sentence each; of one that is over, without days."""
    over = today > found.year.last
    lines = []
    if found.missing:
        lines.append(
            ngettext(
                "%(n)s more piece of learning is missing, a different one.",
                "%(n)s different pieces of learning are missing.",
                found.missing,
            )
            % {"n": found.missing}
        )
    if found.missing_peer:
        lines.append(_("One piece that you thought over with a peer is missing."))
    if lines and not over:
        left = found.year.left(today)
        lines.append(
            ngettext("%(n)s day is left, until %(day)s.", "%(n)s days are left, until %(day)s.", left)
            % {"n": left, "day": on_day(found.year.last)}
        )
    return lines


def row(entry: LearningEntry) -> dict[str, Any]:
    """An entry with what it is tied to, and whether a newer revision of that is there."""
    return {
        "entry": entry,
        "sort": str(KNOWN[entry.sort]),
        "on": on_day(entry.on),
        "about": link_to(entry.about) if entry.about else None,
        "newer": _newer(entry.about_id) if entry.about and entry.about.kind == "revision" else None,
        "peer": peer_words(entry),
    }


def _newer(identifier: str | None) -> dict[str, Any] | None:
    """The newest revision of the page that was read, where it is another."""
    read = Revision.objects.select_related("page").filter(pk=identifier).first()
    newest = read.page.newest() if read else None
    if read is None or newest is None or newest.number == read.number:
        return None
    return {"number": newest.number, "slug": read.page.slug}


def peer_words(entry: LearningEntry) -> str:
    """With whom it was thought over, in words that name nobody."""
    words = {
        LearningEntry.ALONE: _("On my own"),
        LearningEntry.ROLE: _("With a peer: %(part)s") % {"part": entry.peer_role},
        LearningEntry.ASKED: _("With a peer, who was asked and has not answered yet"),
        LearningEntry.SAID: _("With a peer, who says so, too"),
        LearningEntry.NOT: _("On my own: the peer who was asked says that it was not with them"),
    }
    return words[entry.peer_state]


def asked(entry: LearningEntry) -> dict[str, Any]:
    """What a peer is shown of an entry: whose it is, the day, and what of ours it was about. Nothing that was written."""
    return {
        "identifier": entry.pk,
        "who": entry.user.name or entry.user.email,
        "on": on_day(entry.on),
        "about": link_to(entry.about) if entry.about else None,
    }


def attended(user: User, held: set[str | None]) -> list[dict[str, Any]]:
    """Events that somebody with this person's address came to, and that their record does not have yet."""
    came = GatheringPlace.objects.filter(email__iexact=user.email, state="came").values("gathering")
    rows = (
        Gathering.objects.filter(pk__in=came).exclude(pk__in=[one for one in held if one]).order_by("-starts_at", "pk")
    )
    return [{"identifier": one.pk, "title": one.title, "on": day_of(one)} for one in rows]


def day_of(event: Gathering) -> datetime.date | None:
    """The day of an event."""
    return timezone.localdate(event.starts_at) if event.starts_at else None
