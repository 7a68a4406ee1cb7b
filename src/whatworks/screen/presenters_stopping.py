"""Whether to stop, as a page says it: the answer, every number behind it, other ways, and what was signed."""

from __future__ import annotations

from itertools import accumulate
from typing import Any

from django.db.models import F
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from whatworks.people.naming import who_and_when
from whatworks.screen.drawings_leading import curve_svg
from whatworks.screen.methods.protocol import STOPPING, TITLE
from whatworks.screen.methods.safe import SafeState
from whatworks.screen.methods.stop_words import percent
from whatworks.screen.methods.stopping import StopEstimate
from whatworks.screen.models import Candidate, Review, Stop
from whatworks.screen.presenters_sample import missing
from whatworks.screen.reviewing import rules_of
from whatworks.screen.signing import untouched
from whatworks.screen.stopping import Known, answer, checklist, estimate, known, met, pool
from whatworks.spoken import spoken_capital

STEPS = 10  # lines of the table that says what the drawing shows
MARKS = {True: gettext_lazy("Yes"), False: gettext_lazy("Not yet"), None: gettext_lazy("Not known")}
POINTS = 400  # of the drawing: a line has no more to show


def stop_page(review: Review, stage: str = TITLE) -> dict[str, Any]:
    """Everything on the page about stopping."""
    rules, told, found = rules_of(review), estimate(review, stage), known(review, stage)
    standing = Stop.objects.standing().filter(review=review, stage=stage).first()
    allowed = met(review, told, stage)
    return {
        "rule": STOPPING[rules.stopping],
        "told": told,
        "allowed": allowed,
        "answer": answer(rules, told, allowed=allowed),
        "numbers": _numbers(told),
        "cautions": told.cautions,
        "unread": untouched(review, stage).count(),
        "half": _half(review, stage),
        "conflicts": pool(review, stage).filter(state=Candidate.CONFLICT).count(),
        "missing": missing(review),
        "curve": _curve(found),
        "safe": _safe(checklist(review, stage)),
        "standing": _signed(standing) if standing else None,
        "lifted": [_signed(one) for one in review.stops.filter(stage=stage).exclude(lift=None).order_by("-at")],
        "begun": told.total > 0,
    }


def _numbers(told: StopEstimate) -> list[list[str]]:
    """Every number behind the answer."""
    p = _("cannot be said") if told.p is None else f"{told.p:.2g}"
    expected = _("cannot be said") if told.expected_missing is None else f"{told.expected_missing:,.0f}"
    recall = _("cannot be said") if told.recall_lower is None else percent(round(told.recall_lower, 3))
    return [
        [_("Reports"), f"{told.total:,}"],
        [_("Screened"), f"{told.screened:,}"],
        [_("Relevant among them"), f"{told.found:,}"],
        [_("Share of the relevant to find, set beforehand"), percent(told.target)],
        [_("How sure to be, set beforehand"), percent(told.confidence)],
        [_("Most that may be missing, at that sureness"), f"{told.missing_upper:,}"],
        [_("Expected missing"), expected],
        [_("Least share found, at that sureness"), recall],
        [_("p (must be below %(value)s)") % {"value": f"{1 - told.confidence:.2g}"}, p],
    ]


def _half(review: Review, stage: str) -> int:
    return pool(review, stage).filter(state=Candidate.OPEN, said__gt=0, said__lt=F("needed")).count()


def _curve(found: Known) -> dict[str, Any] | None:
    """Found against screened, as a drawing and as a table."""
    screened = len(found.labels)
    if screened < STEPS:
        return None
    sums = list(accumulate(found.labels))
    so_far = sums[-1]
    every = max(screened // POINTS, 1)
    points = [(at, float(sums[at - 1])) for at in range(every, screened + 1, every)]
    points += [(screened, float(so_far))]
    marks = sorted({round(screened * step / STEPS) for step in range(1, STEPS + 1)})
    words = _("%(so_far)s found after %(screened)s of %(total)s reports; the table has the numbers") % {
        "so_far": f"{so_far:,}",
        "screened": f"{screened:,}",
        "total": f"{found.total:,}",
    }
    return {
        "svg": SafeString(curve_svg(points, found.total, float(max(so_far, 1)), words)),
        "found": so_far,
        "total": found.total,
        "screened": screened,
        "table": {
            "head": [_("Screened"), _("Found")],
            "rows": [[f"{at:,}", f"{sums[at - 1]:,}"] for at in marks],
            "numeric": [1],
            "caption": _("How many belong in after so many were screened"),
        },
    }


def _safe(state: SafeState) -> dict[str, Any]:
    rows = [
        {"name": spoken_capital(one.name), "mark": MARKS[one.holds], "ok": one.holds, "said": one.said}
        for one in state.conditions
    ]
    return {"sentence": state.sentence, "rows": rows, "done": state.done}


def _signed(stop: Stop) -> dict[str, Any]:
    """A signed stop with the numbers as they stood, and why it was lifted, if so."""
    lift = getattr(stop, "lift", None)
    return {
        "stop": stop,
        "who": who_and_when(stop.by, stop.at),
        "numbers": _numbers(frozen(stop)),
        "lift": lift,
        "lifted": who_and_when(lift.by, lift.at) if lift else "",
    }


def frozen(stop: Stop) -> StopEstimate:
    """The estimate as it stood when the stop was signed."""
    return StopEstimate(**{**stop.numbers, "cautions": tuple(stop.numbers["cautions"])})
