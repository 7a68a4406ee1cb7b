"""Whose interests keep them from rating, moderating or approving a thing, and which interest it is."""

from __future__ import annotations

import datetime
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Q

from whatworks.errors import ForbiddenError
from whatworks.extract.models import StudyDetail, StudyReport
from whatworks.people.models import Interest, Organisation, Tie, User
from whatworks.rate.rated_things import Thing, studies_of
from whatworks.saying import dated, joined, said
from whatworks.scope.models import Intervention


@dataclass(frozen=True, slots=True)
class Reach:
    """Everything in which an interest is an interest in the thing: subjects, authors' names, and what bodies are tied to."""

    subjects: frozenset[str]
    authors: tuple[tuple[str, str], ...] = field(default=())  # name as printed, and of which report


def reach_of(thing: Thing) -> Reach:
    """The thing, its intervention with its whole and parts, its studies and their reports and reviews, bodies tied to them."""
    studies = studies_of(thing)
    tellings = list(StudyReport.objects.filter(study__in=studies).select_related("report").order_by("pk"))
    named = _family(thing.intervention)
    subjects = {thing.about.pk, *(one.pk for one in named), *(one.pk for one in studies)}
    subjects |= {one.report_id for one in tellings} | {one.review_id for one in studies}
    subjects |= _bodies([one.name for one in named], [one.pk for one in studies])
    authors = {(name, one.report.title) for one in tellings for name in one.report.authors.split("; ") if name}
    return Reach(frozenset(subjects), tuple(sorted(authors)))


def _family(intervention: Intervention | None) -> list[Intervention]:
    """An intervention with the whole it is part of and its own parts."""
    if intervention is None:
        return []
    whole = Q(pk=intervention.pk) | Q(part_of=intervention) | Q(pk=intervention.part_of_id)
    return list(Intervention.objects.filter(whole).order_by("pk"))


def _bodies(names: list[str], studies: list[str]) -> set[str]:
    """Bodies whose tie, or whose money for a study, names one of these."""
    ties = Q(pk__in=[])
    for name in names:
        ties |= Q(what__icontains=name)
    found = set(Tie.objects.filter(ties).values_list("organisation", flat=True))
    details = StudyDetail.objects.filter(study__in=studies).values_list("funder", "interests")
    paid = " ".join(text.casefold() for row in details for text in row)
    if paid.strip():
        bodies = Organisation.objects.values_list("pk", "name")
        found |= {pk for pk, name in bodies if name.casefold().partition(" (")[0] in paid}
    return found


def conflict(user: User | str, reach: Reach, *, on: datetime.date | None = None) -> str:
    """Why this person cannot judge what is reached, in a sentence about them; empty where nothing stands against it."""
    held = Interest.objects.filter(user=user, about__in=reach.subjects).select_related("about")
    held = held.standing() if on is None else held.on(on)
    if one := held.order_by("declared_on", "pk").first():
        told = {"about": one.about.title, "day": dated(one.declared_on), "what": one.what}
        return said("An interest in “%(about)s” was declared on %(day)s: “%(what)s”", **told)
    name = user.name if isinstance(user, User) else User.objects.filter(pk=user).values_list("name", flat=True).first()
    return _authored(name or "", reach.authors)


def _authored(name: str, authors: Iterable[tuple[str, str]]) -> str:
    for printed, report in authors:
        if same_author(name, printed):
            return said("%(author)s is an author of “%(report)s”, on which it rests.", author=printed, report=report)
    return ""


def same_author(name: str, printed: str) -> bool:
    """Whether a person's full name could be an author's as printed: the surname, and the first letter of a forename.

    Printed names come as “Brown, A. B.”, “Brown AB” or “Anna Brown”. One with a surname alone is nobody's.

    >>> same_author("Anna Brown", "Brown, A."), same_author("Anna Brown", "Brown AB"), same_author("Anna Brown", "Brown, C.")
    (True, True, False)
    """
    person, author = _words(name), _words(printed)
    if len(person) < 2 or len(author) < 2:
        return False
    surname, initial = person[-1], person[0][0]
    if "," in printed or len(author[-1]) <= 2:
        family = _words(printed.partition(",")[0]) if "," in printed else author[:1]
        given = author[len(family) :]
        return family[-1:] == [surname] and bool(given) and given[0][0] == initial
    return author[-1] == surname and author[0][0] == initial


def _words(name: str) -> list[str]:
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().casefold()
    return re.findall(r"[a-z]+(?:-[a-z]+)*", plain)


def refuse_interest(by: User | str, thing: Thing) -> None:
    """Refuse who has an interest in the thing. Raises ForbiddenError that says which."""
    if why := conflict(by, reach_of(thing)):
        raise ForbiddenError(
            said(
                "%(why)s You cannot rate, moderate or approve “%(title)s”; a lead can ask somebody else.",
                why=_ended(why),
                title=thing.title,
            )
        )


def _ended(sentence: str) -> str:
    return sentence if sentence.rstrip("”")[-1:] in (".", "!", "?") else joined("", (sentence, "."))
