"""The page on which a result is entered: what the numbers come to before they are kept, alarms, and what is refused."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from tests.integration.extract.studied import Team, framework, team
from tests.integration.extract.test_coding_pages import able, text
from whatworks.extract.models import Contrast, Finding
from whatworks.extract.studying import change_arm

pytestmark = pytest.mark.django_db

MEANS = {"n-mean1": "18.20", "n-sd1": "6.1", "n-n1": "40", "n-mean2": "15.10", "n-sd2": "6.7", "n-n2": "38"}


@pytest.fixture
def held(db: None) -> Team:
    return team()


@pytest.fixture
def coder(held: Team) -> Client:
    return able(held.first, "coder")


def at(held: Team) -> str:
    return f"/workspace/studies/{held.study.pk}/finding/"


def given(held: Team, **changed: Any) -> dict[str, Any]:
    done, outcome = framework(held)
    told = {"kind": "means", "step": "keep", "report": held.reports[0].pk, "intervention": done.pk, "sign": "1"}
    told |= {"outcome": outcome.pk, "arm": held.arms[0].pk, "comparison": held.arms[1].pk, **MEANS}
    return told | changed


def test_numbers_are_worked_out_while_they_are_typed(held: Team, coder: Client) -> None:
    shown = text(coder.post(at(held), {"kind": "means", **MEANS}, headers={"X-Part": "worked"}))
    assert "0.4796" in shown and "95% interval" in shown and "<html" not in shown
    assert "Nothing looks implausible" in shown
    part = text(coder.post(at(held), {"kind": "means", "n-mean1": "18.2"}, headers={"X-Part": "worked"}))
    assert "Still needed" in part
    none = text(coder.post(at(held), {"kind": "means", "n-mean1": "about 18"}, headers={"X-Part": "worked"}))
    assert "is no number" in none


def test_implausible_numbers_raise_an_alarm_and_are_not_refused(held: Team, coder: Client) -> None:
    odd = MEANS | {"n-sd1": "0.9", "n-sd2": "0.8"}
    shown = text(coder.post(at(held), {"kind": "means", "step": "work", **odd}))
    assert "Look again." in shown and "Keep this result" in shown


def test_a_result_is_kept_with_its_place_and_leads_to_its_finding(held: Team, coder: Client) -> None:
    place = {"page": "7", "place": "Table 2", "quote": "18.20 (6.1)", "adjusted": "no", "direction": "higher"}
    page = coder.post(at(held), given(held, key="once", follow_up="6 months", **place), follow=True)
    contrast, finding = Contrast.objects.get(), Finding.objects.get()
    assert page.redirect_chain[-1][0] == f"/workspace/studies/{held.study.pk}/"
    assert contrast.inputs == {"mean1": 18.2, "sd1": 6.1, "n1": 40, "mean2": 15.1, "sd2": 6.7, "n2": 38}
    assert (contrast.detail.page, contrast.place, contrast.detail.adjusted) == (7, "Table 2", False)
    assert contrast.reported_direction == "higher" and finding.metric == "SMD"
    assert "0.48" in text(page)
    coder.post(at(held), given(held, key="once", follow_up="6 months", **place))
    assert Contrast.objects.count() == 1


def test_what_is_missing_or_cannot_be_is_said_and_nothing_is_kept(held: Team, coder: Client) -> None:
    for wrong, said in (
        ({"outcome": ""}, "Say what was measured"),
        ({"page": "vii"}, "A page is a whole number"),
        ({"n-n1": "0"}, "There is a problem"),
        ({"n-sd1": ""}, "Still needed"),
        ({"comparison": held.arms[0].pk}, "two arms are the same"),
    ):
        page = coder.post(at(held), given(held, **wrong))
        assert page.status_code == 200 and said in text(page), wrong
    assert not Contrast.objects.exists()


def test_an_estimate_as_printed_is_on_the_scale_that_somebody_chose(held: Team, coder: Client) -> None:
    told = {"kind": "estimate-interval", "n-estimate": "1.4", "n-low": "1.1", "n-high": "1.8"}
    assert "only the report says" in text(coder.post(at(held), told, headers={"X-Part": "worked"}))
    shown = text(coder.post(at(held), told | {"formula": "or-with-interval"}, headers={"X-Part": "worked"}))
    assert "dds ratio" in shown


def test_every_sort_of_numbers_has_its_boxes(held: Team, coder: Client) -> None:
    from whatworks.extract.forms_entering import fitting
    from whatworks.extract.methods.entry import KINDS

    for kind in KINDS:
        page = text(coder.post(at(held), {"kind": kind.key, "step": "boxes"}))
        assert all(f'name="n-{name}"' in page for name in kind.inputs), kind.key
        assert fitting(kind), kind.key


def test_any_result_of_a_clustered_study_says_how_clusters_were_handled(held: Team, coder: Client) -> None:
    assert "groups into its arms" not in text(coder.get(at(held)))
    change_arm(by="u", arm=held.arms[0], clusters=8)
    assert "groups into its arms" in text(coder.get(at(held)))
    told = {"clustering": "not handled", "icc": "0.04", "cluster_size": "21.5", "population": "Girls", "key": "k"}
    refused = text(coder.post(at(held), given(held, **told)))
    assert "Say where the ICC is from" in refused and 'value="21.5"' in refused and not Contrast.objects.exists()
    assert "less than or equal to 1" in text(coder.post(at(held), given(held, **told | {"icc": "4"})))
    page = coder.post(at(held), given(held, **told, icc_source="assumed"), follow=True)
    detail = Contrast.objects.get().detail
    assert (detail.clustering, detail.icc, detail.icc_source, detail.cluster_size) == (
        "not handled", 0.04, "assumed", 21.5,
    )  # fmt: skip
    for words in ("ICC 0.04 (assumed)", "did not handle it", "Girls"):
        assert words in text(page)


def test_numbers_that_a_formula_corrects_for_clusters_say_so_by_themselves(held: Team, coder: Client) -> None:
    boxes = {"n-cluster_size": "20", "n-icc": "0.05", "n-icc_source": "a bank of trials"}
    told = given(held, kind="clustered-means", **boxes)
    shown = text(coder.post(at(held), told | {"step": "boxes"}))
    assert "stand among the numbers" in shown and 'name="icc"' not in shown
    coder.post(at(held), told)
    detail = Contrast.objects.get().detail
    assert (detail.clustering, detail.icc, detail.icc_source, detail.cluster_size) == (
        "handled", 0.05, "a bank of trials", 20,
    )  # fmt: skip


def test_who_may_not_code_enters_nothing(held: Team) -> None:
    assert able(held.second, "screener").get(at(held)).status_code == 403
