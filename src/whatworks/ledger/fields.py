"""Fields with the same bytes on both databases, and how open each field is."""

from __future__ import annotations

import json
from typing import Any

from django.db import models

from whatworks.ledger.canonical import canonical

PUBLIC = "public"  # may be published as open data
INTERNAL = "internal"  # for the people who work here
PERSONAL = "personal"  # about a living person: can be erased, leaves only in a move or a backup
SECRET = "secret"  # leaves only in an encrypted backup
LEVELS = (PUBLIC, INTERNAL, PERSONAL, SECRET)


def public(names: str) -> dict[str, str]:
    """Classify the named fields (space separated) as public."""
    return dict.fromkeys(names.split(), PUBLIC)


def internal(names: str) -> dict[str, str]:
    """Classify the named fields (space separated) as internal."""
    return dict.fromkeys(names.split(), INTERNAL)


def personal(names: str) -> dict[str, str]:
    """Classify the named fields (space separated) as personal."""
    return dict.fromkeys(names.split(), PERSONAL)


def secret(names: str) -> dict[str, str]:
    """Classify the named fields (space separated) as secret."""
    return dict.fromkeys(names.split(), SECRET)


class CanonicalField(models.TextField):
    """A JSON value kept as canonical text: PostgreSQL's jsonb would lose the sign of -0.0 and with it the digest."""

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> Any:
        return None if value is None else json.loads(value)

    def to_python(self, value: Any) -> Any:
        return json.loads(value) if isinstance(value, str) else value

    def get_prep_value(self, value: Any) -> str | None:
        return None if value is None else canonical(value)

    def value_to_string(self, obj: models.Model) -> str:
        return canonical(self.value_from_object(obj))
