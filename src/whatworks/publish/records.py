"""Pages about a review, a report and a study: what was searched, what was kept, where it is used. As plain data."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from whatworks.collate.citations import citing
from whatworks.collate.models import Report
from whatworks.collate.retractions import standing
from whatworks.extract.instruments import instrument
from whatworks.extract.judged_things import Thing
from whatworks.extract.models import Appraisal, Study
from whatworks.extract.presenters_appraising import judged_of, judges_of
from whatworks.publish.methods.baselines import raw_words
from whatworks.publish.methods.numbers import Three, printed
from whatworks.publish.page.noticed import noticed
from whatworks.publish.rated_study import padlock_of
from whatworks.rate.gathering import CLEAR
from whatworks.screen.drawings import prisma_rows, prisma_svg
from whatworks.screen.methods.prisma import Flow
from whatworks.screen.models import Judgement, Review
from whatworks.screen.presenters import flow_of, identities_of
from whatworks.spoken import on_day, spoken
from whatworks.synthesise.models import Synthesis

PER_PAGE = 40


def review_page(review: Review, number: int = 1) -> dict[str, Any]:
    """A review: how it looked, what it left out and why, what came out."""
    flow = flow_of(review)
    return {
        "title": review.title,
        "lead": [review.question],
        "facts": _facts(review),
        "prisma_svg": mark_safe(prisma_svg(flow, say=spoken))
        if flow
        else "",  # our own drawing, its texts escaped where it is made
        "prisma_svg_narrow": mark_safe(prisma_svg(flow, narrow=True, say=spoken)) if flow else "",
        "prisma": _flow_table(flow) if flow else None,
        "identities": [{"ok": one.holds, "text": [one.sentence]} for one in identities_of(review)] if flow else [],
        "searches": _searches(review),
        "reasons": _reasons(review),
        "results": _results(review),
        "records": _records(review, number),
        "methods": [[review.lead]] if review.lead else [],
    }


def _facts(review: Review) -> list[list[Any]]:
    how = (
        _("Last search %(on)s") % {"on": on_day(review.last_search)}
        if review.last_search
        else _("Trials we could source: not a systematic search")
    )
    facts: list[list[Any]] = [[how], [_("Conducted by %(who)s") % {"who": review.conducted_by}]]
    facts += [[review.citation]] if review.citation else []
    facts += [[{"link": _("Where it was published"), "href": review.url}]] if review.url else []
    facts += [[_("Licence: %(licence)s") % {"licence": review.licence}]] if review.licence else []
    return facts


def _flow_table(flow: Flow) -> dict[str, Any]:
    count = lambda n: "" if n is None else f"{n:,}"  # noqa: E731  two columns, one form
    rows = [
        [
            row.stage,
            row.route,
            _("of which: %(part)s") % {"part": row.text} if row.part else row.text,
            row.unit,
            count(row.published),
            count(row.held),
        ]
        for row in prisma_rows(flow, spoken)
    ]
    return {
        "type": "table",
        "caption": _("The flow as a table. Published counts are the authors’; held counts are kept here."),
        "head": [_("Stage"), _("Route"), _("What"), _("Counted"), _("Published"), _("Held here")],
        "rows": rows,
        "numeric": [4, 5],
    }


def _searches(review: Review) -> dict[str, Any] | None:
    searches = list(review.searches.select_related("source").order_by("source__sort", "source__name"))
    if not searches:
        return None
    rows = [
        [
            str(one.source),
            on_day(one.searched_on) if one.searched_on else _("not recorded"),
            _("from %(year)s") % {"year": one.covers_from} if one.covers_from else "",
            _("not recorded") if one.results is None else f"{one.results:,}",
            "" if one.included is None else str(one.included),
        ]
        for one in searches
    ]
    head = [_("Source"), _("Searched on"), _("Covers"), _("Results"), _("Taken in")]
    return {
        "type": "table",
        "caption": _("Each source with its published counts."),
        "head": head,
        "rows": rows,
        "numeric": [3, 4],
    }


def _reasons(review: Review) -> dict[str, Any] | None:
    judged = review.judgements.standing().filter(decision=Judgement.EXCLUDE, stage=Judgement.FULL_TEXT)
    counts = Counter(judged.values_list("reason", flat=True))
    if not counts:
        return None
    rows = [
        [reason or _("no reason recorded"), str(count)]
        for reason, count in sorted(counts.items(), key=lambda one: (-one[1], one[0]))
    ]
    caption = _("%(n)s reports left out at full text, of which records are held here.") % {"n": sum(counts.values())}
    return {"type": "table", "caption": caption, "head": [_("Reason"), _("Reports")], "rows": rows, "numeric": [1]}


def _results(review: Review) -> list[list[Any]]:
    current = (
        Synthesis.objects.current().filter(analysis__review=review, role=Synthesis.DEFAULT).select_related("analysis")
    )
    rows = []
    for one in current.order_by("analysis__title"):
        three = Three(one.result["estimate"], one.result["ci_low"], one.result["ci_high"])
        rows.append([f"{one.analysis.title}: ", {"number": printed(three, one.analysis.metric), "trace": one.pk}])
    return rows


def _records(review: Review, number: int) -> dict[str, Any] | None:
    judgements = review.judgements.standing().select_related("report").order_by("report__title", "report_id")
    total = judgements.count()
    if not total:
        return None
    pages = (total + PER_PAGE - 1) // PER_PAGE
    number = min(max(number, 1), pages)
    shown = judgements[(number - 1) * PER_PAGE : number * PER_PAGE]
    link = lambda page: f"/reviews/{review.slug}/?page={page}#records"  # noqa: E731  used twice below
    return {
        "words": [_("%(n)s decisions at full text are held, each with who took it.") % {"n": total}],
        "start": (number - 1) * PER_PAGE + 1,
        "items": [
            [{"link": one.report.title, "href": f"/reports/{one.report_id}/"}, f" {_decided(one)}"] for one in shown
        ],
        "page": number,
        "pages": pages,
        "previous": link(number - 1) if number > 1 else "",
        "next": link(number + 1) if number < pages else "",
    }


def _decided(one: Judgement) -> str:
    word = _("taken in") if one.decision == Judgement.INCLUDE else _("left out")
    return f"{word}{f': {one.reason}' if one.reason else ''} ({one.by})"


def report_page(report: Report) -> dict[str, Any]:
    """A report: what it is, whether it was taken in, which studies it tells of, how it was found."""
    pairs = [
        [_("Authors"), [report.authors]],
        [_("Year"), [str(report.year or _("not recorded"))]],
        [_("Published in"), [report.venue]],
    ]
    pairs += [[_("DOI"), [{"link": report.doi, "href": report.link()}]]] if report.doi else []
    pairs += [[_("Address"), [{"link": report.url, "href": report.link()}]]] if report.url else []
    judgements = report.judgements.standing().filter(review__listed=True).select_related("review")
    tellings = report.tellings.select_related("study")
    return {
        "title": report.title,
        "identifier": report.pk,
        "lead": [],
        "crumbs": [],
        "standing": standing([report.pk]).get(report.pk),
        "cite": citing(report),
        "pairs": [pair for pair in pairs if pair[1] != [""]],
        "decisions": [
            {
                "on": "",
                "what": [
                    f"{one.stage.capitalize()}: {_decided(one)}, for ",
                    {"link": one.review.title, "href": f"/reviews/{one.review.slug}/"},
                ],
                "who": "",
            }
            for one in judgements
        ],
        "studies": [
            [{"link": one.study.name, "href": f"/studies/{one.study_id}/"}, f" ({one.role} report)"] for one in tellings
        ],
        "found": [
            [
                f"Record {row.position} of {row.origin.records} in {row.origin.filename}, line {row.line} ({row.origin.source.name})"
            ]
            for row in report.records.select_related("origin__source")
        ],
    }


def study_page(study: Study) -> dict[str, Any]:
    """A study: what it was, how well it was done, and every result held of it."""
    pairs = [
        [_("Design"), [study.design]],
        [_("Where"), [", ".join(part for part in (study.place, study.country) if part)]],
        [_("When"), [study.years]],
        [_("Who"), [study.population]],
        [_("How many"), [f"{study.n_total:,} {study.unit}" if study.n_total else ""]],
        [_("Review"), [{"link": study.review.title, "href": f"/reviews/{study.review.slug}/"}]],
        [_("To keep in mind"), [study.caution]],
    ]
    reports = study.tellings.select_related("report")
    return {
        "title": study.name,
        "identifier": study.pk,
        "pairs": [pair for pair in pairs if pair[1] != [""]],
        "noticed": noticed(one.report_id for one in reports),
        "arms": _arms(study),
        "appraisals": _appraisals(study),
        "padlock": padlock_of(study),
        "findings": _findings(study),
        "reports": [
            [{"link": one.report.citation(), "href": f"/reports/{one.report_id}/"}, f" ({one.role})"] for one in reports
        ],
    }


def _arms(study: Study) -> dict[str, Any] | None:
    rows = [
        [arm.name, arm.role, f"{arm.n:,}" if arm.n is not None else _("not recorded")]
        for arm in study.arms.order_by("role", "name")
    ]
    return (
        {
            "type": "table",
            "caption": _("Groups."),
            "head": [_("Group"), _("Role"), _("People")],
            "rows": rows,
            "numeric": [2],
        }
        if rows
        else None
    )


def _appraisals(study: Study) -> list[dict[str, Any]]:
    """A table for each instrument by which the study, a report or a result of it was judged."""
    rows = study.appraisals.select_related("study", "report").order_by("instrument", "version", "pk")
    by: dict[tuple[str, str], list[tuple[Appraisal, Thing]]] = {}
    for one, thing in judged_of(rows):
        by.setdefault((one.instrument, one.version), []).append((one, thing))
    return [_judged_by(*key, held) for key, held in by.items()]


def _judged_by(key: str, version: str, held: list[tuple[Appraisal, Thing]]) -> dict[str, Any]:
    known = instrument(key, int(version))
    rows = [
        [
            thing.name[0].upper() + thing.name[1:],
            *(str(one.domains.get(domain.key, "")).capitalize() for domain in known.domains),
            one.overall.capitalize(),
        ]
        for one, thing in held
    ]
    head = [_("What was judged"), *(domain.name for domain in known.domains), _("Overall")]
    caption = f"{known.title}, as judged by {judges_of(one for one, _ in held)}."
    return {"type": "table", "caption": caption, "head": head, "rows": rows, "numeric": []}


def _findings(study: Study) -> dict[str, Any] | None:
    rows = []
    contrasts = study.contrasts.select_related("outcome", "intervention").order_by(
        "outcome__order", "measured", "months"
    )
    for row in contrasts:
        finding = row.findings.filter(subject__artefact__superseded_by="").order_by("pk").first()
        cell = [{"number": _("see what is held"), "trace": row.pk}]
        if finding:
            reach = CLEAR * finding.vi**0.5
            cell = [
                {
                    "number": printed(Three(finding.yi, finding.yi - reach, finding.yi + reach), finding.metric),
                    "trace": finding.pk,
                }
            ]
        rows.append([row.measured, row.follow_up, raw_words(row.inputs), cell])
    head = [_("Outcome"), _("When"), _("Raw numbers"), _("Effect (95% interval)")]
    return (
        {"type": "table", "caption": _("Every result held of this study."), "head": head, "rows": rows, "numeric": [3]}
        if rows
        else None
    )
