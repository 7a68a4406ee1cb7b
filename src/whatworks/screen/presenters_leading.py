"""How far a review is, in words and numbers for those who lead it: what is done, by whom, how quickly, what is left."""

from __future__ import annotations

import datetime
from collections import Counter, defaultdict
from typing import Any

from django.db.models import Count, F, Max, Q, Sum
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext as _

from whatworks.screen.drawings import prisma_svg
from whatworks.screen.drawings_leading import bars_svg
from whatworks.screen.handing_out import FORMS
from whatworks.screen.methods.pacing import FEWEST_DAYS, FEWEST_SAID, forecast, hours_worked
from whatworks.screen.methods.protocol import FULL_TEXT, TITLE
from whatworks.screen.models import Candidate, Opinion, Ranking, Review, Screener, Wave
from whatworks.screen.presenters import flow_of
from whatworks.screen.presenters_agreement import sentence_of
from whatworks.screen.presenters_sample import missing
from whatworks.screen.presenters_stages import ADDRESSES, HEADINGS, named
from whatworks.screen.queueing import held_now, waiting_for
from whatworks.screen.reckoning import OTHERS
from whatworks.screen.reviewing import PARTS, rules_of
from whatworks.screen.stopping import pool
from whatworks.screen.telling import paragraph_of
from whatworks.spoken import on_day, spoken

SHOWN_DAYS = 30


def taking_part(actor: str) -> list[dict[str, Any]]:
    """The reviews of this person, with what waits for them."""
    rows = Screener.objects.here().filter(user=actor, review__protocols__isnull=False).distinct()
    rows = rows.select_related("review").order_by("review__title")
    return [_mine(row, actor) for row in rows]


def _mine(row: Screener, actor: str) -> dict[str, Any]:
    review = row.review
    waits = [
        {"stage": HEADINGS[stage].lower(), "count": count, "at": ADDRESSES[stage]}
        for stage in (TITLE, FULL_TEXT)
        if (count := waiting_for(by=actor, review=review, stage=stage))
    ]
    return {
        "review": review,
        "part": PARTS[row.part],
        "waits": waits,
        "conflicts": conflicts_open(review),
        "empty": not review.waves.exists(),
    }


def conflicts_open(review: Review) -> int:
    """How many conflicts wait to be settled; near-identical reports are one."""
    return Candidate.objects.filter(review=review, state=Candidate.CONFLICT, as_one=None).count()


def dashboard(review: Review, actor: str, *, leads: bool) -> dict[str, Any]:
    """Everything on the page of a review's progress."""
    stages = [_stage(review, stage, actor) for stage in (TITLE, FULL_TEXT)]
    said = _said(review)
    flow = flow_of(review)
    return {
        "stages": [stage for stage in stages if stage["total"]],
        "answer": _answer(stages[0]),
        "forecast": _forecast_words(review, said),
        "hours": _hours(review, said),
        "people": people(review, said) if leads else [],
        "missing": missing(review),
        "ranking": ranking(review),
        "waves": waves(review),
        "paragraph": paragraph_of(review, agreement=sentence_of(review)) if review.waves.exists() else "",
        "forms": [{"key": key, "name": form.name, "says": form.says} for key, form in FORMS.items()],
        "flow": SafeString(prisma_svg(flow, say=spoken)) if flow and review.waves.exists() else "",
        "flow_narrow": SafeString(prisma_svg(flow, narrow=True, say=spoken)) if flow and review.waves.exists() else "",
    }


def _stage(review: Review, stage: str, actor: str) -> dict[str, Any]:
    rows = pool(review, stage)
    states = Counter(dict(rows.order_by().values("state").annotate(n=Count("pk")).values_list("state", "n")))
    half = rows.filter(state=Candidate.OPEN, said__gt=0, said__lt=F("needed")).count()
    done = states[Candidate.INCLUDE] + states[Candidate.EXCLUDE]
    return {
        "title": HEADINGS[stage],
        "at": ADDRESSES[stage],
        "total": sum(states.values()),
        "screened": done,
        "found": states[Candidate.INCLUDE],
        "left": states[Candidate.OPEN],
        "half": half,
        "conflicts": states[Candidate.CONFLICT],
        "unscreened": states[Candidate.UNSCREENED],
        "unretrieved": states[Candidate.UNRETRIEVED],
        "twins": twins(review, stage),
        "mine": waiting_for(by=actor, review=review, stage=stage) if states else 0,
    }


def twins(review: Review, stage: str) -> int:
    """How many reports are decided with a near-identical one."""
    return Candidate.objects.at(review, stage).counted().filter(as_one__isnull=False).count()


def _answer(title: dict[str, Any]) -> str:
    if not title["total"]:
        return _("Nothing has been added to screen yet.")
    found = ngettext("%(found)s of them goes on to full text", "%(found)s of them go on to full text", title["found"])
    said = ngettext(
        "%(screened)s of %(total)s report are screened, and %(found)s.",
        "%(screened)s of %(total)s reports are screened, and %(found)s.",
        title["total"],
    )
    return said % {
        "screened": f"{title['screened']:,}",
        "total": f"{title['total']:,}",
        "found": found % {"found": f"{title['found']:,}"},
    }


Said = dict[str, list[tuple[float, datetime.date]]]  # by person: when each opinion came, rising, and on which day


def _said(review: Review) -> Said:
    """When each person said something, what was taken back left out."""
    found: Said = defaultdict(list)
    rows = Opinion.objects.filter(candidate__review=review).exclude(decision=Opinion.WITHDRAWN)
    rows = rows.exclude(by__startswith=OTHERS).order_by("at")  # what came from elsewhere came at once
    for by, at in rows.values_list("by", "at").iterator():
        found[by].append((at.timestamp(), timezone.localtime(at).date()))
    return found


def _forecast_words(review: Review, said: Said) -> str:
    """When reading may be done, if nothing is stopped before; or why nobody can say."""
    open_now = pool(review).filter(state=Candidate.OPEN)
    left = open_now.aggregate(n=Sum(F("needed") - F("said")))["n"] or 0
    if not left:
        return gettext("No opinion on title and abstract is outstanding.") if review.waves.exists() else ""
    days = Counter(day for rows in said.values() for _, day in rows)
    today = timezone.localdate()
    first = min(days, default=today)
    daily = [days[first + datetime.timedelta(n)] for n in range((today - first).days + 1)]
    told = forecast(daily, left)
    if told is None:
        return gettext(
            "Too little has been screened to say when it will be done. Look again after %(fewest_days)s "
            "days with work and %(fewest_said)s opinions."
        ) % {"fewest_days": FEWEST_DAYS, "fewest_said": FEWEST_SAID}
    soonest = today + datetime.timedelta(told.soonest)
    pace = ngettext(
        "at the pace of the last %(days)s day (about %(a_day)s opinions a day)",
        "at the pace of the last %(days)s days (about %(a_day)s opinions a day)",
        told.days,
    ) % {"days": f"{told.days:,}", "a_day": f"{told.a_day:,.0f}"}
    if told.latest is None:
        return gettext(
            "Reading everything would end on %(soonest)s at the soonest, %(pace)s. The pace changes too "
            "much to say by when."
        ) % {"soonest": _day(soonest), "pace": pace}
    latest = today + datetime.timedelta(told.latest)
    return gettext("Reading everything would end between %(soonest)s and %(latest)s, %(pace)s.") % {
        "soonest": _day(soonest),
        "latest": _day(latest),
        "pace": pace,
    }


def _day(day: datetime.date) -> str:
    return on_day(day)


def _hours(review: Review, said: Said) -> dict[str, Any]:
    """Reports taken further for each hour of work, day by day: a drawing and its table."""
    worked: defaultdict[datetime.date, float] = defaultdict(float)
    given: Counter[datetime.date] = Counter()
    for rows in said.values():
        by_day: defaultdict[datetime.date, list[float]] = defaultdict(list)
        for time, day in rows:
            by_day[day].append(time)
        for day, times in by_day.items():
            worked[day] += hours_worked(times)
            given[day] += len(times)
    settled = pool(review).filter(state=Candidate.INCLUDE, settled_at__isnull=False)
    found = Counter(timezone.localtime(at).date() for at in settled.values_list("settled_at", flat=True))
    days = sorted(worked)[-SHOWN_DAYS:]
    rates = [found[day] / worked[day] for day in days]
    table = [
        [_day(day), f"{given[day]:,}", f"{found[day]:,}", f"{worked[day]:.1f}", f"{rate:.1f}"]
        for day, rate in zip(days, rates, strict=True)
    ]
    label = ngettext(
        "Reports taken further per hour on %(days)s day; the table has the numbers",
        "Reports taken further per hour on %(days)s days; the table has the numbers",
        len(days),
    ) % {"days": len(days)}
    return {
        "svg": SafeString(bars_svg(rates, label)) if len(days) > 1 else "",
        "most": f"{max(rates, default=0):.1f}",
        "first": _day(days[0]) if days else "",
        "last": _day(days[-1]) if days else "",
        "table": {
            "head": [_("Day"), _("Opinions"), _("Taken further"), _("Hours"), _("Per hour")],
            "rows": table,
            "numeric": [1, 2, 3, 4],
        },
    }


def people(review: Review, said: Said) -> list[dict[str, Any]]:
    """What each person did: those who take part now, and those who left and said something."""
    mine = Opinion.objects.current().filter(candidate__review=review).order_by().values("by")
    told = {
        row["by"]: row
        for row in mine.annotate(
            n=Count("candidate", distinct=True),
            includes=Count("candidate", distinct=True, filter=Q(decision=Opinion.INCLUDE)),
            last=Max("at"),
        )
    }
    team = {row.user_id: row for row in Screener.objects.filter(review=review)}
    held, called = held_now(review), named({*told, *team})
    rows = [
        _person(actor, called[actor], team.get(actor), told.get(actor, {}), held.get(actor, 0), said.get(actor, []))
        for actor in {*told, *team}
        if actor in told or (actor in team and team[actor].until is None)
    ]
    return sorted(rows, key=lambda row: (row["left"], -row["screened"], row["name"]))


def _person(
    actor: str,
    name: str,
    row: Screener | None,
    told: dict[str, Any],
    held: int,
    times: list[tuple[float, datetime.date]],
) -> dict[str, Any]:
    hours = hours_worked([time for time, _ in times]) if times else 0.0
    return {
        "name": name,
        "part": PARTS[row.part] if row else "",
        "left": row is None or row.until is not None,
        "screened": told.get("n", 0),
        "includes": told.get("includes", 0),
        "an_hour": f"{len(times) / hours:.0f}" if hours else "",
        "last": told.get("last"),
        "held": held,
    }


def ranking(review: Review) -> dict[str, Any] | None:
    """The last order that a machine proposed."""
    last = Ranking.objects.last_of(review, TITLE)
    if last is None or rules_of(review).order != "ranked":
        return None
    return {"at": last.at, "labels": last.labels, "number": last.number, "learner": f"{last.learner} {last.version}"}


def waves(review: Review) -> list[dict[str, Any]]:
    """What was added, with what was new in it."""
    rows = review.waves.order_by("number").annotate(
        alike=Count("candidates", filter=Q(candidates__as_one__isnull=False))
    )
    return [
        {
            "wave": wave,
            "duplicates": wave.records - wave.added if wave.complete else None,
            "alike": wave.alike,
            "previous": wave.route == Wave.PREVIOUS,
        }
        for wave in rows
    ]
