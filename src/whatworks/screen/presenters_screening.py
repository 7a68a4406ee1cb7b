"""A candidate as the page shows it on which people decide: what it says of itself, and never what others said of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from whatworks.collate.models import Document, Report
from whatworks.collate.retractions import standing
from whatworks.ledger.models import Event
from whatworks.people.naming import who_and_when
from whatworks.screen.methods.marking import marked, paragraphs
from whatworks.screen.methods.protocol import FULL_TEXT, Rules
from whatworks.screen.models import Candidate, Opinion, Place, Remark, Review, Stop
from whatworks.screen.queueing import waiting_for
from whatworks.screen.sitting import Sitting
from whatworks.screen.tasks import MEND
from whatworks.screen.texts import texts_of
from whatworks.spoken import on_day

NAMES = 8  # authors named before "and so many more"
LAST = 5  # decisions that can be taken back from the page
WORDS = {"include": gettext_lazy("Included"), "exclude": gettext_lazy("Excluded"), "maybe": gettext_lazy("Maybe")}
Terms = tuple[tuple[str, ...], tuple[str, ...]]


def terms_of(rules: Rules, held: Sitting) -> Terms:
    """The words to mark: the protocol's and this screener's own, for and against."""
    return (*rules.terms_for, *held.terms_for), (*rules.terms_against, *held.terms_against)


def records(candidates: Sequence[Candidate], *, by: str, terms: Terms) -> list[dict[str, Any]]:
    """Candidates as the page shows them, in their order, in as many queries whether one or ten."""
    # A report that was merged shows what the report says that speaks for it.
    speaking = dict(
        Report.objects.filter(pk__in=[one.report_id for one in candidates]).values_list("pk", "merged_into")
    )
    speaks = {one.pk: speaking[one.report_id] or one.report_id for one in candidates}
    reports = Report.objects.in_bulk(set(speaks.values()))
    texts, stands, mended = texts_of(reports), standing(reports), _mended(reports)
    alike = _alike(candidates)
    said = {one.candidate_id: one for one in Opinion.objects.current().filter(by=by, candidate__in=candidates)}
    noted = _noted(candidates, by)
    files = _files(candidates, speaks)
    return [
        _report(reports[speaks[one.pk]], texts[speaks[one.pk]].abstract, terms)
        | {
            "candidate": one.pk,
            "report": speaks[one.pk],
            "full": one.stage == FULL_TEXT,
            "standing": stands.get(speaks[one.pk]),
            "mended": mended.get(speaks[one.pk], ""),
            "alike": alike.get(one.pk, 0),
            "said": said.get(one.pk),
            "said_words": WORDS.get(said[one.pk].decision, "") if one.pk in said else "",
            "noted": noted.get(one.pk, []),
            "files": files.get(one.pk, []),
        }
        for one in candidates
    ]


def _report(report: Report, abstract: str, terms: Terms) -> dict[str, Any]:
    names = [name for name in report.authors.split("; ") if name]
    more = len(names) - NAMES
    who = "; ".join(names[:NAMES]) + (_("; and %(more)s more") % {"more": more} if more > 0 else "")
    return {
        "title": report.title,
        "title_parts": marked(report.title, *terms),
        "who": who,
        "year": report.year,
        "venue": report.venue,
        "doi": report.doi,
        "link": report.link(),
        "abstract": [marked(part, *terms) for part in paragraphs(abstract)],
    }


def _alike(candidates: Sequence[Candidate]) -> dict[str, int]:
    """How many near-identical reports are decided with each."""
    rows = Candidate.objects.filter(as_one__in=candidates).exclude(state=Candidate.DUPLICATE).order_by()
    return dict(rows.values_list("as_one").annotate(Count("pk")))


def _mended(reports: Sequence[str] | dict[str, Report]) -> dict[str, str]:
    """Who mended the abstract of a report last, and when."""
    rows = Event.objects.filter(verb=MEND, mentions__subject__in=list(reports)).order_by("at", "id")
    return {
        subject: who_and_when(actor, at) for subject, actor, at in rows.values_list("mentions__subject", "actor", "at")
    }


def _noted(candidates: Sequence[Candidate], by: str) -> dict[str, list[str]]:
    """What this person has written to the others about each; what others wrote is for when all have said their word."""
    found: dict[str, list[str]] = {}
    for one in Remark.objects.filter(candidate__in=candidates, by=by).order_by("at", "pk"):
        found.setdefault(one.candidate_id, []).append(one.text)
    return found


def _files(candidates: Sequence[Candidate], speaks: dict[str, str]) -> dict[str, list[Document]]:
    wanted = {speaks[one.pk] for one in candidates if one.stage == FULL_TEXT}
    if not wanted:
        return {}
    rows = Document.objects.filter(Q(report__in=wanted) | Q(report__merged_into__in=wanted)).select_related("report")
    found: dict[str, list[Document]] = {}
    for row in rows.order_by("filename", "pk"):
        found.setdefault(row.report.merged_into_id or row.report_id, []).append(row)
    return {one.pk: found.get(speaks[one.pk], []) for one in candidates}


def progress(*, by: str, review: Review, stage: str) -> dict[str, Any]:
    """How far this person is, in numbers and in words."""
    mine = Opinion.objects.current().filter(by=by, candidate__review=review, candidate__stage=stage)
    done = mine.values("candidate").distinct().count()
    left = waiting_for(by=by, review=review, stage=stage)
    return {"done": done, "left": left, "words": _progress(done, left)}


def _progress(done: int, left: int) -> str:
    if not done and not left:
        return _("Nothing waits for you.")
    if not done:
        return ngettext("%(left)s waits for you.", "%(left)s wait for you.", left) % {"left": f"{left:,}"}
    said = _("You have screened %(done)s.") % {"done": f"{done:,}"}
    if not left:
        return _("%(said)s None is left for you.") % {"said": said}
    rest = ngettext(
        "%(left)s is left for you (%(share)s in 100 done).", "%(left)s are left for you (%(share)s in 100 done).", left
    )
    return f"{said} " + rest % {"left": f"{left:,}", "share": 100 * done // (done + left)}


def undoable(*, by: str, review: Review, stage: str) -> list[dict[str, str]]:
    """The last decisions of this person that can be taken back, newest first."""
    mine = Opinion.objects.current().filter(by=by, candidate__review=review, candidate__stage=stage, third=False)
    rows = mine.order_by("-at", "-pk").values_list("candidate", "decision", "candidate__report__title")[:LAST]
    return [{"candidate": key, "what": WORDS[decision], "title": title} for key, decision, title in rows]


def nothing_left(*, by: str, review: Review, stage: str) -> str:
    """Why this person is handed nothing just now."""
    held = Place.objects.filter(candidate__review=review, candidate__stage=stage, candidate__state=Candidate.OPEN)
    stop = Stop.objects.standing().filter(review=review, stage=stage).order_by("-at").first()
    if held.filter(done=False, until__gt=timezone.now()).exclude(by=by).exists():
        return _("Colleagues are looking at what is left. Come back in a few minutes.")
    if stop:
        return _("Screening was stopped on %(at)s. Nothing is left for you.") % {"at": on_day(stop.at)}
    if review.waves.filter(complete=False).exists():
        return _("New reports are being added. Come back in a few minutes.")
    if stage == FULL_TEXT and not Candidate.objects.at(review, stage).exists():
        return _("No report has come this far yet. Reports come here when their title and abstract were taken further.")
    return _("Nothing is left for you. Thank you.")
