"""From raw numbers to findings: by the row's own formula, once, and never over an older finding."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import DatabaseError, transaction

from tests.integration.journey.centres import BY, ROADS
from whatworks.archive.loading import load_pack
from whatworks.errors import InputError
from whatworks.extract.actions import compute_findings, correct, current_finding
from whatworks.extract.methods.computing import compute, formula_for
from whatworks.extract.methods.effects import FORMULAE
from whatworks.extract.models import Contrast, Finding
from whatworks.ledger.models import Artefact, Event, Lineage

COUNTS = {"events1": 9, "n1": 80, "events2": 16, "n2": 82}
OWN = "risk-difference-from-counts"


@pytest.fixture
def rows(db: None) -> list[Contrast]:
    """The raw numbers of the small pack: three rows with a formula, one with a direction only."""
    load_pack(folder=ROADS, by=BY)
    return list(Contrast.objects.order_by("pk"))


@pytest.fixture
def row(rows: list[Contrast]) -> Contrast:
    """A row with numbers."""
    return next(one for one in rows if one.formula)


def test_computing_twice_changes_nothing(rows: list[Contrast]) -> None:
    made = compute_findings(by=BY, contrasts=rows)
    assert {one.contrast_id for one in made} == {one.pk for one in rows if one.formula}
    before = Event.objects.count(), Finding.objects.count()
    assert compute_findings(by=BY, contrasts=rows) == []
    assert (Event.objects.count(), Finding.objects.count()) == before


def test_a_row_without_a_formula_gets_no_finding(rows: list[Contrast]) -> None:
    """A direction in words must not become a number."""
    (words_only,) = (one for one in rows if not one.formula)
    assert compute_findings(by=BY, contrasts=[words_only]) == []
    assert not Finding.objects.exists()


def test_a_finding_holds_what_it_was_computed_from_and_rests_on_its_report(row: Contrast) -> None:
    (made,) = compute_findings(by=BY, contrasts=[row])
    again = compute(OWN, row.inputs)
    assert (made.yi, made.vi, made.inputs, made.metric) == (again.yi, again.vi, row.inputs, "RD")
    assert {row.pk, row.study_id, row.report_id} <= Lineage.ancestors(made.pk)
    assert Event.objects.about(made.pk).last().digests[made.pk] == made.row_digest()


def test_another_scale_stands_beside_the_first(row: Contrast) -> None:
    (own,) = compute_findings(by=BY, contrasts=[row])
    (other,) = compute_findings(by=BY, contrasts=[row], metric="RR")
    assert (own.metric, other.metric) == ("RD", "RR")
    assert current_finding(row, own.formula) == own
    assert current_finding(row, other.formula) == other


def test_a_correction_makes_a_new_finding_and_leaves_the_old_as_it_was(row: Contrast) -> None:
    (old,) = compute_findings(by=BY, contrasts=[row])
    numbers = dict(row.inputs)
    correct(by="usr-1", contrast=row, inputs=numbers | {"events1": 1}, reason="Table 2 prints 1.")
    assert Artefact.objects.stale().filter(pk=old.pk).exists()
    row.refresh_from_db()
    (new,) = compute_findings(by=BY, contrasts=[row])
    kept = Finding.objects.get(pk=old.pk)
    assert (kept.inputs, kept.yi) == (numbers, old.yi) != (new.inputs, new.yi)
    assert Artefact.objects.get(pk=old.pk).superseded_by == new.pk
    assert current_finding(row, OWN) == new


def test_there_and_back_is_a_third_finding_and_not_the_first_again(row: Contrast) -> None:
    """Were it the first, its history would say that it stands since the beginning."""
    numbers = dict(row.inputs)
    made = [compute_findings(by=BY, contrasts=[row])[0].pk]
    for inputs in (numbers | {"events1": 1}, numbers):
        row.refresh_from_db()
        correct(by="usr-1", contrast=row, inputs=inputs, reason="Read again.")
        row.refresh_from_db()
        made.append(compute_findings(by=BY, contrasts=[row])[0].pk)
    assert len(set(made)) == 3


@pytest.mark.parametrize(
    ("change", "reason", "says"),
    [
        ({"events1": 1}, " \n", "needs its reason"),
        ({}, "Read again.", "nothing to correct"),
        ({"events1": 10**6}, "Read again.", "."),
        ({"events1": None}, "Read again.", "."),
    ],
)
def test_a_correction_that_cannot_be_is_refused_and_writes_nothing(
    row: Contrast, change: dict[str, Any], reason: str, says: str
) -> None:
    before = Event.objects.count(), dict(row.inputs)
    with pytest.raises(InputError, match=says):
        correct(by="usr-1", contrast=row, inputs=row.inputs | change, reason=reason)
    row.refresh_from_db()
    assert (Event.objects.count(), row.inputs) == before


def test_who_corrected_what_and_why_can_be_read_by_everyone(row: Contrast) -> None:
    compute_findings(by=BY, contrasts=[row])
    correct(by="usr-1", contrast=row, inputs=row.inputs | {"events1": 1}, reason=" Table 2 prints 1. ")
    event = Event.objects.get(verb="extract.correct")
    assert event.actor == "usr-1"
    assert '"reason":"Table 2 prints 1."' in event.payload.body
    assert event.payload.audience == "public"


@pytest.mark.parametrize("change", [lambda one: one.update(yi=0.0), lambda one: one.delete()])
def test_the_database_refuses_to_change_a_finding(row: Contrast, change: Any) -> None:
    compute_findings(by=BY, contrasts=[row])
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        change(Finding.objects.all())


@pytest.mark.parametrize("name", sorted(FORMULAE))
def test_the_row_s_own_formula_is_kept_where_it_gives_the_scale(name: str) -> None:
    """Two formulae give Hedges' g from the same six numbers, and not the same g."""
    given = {one.name: 1 for one in FORMULAE[name].inputs}
    assert formula_for(name, given, "") == formula_for(name, given, FORMULAE[name].metric) == name


def test_another_scale_takes_a_formula_that_fits_the_numbers() -> None:
    assert formula_for(OWN, COUNTS, "RR") == "log-risk-ratio-from-counts"
    assert formula_for(OWN, COUNTS, "OR") == "log-odds-ratio-from-counts"


@pytest.mark.parametrize(("inputs", "metric"), [(COUNTS, "SMD"), ({"events1": 1, "n1": 2}, "RR"), (COUNTS, "XYZ")])
def test_a_scale_that_the_numbers_cannot_give_is_refused(inputs: dict[str, Any], metric: str) -> None:
    with pytest.raises(InputError, match=f"No formula gives {metric} from events1"):
        formula_for(OWN, inputs, metric)


def test_an_unknown_formula_is_named() -> None:
    with pytest.raises(InputError, match="no formula “made-up”"):
        compute("made-up", COUNTS)
