"""How parameters of an address are read: known, each once, one sentence for what cannot be, and the page they ask for."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from django.db.models import QuerySet
from django.http import QueryDict
from pydantic import Field

from whatworks.errors import InputError
from whatworks.saying import said

LIMIT, LARGEST = 50, 200


def told(said: tuple[str, str], **named: Any) -> Any:
    """A field of a query as the interface's description has it: what it is, and an example."""
    words, example = said
    return Field("", description=words, examples=[example], **named)


def known(given: QueryDict, names: Collection[str]) -> dict[str, str]:
    """The parameters, each once and known: one that is misspelt would quietly give everything."""
    for name, values in given.lists():
        if name not in names:
            there = (
                said("there are %(names)s", names=", ".join(sorted(names)))
                if names
                else said("this address takes none")
            )
            raise InputError(said("There is no parameter %(name)s; %(there)s.", name=name[:40], there=there))
        if len(values) > 1:
            raise InputError(said("%(name)s is given %(count)s times; give it once.", name=name, count=len(values)))
    return {name: value.replace("\0", "") for name, value in given.items() if value}


def whole_number(query: Mapping[str, str], name: str, otherwise: int, least: int, most: int) -> int:
    """A whole number between two others."""
    given = query.get(name, "")
    if not given:
        return otherwise
    if not (given.isascii() and given.isdecimal() and len(given) < 10 and least <= int(given) <= most):
        raise InputError(
            said(
                "%(name)s=%(given)s cannot be read; give a whole number from %(least)s to %(most)s.",
                name=name,
                given=given[:40],
                least=least,
                most=most,
            )
        )
    return int(given)


def page(rows: QuerySet[Any], query: Mapping[str, str]) -> tuple[list[Any], bool]:
    """The rows of one page by `limit` and `after`, in the order of identifiers, and whether there are more."""
    limit = whole_number(query, "limit", LIMIT, 1, LARGEST)
    if after := query.get("after", ""):
        rows = rows.filter(pk__gt=after)
    found = list(rows.order_by("pk")[: limit + 1])
    return found[:limit], len(found) > limit
