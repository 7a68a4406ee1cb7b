"""What is recorded about interventions besides their effects: which values there are, and what people do with them."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

from django.db import IntegrityError, transaction

from whatworks.errors import ConflictError, InputError
from whatworks.ledger.actions import record
from whatworks.ledger.fields import PUBLIC
from whatworks.ledger.models import Subject
from whatworks.saying import said
from whatworks.scope.models import Intervention, Particular


@dataclass(frozen=True, slots=True)
class Sort:
    """A sort of particular: its heading, what a page lacks that has none, and its values by key (none: free words)."""

    key: str
    title: str
    record: str
    values: Mapping[str, str]


@cache
def sorts() -> dict[str, Sort]:
    """Every sort of particular by its key, in the order in which they are shown."""
    held = tomllib.loads(resources.files("whatworks.scope").joinpath("particulars.toml").read_text("utf-8"))
    return {
        key: Sort(key, one["title"], one["record"], {each["key"]: each["name"] for each in one["values"]})
        for key, one in held.items()
    }


def particulars_of(intervention: Intervention) -> dict[str, list[Particular]]:
    """What is recorded about an intervention, by sort; a sort of which nothing is recorded has an empty list."""
    found: dict[str, list[Particular]] = {key: [] for key in sorts()}
    for one in Particular.objects.standing().filter(intervention=intervention).in_order():
        found[one.sort].append(one)
    return found


def name_of(particular: Particular) -> str:
    """A value in words."""
    return sorts()[particular.sort].values.get(particular.value, particular.value)


@transaction.atomic
def record_particular(
    *,
    by: str,
    intervention: Intervention,
    sort: str,
    value: str,
    source: str,
    source_url: str = "",
    cites: str = "",
    words: str = "",
    replaces: Particular | None = None,
) -> Particular:
    """Record one thing about an intervention with its source, or put it in the place of an earlier record."""
    given: dict[str, str | None] = {
        "sort": sort,
        "value": value.strip(),
        "words": words.strip(),
        "source": source.strip(),
    }
    given |= {"source_url": source_url.strip(), "cites_id": cites.strip() or None}
    _refuse_unclear(given)
    if replaces is not None and replaces.intervention_id != intervention.pk:
        raise InputError(
            said("That record is not about “%(name)s”; choose one of its own to replace.", name=intervention.name)
        )
    _refuse_replaced(replaces)
    same = Particular.objects.standing().filter(intervention=intervention, sort=sort, value=given["value"])
    held = same.in_order().first()
    if held is not None and held != replaces:
        if all(getattr(held, name) == told for name, told in given.items()):
            return held
        raise ConflictError(
            said(
                "“%(name_of)s” is recorded for “%(name)s” already, from %(source)s; replace that record.",
                name_of=name_of(held),
                name=intervention.name,
                source=held.source,
            )
        )
    return _keep(by, intervention, given, replaces, "scope.record-particular")


@transaction.atomic
def take_back_particular(*, by: str, particular: Particular, reason: str) -> Particular:
    """Say, with the reason, that a record no longer stands. It is kept, and shown no more."""
    if not reason.strip():
        raise InputError(said("Say in a sentence why this record no longer stands; it is kept with the reason."))
    given = {name: getattr(particular, name) for name in ("sort", "value", "source", "source_url", "cites_id")}
    given |= {"words": reason.strip(), "taken_back": True}
    return _keep(by, particular.intervention, given, particular, "scope.take-back-particular")


def _refuse_unclear(given: Mapping[str, str | None]) -> None:
    known = sorts().get(str(given["sort"]))
    if known is None:
        raise InputError(
            said(
                "“%(sort)s” is nothing that is recorded; choose one of %(sorts)s.",
                sort=given["sort"],
                sorts=", ".join(sorts()),
            )
        )
    if not given["value"] or (known.values and given["value"] not in known.values):
        among = ", ".join(known.values) or said("a name in words")
        raise InputError(
            said(
                "“%(value)s” is no value of %(key)s; give %(among)s.", value=given["value"], key=known.key, among=among
            )
        )
    if not given["source"]:
        raise InputError(said("Name the source that says so; without one it stays not recorded."))
    if given["cites_id"] and not Subject.objects.filter(pk=given["cites_id"]).exists():
        raise InputError(
            said(
                "There is nothing here called %(cites_id)s; give the identifier of a report or study.",
                cites_id=given["cites_id"],
            )
        )


def _refuse_replaced(replaces: Particular | None) -> None:
    if replaces is not None and Particular.objects.filter(replaces=replaces).exists():
        raise ConflictError(
            said("Somebody else has replaced or taken back this record since you read it; read it again.")
        )


def _keep(
    by: str, intervention: Intervention, given: Mapping[str, object], replaces: Particular | None, verb: str
) -> Particular:
    _refuse_replaced(replaces)
    try:
        with transaction.atomic():
            made = Particular.objects.create(
                id=Particular.fresh(), intervention=intervention, by=by, replaces=replaces, **given
            )
    except IntegrityError as error:  # two people at the same moment: the database lets one of them through
        raise ConflictError(
            said("Somebody else has replaced this record at the same moment; read it again.")
        ) from error
    record(verb=verb, by=by, about=[intervention], made=[made], payload=made.values(), audience=PUBLIC)
    return made
