"""What people do with retractions: load a list, say whether a notice is about a report; and what stands about reports.

A notice with a DOI is about every report with that DOI, and marks all that rests on it. Where either has no DOI, a title
that is the same is put before a person. Notices of reports that are not here are kept, for the day when they come.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, TypeVar

from django.db import transaction

from whatworks.collate.following import follow_imports
from whatworks.collate.merging import regroup
from whatworks.collate.methods.notices import (
    CONCERN,
    CORRECTION,
    REINSTATEMENT,
    RETRACTION,
    Notice,
    Standing,
    same_years,
    standing_of,
    title_key,
)
from whatworks.collate.models import NoticeHit, Report, RetractionNotice
from whatworks.collate.retraction_lists import Staged, piece, stage
from whatworks.errors import ConflictError, InputError
from whatworks.ledger.actions import mark_stale, record
from whatworks.ledger.fields import PUBLIC
from whatworks.ledger.models import Event, Job
from whatworks.ledger.work import enqueue, task
from whatworks.saying import said

LOAD, CHECK = "collate.load-retractions", "collate.check-retractions"
PIECE = 500  # rows or reports in one transaction; some tens of milliseconds of the write lock on SQLite
VERBS = {
    RETRACTION: "collate.retract",
    CONCERN: "collate.concern",
    CORRECTION: "collate.correction",
    REINSTATEMENT: "collate.reinstate",
}
Some = TypeVar("Some")


def load_list(
    *, by: str, path: Path, name: str = "", told: Callable[[int, int], None] = lambda done, of: None
) -> dict[str, Any]:
    """Load a list of retractions now, piece by piece. Loading it again adds nothing. Returns what came of each row."""
    staged = stage(path, name)
    arguments = _asked(staged, by)
    cursor: dict[str, Any] = {}
    while True:
        after = load_step(arguments, cursor)
        if after is None:
            break
        cursor = after
        told(cursor["done"], cursor["total"])
    return outcome(arguments, cursor)


def enqueue_list(*, by: str, path: Path, name: str = "") -> Job:
    """Ask for a list to be loaded by the worker; what is no list of retractions is refused at once."""
    staged = stage(path, name)
    arguments = _asked(staged, by)
    job = Job.objects.filter(kind=LOAD, key__startswith=f"retractions-{staged.sha256[:32]}").order_by("-pk").first()
    number = 1 + int(job.key.rpartition("-")[2]) if job and job.state in (Job.DONE, Job.FAILED) else 1
    return enqueue(kind=LOAD, by=by, key=f"retractions-{staged.sha256[:32]}-{number}", arguments=arguments)


def _asked(staged: Staged, by: str) -> dict[str, Any]:
    return {
        "staged": str(staged.path),
        "name": staged.name[:200],
        "sha256": staged.sha256,
        "rows": staged.rows,
        "unreadable": staged.unreadable,
        "bad": staged.bad,
        "by": by,
    }


@task(LOAD)
def load_step(arguments: dict[str, Any], cursor: dict[str, Any]) -> dict[str, Any] | None:
    """One piece of a list: first its rows, then, where there was something new, the titles of the reports held here."""
    if cursor.get("ended"):
        return None
    with transaction.atomic():
        if "titles" in cursor:
            return _titles_step(arguments, cursor)
        notices, offset = piece(Path(arguments["staged"]), cursor.get("offset", 0), PIECE)
        counts = Counter(cursor.get("counts", {}))
        if notices:
            counts += take_in(by=arguments["by"], notices=notices, name=arguments["name"], sha256=arguments["sha256"])
            done = cursor.get("done", 0) + len(notices)
            return {"offset": offset, "counts": dict(counts), "done": done, "total": arguments["rows"]}
        left = cursor | {"done": arguments["rows"], "total": arguments["rows"], "counts": dict(counts)}
        return left | {"titles": ""} if counts["new"] else _ended(arguments, left)


def _titles_step(arguments: dict[str, Any], cursor: dict[str, Any]) -> dict[str, Any]:
    reports = list(Report.objects.here().filter(pk__gt=cursor["titles"]).order_by("pk")[: 4 * PIECE])
    if not reports:
        return _ended(arguments, cursor)
    counts = Counter(cursor["counts"])
    counts["proposed"] += propose_by_title(reports)
    return cursor | {"titles": reports[-1].pk, "counts": dict(counts)}


def _ended(arguments: dict[str, Any], cursor: dict[str, Any]) -> dict[str, Any]:
    """Leave the event of the load; the step after this one has nothing to do."""
    found = outcome(arguments, cursor)
    if found["new"] or found["hits"] or found["proposed"]:
        payload = {key: value for key, value in found.items() if key != "bad"} | {"sha256": arguments["sha256"]}
        record(verb="collate.load-retractions", by=arguments["by"], payload=payload, audience=PUBLIC)
    Path(arguments["staged"]).unlink(missing_ok=True)
    return cursor | {"ended": True}


def outcome(arguments: dict[str, Any], cursor: dict[str, Any]) -> dict[str, Any]:
    """What came of a list: rows = unreadable + known + new; of the new ones, those about nothing held are unmatched."""
    counts = Counter(cursor.get("counts", {}))
    unmatched = (
        RetractionNotice.objects.filter(list_sha256=arguments["sha256"], hits=None).count() if counts["new"] else 0
    )
    names = ("known", "new", "hits", "proposed", "marked")
    return {
        "list": arguments["name"],
        "rows": arguments["rows"],
        "unreadable": arguments["unreadable"],
        **{name: counts[name] for name in names},
        "unmatched": unmatched,
        "natures": {nature: counts[nature] for nature in VERBS},
        "bad": arguments["bad"],
    }


@transaction.atomic
def take_in(*, by: str, notices: Sequence[Notice], name: str, sha256: str) -> Counter[str]:
    """Keep notices that are not known yet, and mark the reports that any of them is about, by DOI."""
    rows = {one.pk: one for one in (_row(notice, name, sha256) for notice in notices)}
    held = set(RetractionNotice.objects.filter(pk__in=rows).values_list("pk", flat=True))
    new = [row for pk, row in rows.items() if pk not in held]
    RetractionNotice.objects.bulk_create(new)
    counts = Counter({"new": len(new), "known": len(notices) - len(new)})
    counts.update(row.nature for row in new)
    by_doi = defaultdict(list)
    for row in rows.values():
        if row.doi:
            by_doi[row.doi].append(row)
    reports = Report.objects.here().filter(doi__in=by_doi).order_by("pk")
    return counts + hold(by=by, pairs=[(notice, report) for report in reports for notice in by_doi[report.doi]])


def _row(notice: Notice, name: str, sha256: str) -> RetractionNotice:
    """The row of a notice; what it says is its key, so that the same notice in two lists is one."""
    about = notice.doi or title_key(notice.title) or notice.title
    return RetractionNotice(
        id=RetractionNotice.derived(about, notice.nature, notice.on.isoformat(), notice.notice_url),
        nature=notice.nature,
        doi=notice.doi,
        title=notice.title,
        title_key=title_key(notice.title),
        year=notice.year,
        on=notice.on,
        url=(notice.notice_url or (f"https://doi.org/{notice.doi}" if notice.doi else ""))[:600],
        reason=notice.reason,
        told_by=name,
        list_sha256=sha256,
        number=notice.number[:24],
    )


@transaction.atomic
def hold(*, by: str, pairs: Iterable[tuple[RetractionNotice, Report]]) -> Counter[str]:
    """Take notices to be about reports, each once; what people refused stays refused. Counts hits and what was marked."""
    counts: Counter[str] = Counter()
    for some in _in_pieces(pairs):
        hits = {(notice.pk, report.pk): _hit(notice, report, NoticeHit.DOI, NoticeHit.HELD) for notice, report in some}
        kept = {hit.pk: hit for hit in NoticeHit.objects.filter(pk__in=[hit.pk for hit in hits.values()])}
        fresh = [hit for hit in hits.values() if hit.pk not in kept]
        NoticeHit.objects.bulk_create(fresh)
        proposed = [hit for hit in kept.values() if hit.state == NoticeHit.PROPOSED]  # a DOI came to the title
        NoticeHit.objects.filter(pk__in=[hit.pk for hit in proposed]).update(state=NoticeHit.HELD)
        for hit in [*fresh, *(hits[hit.notice_id, hit.report_id] for hit in proposed)]:
            counts["hits"] += 1
            counts["marked"] += len(_say(by, hit))
    return counts


def propose_by_title(reports: Iterable[Report]) -> int:
    """Put before a person each notice whose title a report has, where one of the two has no DOI; how many are new."""
    made = 0
    for some in _in_pieces(reports):
        keys = {report.pk: title_key(report.title) for report in some}
        notices = defaultdict(list)
        for notice in RetractionNotice.objects.filter(title_key__in={key for key in keys.values() if key}):
            notices[notice.title_key].append(notice)
        pairs = [(notice, report) for report in some for notice in notices[keys[report.pk]]]
        hits = [
            _hit(notice, report, NoticeHit.TITLE, NoticeHit.PROPOSED)
            for notice, report in pairs
            if not (notice.doi and report.doi) and same_years(notice.year, report.year)
        ]
        held = set(NoticeHit.objects.filter(pk__in=[hit.pk for hit in hits]).values_list("pk", flat=True))
        fresh = [hit for hit in hits if hit.pk not in held]
        NoticeHit.objects.bulk_create(fresh)
        made += len(fresh)
    return made


def _hit(notice: RetractionNotice, report: Report, found_by: str, state: str) -> NoticeHit:
    key = NoticeHit.derived(notice.pk, report.pk)
    return NoticeHit(id=key, notice=notice, report=report, found_by=found_by, state=state)


def _in_pieces(things: Iterable[Some]) -> Iterator[list[Some]]:
    listed = list(things)
    yield from (listed[start : start + PIECE] for start in range(0, len(listed), PIECE))


@transaction.atomic
def check_reports(*, by: str, reports: Sequence[Report]) -> Counter[str]:
    """Look whether any notice known here is about these reports, which have just come."""
    dois = defaultdict(list)
    for some in _in_pieces(report.doi for report in reports if report.doi):
        for notice in RetractionNotice.objects.filter(doi__in=some):
            dois[notice.doi].append(notice)
    counts = hold(by=by, pairs=[(notice, report) for report in reports for notice in dois.get(report.doi, ())])
    counts["proposed"] = propose_by_title(reports)
    return counts


@task(CHECK)
def check_step(arguments: dict[str, Any], cursor: dict[str, Any]) -> dict[str, Any] | None:
    """One piece of an import that has just been published."""
    after = cursor.get("after", "")
    reports = list(Report.objects.filter(origin=arguments["import"], pk__gt=after).order_by("pk")[:PIECE])
    if not reports:
        return None
    check_reports(by=arguments["by"], reports=reports)
    return {"after": reports[-1].pk, "done": cursor.get("done", 0) + len(reports)}


follow_imports(CHECK, order=60)


@transaction.atomic
def confirm_hit(*, by: str, hit: NoticeHit) -> list[str]:
    """Say that a notice is about a report after all. Returns the identifiers marked."""
    _from(hit, NoticeHit.PROPOSED, NoticeHit.REFUSED, by=by)
    hit.state = NoticeHit.HELD
    hit.save(update_fields=["state"])
    return _say(by, hit)


@transaction.atomic
def refuse_hit(*, by: str, hit: NoticeHit) -> None:
    """Say that a notice is not about a report. If it was taken to be, what rested on the report is marked once more."""
    before = hit.state
    _from(hit, NoticeHit.PROPOSED, NoticeHit.HELD, by=by)
    hit.state = NoticeHit.REFUSED
    hit.save(update_fields=["state"])
    payload = {"notice": hit.notice_id, "was": before}
    event = record(verb="collate.refuse-notice", by=by, about=_concerned(hit.report), payload=payload, audience=PUBLIC)
    if before == NoticeHit.HELD:
        _settle(hit.report, event, without=hit.notice)
        mark_stale(*_concerned(hit.report), event=event)


def _from(hit: NoticeHit, *states: str, by: str) -> None:
    if not by:
        raise InputError(said("A notice is judged by somebody; say who."))
    hit.refresh_from_db()
    if hit.state not in states:
        raise ConflictError(said("Somebody has judged this notice already; reload the page to see how."))


def _concerned(report: Report) -> list[str]:
    """The report, and the one through which it speaks: things may rest on either."""
    return sorted({report.pk, report.merged_into_id or report.pk})


def _say(by: str, hit: NoticeHit) -> list[str]:
    """Leave the event of a notice and mark what rests on its report, unless the row says the very same already."""
    report, notice = hit.report, hit.notice
    report.refresh_from_db()  # another notice of the same piece may have changed it, or what it speaks through
    if notice.nature == RETRACTION and report.retracted_on == notice.on and "retracted_on" not in report.chosen:
        return []
    payload = {"on": notice.on.isoformat(), "notice": notice.url, "list": notice.told_by, "reason": notice.reason}
    about = _concerned(report)
    event = record(verb=VERBS[notice.nature], by=by, about=about, payload=payload, audience=PUBLIC)
    _settle(report, event)
    return mark_stale(*about, event=event)


def _settle(report: Report, event: Event, without: RetractionNotice | None = None) -> None:
    """Write into the report whether it stands retracted, by all that was said of it alone."""
    hits = NoticeHit.objects.about([report.pk])
    said = standing_of(_told(report, [hit.notice.standing() for hit in hits], without))
    on, url = (said.on, said.href[:400]) if said and said.withdrawn else (None, "")
    chosen = {name: value for name, value in report.chosen.items() if name != "retracted_on"}
    if (report.retracted_on, report.retraction_url, report.chosen) != (on, url, chosen):
        report.retracted_on, report.retraction_url, report.chosen = on, url, chosen
        report.save(update_fields=["retracted_on", "retraction_url", "chosen"])
        regroup([report.pk], event=event)


def _told(report: Report, said: list[Standing], without: RetractionNotice | None = None) -> list[Standing]:
    """What notices say, and what a person entered by hand, which no notice tells."""
    own = report.retracted_on if "retracted_on" not in report.chosen else None
    if own is None or (without and without.on == own) or any(one.withdrawn and one.on == own for one in said):
        return said
    return [Standing(RETRACTION, own, report.retraction_url), *said]


def standing(identifiers: Iterable[str]) -> dict[str, Standing]:
    """What stands about reports, by identifier: of a merged report, what any of those says that speak through it."""
    found: dict[str, Standing] = {}
    for some in _in_pieces(identifiers):
        groups = {pk: [pk] for pk in some}
        for pk, into in Report.objects.filter(merged_into__in=some).values_list("pk", "merged_into"):
            groups[into].append(pk)
        members = [pk for group in groups.values() for pk in group]
        said: defaultdict[str, list[Standing]] = defaultdict(list)
        for part in _in_pieces(members):
            for hit in NoticeHit.objects.about(part):
                said[hit.report_id].append(hit.notice.standing())
            for report in Report.objects.filter(pk__in=part).exclude(retracted_on=None):
                said[report.pk] = _told(report, said[report.pk])
        for pk, group in groups.items():
            if stands := standing_of(one for member in group for one in said[member]):
                found[pk] = stands
    return found
