"""Which way is good: agreed in the framework, or not said at all; the database refuses what nobody agreed to."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import IntegrityError, transaction

from whatworks.rate.methods.wording import DIRECTION_KINDS
from whatworks.scope.models import Intervention, Outcome, OutcomeGroup, Theme


@pytest.mark.parametrize(
    ("direction", "contact", "reading"),
    [
        ("contact", True, "contact"),
        ("neutral", False, "contact"),
        ("good-high", False, "good-high"),
        ("good-low", False, "good-low"),
    ],
)
def test_fewer_and_more_where_no_side_is_good(direction: str, contact: bool, reading: str) -> None:
    """A neutral outcome is read as contact is, but does not ask for what is known about safety."""
    outcome = Outcome(direction=direction)
    assert (outcome.contact, outcome.reading) == (contact, reading)
    assert outcome.reading in DIRECTION_KINDS


@pytest.fixture
def group(db: None) -> OutcomeGroup:
    return OutcomeGroup.objects.create(id="grp-00000001", name="Children", order=1)


def add(group: OutcomeGroup, **fields: Any) -> Outcome:
    given = {"slug": "care", "name": "Care", "group": group, "direction": "contact", "order": 1} | fields
    return Outcome.objects.register(**given)


@pytest.mark.parametrize(
    "fields",
    [
        {"direction": "good"},
        {"direction": ""},
        {"band_low": -0.1, "band_high": 0.1},
        {"band_low": -0.1},
        {"band_high": 0.1},
    ],
)
def test_the_database_refuses(group: OutcomeGroup, fields: dict[str, Any]) -> None:
    """A direction nobody agreed to; a band “too small to matter” without whoever set it."""
    with pytest.raises(IntegrityError), transaction.atomic():
        add(group, **fields)


def test_a_band_with_its_source_is_taken(group: OutcomeGroup) -> None:
    add(group, band_low=-0.1, band_high=0.1, band_metric="SMD", band_source="A protocol of 2020")


def test_interventions_stand_by_theme_and_name_and_never_by_effect(db: None) -> None:
    themes = [
        Theme.objects.register(slug=slug, name=slug, line="", order=order)
        for slug, order in (("later", 2), ("first", 1))
    ]
    for name, theme in (("Zebra", 1), ("Ant", 0), ("Bee", 1)):
        Intervention.objects.register(slug=name.lower(), name=name, theme=themes[theme])
    assert [one.name for one in Intervention.objects.in_order()] == ["Bee", "Zebra", "Ant"]
