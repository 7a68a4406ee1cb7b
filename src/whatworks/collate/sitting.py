"""One person's sitting with the pairs: how many are done, how long the rest will take, what was skipped."""

from __future__ import annotations

import datetime
from collections.abc import MutableMapping
from dataclasses import asdict, dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

KEPT = "sitting"  # under this name in the session
PAUSE = 60.0  # seconds: longer than this between two decisions was a pause and counts as so long
BREAK = 4 * 3600.0  # seconds after which it is another sitting
TELLING = 5  # decisions after which the pace says something
MOST = 300  # skipped pairs remembered


@dataclass(slots=True)
class Sitting:
    """What is kept of a sitting between two pages."""

    last: str
    done: int = 0
    timed: int = 0
    seconds: float = 0.0
    skipped: list[str] = field(default_factory=list)

    def decided(self, now: datetime.datetime, count: int = 1) -> None:
        """Note decisions (-1: one taken back), and how long they took."""
        self.done = max(self.done + count, 0)
        if count > 0:
            self.timed += count
            self.seconds += min(_since(self.last, now), PAUSE)
        self.last = now.isoformat()

    def skip(self, pair: str, now: datetime.datetime) -> None:
        """Leave a pair for later."""
        self.skipped = [*self.skipped[-MOST:], pair]
        self.last = now.isoformat()

    def words(self, waiting: int) -> str:
        """How far it is and how long the rest takes at this pace, such as “37 of 200, about 8 minutes left”."""
        if not self.done and not waiting:
            return _("No pair waits.")
        said = _("%(done)s of %(done_2)s") % {"done": f"{self.done:,}", "done_2": f"{self.done + waiting:,}"}
        if not waiting:
            return _("%(said)s: all are decided.") % {"said": said}
        if self.timed < TELLING:
            return _("%(said)s decided.") % {"said": said}
        left = waiting * self.seconds / self.timed / 60
        return _("%(said)s, %(left)s left.") % {"said": said, "left": _lasting(left)}


def _lasting(minutes: float) -> str:
    if minutes < 1:
        return _("less than a minute")
    if minutes < 90:
        said = ngettext("about %(minutes)s minute", "about %(minutes)s minutes", round(minutes))
        return said % {"minutes": f"{minutes:.0f}"}
    return _("about %(minutes)s hours") % {"minutes": f"{minutes / 60:.0f}"}


def _since(last: str, now: datetime.datetime) -> float:
    return (now - datetime.datetime.fromisoformat(last)).total_seconds()


def sitting(session: MutableMapping[str, Any], now: datetime.datetime) -> Sitting:
    """The sitting that is going on, or a new one."""
    kept = session.get(KEPT)
    if not kept or _since(kept["last"], now) > BREAK:
        return Sitting(last=now.isoformat())
    return Sitting(**kept)


def keep(session: MutableMapping[str, Any], held: Sitting) -> None:
    """Remember the sitting until the next page."""
    session[KEPT] = asdict(held)
