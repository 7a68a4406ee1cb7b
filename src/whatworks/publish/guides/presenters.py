"""From frozen guides to what their pages show today: notices, stages, history, packages, what people said."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from django.db.models import Count, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from whatworks.publish.methods.guide_text import day_of
from whatworks.publish.models import Consultation, Guide, GuideRevision, Package, Page, Response
from whatworks.publish.presenters import OTHERWISE, stale_notice
from whatworks.publish.writing.withdrawing import notice_of, withdrawn
from whatworks.spoken import on_day

NOTHING: Mapping[str, Any] = MappingProxyType({})
SAID_BY = {"practitioners": gettext_lazy("What practitioners say"), "young": gettext_lazy("What young people say")}


def plainly(day: datetime.date) -> str:
    """A day as readers read it."""
    return on_day(day)


def told_day(value: str) -> str:
    """A stored day as readers read it; as it stands where it is none."""
    day = day_of(value)
    return plainly(day) if day else value


def overdue(value: str) -> bool:
    """Whether the day by which somebody was to review it has passed."""
    day = day_of(value)
    return day is not None and day < timezone.localdate()


def shown(guide: Guide, frozen: GuideRevision | Consultation, *, older: bool = False) -> dict[str, Any]:
    """A frozen guide with what is true of it today."""
    content = frozen.content
    gone = {} if older else withdrawn_under(content)
    recommendations = [_recommendation(one, gone) for one in content["recommendations"]]
    return content | {
        "identifier": guide.pk,
        "recommendations": recommendations,
        "stages": stages(content["stages"], recommendations),
        "review": {"on": told_day(content["review_on"]), "overdue": overdue(content["review_on"])},
        "gone": list(gone.values()),
        "stale": None if older else stale_of(frozen),
        "withdrawn": gone_of(guide),
        "packages": [{"link": one.title, "href": f"/packages/{one.slug}/"} for one in _packages(guide)],
    }


def withdrawn_under(content: dict[str, Any]) -> dict[str, dict[str, str]]:
    """The withdrawn pages among those whose results a guide rests on, by address: which, when and why."""
    standing = withdrawn()
    pages = Page.objects.filter(pk__in=standing).order_by("title", "pk") if standing else ()
    rests_on = {rest["page"] for one in content["recommendations"] for rest in _rests(one)}
    return {
        href: {"title": page.title, "href": href} | (notice_of(page) or {})
        for page in pages
        if (href := f"/evidence/{page.slug}/") in rests_on
    }


def _rests(one: dict[str, Any]) -> list[dict[str, Any]]:
    return [*one["rests"], *(one["dont"]["rests"] if one["dont"] else ())]


def _recommendation(one: dict[str, Any], gone: Mapping[str, Any] = NOTHING) -> dict[str, Any]:
    asked = [row | {"title": SAID_BY[row["of"]]} for row in one["asked"]]
    rests = [rest | {"gone": gone.get(rest["page"])} for rest in one["rests"]]
    dont = one["dont"] and one["dont"] | {
        "rests": [rest | {"gone": gone.get(rest["page"])} for rest in one["dont"]["rests"]]
    }
    review = {"on": told_day(one["review_on"]), "overdue": overdue(one["review_on"])}
    return one | {"rests": rests, "dont": dont, "asked": asked, "review": review}


def stages(names: Iterable[str], recommendations: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The stages in their sequence, each with what is recommended there."""
    return [{"name": name, "rows": [one for one in recommendations if one["stage"] == name]} for name in names]


def stale_of(frozen: GuideRevision | Consultation) -> dict[str, str] | None:
    """The notice of a page, in the words of a guide."""
    told = stale_notice(frozen)
    if told is None:
        return None
    words = told["text"] if told["text"] != OTHERWISE else _("Something behind this guide has changed.")
    return told | {"text": words.replace("this page", "this guide")}


def gone_of(guide: Guide) -> dict[str, str] | None:
    """Since which day, and why, a guide is withdrawn; None where it is in use."""
    held = guide.withdrawn()
    return {"on": plainly(timezone.localdate(held.at)), "why": held.reason} if held else None


def _packages(guide: Guide) -> list[Package]:
    return list(Package.objects.filter(shown=True, items__guide=guide).distinct().order_by("title"))


def history(guide: Guide) -> list[dict[str, Any]]:
    """Every revision and every consultation, newest first."""
    at = f"/guides/{guide.slug}/"
    rows = [
        {
            "at": one.approved_at,
            "on": plainly(timezone.localdate(one.approved_at)),
            "title": _("Revision %(number)s") % {"number": one.number},
            "what": one.what_changed,
            "href": f"{at}revisions/{one.number}/",
            "changes": f"{at}revisions/{one.number}/changes/" if one.number > 1 else "",
        }
        for one in guide.revisions.defer("text")
    ]
    rows += [
        {
            "at": one.opened_at,
            "on": plainly(timezone.localdate(one.opened_at)),
            "title": _("Draft %(number)s, for people to comment on") % {"number": one.number},
            "what": _("Open until %(closes_on)s.") % {"closes_on": plainly(one.closes_on)},
            "href": f"{at}consultations/{one.number}/",
            "changes": "",
        }
        for one in guide.consultations.defer("text")
    ]
    rows += [
        {
            "at": one.at,
            "on": plainly(timezone.localdate(one.at)),
            "title": _("Withdrawn") if one.withdrawn else _("Taken into use again"),
            "what": one.reason,
            "href": "",
            "changes": "",
        }
        for one in guide.standings.all()
    ]
    return sorted(rows, key=lambda row: row["at"], reverse=True)


def guide_list() -> list[dict[str, Any]]:
    """Every guide that readers can see, by theme and then by question."""
    guides = Guide.objects.shown().select_related("theme").order_by("theme__order", "title")
    return [_entry(guide) for guide in guides]


def _entry(guide: Guide) -> dict[str, Any]:
    newest, asked = guide.newest(), guide.consulted()
    frozen = newest or asked
    assert frozen is not None  # shown() takes care of it
    content = frozen.content
    return {
        "title": content["title"],
        "href": f"/guides/{guide.slug}/",
        "theme": content["theme"]["name"],
        "answer": content["answer"][:1],
        "count": len(content["recommendations"]),
        "draft": newest is None,
        "illustration": guide.illustration,
        "withdrawn": gone_of(guide),
        "review": {"on": told_day(content["review_on"]), "overdue": overdue(content["review_on"])},
        "open": asked is not None and asked.open_on(timezone.localdate()) and plainly(asked.closes_on),
    }


def packages() -> QuerySet[Package]:
    """Every package that readers are shown and that holds something."""
    return Package.objects.filter(shown=True, items__isnull=False).distinct().order_by("theme__order", "title")


def package_list() -> list[dict[str, str]]:
    """Every package that holds something, as the list of guides names it."""
    return [{"title": one.title, "href": f"/packages/{one.slug}/", "lead": one.lead} for one in packages()]


def package_work() -> list[dict[str, Any]]:
    """Every package as those who gather it see it."""
    rows = Package.objects.select_related("theme").annotate(holds=Count("items")).order_by("theme__order", "title")
    return [{"identifier": one.pk, "title": one.title, "theme": one.theme.name, "holds": one.holds,
             "public": f"/packages/{one.slug}/" if one.shown else ""} for one in rows]  # fmt: skip


def entries_of(keys: Sequence[str]) -> list[dict[str, Any]]:
    """These guides and packages as they stand in a list of evidence, in this sequence."""
    found = {one.pk: _entry(one) | {"kind": _("Guide")} for one in Guide.objects.shown().filter(pk__in=keys)}
    for one in Package.objects.filter(pk__in=keys).select_related("theme"):
        named = {"title": one.title, "href": f"/packages/{one.slug}/", "theme": one.theme.name}
        found[one.pk] = named | {"kind": _("Package of guides"), "answer": [[one.lead]]}
    return [found[key] for key in keys if key in found]


def package_page(package: Package) -> dict[str, Any]:
    """A package: its guides and pages by stage."""
    found: list[dict[str, Any]] = []
    for item in package.items.select_related("guide", "intervention").order_by("order"):
        row = _in_package(item)
        if row is None:
            continue
        if not found or found[-1]["stage"] != item.stage:
            found.append({"stage": item.stage, "rows": []})
        found[-1]["rows"].append(row | {"why": item.why})
    named = {"slug": package.theme.slug, "name": package.theme.name}
    return {"title": package.title, "lead": package.lead, "theme": named, "stages": found, "slug": package.slug}


def _in_package(item: Any) -> dict[str, Any] | None:
    """One entry; nothing where readers cannot see the thing yet."""
    if item.guide:
        return (
            _entry(item.guide) | {"kind": _("Guide")}
            if Guide.objects.shown().filter(pk=item.guide_id).exists()
            else None
        )
    page = Page.objects.filter(intervention=item.intervention_id).first()
    newest = page.newest() if page else None
    if page is None or newest is None:
        return None
    answer = newest.content["answer"]
    said = [[*answer["strong"], *answer["rest"]]]
    held = {"title": page.title, "href": f"/evidence/{page.slug}/", "kind": _("Evidence"), "answer": said}
    return held | {"withdrawn": notice_of(page)}


def consultation_page(consultation: Consultation) -> dict[str, Any]:
    """Until when people are asked, and what they said, as far as they let us show it, with what we did about it."""
    titles = {one["key"]: one["number"] for one in consultation.content["recommendations"]}
    responses = list(consultation.responses.order_by("at", "pk").prefetch_related("answers"))
    answered = [row for one in responses if (row := answered_row(one, titles))]
    return {
        "number": consultation.number,
        "closes": plainly(consultation.closes_on),
        "open": consultation.open_on(timezone.localdate()),
        "count": len(responses),
        "answered": answered,
        "waiting": len(responses) - len(answered),
    }


def answered_row(one: Response, titles: dict[str, int]) -> dict[str, Any] | None:
    """A response that has its answer; the words of whoever wrote it only where they said that we may show them."""
    newest = max(one.answers.all(), key=lambda row: row.number, default=None)
    if newest is None:
        return None
    about = (
        _("Recommendation %(titles)s") % {"titles": titles[one.about]} if one.about in titles else _("The whole guide")
    )
    words = one.text if one.may_show else ""
    return {"about": about, "as": one.speaks_as, "words": words, "asked": newest.asked, "did": newest.did}


def shown_draft(guide: Guide, content: dict[str, Any]) -> dict[str, Any]:
    """The would-be guide as its page would show it, for those who write and approve."""
    recommendations = [_recommendation(one) for one in content["recommendations"]]
    elsewhere = [one for one in recommendations if one["stage"] not in content["stages"]]
    found = stages(content["stages"], recommendations)
    if elsewhere:
        found.append({"name": _("No stage chosen yet"), "rows": elsewhere})
    return content | {
        "identifier": guide.pk,
        "recommendations": recommendations,
        "stages": found,
        "review": {"on": told_day(content["review_on"]), "overdue": overdue(content["review_on"])},
    }


def work_list() -> list[dict[str, Any]]:
    """Every guide as those who work on it see it: how it stands, and where it is written, read and answered."""
    rows = []
    for guide in Guide.objects.select_related("theme", "draft").order_by("theme__order", "title"):
        newest, asked, draft = guide.newest(), guide.consulted(), getattr(guide, "draft", None)
        rows.append(
            {
                "identifier": guide.pk,
                "title": guide.title,
                "theme": guide.theme.name,
                "standing": _standing(guide, newest, draft),
                "public": f"/guides/{guide.slug}/" if newest or asked else "",
                "consultation": asked.pk if asked else "",
                "responses": asked.responses.count() if asked else 0,
                "withdrawn": gone_of(guide),
            }
        )
    return rows


def _standing(guide: Guide, newest: GuideRevision | None, draft: Any) -> str:
    out = _("Revision %(number)s is out. ") % {"number": newest.number} if newest else _("Not published yet. ")
    if draft is None:
        return out + _("Nobody is writing on it.")
    waits = {
        "approval": _("A draft waits for approval."),
        "consultation": _("A draft waits to be put out for comment."),
    }
    return out + waits.get(draft.sent_for, "A draft is being written.")


def response_rows(asked: Consultation) -> list[dict[str, Any]]:
    """Every response to a draft, those without an answer first."""
    titles = {one["key"]: one["number"] for one in asked.content["recommendations"]}
    rows = []
    for one in asked.responses.order_by("at", "pk").prefetch_related("answers"):
        newest = max(one.answers.all(), key=lambda row: row.number, default=None)
        rows.append(
            {
                "identifier": one.pk,
                "about": _("Recommendation %(titles)s") % {"titles": titles[one.about]}
                if one.about in titles
                else _("The whole guide"),
                "as": one.speaks_as,
                "words": one.text,
                "came": _("by letter") if one.came_by == Response.LETTER else _("by form"),
                "on": plainly(timezone.localdate(one.at)),
                "may_show": one.may_show,
                "answer": newest,
            }
        )
    return sorted(rows, key=lambda row: row["answer"] is not None)
