"""What the pack tells of the founding has its source, what is made up belongs to Fernshire and says so, and people are in none of it."""

from __future__ import annotations

import json
import re

import pytest

from tests.unit.packs.facts import PACK, ROAD, Rows, held
from whatworks.archive.layout import tables

COUNTY = re.compile("Fernshire|Brookfield|Larkmere|Mereton|[Mm]ade.up")
FACTS = ("convene/events.csv", "convene/panels.csv", "convene/consultations.csv")
# Each table with the column that says that a row is made up, and the columns in which that must be readable for everybody.
MADE_UP = {
    "contact/posts.csv": ("made_up", ["summary"]),
    "scope/questions.csv": ("demonstration", []),
    "convene/events.csv": ("demonstration", ["about"]),
    "convene/panels.csv": ("demonstration", ["about"]),
    "convene/consultations.csv": ("demonstration", ["about"]),
    "convene/disclosures.csv": ("demonstration", ["title"]),
    "commission/calls.csv": ("demonstration", ["title"]),
    "commission/awards.csv": ("demonstration", ["body"]),
    "implement/sites.csv": ("demonstration", ["name"]),
    "decide/meetings.csv": ("demonstration", ["body", "minutes"]),
    "decide/decisions.csv": ("demonstration", ["decided_by", "context", "why"]),
    "decide/settings.csv": ("demonstration", ["title"]),
    "decide/policy-responses.csv": ("demonstration", ["to_whom", "text"]),
    "decide/plan-steps.csv": ("demonstration", ["plan"]),
    "decide/posts.csv": ("demonstration", ["title", "says"]),
}
SHOWN = {"calls": 3, "awards": 10, "events": 3, "panels": 4, "posts": 9, "sites": 4, "priorities": 7, "decisions": 3}


def real(path: str) -> Rows:
    """The rows of a table that are of real bodies."""
    return [row for row in held(path) if row[MADE_UP[path][0]] == "no"]


@pytest.mark.parametrize("path", sorted(MADE_UP))
def test_what_is_made_up_says_so_in_its_own_words(path: str) -> None:
    marked, columns = MADE_UP[path]
    rows = [row for row in held(path) if row[marked] == "yes"]
    assert rows
    assert [row["id"] for row in rows if not all(COUNTY.search(row[name]) for name in columns)] == []


@pytest.mark.parametrize("path", FACTS)
def test_every_fact_of_a_real_body_names_its_source(path: str) -> None:
    facts = [fact for row in real(path) for fact in json.loads(row["facts"])]
    assert facts
    assert [fact for fact in facts if not (fact["fact"] and fact["source"])] == []
    # Where there is no page to open, that is said.
    assert [one for one in facts if not one["address"].startswith("https://") and "no copy" not in one["source"]] == []


def test_every_real_post_and_award_leads_to_the_page_that_says_it() -> None:
    for row in [*real("contact/posts.csv"), *real("commission/awards.csv")]:
        assert row["source_url"].startswith("https://"), row["id"]
    assert {row["body"] for row in real("commission/awards.csv")} == {
        "Lambeth", "Stockport", "Southampton", "Darlington", "Wigan", "Hillingdon",
    }  # fmt: skip
    assert not [row for row in held("commission/call-facts.csv") if not row["source"]]


def test_the_eight_messages_are_there_and_nothing_is_claimed_of_them_without_a_page() -> None:
    (listed,) = (row["id"] for row in held("convene/consultations.csv") if row["slug"] == "founding-key-messages")
    eight = [row for row in held("convene/key-messages.csv") if row["consultation"] == listed]
    assert sorted(int(row["number"]) for row in eight) == list(range(1, 9))
    assert all(row["signed_by"] and row["address"].startswith("https://") for row in eight)
    identifiers = {row["id"] for row in eight}
    done = [row for row in held("convene/key-messages-done.csv") if row["message"] in identifiers]
    assert len(done) == 2
    assert all(row["address"].startswith("https://") for row in done)


def test_priorities_show_every_public_state_with_its_reason() -> None:
    rows = held("decide/priority-states.csv")
    assert {row["state"] for row in rows} == {"accepted", "merged", "answered", "running", "declined", "done"}
    assert all(row["reason"].startswith("Made up: ") for row in rows)
    assert {row["priority"] for row in rows} == {row["id"] for row in held("decide/priorities.csv")}
    (done,) = (row for row in rows if row["state"] == "done")
    assert done["money"] and done["output"] and done["resolution"]


@pytest.mark.parametrize("pack", [PACK, ROAD], ids=["childrens-social-care", "road-safety"])
def test_nobody_who_asked_applied_voted_or_was_interviewed_is_in_it(pack) -> None:  # type: ignore[no-untyped-def]
    closed = [table.path for table in tables() if table.closed]
    assert len(closed) > 40
    assert [path for path in closed if (pack / path).exists()] == []


def test_its_description_counts_what_it_holds() -> None:
    text = (PACK / "README.md").read_text("utf-8")
    paths = {path.split("/")[1].removesuffix(".csv"): path for path in MADE_UP}
    paths |= {"priorities": "decide/priorities.csv", "posts": "contact/posts.csv"}
    for name, number in SHOWN.items():
        assert len(held(paths[name])) == number
        assert f"{number} {name}" in text
