"""An award on a page: what for, with how much, where it stands, from what source. The same record gives the same file."""

from __future__ import annotations

import datetime
from collections.abc import Iterator

from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from whatworks.commission.methods.workflow import AWARD
from whatworks.commission.models import Award
from whatworks.spoken import spoken
from whatworks.trial.reports.parts import Block, Document, Heading, Paragraph, Table


def summary(award: Award) -> Document:
    """The document of one award, of what is public only."""
    notice = _("A made-up award of a made-up call: a demonstration.") if award.demonstration else ""
    at = award.announced_on or datetime.date(1970, 1, 1)
    return Document(
        kind=_("Project summary"), title=award.title, identifier=award.pk, at=f"{at.isoformat()}T00:00:00+00:00", notice=notice,
        foot=_("From the record of calls and awards; what is not known is left out."), language=get_language() or "en-gb",
        blocks=tuple(_blocks(award)),
    )  # fmt: skip


def _blocks(award: Award) -> Iterator[Block]:
    if award.reasons:
        yield Heading(_("Why it was chosen"))
        yield Paragraph(award.reasons)
    yield Heading(_("In short"))
    yield Table("", (), tuple(facts(award)))
    milestones = award.milestones.order_by("due", "pk")
    if milestones:
        yield Heading(_("Milestones"))
        rows = tuple((one.title, day(one.due), day(one.reached_on) or _("not yet")) for one in milestones)
        yield Table("", (_("What"), _("Due"), _("Reached")), rows)


def facts(award: Award) -> Iterator[tuple[str, str]]:
    """Names and values of an award, those that are known."""
    rows = [
        (_("Who"), award.body),
        (_("Call"), award.call.title),
        *((name.capitalize(), str(value)) for name, value in sorted(award.groups.items())),
        (_("Amount"), money(award.amount, award.currency)),
        (_("Announced"), day(award.announced_on)),
        (_("Begins"), day(award.starts_on)),
        (_("Ends"), day(award.ends_on)),
        (_("Where it stands"), spoken(AWARD[award.state].public)),
        (_("Source"), " ".join(filter(None, (award.source, award.source_url)))),
    ]
    yield from ((name, value) for name, value in rows if value)


def day(on: datetime.date | None) -> str:
    """A day in words; empty where it is not known."""
    return date_format(on, "j F Y") if on else ""


def money(amount: int | None, currency: str = "GBP") -> str:
    """An amount in words; empty where it is not known.

    >>> money(2_400_000), money(None), money(5, "EUR")
    ('£2,400,000', '', 'EUR 5')
    """
    if amount is None:
        return ""
    return f"£{amount:,}" if currency == "GBP" else f"{currency} {amount:,}"
