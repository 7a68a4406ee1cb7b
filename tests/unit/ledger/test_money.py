"""Money is exact and says when: pounds of one year are not added to pounds of another, nor to dollars."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from whatworks.errors import InputError
from whatworks.ledger.money import Money, MoneyField
from whatworks.ledger.packs import from_text, to_text

amounts = st.decimals(min_value=-(10**12), max_value=10**12, places=2)
moneys = st.builds(Money, amounts, st.sampled_from(["GBP", "USD", "EUR"]), st.integers(1990, 2030))
FIELD = MoneyField(name="cost")


@given(st.lists(amounts, min_size=1, max_size=30))
def test_a_sum_is_exact_to_the_penny(given_amounts: list[Decimal]) -> None:
    """As floats, 0.10 ten times is not 1.00."""
    total = Money(Decimal(0), "GBP", 2020)
    for amount in given_amounts:
        total = total + Money(amount, "GBP", 2020)
    assert total.amount == sum(int(amount * 100) for amount in given_amounts) / Decimal(100)


@given(moneys)
def test_money_reads_back_as_it_was_written(money: Money) -> None:
    assert Money.read(str(money)) == money
    assert FIELD.from_db_value(FIELD.get_prep_value(money), None, None) == money
    assert from_text(FIELD, to_text(FIELD, money), "costs.csv, line 2, column cost") == money


@given(moneys)
def test_money_passes_the_checks_of_a_form(money: Money) -> None:
    assert FIELD.clean(str(money), None) == money


@pytest.mark.parametrize("other", [Money(Decimal(1), "GBP", 2021), Money(Decimal(1), "USD", 2020)])
def test_years_and_currencies_are_not_mixed(other: Money) -> None:
    with pytest.raises(InputError, match="differ in currency or price year"):
        Money(Decimal(1), "GBP", 2020) + other


@pytest.mark.parametrize(
    "text",
    [
        "", "2600", "2600 GBP", "£2600 GBP 2009", "2600 GBP last", "2,600 GBP 2009", "2600 pounds 2009", "2600 gbp 2009",
        "2600 GBP 209", "2600 GBP 20009", "2600 GBP 2009 2010", "NaN GBP 2009", "Infinity GBP 2009",
    ],
)  # fmt: skip
def test_what_is_not_money_is_refused_in_one_sentence(text: str) -> None:
    with pytest.raises(InputError, match=r"(?i)money"):
        Money.read(text)
    if text:
        with pytest.raises(ValidationError, match=r"(?i)money"):
            FIELD.to_python(text)


def test_no_money_is_nothing() -> None:
    assert FIELD.to_python("") is FIELD.to_python(None) is None
    assert FIELD.get_prep_value(None) is None
    assert FIELD.from_db_value("", None, None) is None
