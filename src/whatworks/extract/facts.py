"""Facts: what rows say of a study, changed with their history, and refused where a row cannot say so."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models

from whatworks.errors import InputError
from whatworks.extract.models import Arm, ContrastDetail, Measure, StudyDetail
from whatworks.saying import said

WORDS = {
    "direction": (Measure.HIGHER, Measure.LOWER),
    "priority": ("primary", "secondary"),
    "funder_involved": StudyDetail.INVOLVED,
    "developer_involved": StudyDetail.INVOLVED,
    "role": Arm.ROLES,
    "analysis_set": ContrastDetail.ANALYSED,
    "clustering": ContrastDetail.CLUSTERED,
}


def refuse_unknown(facts: Mapping[str, Any], known: Sequence[str], what: str) -> None:
    """Raises InputError for a fact that a row of this kind does not have, or a word that it cannot be."""
    if stray := sorted(set(facts) - set(known)):
        raise InputError(
            said("%(what)s has no %(stray)r; it has %(known)s.", what=what, stray=stray[0], known=", ".join(known))
        )
    for name, value in facts.items():
        if name in WORDS and value and value not in WORDS[name]:
            raise InputError(
                said(
                    "%(what)s: %(name)s cannot be %(value)r; choose one of %(words)s.",
                    what=what,
                    name=name,
                    value=str(value)[:40],
                    words=", ".join(WORDS[name]),
                )
            )


def fitting(row: models.Model) -> None:
    """Refuse what the row's own fields cannot hold: too long, of another type, not one of a constraint's words."""
    try:
        relations = [field.name for field in row._meta.concrete_fields if field.is_relation or field.primary_key]
        blank = [field.name for field in row._meta.concrete_fields if not getattr(row, field.attname)]
        row.clean_fields(exclude={*relations, *blank})
        row.validate_constraints(exclude={*relations} - {"study"})
    except ValidationError as error:
        name, told = next(iter(error.message_dict.items()))
        where = "" if name == "__all__" else f"{name}: "
        raise InputError(
            said("%(verbose_name)s: %(where)s%(told)s", verbose_name=row._meta.verbose_name, where=where, told=told[0])
        ) from error


def set_facts(row: models.Model, facts: Mapping[str, Any]) -> dict[str, Any]:
    """Set fields of a row that is not saved yet; the plain values that they had, of those that changed."""
    before = {}
    for name, value in facts.items():
        field = row._meta.get_field(name)
        was = getattr(row, field.attname)
        setattr(row, name, value.strip() if isinstance(value, str) else value)
        if getattr(row, field.attname) != was:
            before[name] = was
    return before


def plain_facts(row: models.Model, names: Iterable[str]) -> dict[str, Any]:
    """The named fields as plain values, foreign keys as identifiers."""
    return {name: getattr(row, row._meta.get_field(name).attname) for name in names}
