"""Mending a record while screening: an abstract that no database had is typed in, and kept as what it is."""

from __future__ import annotations

import hashlib

from django.db import transaction
from django.db.models import Q

from whatworks.collate.actions import close_import, open_import, source_named
from whatworks.collate.entering import FORMAT
from whatworks.collate.methods.matching import KEYS_VERSION, VERSION
from whatworks.collate.models import Import, MatchProgress, Record, Report
from whatworks.collate.search import refresh
from whatworks.errors import ConflictError, InputError
from whatworks.ledger.actions import record
from whatworks.saying import said
from whatworks.screen.asking import ask_for_ranking
from whatworks.screen.methods.protocol import TITLE
from whatworks.screen.models import Candidate, Review
from whatworks.screen.reviewing import part_in
from whatworks.screen.tasks import MEND
from whatworks.screen.texts import texts_of

SHORTEST, LONGEST = 40, 20_000  # characters of an abstract; less is a slip of the mouse, more is the whole report


@transaction.atomic
def mend_abstract(*, by: str, review: Review, report: Report, text: str, source: str, replace: bool = False) -> Record:
    """Keep an abstract that somebody found elsewhere, as one more record of the report, found in `source`.

    Of several abstracts the longest is shown, so one that is to take another's place (`replace`) must be longer. Raises
    ForbiddenError where the person does not take part, InputError where the text cannot be an abstract, ConflictError
    where there is one already.
    """
    part_in(review, by)
    report, text, source = report.speaker(), _clean(text), source.strip()[:160]
    _check(text, source)
    held = texts_of([report.pk])[report.pk].abstract
    if held and not replace:
        raise ConflictError(
            said("This report has an abstract by now; look at it, and say if yours is to take its place.")
        )
    if len(text) <= len(held):
        raise InputError(said("The abstract that is here is as long or longer, and would still be the one shown."))
    made = _keep(by=by, report=report, text=text, source=source)
    bearing = Q(candidates__report=report) | Q(candidates__report__merged_into=report)
    reviews = list(Review.objects.filter(bearing).distinct().order_by("pk"))
    payload = {"source": source, "characters": len(text), "replaced": bool(held)}
    about = [*{review.pk, *(one.pk for one in reviews)}, report]
    record(verb=MEND, by=by, about=about, made=[made], payload=payload)
    refresh([report.pk])
    for one in reviews:
        if Candidate.objects.at(one, TITLE).filter(state=Candidate.OPEN).exists():
            ask_for_ranking(one, TITLE, by=by)
    return made


def _clean(text: str) -> str:
    return "\n".join(line.strip() for line in text.replace("\0", "").replace("\r\n", "\n").split("\n")).strip()


def _check(text: str, source: str) -> None:
    if len(text) < SHORTEST:
        raise InputError(said("That is no abstract: it has %(count)s characters. Paste all of it.", count=len(text)))
    if len(text) > LONGEST:
        raise InputError(
            said(
                "That is too long for an abstract: %(count)s characters. Paste the abstract only.",
                count=f"{len(text):,}",
            )
        )
    if not source:
        raise InputError(
            said("Say where you found it, such as “The publisher's page”; others will want to look there.")
        )


def _keep(*, by: str, report: Report, text: str, source: str) -> Record:
    """An import of one record, as with what is entered by hand; but its report is one that is here."""
    tags = [*_said(report), ("AB", text)]
    # The same words for two reports are two abstracts, so the report is part of what was typed.
    digest = hashlib.sha256(f"{report.pk}\n{text}".encode()).hexdigest()
    result = {"sha256": digest, "format": FORMAT, "encoding": "utf-8", "record_starts": 1, "records": 1}
    place = source_named(by=by, name=source, sort="website")
    name = f"Abstract: {report.title}"[:200]
    origin = open_import(result=result | {"unreadable": []}, filename=name, source=place)
    told = {"position": 1, "line": 1, "tags": tags, "report": report, "first_report": report}
    made = Record.objects.create(id=Record.derived(origin.pk, 1), origin=origin, **told)
    _spare_the_rules(origin)
    close_import(by=by, origin=origin)
    return made


def _said(report: Report) -> list[tuple[str, str]]:
    """What the report says by itself: wherever one of its records stands for it, this one must not be a bare one."""
    said = report.alone()
    tags = [
        ("TY", said["sort"] or "GEN"),
        ("TI", said["title"]),
        *(("AU", name) for name in said["authors"].split("; ")),
    ]
    tags += [("PY", str(said["year"] or "")), ("T2", said["venue"]), ("DO", said["doi"]), ("UR", said["url"])]
    return [(tag, value) for tag, value in tags if value]


def _spare_the_rules(origin: Import) -> None:
    """The rules have seen the report by the record that it came with; twice would have them ask again what is settled."""
    seen = {"keys_version": KEYS_VERSION, "keyed": 1, "rules_version": VERSION, "matched": 1}
    MatchProgress.objects.create(origin=origin, **seen)
