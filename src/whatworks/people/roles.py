"""Roles are data: what each may do, described in plain English."""

from __future__ import annotations

import functools
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from importlib import resources


@dataclass(frozen=True, slots=True)
class Role:
    """A set of permissions with a name and a plain description."""

    key: str
    title: str
    plain: str
    may: frozenset[str]


@functools.cache
def roles() -> dict[str, Role]:
    """All roles by key."""
    text = resources.files("whatworks.people").joinpath("roles.toml").read_text(encoding="utf-8")
    return {
        key: Role(key, entry["title"], entry["plain"], frozenset(entry["may"]))
        for key, entry in tomllib.loads(text).items()
    }


def granted(keys: Iterable[str]) -> frozenset[str]:
    """What the roles allow together; unknown roles allow nothing."""
    known = roles()
    return frozenset().union(*(known[key].may for key in keys if key in known))


def holders(permission: str) -> list[str]:
    """The titles of the roles that grant a permission: for saying whom to ask."""
    return [role.title for role in roles().values() if permission in role.may]
