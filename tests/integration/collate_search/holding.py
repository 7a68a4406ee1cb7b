"""A few reports that differ in what searches ask, and how a test asks."""

from __future__ import annotations

from typing import Any

from whatworks.collate.methods.tokens import Written
from whatworks.collate.search import find


def says(title: str, *authors: str, **more: Any) -> Written:
    """What a report says, the usual left out."""
    return Written(titles=(title,), authors=authors, **more)


SAID = [
    says(
        "Kinship care and well-being",
        "Smith, Jane",
        "Ng, B.",
        abstract="Children in need of care.",
        venues=("Child Abuse",),
        keywords=("foster care",),
        dois=("10.1234/a",),
        year=2019,
        kind="JOUR",
        sources=("src-a",),
    ),
    says(
        "Leaving care: outcomes",
        "Williams, Ann",
        abstract="Care leavers in England; children.",
        venues=("Social Work",),
        year=2015,
        kind="JOUR",
        sources=("src-a", "src-b"),
    ),
    says(
        "The wellbeing of the child",
        "Smith, John",
        abstract="Behaviour programmes need care",
        venues=("Child Abuse",),
        dois=("10.1234/b",),
        year=2015,
        kind="RPRT",
        sources=("src-b",),
    ),
    says("Organisational behavior", "Doe, J", abstract="need in children", text="secret file words", kind="THES"),
    says("Kinship care and kinship care", year=1998),
    says("儿童保护 in care", "O'Brien, Zoë", abstract="Café", year=2101, kind="JOUR", sources=("src-a",)),
]


def found(text: str, **given: Any) -> list[str]:
    """What a search finds, in its order."""
    return [row.pk for row in find(text, counts=False, **given).rows]
