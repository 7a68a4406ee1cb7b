"""How parameters of an address are read: known, each once, and one sentence for what cannot be."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from django.http import QueryDict

from whatworks.errors import InputError


def known(given: QueryDict, names: Collection[str]) -> dict[str, str]:
    """The parameters, each once and known: one that is misspelt would quietly give everything."""
    for name, values in given.lists():
        if name not in names:
            there = f"there are {', '.join(sorted(names))}" if names else "this address takes none"
            raise InputError(f"There is no parameter {name[:40]}; {there}.")
        if len(values) > 1:
            raise InputError(f"{name} is given {len(values)} times; give it once.")
    return {name: value.replace("\0", "") for name, value in given.items() if value}


def whole_number(query: Mapping[str, str], name: str, otherwise: int, least: int, most: int) -> int:
    """A whole number between two others."""
    given = query.get(name, "")
    if not given:
        return otherwise
    if not (given.isascii() and given.isdecimal() and len(given) < 10 and least <= int(given) <= most):
        raise InputError(f"{name}={given[:40]} cannot be read; give a whole number from {least} to {most}.")
    return int(given)
