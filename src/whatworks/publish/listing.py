"""What stands in a list: a page as one entry, a review as another, and what lists ask of a page's content."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from whatworks.publish.models import PageStanding, Revision
from whatworks.screen.models import Review
from whatworks.spoken import on_day

CERTAINTIES = ("High", "Moderate", "Low", "Very low", "Not rated")
CONTACT, SAFETY = "Care, court and other contact", "Children\N{RIGHT SINGLE QUOTATION MARK}s safety"
CHIPS = 4  # outcomes shown in the list; the page has them all


def newest_revisions() -> list[Revision]:
    """The revision of each page in use, in the order of themes and names: a page that is withdrawn answers nothing."""
    newest: dict[str, Revision] = {}
    gone = PageStanding.objects.standing()
    rows = Revision.objects.exclude(page__in=gone).select_related("page__intervention__theme")
    for revision in rows.order_by("page", "number"):
        newest[revision.page_id] = revision
    return sorted(newest.values(), key=lambda one: (one.page.intervention.theme.order, one.page.title))


def text_of(parts: Iterable[Any]) -> str:
    """What inline parts say."""
    return "".join(part if isinstance(part, str) else part.get("number", part.get("link", "")) for part in parts)


def entry(content: Mapping[str, Any], *, stale: bool = False) -> dict[str, Any]:
    """One page in a list: its name, its answer in one line, its outcomes in words."""
    chips = [
        {
            "css": outcome["state"]["css"],
            "shape": outcome["state"]["shape"],
            "text": f"{outcome['name']}: {_lower(outcome['state']['word'])}",
            "certainty": outcome["certainty"],
        }
        for outcome in content["outcomes"][:CHIPS]
    ]
    more = len(content["outcomes"]) - CHIPS
    if more > 0:
        chips.append(
            {
                "css": "unsure",
                "shape": "not-poolable",
                "text": ngettext("and %(more)s more outcome", "and %(more)s more outcomes", more) % {"more": more},
                "certainty": None,
            }
        )
    line = [*content["answer"]["strong"], *content["answer"]["rest"]]
    line += [f" {_('A new report arrived; we are checking it.')}"] if stale else []
    return {"name": content["title"], "href": f"/evidence/{content['slug']}/", "line": line, "chips": chips}


def _lower(text: str) -> str:
    return text[0].lower() + text[1:]


def levels_of(content: Mapping[str, Any]) -> set[str]:
    """How sure people were of the outcomes of a page, in words."""
    levels = {outcome["certainty"]["word"] for outcome in content["outcomes"] if outcome["certainty"]}
    return levels or {"Not rated"}


def kinds_of(content: Mapping[str, Any]) -> set[str]:
    """What sorts of outcome a page has something to say about."""
    told = [outcome for outcome in content["outcomes"] if outcome["table"] or outcome["also"]]
    kinds = {CONTACT for outcome in told if outcome["contact"]} | {SAFETY for outcome in told if outcome["safety"]}
    return kinds | {outcome["group"] for outcome in told if not outcome["contact"] and not outcome["safety"]}


def review_entry(review: Review) -> dict[str, Any]:
    """A review in a list."""
    how = (
        _("Systematic search, last run %(day)s.") % {"day": on_day(review.last_search)}
        if review.last_search
        else _("Trials we could source, not a systematic search.")
    )
    return {"name": review.title, "href": f"/reviews/{review.slug}/", "line": [review.question, " ", how], "chips": []}
