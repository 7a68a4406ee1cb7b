"""PRISMA CSV: what the R package PRISMA2020 reads, whole, in its order, and never with a number that nobody knows."""

from __future__ import annotations

import csv
import io

import pytest

from tests.shared import needs_shared
from tests.unit.screen.flows import HELD, care_leavers, held
from whatworks.screen.methods.prisma import Tally, build_flow, read_prisma2020
from whatworks.screen.methods.prisma_csv import COLUMNS, prisma_csv

# The first column of the template of PRISMA2020 1.1.1.
TEMPLATE = """NA previous_studies previous_reports NA database_results database_specific_results register_results
register_specific_results NA website_results organisation_results citations_results duplicates excluded_automatic
excluded_other records_screened records_excluded dbr_sought_reports dbr_notretrieved_reports other_sought_reports
other_notretrieved_reports dbr_assessed dbr_excluded other_assessed other_excluded new_studies new_reports total_studies
total_reports identification screening included""".split()


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def counts(tallies: list[Tally]) -> dict[str, dict[str, int | None]]:
    flow = build_flow(held=tallies)
    return {
        name: {"": box.held} | {part.label: part.held for part in box.parts} for name, box in flow.boxes.items() if box
    }


def test_every_row_of_the_template_stands_in_its_place() -> None:
    """The package takes what it does not find from its template: "Reason1, xxx"."""
    found = rows(prisma_csv(held()))
    assert [row["data"] for row in found] == TEMPLATE
    assert tuple(found[0]) == COLUMNS
    assert "xxx" not in "".join(row["n"] for row in found)
    assert len({row["box"] for row in found if row["box"].startswith("box")}) == 16


def test_the_file_reads_back_as_the_flow() -> None:
    """What is given out must come to the same when it is taken in."""
    assert counts(read_prisma2020(rows(prisma_csv(held())))) == counts(HELD)


@needs_shared
def test_a_published_flow_goes_round_but_for_names_that_the_package_cannot_hold() -> None:
    """Commas in the name of a reason would cut it, and its number, off."""
    there = build_flow(published=care_leavers())
    back = build_flow(published=read_prisma2020(rows(prisma_csv(there, "published"))))
    assert {name: box.published for name, box in back.boxes.items()} == {
        name: box.published for name, box in there.boxes.items()
    }


def test_what_is_not_known_is_not_nought() -> None:
    """A 0 in a diagram is a claim."""
    found = {row["data"]: row["n"] for row in rows(prisma_csv(held(dbr_excluded=None, total_studies=None)))}
    assert (found["total_studies"], found["dbr_excluded"], found["duplicates"]) == ("NA", "Not recorded, NA", "74")


def test_a_review_that_goes_on_says_so_in_the_boxes_themselves() -> None:
    """Whoever draws the file must see that it is not the end."""
    found = {row["data"]: row["boxtext"] for row in rows(prisma_csv(held(records_waiting=1200, dbr_reports_waiting=3)))}
    assert found["records_screened"] == "Records screened so far (1,200 still waiting)"
    assert found["dbr_assessed"] == "Reports assessed for eligibility so far (3 still waiting)"
    assert "not finished" in prisma_csv(held(records_waiting=1))
    assert "not finished" not in prisma_csv(held())
    assert "so far" not in prisma_csv(held())


@pytest.mark.parametrize(
    "reason", ["Wrong age, over 25", "No children; adults", "Children's homes", 'So-called "care"']
)
def test_a_reason_cannot_break_the_list(reason: str) -> None:
    """The package splits at semicolons, cuts at the first comma, and puts the rest between apostrophes."""
    flow = build_flow(held=[Tally("dbr_excluded", reason, 4), Tally("dbr_excluded", "Other", 2)])
    listed = next(row["n"] for row in rows(prisma_csv(flow)) if row["data"] == "dbr_excluded")
    parts = [part.split(",") for part in listed.split(";")]
    assert [int(part[1]) for part in parts] == [4, 2]
    assert not set(listed) & set("'\"\\")


def test_reasons_come_to_the_total() -> None:
    """The package prints the reasons and no total."""
    flow = build_flow(held=[Tally("dbr_excluded", "", 9), Tally("dbr_excluded", "Wrong design", 4)])
    assert "Wrong design, 4; No reason given, 5" in prisma_csv(flow)
