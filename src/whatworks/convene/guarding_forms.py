"""What every form with a public box has: a trap for machines, and a limit for one address. No cookie, nobody is followed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from whatworks.collate.api.limits import MOST, address_of, network, spend_as
from whatworks.errors import InputError
from whatworks.saying import said

A_MINUTE = 30  # texts that one address may send in a minute: a class in one room has one address
TRAP = "website"


class FloodError(InputError):
    """Too many texts came from one address in a minute."""

    http_status = 429


class GuardedMixin:
    """A form whose hidden field stays empty when a person fills it in. Put it first among the bases."""

    data: Mapping[str, Any]

    @property
    def trapped(self) -> bool:
        """Whether the hidden field was filled in, which no person does: answer as if all was well, and keep nothing."""
        return bool(str(self.data.get(TRAP, "")).strip())


class GuardedForm(GuardedMixin, forms.Form):
    """A form with a public box."""


def box(label: Any, *, help_text: Any = "", rows: int = 6, most: int = 5_000, needed: bool = True) -> forms.CharField:
    """The box itself."""
    return forms.CharField(
        label=label,
        help_text=help_text,
        widget=forms.Textarea(attrs={"rows": rows}),
        max_length=most,
        required=needed,
        error_messages={"required": _("Write something in the box.")},
    )


def refuse_flood(request: HttpRequest) -> None:
    """Raise FloodError where one address sent more than thirty texts in a minute. Addresses are kept as keyed hashes for a day."""
    who = f"text {network(address_of(request))}"
    if spend_as(who, MOST // A_MINUTE).exceeded:
        raise FloodError(said("That was a lot in one minute. Wait a minute, and send it again; nothing was kept."))
