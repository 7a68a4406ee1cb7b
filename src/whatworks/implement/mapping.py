"""A site writes itself into the practice map: what it does, since when, and why it stopped."""

from __future__ import annotations

import datetime

from whatworks.baseline.methods.standing import DOING, PLANNED, STOPPED, Word
from whatworks.baseline.models import Standing
from whatworks.baseline.practising import say_standing
from whatworks.implement.methods import adapting
from whatworks.implement.models import Site, SitePhase
from whatworks.implement.wording import REASONS
from whatworks.trial.sighting import hidden, will_hide

SAID_BY = "the team of the site"
STATUS = {
    adapting.PREPARE: PLANNED,
    adapting.DELIVER: DOING,
    adapting.SUSTAIN: DOING,
    adapting.STOPPED: STOPPED,
}


def concealed(site: Site) -> bool:
    """Whether it must not be known outside that the site does it: the arms of its trial are not told yet."""
    return site.trial is not None and (hidden(site.trial) or (will_hide(site.trial) and not _told(site)))


def _told(site: Site) -> bool:
    return site.trial is not None and site.trial.unblindings.exists()


def tell_map(*, by: str, site: Site) -> Standing | None:
    """Say on the practice map how the site stands; None where it is not on the map, its arm is not told yet, or it is made up
    and its authority is not.

    The same word twice is one, so this can be done again once arms are told.
    """
    if site.area is None or site.practice is None or site.misplaced or concealed(site):
        return None
    word = word_of(site)
    return None if word is None else say_standing(by=by, area=site.area, practice=site.practice, word=word)


def word_of(site: Site) -> Word | None:
    """What the phases of a site say of its practice; None where it only explores."""
    phases = list(site.phases.order_by("number"))
    last = phases[-1]
    begun = _begun(phases)
    if last.phase not in STATUS or (last.phase == adapting.STOPPED and begun is None):
        return None
    status = STATUS[last.phase]
    why = f": {REASONS[last.reason]}" if last.reason else ""
    plan = site.plan()
    return Word(
        status=status,
        on=last.on.isoformat(),
        source=f"The site’s own record{why}",
        said_by=SAID_BY,
        since=begun.isoformat() if begun and status != PLANNED else "",
        until=last.on.isoformat() if status == STOPPED else "",
        partners="; ".join(plan.content["partners"])[:400] if plan else "",
    )


def _begun(phases: list[SitePhase]) -> datetime.date | None:
    """The day on which delivery last began, without a stop since."""
    begun = None
    for one in phases:
        if one.phase in (adapting.DELIVER, adapting.SUSTAIN) and begun is None:
            begun = one.on
        elif one.phase in (adapting.EXPLORE, adapting.PREPARE):
            begun = None
    return begun
