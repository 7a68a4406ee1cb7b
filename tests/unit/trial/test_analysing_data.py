"""What the data of a trial may be: arms, clusters, missing values, shares and counts; each mistake is one sentence."""

from __future__ import annotations

import pytest

from tests.shared import needs_shared
from tests.unit.trial.trials import COUNTS, QUICK, WEDGE, rows_of
from whatworks.errors import InputError
from whatworks.trial.analyse import analyse_trial
from whatworks.trial.methods.analysing.table import prepare, table_of
from whatworks.trial.methods.design import read

pytestmark = needs_shared


def changed(design: str, place: int, **cells: str) -> list[dict[str, str]]:
    """The rows of a reference trial with cells of one row changed."""
    rows = rows_of(design)
    rows[place] |= cells
    return rows


@pytest.mark.parametrize(
    ("design", "rows", "said"),
    [
        (QUICK, changed(QUICK, 4, y="x"), "Row 5 of y is “x”, which is not a number"),
        (QUICK, changed(QUICK, 4, y="inf"), "Row 5 of y is “inf”, which is not a number"),
        (QUICK, changed(QUICK, 4, trt="2"), "Row 5 has the arm “2”, and the design has: control, intervention"),
        (QUICK, changed(QUICK, 4, trt=""), "Row 5 has the arm “”"),
        (QUICK, changed(QUICK, 4, trt="1"), "Cluster 1 is in two arms"),
        (QUICK + 'strata = ["la"]\n', changed(QUICK, 4, la="3"), "Cluster 1 is in two strata"),
        (QUICK, [{"y": "1"}], "no column “trt”; their columns are y"),
        (QUICK, [], "The data have no rows"),
        (QUICK.replace('"pre"', '"log(nought)"'), rows_of(QUICK), "no column “nought”"),
        (QUICK.replace('"pre"', '"log(pre - 30)"'), rows_of(QUICK), "has no value where pre"),
        (QUICK.replace('"pre"', '"pre", "I(2 * pre)"'), rows_of(QUICK), "collinear"),
        (QUICK.replace('cluster = "cluster"', ""), rows_of(QUICK), "has no cluster; name the column"),
        (QUICK.replace('"cluster"\n[', '"cluster"\noutcome = "time-to-event"\n['), rows_of(QUICK), "time to an event"),
        (COUNTS, changed(COUNTS, 2, s47="-1"), "s47 holds -1; a count is a whole number"),
        (COUNTS, changed(COUNTS, 2, s47="1.5"), "s47 holds 1.5; a count is a whole number"),
        (COUNTS, changed(COUNTS, 2, py="0"), "A time at risk is nought or less"),
        (COUNTS.replace('"count"', '"binary"'), rows_of(COUNTS), "A row counts 1741.4 people; it must be a whole number"),
        (COUNTS.replace('"count"', '"binary"').replace('offset = "py"', ""), rows_of(COUNTS), "a yes-or-no outcome is 0 or 1"),
        (WEDGE, changed(WEDGE, 2, events="99"), "counts more than the people in it"),
        (WEDGE.replace('period = "period"', ""), rows_of(WEDGE), "has no period; a stepped wedge needs"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_in_a_sentence(design, rows, said) -> None:
    if "collinear" in said or "has no value" in said:
        with pytest.raises(InputError, match=said):
            found = analyse_trial(design, rows)
            raise InputError(" ".join(one.reason for one in found.failed))
        return
    with pytest.raises(InputError, match=said) as error:
        analyse_trial(design, rows)
    assert str(error.value).count("\n") == 0


def test_columns_of_two_lengths_are_refused() -> None:
    with pytest.raises(InputError, match="not of one length"):
        table_of({"y": [1, 2], "arm": [0]})


def test_an_arm_is_known_by_its_name_and_by_its_number() -> None:
    named = [row | {"trt": ("control", "intervention")[int(row["trt"])]} for row in rows_of(QUICK)]
    design = read(QUICK)
    assert (prepare(design, table_of(named)).arm == prepare(design, table_of(rows_of(QUICK))).arm).all()


def test_missing_values_are_counted_by_arm_and_said() -> None:
    rows = rows_of(QUICK)
    for row in rows:
        if row["cluster"] == "3":  # a whole cluster of the comparator
            row["y"] = "NA"
    rows[-1]["pre"] = ""
    last = {"0": "control", "1": "intervention"}[rows[-1]["trt"]]
    found = analyse_trial(QUICK, rows).comparisons[0]
    lost = {group.arm: (group.left_out, group.clusters_lost) for group in found.groups}
    size = sum(row["cluster"] == "3" for row in rows)
    assert lost == {
        "control": (size + (last == "control"), 1),
        "intervention": (int(last == "intervention"), 0),
    }
    assert any(f"{size + 1} of 291 rows lack a value and are left out" in one for one in found.warnings)
    assert any("Whole clusters have no row left (control 1, intervention 0)" in one for one in found.warnings)
    assert sum(group.rows for group in found.groups) == 291 - size - 1


def test_a_method_that_fails_is_listed_with_its_reason() -> None:
    rows = [row | {"s47": "0"} if row["trt"] == "1" else row for row in rows_of(COUNTS)]
    found = analyse_trial(COUNTS, rows)
    reasons = {one.method: one.reason for one in found.failed}
    assert (
        reasons["poisson-naive"]
        == "The arm “intervention” has no events, so that the logarithm of its ratio has no end."
    )
    assert "glmm-nb" in reasons
    assert any("declared analysis, glmm-nb, could not be fitted" in one for one in found.warnings)


def test_what_is_declared_for_another_outcome_is_refused_and_not_hidden() -> None:
    found = analyse_trial(QUICK.replace('"lmm-kr"', '"glmm-nb"'), rows_of(QUICK))
    (failed,) = [one for one in found.failed if one.declared]
    assert failed.reason == "glmm-nb is for a count outcome, and this one is continuous."


def test_no_declaration_is_said() -> None:
    found = analyse_trial(QUICK.replace('declared = "lmm-kr"', ""), rows_of(QUICK))
    assert found.declared is None
    assert any("No analysis is declared" in one for one in found.warnings)


def test_a_wedge_of_people_says_what_its_cells_say() -> None:
    """People one by one, or counted by cluster and period, with the number under `trials` or `offset`: one answer."""
    quick = WEDGE + "draws = 199\n"
    cells = rows_of(WEDGE)
    people = [row | {"events": int(k < int(row["events"]))} for row in cells for k in range(int(row["n"]))]
    one = analyse_trial(quick.replace('trials = "n"', ""), people)
    for other in (analyse_trial(quick, cells), analyse_trial(quick.replace("trials", "offset"), cells)):
        by_name = {row.method: row for row in other.panel}
        assert len(by_name) == len(one.panel) == 13
        for row in one.panel:
            assert by_name[row.method].estimate == pytest.approx(row.estimate, abs=1e-7), row.method
            assert by_name[row.method].p == pytest.approx(row.p, abs=1e-6), row.method


def test_a_table_of_counts_says_what_a_table_of_people_says() -> None:
    """The same people, counted together or one by one, in parallel arms: all methods that take people agree."""
    design = """
[design]
kind = "cluster"
outcome = "binary"
[analysis]
outcome = "events"
arm = "arm"
cluster = "cluster"
"""
    sizes = [(c, c % 2, 8 + c, 2 + (c * 7) % 5 + c % 2) for c in range(12)]
    counted = [{"cluster": f"c{c}", "arm": a, "n": n, "events": e} for c, a, n, e in sizes]
    people = [{"cluster": f"c{c}", "arm": a, "events": int(k < e)} for c, a, n, e in sizes for k in range(n)]
    one = analyse_trial(design, people)
    other = analyse_trial(design + 'trials = "n"\n', counted)
    by_name = {row.method: row for row in other.panel}
    for row in one.panel:
        assert by_name[row.method].estimate == pytest.approx(row.estimate, abs=1e-7), row.method
        assert by_name[row.method].p == pytest.approx(row.p, abs=1e-6), row.method
    assert one.icc == pytest.approx(other.icc, abs=1e-9)
