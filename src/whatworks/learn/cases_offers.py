"""What learning from cases shows on pages of interventions, where it is found, and which gaps it sees."""

from __future__ import annotations

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from whatworks.learn.cases_presenters import (
    RECURRING,
    SENTENCE,
    links_of,
    theme_href,
    title_of,
    with_term,
)
from whatworks.learn.gaps import offer_gaps
from whatworks.learn.models import CaseLink, CasePublication, CaseSettled
from whatworks.ledger.addresses import Told, lead
from whatworks.ledger.sections import Section, offer
from whatworks.people.doors import TAKING_PART, WORKSPACE, Door, offer_door


@lead(CasePublication.kind)
def _publication(identifier: str) -> Told:
    held = CasePublication.objects.filter(pk=identifier).first()
    return (held.title, reverse("case_publication", args=[held.slug])) if held else None


def raised_about(intervention: str) -> Section | None:
    """The themes that raise a question about an intervention; nothing where none does, or where no publication has them any more."""
    links = list(CaseLink.objects.filter(intervention=intervention).order_by("theme"))
    if not links:
        return None
    held = list(CaseSettled.objects.standing())
    rows = [
        {"title": title_of("theme", one.theme), "href": theme_href(one.theme), "why": one.why, "publications": n}
        for one in links if (n := len(with_term(held, "theme", one.theme)))
    ]  # fmt: skip
    told = {"rows": rows, "sentence": SENTENCE}
    return (
        Section(_("Questions that very serious cases raise"), render_to_string("learn/case_raised.html", told))
        if rows
        else None
    )


def theme_gaps() -> list[tuple[str, str]]:
    """Themes of three publications or more that are tied to no intervention with a page: what the gap is, and where it is read.

    Made-up publications make no gap together with real ones: the real are counted first, the made-up only where those are too few.
    """
    held = list(CaseSettled.objects.standing())
    found = []
    for theme in sorted({key for one in held for key in one.codes.get("theme", {})}):
        some = with_term(held, "theme", theme)
        made_up = sum(one.publication.demonstration for one in some)
        real = len(some) - made_up
        if max(real, made_up) >= RECURRING and not any(one["href"] for one in links_of(theme)):
            words = _gap(theme, real, made_up=False) if real >= RECURRING else _gap(theme, made_up, made_up=True)
            found.append((words, theme_href(theme)))
    return found


def _gap(theme: str, n: int, *, made_up: bool) -> str:
    """A gap in words; three publications or more are several in every language that we speak."""
    told = {"theme": title_of("theme", theme), "n": n}
    if made_up:
        return (
            _(
                "“%(theme)s” comes up in %(n)s made-up publications about very serious cases; no page of ours answers it."
            )
            % told
        )
    return _("“%(theme)s” comes up in %(n)s publications about very serious cases; no page of ours answers it.") % told


offer("intervention", raised_about, order=85)
offer_gaps(theme_gaps)
offer_door(
    Door(
        TAKING_PART,
        gettext_lazy("Learning from cases"),
        ((gettext_lazy("What national reviews of very serious cases say"), "cases"),),
        gettext_lazy(
            "What published reviews of many cases have in common, theme by theme, and which questions that raises."
        ),
        order=80,
    )
)
offer_door(
    Door(
        WORKSPACE,
        gettext_lazy("Learning from cases"),
        ((gettext_lazy("Publications to code and to settle"), "cases_work"),),
        permission="learn.code-cases",
        order=80,
    )
)
