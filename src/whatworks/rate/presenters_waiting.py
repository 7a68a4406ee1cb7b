"""What waits for a person among ratings: to rate alone, to agree on, to sign off, to ask somebody else about."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from whatworks.ledger.models import Artefact, Subject
from whatworks.people.models import Interest
from whatworks.rate.models import Assessment, Moderation, Rater
from whatworks.rate.rated_things import schemes_for
from whatworks.rate.schemes import load_scheme

STATES = {
    Assessment.JUDGING: gettext_lazy("two people rate it, each alone"),
    Assessment.COMPARING: gettext_lazy("both are done; they compare and agree"),
    Assessment.MODERATED: gettext_lazy("agreed; an approver must sign it off"),
    Assessment.APPROVED: gettext_lazy("approved"),
    Assessment.REVOKED: gettext_lazy("the approval was taken back"),
    Assessment.CALLED_OFF: gettext_lazy("called off"),
}


@dataclass(frozen=True, slots=True)
class Waiting:
    """One thing to do: what it is called, where it is done, and what is asked."""

    name: str
    at: str
    asked: str


@dataclass(frozen=True, slots=True)
class InHand:
    """What happens with a rating or result: in a sentence, and the way to what a person can do about it."""

    said: str = ""
    at: str = ""
    does: str = ""


def scheme_title(one: Assessment) -> str:
    """What the scheme is called, with its version."""
    return _("%(title)s, version %(version)s") % {
        "title": load_scheme(one.scheme, int(one.version)).title,
        "version": one.version,
    }


def at(one: Assessment) -> str:
    """Where something is done about it now."""
    return reverse("compare_ratings" if one.unblinded_at is not None else "assessment", args=[one.pk])


def rating_for(actor: str) -> list[Waiting]:
    """What this person is asked to rate alone, then what they are to agree on with the other."""
    mine = Rater.objects.here().filter(user=actor)
    alone = _rows().filter(state=Assessment.JUDGING, pk__in=mine.filter(done_at=None).values("assessment"))
    both = _rows().filter(state=Assessment.COMPARING, pk__in=mine.values("assessment"))
    return [_waiting(one, _("Rate it; nobody sees what you say")) for one in alone] + [
        _waiting(one, _("Both are done; agree on a level")) for one in both
    ]


def approving_for(actor: str) -> list[Waiting]:
    """What waits for an approver, without what this person rated, moderated or declared an interest in."""
    rows = _rows().filter(state=Assessment.MODERATED).exclude(raters__user=actor)
    own = Moderation.objects.filter(assessment=OuterRef("pk"), by=actor)
    interest = Interest.objects.standing().filter(user=actor, about=OuterRef("intervention"))
    rows = rows.filter(~Exists(own), ~Exists(interest))
    return [_waiting(one, _("Two raters agreed; sign it off, or send it back")) for one in rows]


def parts_for(actor: str) -> list[Waiting]:
    """What waits for a lead: ratings that one of the two stepped back from."""
    here = Count("raters", filter=Q(raters__until=None))
    rows = _rows().filter(state=Assessment.JUDGING).annotate(here=here).filter(here__lt=2)
    return [_waiting(one, _("Somebody stepped back; ask another person")) for one in rows]


def _rows() -> QuerySet[Assessment]:
    return Assessment.objects.order_by("at", "pk")


def _waiting(one: Assessment, asked: str) -> Waiting:
    return Waiting(one.title, at(one), _("%(asked)s, by %(one)s.") % {"asked": asked, "one": scheme_title(one)})


def in_hand(identifier: str, user: Any) -> InHand:
    """What happens with a rating or a result, as this person may know it."""
    last = (
        Assessment.objects.filter(about=identifier).exclude(state=Assessment.CALLED_OFF).order_by("-at", "pk").first()
    )
    if Artefact.objects.filter(pk=identifier).exclude(superseded_by="").exists():
        return InHand(_("Something newer stands in place of this."))
    if last is not None and last.state != Assessment.REVOKED and user.may("workspace.enter"):
        return InHand(_("Judged by people: %(states)s.") % {"states": STATES[last.state]}, at(last), _("Open it"))
    kind = Subject.objects.filter(pk=identifier).values_list("kind", flat=True).first() or ""
    if user.may("rate.ask") and (kind == "rating" or schemes_for(kind)):
        return InHand("", f"{reverse('ask_raters')}?about={identifier}", _("Ask two people to judge this"))
    return InHand()
