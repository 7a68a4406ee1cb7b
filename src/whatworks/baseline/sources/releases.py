"""The releases that are known: children looked after, children in need, the workforce, and the Interactive Tool."""

from __future__ import annotations

from whatworks.baseline.sources.release import Release

LOOKED_AFTER = "Children looked after in England, Department for Education"
IN_NEED = "Children in need in England, Department for Education"
RENAMED = {"number": "children_count", "population_count": "population_type"}
AT_31 = {
    "Children looked after at 31 March each year": "Children looked after on 31 March each year",
    "Children looked after at 31 March": "Children looked after on 31 March each year",
}


def _in_need(table: str, title: str, *needs: str) -> Release:
    return Release(f"cin-{table}", f"{IN_NEED}: {title}", frozenset({"category", *needs}), ("category",))


RELEASES: tuple[Release, ...] = (
    Release(
        "cla-numbers",
        f"{LOOKED_AFTER}: starting, ceasing and looked after on 31 March",
        frozenset({"population_type", "children_count", "rate_per_10000"}),
        ("population_type",),
        RENAMED,
        AT_31,
    ),
    Release(
        "cla-stability",
        f"{LOOKED_AFTER}: stability of placements",
        frozenset({"cla_group", "placement_stability"}),
        ("cla_group", "placement_stability"),
    ),
    Release(
        "cla-social-workers",
        f"{LOOKED_AFTER}: changes of social worker",
        frozenset({"cla_group", "sw_stability"}),
        ("cla_group", "sw_stability"),
    ),
    Release(
        "cla-starting",
        f"{LOOKED_AFTER}: starting, by characteristics",
        frozenset({"cla_group", "characteristic", "placements_number"}),
        ("cla_group", "characteristic"),
    ),
    Release(
        "cla-31-march",
        f"{LOOKED_AFTER}: on 31 March, by characteristics",
        frozenset({"cla_group", "characteristic", "cla_31_march_number"}),
        ("cla_group", "characteristic"),
    ),
    Release(
        "cla-ceasing",
        f"{LOOKED_AFTER}: ceasing, by reason and age",
        frozenset({"cla_group", "characteristic", "number", "Total"}),
        ("cla_group", "characteristic"),
    ),
    Release(
        "cla-placements",
        f"{LOOKED_AFTER}: placements",
        frozenset({"cla_group", "characteristic", "number", "percentage"}),
        ("cla_group", "characteristic"),
    ),
    Release(
        "workforce",
        "Children's social work workforce, Department for Education",
        frozenset({"caseload_fte"}),
        ends=(9, 30),  # counted on 30 September of the year named
    ),
    _in_need("b1", "in need at any point, starting and ending", "Anypoint_child"),
    _in_need("b4", "how long open episodes have lasted", "At31_episodes", "3_months_or_less"),
    _in_need("b5", "how long ended episodes lasted", "Ended_episodes", "3_months_or_less"),
    _in_need("b6", "why episodes were closed", "RC7_Other"),
    _in_need("c1", "referrals and re-referrals", "rereferral_count"),
    _in_need("c2", "how long assessments took", "Assessments_completed"),
    _in_need("c3", "factors at the end of assessment", "Episodes_with_assessment_factor"),
    _in_need("c4", "section 47 enquiries and initial conferences", "Section47"),
    _in_need("c5", "referrals by source", "Anonymous"),
    _in_need("c6", "referrals by month", "April", "March"),
    _in_need("d1", "child protection plans", "CPP_anypoint"),
    _in_need("d2", "plans starting, by category of abuse", "CPP_start", "Neglect_Initial"),
    _in_need("d3", "second and later plans", "CPP_subsequent"),
    _in_need("d4", "plans on 31 March, by category of abuse", "CPP_At31", "Neglect_Initial"),
    _in_need("d5", "plans on 31 March, by duration", "CPP_At31", "3_months_or_less"),
    _in_need("d6", "plans reviewed in time", "Reviewed_within_timescales"),
    _in_need("d7", "plans ending, by duration", "CPP_End", "3_months_or_less"),
    _in_need("d8", "plans ending in their first six months", "CPP_End_first_6months"),
    Release("cin-headlines", f"{IN_NEED}: headlines", frozenset({"children_in_need", "completed_assessments"})),
    Release(
        "spending",
        "Spending on children's services, from the outturn of local authorities, Ministry of Housing, Communities and Local "
        "Government",
        frozenset({"cost_per_capita", "CS Expenditure"}),
    ),
    Release(
        "lait",
        "Local Authority Interactive Tool, Department for Education",
        frozenset({"Short Desc", "LA Number", "Years", "Values"}),
        ("Topic", "Short Desc", "Measure"),
        columns={"Years": "period", "LA Number": "old_code", "LA and Regions": "name", "Region": "region"},
    ),
)
"""A family whose columns another one has besides its own comes after it."""
