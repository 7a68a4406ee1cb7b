"""What is recorded of interventions, as those who record it see it: what stands, from where, by whom, and what stood before."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from whatworks.people.naming import names
from whatworks.scope.models import Intervention, Particular
from whatworks.scope.particulars import name_of, particulars_of, sorts


def listed() -> list[dict[str, Any]]:
    """Every intervention with how many sorts of particular are recorded of it, by theme and name."""
    known: defaultdict[str, set[str]] = defaultdict(set)
    for about, sort in Particular.objects.standing().values_list("intervention", "sort"):
        known[about].add(sort)
    rows = Intervention.objects.select_related("theme", "part_of").in_order()
    return [{"about": one, "theme": one.theme.name, "recorded": len(known[one.pk])} for one in rows]


def sorts_of(about: Intervention) -> list[dict[str, Any]]:
    """Each sort with its records, in the order in which pages tell them."""
    held = particulars_of(about)
    people = names(row.by for rows in held.values() for row in rows)
    return [
        {"key": key, "title": sort.title, "rows": [_row(one, people) for one in held[key]]}
        for key, sort in sorts().items()
    ]


def before(about: Intervention) -> list[dict[str, Any]]:
    """What no longer stands: records that were replaced, or taken back with the reason. The last first."""
    gone = Particular.objects.filter(intervention=about, taken_back=False).exclude(replaced_by=None)
    rows = list(gone.select_related("replaced_by").in_order())
    people = names(who for one in rows for who in (one.by, one.replaced_by.by))
    return [
        _row(one, people)
        | {"sort": sorts()[one.sort].title, "back": one.replaced_by.taken_back}
        | {"reason": one.replaced_by.words if one.replaced_by.taken_back else "", "ended": people[one.replaced_by.by]}
        for one in rows
    ]


def _row(one: Particular, people: dict[str, str]) -> dict[str, Any]:
    report = one.cites_id if one.cites_id and one.cites_id.startswith("rep-") else ""
    said = {"identifier": one.pk, "value": name_of(one), "words": one.words, "source": one.source}
    return said | {"report": report, "href": one.source_url, "who": people[one.by]}
