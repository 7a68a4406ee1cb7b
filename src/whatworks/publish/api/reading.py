"""What the open API asks the database of results: those that readers can see, and which revision shows each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

from django.conf import settings
from django.db.models import F, QuerySet
from django.urls import reverse

from whatworks.errors import InputError
from whatworks.ledger.models import Artefact, Lineage
from whatworks.publish.models import Page, PageStanding, Revision
from whatworks.saying import said
from whatworks.scope.models import Outcome
from whatworks.synthesise.methods.running import result_of
from whatworks.synthesise.models import Synthesis

ROLES = (Synthesis.DEFAULT, Synthesis.AS_PUBLISHED)
NUMBERS = ("k", "estimate", "se", "ci_low", "ci_high", "p", "tau2", "i2", "pi_low", "pi_high", "warnings")

Rows: TypeAlias = QuerySet[Synthesis]


def seen(*, newest: bool) -> Rows:
    """The results that revisions of pages rest on: the newest ones, or any there ever was."""
    revisions = Revision.objects.order_by()
    if newest:
        revisions = revisions.exclude(page__revisions__number__gt=F("number"))
    rests = Lineage.objects.filter(output__in=revisions.values("pk")).values("input")
    return Synthesis.objects.filter(pk__in=rests).select_related("analysis__intervention", "analysis__outcome")


def filtered(query: Mapping[str, str]) -> Rows:
    """The results that pages show now and that all filters of a query find."""
    rows = seen(newest=True)
    if slug := query.get("intervention"):
        page = Page.objects.filter(slug=slug).first()
        if page is None:
            raise InputError(
                said(
                    "There is no page %(slug)s; use the last part of its address, as in /evidence/NAME/.",
                    slug=slug[:40],
                )
            )
        rows = rows.filter(analysis__intervention=page.intervention_id)
    if name := query.get("outcome"):
        if not Outcome.objects.filter(name__iexact=name).exists():
            raise InputError(said("There is no outcome %(name)s; give its name as its page does.", name=name[:40]))
        rows = rows.filter(analysis__outcome__name__iexact=name)
    if role := query.get("role"):
        if role not in ROLES:
            raise InputError(
                said("role=%(role)s cannot be read; give one of %(roles)s.", role=role[:40], roles=", ".join(ROLES))
            )
        rows = rows.filter(role=role)
    return rows


def outs(rows: Sequence[Synthesis]) -> list[dict[str, Any]]:
    """The results under the fields of the API."""
    shown = _showing([row.pk for row in rows])
    pages = {one.page_id: one for group in shown.values() for one in group}
    newest = {key: one.page.newest() for key, one in pages.items()}
    moved = set(Artefact.objects.stale().filter(pk__in=[row.pk for row in rows]).values_list("pk", flat=True))
    gone = PageStanding.objects.standing()
    return [
        _out(row, last := shown[row.pk][-1], newest, row.pk in moved)
        | {"withdrawn": gone[last.page_id].why if last.page_id in gone else None}
        for row in rows
    ]


def _showing(identifiers: Sequence[str]) -> dict[str, list[Revision]]:
    """The revisions that rest on each result, the oldest first."""
    lines = Lineage.objects.filter(input__in=identifiers, output__kind=Revision.kind).values_list("output", "input")
    revisions = Revision.objects.filter(pk__in=[output for output, _ in lines]).select_related("page")
    held = {one.pk: one for one in revisions}
    found: defaultdict[str, list[Revision]] = defaultdict(list)
    for output, given in lines:
        found[given].append(held[output])
    return {key: sorted(group, key=lambda one: (one.approved_at, one.number)) for key, group in found.items()}


def _out(row: Synthesis, last: Revision, newest: Mapping[str, Revision | None], moved: bool) -> dict[str, Any]:
    current = newest[last.page_id]
    numbers = {name: row.result.get(name) for name in NUMBERS}
    about = row.analysis
    return numbers | {
        "id": row.pk,
        "title": about.title,
        "intervention": about.intervention.name,
        "outcome": about.outcome.name,
        "role": row.role,
        "metric": about.metric,
        "page": _address("page", last.page.slug),
        "revision": last.number,
        "published": last.approved_at,
        "newest": current is not None and current.pk == last.pk,
        "ground_moved": moved,
        "trace": _address("trace", row.pk),
    }


def whole(row: Synthesis) -> dict[str, Any]:
    """One result with what it was computed from, and how to compute it again."""
    told = result_of(row.inputs, row.settings)
    return outs([row])[0] | {
        "method": row.method,
        "version": row.version,
        "result": row.result,
        "inputs": row.inputs,
        "recipe": told.recipe.to_dict(),
        "r_script": told.r_script(),
    }


def _address(name: str, key: str) -> str:
    return settings.BASE_URL.rstrip("/") + reverse(name, args=[key])
