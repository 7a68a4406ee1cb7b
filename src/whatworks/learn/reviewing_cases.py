"""Learning from published reviews of many cases: publications are entered, coded by two people apart, settled, and withdrawn."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify

from whatworks.convene.methods.identifying import REASONS, likely_identifiers, reasons_of
from whatworks.errors import ConflictError, InputError
from whatworks.learn.frames import frame, newest
from whatworks.learn.methods.cases_counts import LEAST, by_term, cells_of, safe_counts
from whatworks.learn.methods.cases_frame import Code, Codes, apart, check_codes, check_either
from whatworks.learn.models import CaseCoding, CaseLink, CasePublication, CaseSettled, CaseTombstone
from whatworks.learn.models.cases import COUNTRIES
from whatworks.ledger.actions import erase, record
from whatworks.saying import said
from whatworks.scope.models import Intervention

EARLIEST = 1945
MOST_SUMMARY = 600  # characters: room for what it is about, none for its text
AGREED = "rule:agreed"


@transaction.atomic
def enter(
    *, by: str, title: str, publisher: str, year: int, country: str, sort: str, source: str, cases: int | None = None,
    counted: str = "", summary: str = "", link: str = "", number: str = "", licence: str = "", demonstration: bool = False,
) -> CasePublication:  # fmt: skip
    """Enter a national or thematic publication. None of its text is kept.

    Raises InputError for a review of one place, for one that rests on fewer than ten cases, for words that may say who somebody is,
    and for a summary that is too long; ConflictError where it is here already.
    """
    _check_sort(sort, cases)
    words = {
        "title": title, "publisher": publisher, "counted": counted, "summary": summary, "licence": licence, "source": source,
    }  # fmt: skip
    kept = {name: " ".join(text.split()) for name, text in words.items()}
    for name in ("title", "publisher", "source"):
        if not kept[name]:
            raise InputError(said("Say its title, who published it, and where you read this."))
    for text in kept.values():
        refuse_identifying(text)
    if len(kept["summary"]) > MOST_SUMMARY:
        raise InputError(
            said(
                "The summary may have %(most)s characters: say what it is about; its text is not kept.",
                most=MOST_SUMMARY,
            )
        )
    if country not in COUNTRIES:
        raise InputError(said("Of a place only the country is kept: %(known)s.", known=", ".join(COUNTRIES)))
    if not EARLIEST <= year <= timezone.localdate().year:
        raise InputError(
            said("The year is the year in which it was published, from %(first)s until now.", first=EARLIEST)
        )
    slug = slugify(kept["title"])[:80].strip("-")
    if not slug or CasePublication.objects.filter(slug=slug).exists():
        raise ConflictError(said("There is a publication of this title already."))
    made: CasePublication = CasePublication.objects.register(
        slug=slug, year=year, country=country, sort=sort, cases=cases, link=link.strip(), number=number.strip(),
        demonstration=demonstration, **kept,
    )  # fmt: skip
    record(verb="learn.case-enter", by=by, made=[made])
    return made


def _check_sort(sort: str, cases: int | None) -> None:
    if sort not in (CasePublication.NATIONAL, CasePublication.THEMATIC):
        raise InputError(
            said(
                "A review of one case or one place is not entered: place, age and day together can tell who a child is. Enter the "
                "national or thematic publication that drew on it."
            )
        )
    if cases is not None and cases < LEAST:
        raise InputError(
            said(
                "A publication that rests on fewer than %(least)s cases is not entered: what is said of so few can tell who they were.",
                least=LEAST,
            )
        )


def refuse_identifying(text: str) -> None:
    """Raises InputError where words of ours may say who somebody is. The sentence does not repeat them."""
    # The Panel's own name would be read as a child's: “the Child Safeguarding”.
    if found := reasons_of(likely_identifiers(text.replace("Child Safeguarding", "child safeguarding"))):
        raise InputError(
            said("This may say who somebody is: it has %(what)s. Write it without.", what=REASONS[found[0]])
        )


@transaction.atomic
def code(*, by: str, publication: CasePublication, codes: Codes) -> CaseCoding:
    """Code a publication by the newest frame, without seeing what the other coded. What two people code alike is settled by that.

    Raises ConflictError for a third person or a second time; InputError for codes that the frame does not allow.
    """
    held = CasePublication.objects.select_for_update().get(pk=publication.pk)
    asked = newest()
    check_codes(asked, codes, LEAST)
    for terms in codes.values():
        for one in terms.values():
            refuse_identifying(one.place)
            if held.cases is not None and one.cases is not None and one.cases > held.cases:
                raise InputError(
                    said("The publication rests on %(all)s cases; no number can be greater.", all=held.cases)
                )
    given = held.codings.filter(version=asked.version)
    if given.filter(coder=by).exists():
        raise ConflictError(said("You have coded this publication already."))
    if given.count() >= 2:
        raise ConflictError(said("Two people have coded this publication already."))
    made: CaseCoding = CaseCoding.objects.create(
        pk=CaseCoding.fresh(), publication=held, version=asked.version, coder=by, codes=plain(codes), at=timezone.now()
    )
    record(verb="learn.case-code", by=by, about=[held])
    both = pair(held, asked.version)
    if both and both[0].codes == both[1].codes:
        _settle(held, asked.version, codes, "", AGREED)
    return made


@transaction.atomic
def settle(*, by: str, publication: CasePublication, codes: Codes, why: str) -> CaseSettled:
    """Settle what two people coded differently on what the one or the other coded, saying why. Only then do readers see it."""
    held = CasePublication.objects.select_for_update().get(pk=publication.pk)
    asked = newest()
    both = pair(held, asked.version)
    if both is None:
        raise ConflictError(said("Two people must have coded this publication before it is settled."))
    if held.settled.filter(version=asked.version).exists():
        raise ConflictError(said("This publication is settled already."))
    if not why.strip():
        raise InputError(said("Say why it is settled so."))
    refuse_identifying(why)
    check_codes(asked, codes, LEAST)
    check_either(codes, read(both[0].codes), read(both[1].codes))
    return _settle(held, asked.version, codes, " ".join(why.split()), by)


def _settle(publication: CasePublication, version: int, codes: Codes, why: str, by: str) -> CaseSettled:
    first, second = pair(publication, version) or (None, None)
    counts = {
        key: found
        for key, terms in codes.items()
        if (found := {term: one.cases for term, one in terms.items() if one.cases is not None})
    }
    made: CaseSettled = CaseSettled.objects.create(
        pk=CaseSettled.fresh(), publication=publication, version=version,
        codes={key: {term: one.place.strip() for term, one in terms.items()} for key, terms in codes.items() if terms},
        shown=shown_of(publication, version, counts), counts=counts,
        apart=apart(read(first.codes), read(second.codes)) if first and second else {}, why=why, by=by, at=timezone.now(),
    )  # fmt: skip
    record(verb="learn.case-settle", by=by, about=[publication], made=[made], audience="public")
    return made


def shown_of(publication: CasePublication, version: int, counts: Mapping[str, Mapping[str, int]]) -> dict[str, Any]:
    """The numbers of a coding that may stand, with all that earlier versions showed of the same publication."""
    earlier = list(publication.settled.filter(version__lt=version).order_by("version"))
    before = [(frame(one.version), one) for one in earlier]
    shown = {key: n for held, one in before for key, n in cells_of(held, one.shown).items()}
    asked = frame(version)
    codings = [(held, one.counts or one.shown) for held, one in before] + [(asked, counts)]
    return by_term(asked, counts, safe_counts(publication.cases, codings, shown))


def pair(publication: CasePublication, version: int) -> tuple[CaseCoding, CaseCoding] | None:
    """The two codings of a publication, once there are two; the order hangs on the coders, not on who was first."""
    held = list(publication.codings.filter(version=version).order_by("coder"))
    return (held[0], held[1]) if len(held) == 2 else None


def plain(codes: Codes) -> dict[str, Any]:
    """Codes as they are kept."""
    return {
        key: {term: [one.place.strip(), one.cases] for term, one in terms.items()}
        for key, terms in codes.items()
        if terms
    }


def read(kept: Mapping[str, Any]) -> dict[str, dict[str, Code]]:
    """Codes as they were kept."""
    return {key: {term: Code(*value) for term, value in terms.items()} for key, terms in kept.items()}


@transaction.atomic
def withdraw(*, by: str, publication: CasePublication) -> CaseTombstone:
    """Its source has withdrawn it: it goes from here, with its codes and what events say of it. A day remains, and nothing else."""
    held = CasePublication.objects.select_for_update().get(pk=publication.pk)
    identifier = held.pk
    removed = [identifier, *held.settled.order_by("pk").values_list("pk", flat=True)]
    held.codings.all().delete()
    held.settled.all().delete()
    held.delete()
    erase(subject=identifier, by=by, reason="withdrawn by its source")
    made = CaseTombstone.objects.create(pk=CaseTombstone.fresh(), on=timezone.localdate(), removed=removed)
    record(verb="learn.case-withdraw", by=by, made=[made], audience="public")
    return made


@transaction.atomic
def link(*, by: str, theme: str, intervention: Intervention, why: str) -> CaseLink:
    """Say that a theme raises a question about an intervention, and which."""
    if newest().term("theme", theme) is None:
        raise InputError(said("The frame has no theme “%(theme)s”.", theme=theme))
    if not why.strip():
        raise InputError(said("Say which question it raises, as a question."))
    refuse_identifying(why)
    if CaseLink.objects.filter(theme=theme, intervention=intervention).exists():
        raise ConflictError(said("This theme is tied to this intervention already."))
    made: CaseLink = CaseLink.objects.create(
        pk=CaseLink.fresh(), theme=theme, intervention=intervention, why=" ".join(why.split()), by=by, at=timezone.now()
    )
    record(verb="learn.case-link", by=by, about=[intervention], made=[made], audience="public")
    return made


@transaction.atomic
def unlink(*, by: str, held: CaseLink) -> None:
    """Take a tie back that was wrong."""
    identifier, intervention = held.pk, held.intervention_id
    held.delete()
    record(verb="learn.case-unlink", by=by, about=[intervention], payload={"link": identifier})
