"""The files of the packs: all can be read, all references lead somewhere, nothing is somebody else's text."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.shared import needs_shared
from tests.unit.packs.facts import PACK, ROAD, files_of, held, present, shared
from whatworks.ledger.models import Subject
from whatworks.ledger.packs import column


@pytest.mark.parametrize("pack", [PACK, ROAD], ids=["childrens-social-care", "road-safety"])
def test_every_table_can_be_read(pack: Path) -> None:
    files = files_of(pack)
    read = {table.path: len(table.load(files)) for table in present(pack)}
    assert read == {table.path: len(held(table.path, pack)) for table in present(pack)}
    assert {path for path in files if path.endswith(".csv")} == set(read)


@pytest.mark.parametrize("pack", [PACK, ROAD], ids=["childrens-social-care", "road-safety"])
def test_every_reference_leads_to_a_row(pack: Path) -> None:
    keys = {table.model: {row.get("id") for row in held(table.path, pack)} for table in present(pack)}
    keys[Subject] = set().union(*keys.values())  # whatever can be cited
    broken = []
    for table in present(pack):
        links = [f for f in table.columns("open") if f.is_relation and not f.primary_key]
        for field in links:
            cells = {row[column(field)] for row in held(table.path, pack)} - {""}
            broken += [(table.path, field.name, cell) for cell in cells - keys.get(field.related_model, set())]
    assert broken == []


@pytest.mark.parametrize("pack", [PACK, ROAD], ids=["childrens-social-care", "road-safety"])
def test_what_the_program_computes_is_not_shipped(pack: Path) -> None:
    computed = {"extract/findings.csv", "synthesise/syntheses.csv", "rate/ratings.csv", "publish/pages.csv"}
    assert not computed & set(files_of(pack))
    assert not {"ledger/artefacts.csv", "ledger/lineage.csv"} & set(files_of(pack))


def test_no_cell_is_long() -> None:
    # Lists of authors are bibliography, and the guide is our own words; so is the made-up trial, and the files that it led to, and
    # what is said of real ones is facts in our words. All else that is long would be somebody's text.
    fine = {
        ("collate/reports.csv", "authors"),
        ("publish/guide-drafts.csv", "text"),
        ("trial/protocols.csv", "particulars"),
    }
    fine |= {("trial/protocols.csv", "design"), ("trial/locks.csv", "text"), ("trial/frozen-lists.csv", "units")}
    fine |= {("trial/allocations.csv", "document"), ("trial/analyses.csv", "panel")}
    # What is on record of the founding stands as a list of facts; the rest is the made-up county's rules, plans and lots.
    fine |= {("convene/events.csv", "facts"), ("convene/consultations.csv", "facts"), ("convene/panels.csv", "facts")}
    fine |= {("commission/call-versions.csv", "text"), ("implement/plans.csv", "content")}
    fine |= {("convene/panel-frozen-lists.csv", "published"), ("convene/panel-draws.csv", "document")}
    long = [
        (table.path, name)
        for table in present(PACK)
        for row in held(table.path)
        for name, cell in row.items()
        if len(cell) > 400 and (table.path, name) not in fine
    ]
    assert long == []


def test_imports_hold_no_abstracts_notes_or_keywords() -> None:
    for path in (PACK / "collate" / "imports").iterdir():
        assert not re.search(r"^(AB|N1|N2|KW)  - ", path.read_text("utf-8"), re.MULTILINE)


# --- whose words ------------------------------------------------------------------------------------------------------

OUR_WORDS = {
    "people/ties.csv": ["what"],
    "scope/themes.csv": ["line"],
    "scope/interventions.csv": ["lead", "mechanism", "population"],
    "screen/reviews.csv": ["question", "lead"],
    "screen/judgements.csv": ["detail"],
    "extract/studies.csv": ["population", "caution"],
    "extract/contrasts.csv": ["measured", "follow_up", "compared_with", "why_not", "caution"],
    "synthesise/published-results.csv": ["topic", "measured", "remark"],
    "rate/external-ratings.csv": ["remark"],
    "publish/guide-drafts.csv": ["text"],
    "contact/posts.csv": ["title", "summary", "body"],
    "convene/key-messages.csv": ["words"],
}
THEIR_WORDS = [
    ("studies/studies.csv", ["notes"]),
    ("studies/review_pooled_published.csv", ["notes"]),
    ("studies/clearinghouse_ratings.csv", ["notes"]),
    ("care_leavers/extraction_raw.csv", ["comment"]),
    ("care_leavers/excluded_notable.csv", ["Additional detail"]),
    ("care_leavers/grade_summary.csv", ["relative_effect"]),
    ("care_leavers/grade_detailed.csv", ["risk_of_bias", "imprecision", "inconsistency", "indirectness"]),
]
RUN = 8  # words: a shorter run in common is how English is written


def runs(text: str) -> set[tuple[str, ...]]:
    """Every run of eight words."""
    words = re.findall(r"[\w'%.-]+", text.lower())
    return {tuple(words[n : n + RUN]) for n in range(len(words) - RUN + 1)}


@needs_shared
def test_no_run_of_eight_words_is_somebody_elses() -> None:
    theirs: set[tuple[str, ...]] = set()
    for path, names in THEIR_WORDS:
        theirs |= {run for row in shared(path) for name in names for run in runs(row[name] or "")}
    ours = {run for path, names in OUR_WORDS.items() for row in held(path) for name in names for run in runs(row[name])}
    assert len(theirs) > 500
    assert ours & theirs == set()
