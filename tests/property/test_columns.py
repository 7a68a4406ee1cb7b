"""Values come back from the database as they went in, on both databases: a digest forgives nothing."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection, models
from django.test.utils import isolate_apps
from hypothesis import given
from hypothesis import strategies as st

from whatworks.ledger.canonical import canonical
from whatworks.ledger.fields import CanonicalField
from whatworks.ledger.money import Money, MoneyField

pytestmark = pytest.mark.django_db

# PostgreSQL keeps no NUL character in text; JSON writes it as an escape, so only the money column could meet it.
text = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
plain = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | text
values = st.recursive(
    plain, lambda part: st.lists(part, max_size=4) | st.dictionaries(text, part, max_size=4), max_leaves=10
).filter(lambda value: value is not None)
moneys = st.builds(
    Money, st.decimals(-(10**15), 10**15, places=2), st.sampled_from(["GBP", "EUR"]), st.integers(1990, 2030)
)


@pytest.fixture(scope="module")
def kept() -> Iterator[type[models.Model]]:
    """A table with one column of each of our types, for as long as this file runs."""
    with isolate_apps("whatworks.ledger"):

        class Kept(models.Model):
            value = CanonicalField()
            cost = MoneyField(null=True)

            class Meta:
                app_label = "ledger"
                db_table = "sample_of_our_columns"

        yield Kept


@pytest.fixture(autouse=True)
def table(db: None, kept: type[models.Model]) -> None:
    with connection.cursor() as cursor:
        key = "serial" if connection.vendor == "postgresql" else "integer"
        cursor.execute(
            f"CREATE TEMPORARY TABLE sample_of_our_columns (id {key} PRIMARY KEY, value text NOT NULL, cost varchar(40))"
        )


def through(model: type[models.Model], **given_values: Any) -> Any:
    return model.objects.get(pk=model.objects.create(**given_values).pk)


def test_json_comes_back_to_the_last_digit_and_sign(kept: type[models.Model]) -> None:
    @given(values)
    def comes_back(value: Any) -> None:
        assert canonical(through(kept, value=value).value) == canonical(value)

    comes_back()


@pytest.mark.parametrize("value", [-0.0, 1e-310, 5e-324, 1.7976931348623157e308, 2**63, {"b": 1, "a": -0.0}, "\0"])
def test_the_hard_ones_come_back(kept: type[models.Model], value: Any) -> None:
    assert canonical(through(kept, value=value).value) == canonical(value)


def test_money_comes_back_exactly(kept: type[models.Model]) -> None:
    @given(moneys)
    def comes_back(money: Money) -> None:
        assert through(kept, value=0, cost=money).cost == money

    comes_back()


def test_no_money_comes_back_as_none(kept: type[models.Model]) -> None:
    assert through(kept, value=0, cost=None).cost is None


def test_rows_are_found_by_value_whatever_the_order_of_keys(kept: type[models.Model]) -> None:
    made = kept.objects.create(value={"b": 1, "a": 2}, cost=Money(Decimal("0.10"), "GBP", 2020))
    assert kept.objects.get(value={"a": 2, "b": 1}) == made
    assert not kept.objects.filter(value={"a": 2}).exists()
    assert kept.objects.get(cost=Money(Decimal("0.10"), "GBP", 2020)) == made
