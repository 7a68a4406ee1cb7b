"""What rests on what: both ways, at any depth, in one query; a change marks all that stands on it."""

from __future__ import annotations

import itertools

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from whatworks.ledger.actions import freshen, mark_stale, record
from whatworks.ledger.models import Artefact, Lineage, Subject

pytestmark = pytest.mark.django_db


def chain_of(*names: str) -> None:
    """Subjects with artefacts, each resting on the one before."""
    Subject.objects.bulk_create([Subject(identifier=n, kind="thing", title=n) for n in names])
    Artefact.objects.bulk_create([Artefact(subject_id=n, method="test", version="1", inputs_digest="") for n in names])
    pairs = itertools.pairwise(names)
    Lineage.objects.bulk_create([Lineage(output_id=after, input_id=before) for before, after in pairs])


def test_ancestors_and_descendants_are_found_at_any_depth() -> None:
    chain_of("a", "b", "c", "d")
    assert Lineage.ancestors("d") == {"a", "b", "c"}
    assert Lineage.descendants("a") == {"b", "c", "d"}
    assert Lineage.ancestors("a") == Lineage.descendants("d") == set()


def test_a_page_with_five_thousand_ancestors_takes_one_query() -> None:
    leaves = [f"leaf-{n}" for n in range(5000)]
    Subject.objects.bulk_create([Subject(identifier=n, kind="thing", title=n) for n in ["page", "pool", *leaves]])
    Lineage.objects.bulk_create([Lineage(output_id="pool", input_id=n) for n in leaves], batch_size=500)
    Lineage.objects.create(output_id="page", input_id="pool")
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert len(Lineage.ancestors("page")) == 5001
    assert len(queries) == 1


def test_a_loop_in_the_lineage_does_not_hang() -> None:
    chain_of("a", "b", "c")
    Lineage.objects.create(output_id="a", input_id="c")
    assert Lineage.ancestors("a") == {"a", "b", "c"}


def test_a_change_marks_current_artefacts_above_it_once() -> None:
    chain_of("raw", "finding", "pool", "page")
    Artefact.objects.filter(pk="pool").update(superseded_by="page")
    event = record(verb="test.correct", by="usr-1", about=["raw"])
    assert mark_stale("raw", event=event) == ["finding", "page"]
    assert mark_stale("raw", event=record(verb="test.correct", by="usr-1")) == []
    assert Artefact.objects.get(pk="page").stale_event == event.uid
    freshen("page")
    assert list(Artefact.objects.stale().values_list("pk", flat=True)) == ["finding"]
