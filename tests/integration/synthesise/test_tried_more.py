"""What suits rare events and few studies is tried as declared, kept with the result, recomputed, and shown."""

from __future__ import annotations

from typing import Any

import pytest

from tests.integration.journey.centres import BY, ROADS
from whatworks.archive.loading import load_pack
from whatworks.extract.models import Appraisal, Contrast, Study
from whatworks.ledger.verification import Report
from whatworks.scope.models import Outcome
from whatworks.synthesise.actions import run
from whatworks.synthesise.checks import check_sensitivities, check_syntheses
from whatworks.synthesise.declaring import declare, lock_plan, plan_in_force
from whatworks.synthesise.models import Analysis, Sensitivity, Synthesis
from whatworks.synthesise.presenters import analysis_page

pytestmark = pytest.mark.django_db

MORE = ["tables", "priors", "influence", "every-choice"]
PLAN: dict[str, Any] = {"question": "Do lower limits reduce injuries?", "metric": "RD", "sensitivity": MORE}


@pytest.fixture
def first(db: None) -> Analysis:
    load_pack(folder=ROADS, by=BY)
    analysis: Analysis = Analysis.objects.get()
    return analysis


def ran(first: Analysis, **changed: Any) -> Synthesis:
    about = {"review": first.review, "intervention": first.intervention, "outcome": first.outcome}
    analysis = declare(by=BY, title="Declared", unit="streets", plan=PLAN | changed, **about)
    lock_plan(by=BY, analysis=analysis, seen=1)
    (made,) = run(by=BY, analysis=analysis)
    return made


def tried(held: Synthesis) -> dict[str, Any]:
    return {one["key"]: one for one in Sensitivity.objects.get(synthesis=held).result}


def differences() -> list[str]:
    report = Report()
    check_syntheses(report)
    check_sensitivities(report)
    return [one.what for one in report.differences if one.what != "no event made this row"]


def page(held: Synthesis) -> dict[str, Any]:
    return analysis_page(held.analysis, plan_in_force(held.analysis))


@pytest.mark.parametrize("metric", ["RD", "OR", "RR"])
def test_the_whole_set_is_computed_kept_and_verified(first: Analysis, metric: str) -> None:
    found = tried(ran(first, metric=metric))
    assert set(found) == set(MORE)
    done = {row["what"] for row in found["tables"]["rows"] if not row["why_not"]}
    assert "Mantel and Haenszel's method" in done and "the beta-binomial model" in done
    assert ("Peto's method" in done) == (metric == "OR")
    assert all("p_above" in row for row in found["priors"]["rows"])
    assert [len(row["beyond"]) >= 0 for row in found["influence"]["rows"]] == [True] * 3
    assert found["every-choice"]["rows"][0]["k"] > 30
    assert differences() == []


def test_counts_are_frozen_with_the_result_and_turned_with_its_sign(first: Analysis) -> None:
    plain = ran(first)
    turned = Contrast.objects.get(pk=plain.inputs[0]["contrast"])
    Contrast.objects.filter(pk=turned.pk).update(sign=-1)
    (made,) = run(by=BY, analysis=plain.analysis)
    was, now = plain.inputs[0]["counts"], made.inputs[0]["counts"]
    assert (now["events1"], now["n1"]) == (was["events2"], was["n2"])
    assert made.inputs[0]["yi"] == -plain.inputs[0]["yi"]


def test_the_band_of_the_outcome_is_kept_with_what_was_held_against_it(first: Analysis) -> None:
    told = {"band_low": -0.01, "band_high": 0.01, "band_metric": "RD", "band_source": "A panel"}
    Outcome.objects.filter(pk=first.outcome_id).update(**told)
    first.refresh_from_db()
    held = ran(first)
    keys = Sensitivity.objects.get(synthesis=held).keys
    assert {"key": "priors", "band": [-0.01, 0.01, "A panel"]} in keys
    row = tried(held)["priors"]["rows"][0]
    assert 0 <= row["p_above_band"] <= row["p_above"] <= 1 - row["p_below_band"] <= 1
    assert "A panel" in tried(held)["priors"]["said"]
    Outcome.objects.filter(pk=first.outcome_id).update(band_high=0.5)
    assert differences() == [], "it recomputes by the band it was made with"
    (again,) = run(by=BY, analysis=held.analysis)
    assert tried(again)["priors"]["rows"][0]["p_above_band"] < row["p_above_band"]


def test_a_band_on_another_scale_is_not_used(first: Analysis) -> None:
    told = {"band_low": 0.9, "band_high": 1.1, "band_metric": "RR", "band_source": "A panel"}
    Outcome.objects.filter(pk=first.outcome_id).update(**told)
    first.refresh_from_db()
    assert "No smallest worthwhile effect is set" in tried(ran(first))["priors"]["said"]


def test_several_results_of_a_study_say_why_methods_for_one_each_do_not_apply(first: Analysis) -> None:
    """Put together as if they were separate studies, the same people would count twice."""
    twin = Contrast.objects.filter(memberships__analysis=first).exclude(formula="").order_by("pk").first()
    told = {field.name: getattr(twin, field.name) for field in twin._meta.concrete_fields if field.name != "subject"}
    Contrast.objects.register("con-second", **told | {"months": 30.0, "inputs": twin.inputs | {"events1": 3}})
    held = ran(first, take="every", model="multilevel", moderators=["country", "months"])
    found = tried(held)
    for key in ("tables", "priors", "influence"):
        assert "one result of each study" in found[key]["rows"][0]["why_not"], key
    choices = {row["what"] for row in found["every-choice"]["rows"]}
    assert {f"assumed correlation: {rho}" for rho in ("0", "0.2", "0.4", "0.6", "0.8")} <= choices
    assert differences() == []
    assert "A new setting" in {row[0] for row in page(held)["result"]["chart"].rows} or held.result["pi_low"] is None


def test_the_page_shows_each_with_its_own_columns_and_the_curve(first: Analysis) -> None:
    blocks = {one["title"]: one for one in page(ran(first))["sensitivity"]}
    assert blocks["how far each study moves the result"]["head"][1:4] == ["Cook’s distance", "DFFITS", "Leverage"]
    assert blocks["Bayesian, with weakly informative priors"]["head"][2] == "Above no difference"
    curve = blocks["all combinations of estimator, interval and studies at once"]["chart"]
    assert curve is not None and "<svg" in curve.svg
    assert all(len(row) == len(one["head"]) for one in blocks.values() for row in one["rows"])


def test_the_forest_has_a_column_for_each_domain_that_was_judged(first: Analysis) -> None:
    held = ran(first)
    chart = page(held)["result"]["chart"]
    judged = Appraisal.objects.filter(study__in=[row["study_id"] for row in held.inputs])
    assert judged and chart.head[5] == "How people were put into groups" and chart.head[-1] == "Overall"
    assert ">D1<" in chart.svg and "Risk of bias: + low" in chart.note
    assert {len(row) for row in chart.rows} == {len(chart.head)}


def test_a_study_at_high_risk_is_left_out_however_its_judgement_is_written(first: Analysis) -> None:
    """Instruments write “High”, a plan looks for “high”."""
    study = Contrast.objects.filter(memberships__analysis=first).order_by("pk").first().study
    Appraisal.objects.filter(study=study).update(overall="High")
    assert ran(first, without_high_risk=True).result["k"] == 2


def more_studies(first: Analysis) -> None:
    """Two more studies that copy one of the three, elsewhere."""
    twin = Contrast.objects.filter(memberships__analysis=first).exclude(formula="").order_by("pk").first()
    for number in (1, 2):
        told = {one.name: getattr(twin.study, one.name) for one in Study._meta.concrete_fields if one.name != "subject"}
        study = Study.objects.register(f"sty-more{number}", **told | {"name": f"Twin {number}", "country": "Elsewhere"})
        told = {one.name: getattr(twin, one.name) for one in twin._meta.concrete_fields if one.name != "subject"}
        inputs = twin.inputs | {"events1": twin.inputs["events1"] + number}
        Contrast.objects.register(f"con-more{number}", **told | {"study": study, "inputs": inputs})


def test_a_declared_comparison_draws_a_diamond_for_each_group(first: Analysis) -> None:
    more_studies(first)
    held = ran(first, moderators=["country", "months"], sensitivity=[])
    country, months = page(held)["sensitivity"]
    rows = {row[0]: row for row in country["chart"].rows}
    (group,) = [row for row in tried(held)["by:country"]["rows"] if row["what"] == "Elsewhere"]
    assert rows["Elsewhere, pooled"][1] == group["estimate"], "the diamond is the number of the table"
    assert {"Nowhere, pooled", "All results", "Twin 1"} <= set(rows)
    assert months["chart"] is None, "a number has a slope, not groups"
    assert "Fewer than 4 studies in Elsewhere (2), Nowhere (3)" in country["said"]
    assert "Only 5 studies say so, fewer than 10" in months["said"] or "could not be tried" in months["said"]
    assert differences() == []


def test_a_group_of_one_study_with_several_results_says_why_it_has_no_interval(first: Analysis) -> None:
    twin = Contrast.objects.filter(memberships__analysis=first).exclude(formula="").order_by("pk").first()
    told = {one.name: getattr(twin, one.name) for one in twin._meta.concrete_fields if one.name != "subject"}
    Contrast.objects.register("con-second", **told | {"months": 30.0, "inputs": twin.inputs | {"events1": 3}})
    Study.objects.filter(pk=twin.study_id).update(country="Elsewhere")
    held = ran(first, take="every", model="multilevel", moderators=["country"], sensitivity=[])
    assert "Elsewhere is one study alone" in tried(held)["by:country"]["rows"][0]["why_not"]
    assert page(held)["sensitivity"][0]["chart"] is None and differences() == []
