"""A declared analysis is run as declared: once, on the findings as they stand, and never over an older result."""

from __future__ import annotations

import datetime

import pytest
from django.db import DatabaseError, transaction

from tests.integration.journey.centres import BY, ROADS
from whatworks.archive.loading import load_pack
from whatworks.collate.actions import mark_retracted
from whatworks.errors import InputError
from whatworks.extract.actions import correct
from whatworks.extract.models import Contrast
from whatworks.ledger.models import Artefact, Event, Lineage
from whatworks.ledger.verification import Report
from whatworks.synthesise.actions import inputs_of, run, settings_of
from whatworks.synthesise.checks import check_syntheses
from whatworks.synthesise.models import Analysis, AnalysisMember, Synthesis

pytestmark = pytest.mark.django_db


@pytest.fixture
def analysis(db: None) -> Analysis:
    """The one analysis of the small pack: three trials, risk difference."""
    load_pack(folder=ROADS, by=BY)
    return Analysis.objects.get()


def member(analysis: Analysis, contrast: Contrast) -> AnalysisMember:
    return AnalysisMember.objects.create(
        id=AnalysisMember.derived(analysis.pk, contrast.pk), analysis=analysis, contrast=contrast
    )


def differences() -> list[str]:
    report = Report()
    check_syntheses(report)
    return [one.what for one in report.differences if one.what != "no event made this row"]


def test_running_twice_changes_nothing(analysis: Analysis) -> None:
    (made,) = run(by=BY, analysis=analysis)
    before = Event.objects.count(), Synthesis.objects.count(), Artefact.objects.count()
    assert run(by=BY, analysis=analysis) == []
    assert (Event.objects.count(), Synthesis.objects.count(), Artefact.objects.count()) == before
    assert Synthesis.objects.current().get() == made


def test_a_result_holds_its_inputs_and_rests_on_its_findings(analysis: Analysis) -> None:
    (made,) = run(by=BY, analysis=analysis)
    assert [row["contrast"] for row in made.inputs] == sorted(row["contrast"] for row in made.inputs)
    assert made.result["k"] == len(made.inputs) == 3
    assert {row["finding"] for row in made.inputs} | {analysis.pk} <= Lineage.ancestors(made.pk)
    assert differences() == []


def test_each_role_has_its_own_settings(analysis: Analysis) -> None:
    """The house's interval is never narrower than the normal one; the published one is taken as it was published."""
    analysis.published_interval = "wald"
    roles = {one.role: one for one in run(by=BY, analysis=analysis)}
    assert set(roles) == {Synthesis.DEFAULT, Synthesis.AS_PUBLISHED}
    assert roles[Synthesis.DEFAULT].settings == settings_of(analysis, Synthesis.DEFAULT)
    assert roles[Synthesis.DEFAULT].settings["floor"] == "wald"
    assert "floor" not in roles[Synthesis.AS_PUBLISHED].settings
    assert roles[Synthesis.AS_PUBLISHED].result["method"]["interval"] == "wald"


def test_an_interval_that_is_not_hartung_and_knapp_s_needs_no_floor(analysis: Analysis) -> None:
    analysis.interval = "t"
    assert "floor" not in settings_of(analysis, Synthesis.DEFAULT)


def test_a_row_that_only_gives_a_direction_is_left_out_of_the_pool(analysis: Analysis) -> None:
    member(analysis, Contrast.objects.get(formula=""))
    (made,) = run(by=BY, analysis=analysis)
    assert made.result["k"] == 3
    assert differences() == []


def test_an_analysis_of_rows_without_numbers_gives_no_result(analysis: Analysis) -> None:
    AnalysisMember.objects.all().delete()
    member(analysis, Contrast.objects.get(formula=""))
    assert run(by=BY, analysis=analysis) == []
    assert not Synthesis.objects.exists()


def test_an_analysis_of_nothing_gives_no_result(analysis: Analysis) -> None:
    AnalysisMember.objects.all().delete()
    assert run(by=BY, analysis=analysis) == []


def test_a_scale_that_a_row_cannot_give_is_refused_as_a_whole(analysis: Analysis) -> None:
    """A pool that quietly left the row out would not be the pool that was declared."""
    analysis.metric = "SMD"
    with pytest.raises(InputError, match="No formula gives SMD"):
        run(by=BY, analysis=analysis)
    assert not Synthesis.objects.exists()


def test_one_row_is_that_row_and_nothing_is_claimed_of_differences(analysis: Analysis) -> None:
    AnalysisMember.objects.exclude(pk=AnalysisMember.objects.first().pk).delete()
    (made,) = run(by=BY, analysis=analysis)
    result, (row,) = made.result, made.inputs
    # The mean of one is worked out as weight times effect over weight, which rounds.
    assert result["k"] == 1 and result["estimate"] == pytest.approx(row["yi"], rel=1e-12)
    assert result["se"] == pytest.approx(row["vi"] ** 0.5, rel=1e-12)
    assert [result[name] for name in ("tau2", "i2", "q", "pi_low", "pi_high")] == [None] * 5


def test_a_row_that_counts_the_other_way_is_turned_round(analysis: Analysis) -> None:
    """“Stayed at home” and “went into care” are pooled as one only when one of them is turned."""
    (plain,) = run(by=BY, analysis=analysis)
    turned = Contrast.objects.get(pk=plain.inputs[0]["contrast"])
    Contrast.objects.filter(pk=turned.pk).update(sign=-1)
    (made,) = run(by=BY, analysis=analysis)
    assert [row["yi"] for row in made.inputs] == [-plain.inputs[0]["yi"], *(row["yi"] for row in plain.inputs[1:])]
    assert made.inputs[0]["vi"] == plain.inputs[0]["vi"]


def test_a_correction_makes_a_new_result_and_leaves_the_old_as_it_was(analysis: Analysis) -> None:
    (old,) = run(by=BY, analysis=analysis)
    contrast = Contrast.objects.get(pk=old.inputs[0]["contrast"])
    correct(by="usr-1", contrast=contrast, inputs=contrast.inputs | {"events1": 1}, reason="Read again.")
    (new,) = run(by=BY, analysis=analysis)
    assert Artefact.objects.get(pk=old.pk).superseded_by == new.pk
    kept = Synthesis.objects.get(pk=old.pk)
    assert (kept.inputs, kept.result) == (old.inputs, old.result)
    assert new.result["estimate"] != old.result["estimate"]
    assert differences() == []


def test_a_retracted_report_leaves_the_pool(analysis: Analysis) -> None:
    run(by=BY, analysis=analysis)
    gone = analysis.members.first().contrast
    mark_retracted(by=BY, report=gone.report, on=datetime.date(2026, 1, 2), notice_url="https://example.org/n")
    (made,) = run(by=BY, analysis=analysis)
    assert gone.pk not in {row["contrast"] for row in made.inputs}
    assert inputs_of(analysis) == made.inputs


@pytest.mark.parametrize("change", [lambda one: one.update(role="as published"), lambda one: one.delete()])
def test_the_database_refuses_to_change_a_result(analysis: Analysis, change) -> None:  # type: ignore[no-untyped-def]
    run(by=BY, analysis=analysis)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        change(Synthesis.objects.all())
