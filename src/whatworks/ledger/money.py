"""Money that says when: an amount means little without its currency and price year."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models

from whatworks.errors import InputError
from whatworks.saying import said
from whatworks.spoken import spoken


@dataclass(frozen=True, slots=True)
class Money:
    """An exact amount, its currency (ISO 4217) and the year whose prices it is in."""

    amount: Decimal
    currency: str
    price_year: int

    def __post_init__(self) -> None:
        known = len(self.currency) == 3 and self.currency.isupper() and 1900 <= self.price_year <= 2200
        if not (known and self.amount.is_finite()):
            raise InputError(
                said("Money needs an amount, a currency such as GBP and a price year; got “%(self)s”.", self=self)
            )

    def __str__(self) -> str:
        return f"{self.amount} {self.currency} {self.price_year}"

    def __add__(self, other: Money) -> Money:
        if (self.currency, self.price_year) != (other.currency, other.price_year):
            raise InputError(
                said(
                    "%(self)s and %(other)s differ in currency or price year; convert one before adding.",
                    self=self,
                    other=other,
                )
            )
        return Money(self.amount + other.amount, self.currency, self.price_year)

    @classmethod
    def read(cls, text: str) -> Money:
        """Read “2600.00 USD 2009”."""
        try:
            amount, currency, year = text.split()
            return cls(Decimal(amount), currency, int(year))
        except (InvalidOperation, ValueError) as error:
            raise InputError(
                said("“%(text)s” is not money; write an amount, a currency and a year: 2600 USD 2009.", text=text)
            ) from error


class MoneyField(models.CharField):
    """Money kept as readable text, the same on both databases; never a float."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 40)
        super().__init__(*args, **kwargs)

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> Money | None:
        return Money.read(value) if value else None

    def to_python(self, value: Any) -> Money | None:
        if value is None or value == "" or isinstance(value, Money):
            return value or None
        try:
            return Money.read(value)
        except InputError as error:
            raise ValidationError(spoken(error)) from error

    def get_prep_value(self, value: Any) -> str | None:
        return None if value is None else str(value)

    def run_validators(self, value: Any) -> None:
        super().run_validators(str(value))  # the column's length is that of the text
