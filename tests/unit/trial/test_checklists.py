"""Checklists as data: what ships is sound, fits the designs that it is for, and is filled from a record and nothing else."""

from __future__ import annotations

from collections import Counter

import pytest

from tools.sources import ROOT
from whatworks.errors import InputError
from whatworks.trial.checklists import fitting, shipped
from whatworks.trial.methods.checklists import ABSENT, FILLED, PARTLY, PATHS, Checklist, Item, filled, read
from whatworks.trial.methods.design import read as read_design

ITEM = 'key = "k"\nname = "N"\nasks = "a"\nsource = "s"\nnumbering = "n"\n[[items]]\nnumber = "1"\nsection = "S"\ntitle = "T"\n'


def numbers(key: str) -> list[str]:
    return [item.number for one in shipped() if one.key == key for item in one.items]


def test_consort_2025_has_its_thirty_numbers_in_order_with_all_their_parts() -> None:
    """30 items, 42 with their parts: as the checklist of the statement has them (doi 10.1136/bmj-2024-081123)."""
    told = numbers("consort-2025")
    assert len(told) == 42
    assert list(dict.fromkeys(int(one.rstrip("abcd")) for one in told)) == list(range(1, 31))
    parted = Counter(int(one.rstrip("abcd")) for one in told)
    assert {n: k for n, k in parted.items() if k > 1} == {
        1: 2,
        5: 2,
        12: 2,
        16: 2,
        17: 2,
        20: 2,
        21: 4,
        22: 2,
        23: 2,
        24: 2,
    }
    assert all(not item.unconfirmed for one in shipped() if one.key == "consort-2025" for item in one.items)


def test_tidier_has_its_twelve() -> None:
    assert numbers("tidier-2014") == [str(n) for n in range(1, 13)]


def test_what_could_not_be_looked_up_says_so() -> None:
    """Nothing of the stepped-wedge extension was compared with its source; a mark that goes missing would claim that it was."""
    told = {one.key: one.unconfirmed for one in shipped()}
    assert told == {
        "consort-2025": 0,
        "consort-cluster-2012": 4,
        "consort-stepped-wedge-2018": len(numbers("consort-stepped-wedge-2018")),
        "consort-pilot-2016": 4,
        "tidier-2014": 0,
    }


@pytest.mark.parametrize(
    ("kind", "stage", "keys"),
    [
        ("individual", "confirmatory", ["consort-2025", "tidier-2014"]),
        ("cluster", "confirmatory", ["consort-2025", "consort-cluster-2012", "tidier-2014"]),
        ("stepped-wedge", "confirmatory", ["consort-2025", "consort-stepped-wedge-2018", "tidier-2014"]),
        ("matched-pairs", "pilot", ["consort-2025", "consort-cluster-2012", "consort-pilot-2016", "tidier-2014"]),
    ],
)
def test_a_design_is_asked_for_what_fits_it(kind: str, stage: str, keys: list[str]) -> None:
    text = f'[design]\nkind = "{kind}"\nstage = "{stage}"\n[size]\nsteps = 3\n[analysis]\ncluster = "c"\nperiod = "p"\n'
    text += '[allocation]\nmethod = "stepped-wedge"\n' if kind == "stepped-wedge" else ""
    assert [one.key for one in fitting(read_design(text))] == keys


def test_an_empty_record_fills_nothing_and_says_what_is_missing_or_left() -> None:
    """The worst that a checklist can do is to claim an item that nobody answered."""
    for checklist in shipped():
        for one in filled(checklist, {}):
            assert one.state == ABSENT and one.answer == ()
            assert one.missing or one.item.left, one.item


def test_a_full_record_still_leaves_to_people_what_only_people_know() -> None:
    everything = {path: f"said of {path}" for path in PATHS}
    for checklist in shipped():
        for one in filled(checklist, everything):
            expected = ABSENT if not one.item.answers else PARTLY if one.item.left else FILLED
            assert one.state == expected, one.item
            assert one.missing == ()
    consort = {one.item.number: one for one in filled(shipped()[0], everything)}
    assert [n for n, one in consort.items() if one.state == ABSENT] == ["5b", "6", "8", "15", "16b", "24b", "27", "29"]


def test_an_item_is_partly_answered_by_part_of_what_it_asks() -> None:
    item = Item(
        "2",
        "Open science",
        "Registration",
        ("protocol.registration", "protocol.registered_on"),
        also=("protocol.status",),
    )
    checklist = Checklist("k", "N", "a", "s", "n", (item,))
    number, day = {"protocol.registration": "ISRCTN 1"}, {"protocol.registered_on": "1 May 2026"}
    (one,) = filled(checklist, number | {"protocol.status": "planned", "protocol.registered_on": "  "})
    assert (one.state, one.answer, one.missing) == (PARTLY, ("ISRCTN 1", "planned"), (PATHS["protocol.registered_on"],))
    (one,) = filled(checklist, number | day)
    assert (one.state, one.answer) == (FILLED, ("ISRCTN 1", "1 May 2026"))
    (one,) = filled(checklist, {"protocol.status": "planned"})
    assert one.state == ABSENT, "what only adds to an answer is none"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("key = ", "not readable TOML"),
        (ITEM + 'answers = ["protocol.colour"]\n', "which no record has"),
        (ITEM + "answers = []\n", "neither what answers it"),
        (ITEM + 'left = "x"\ncolour = "red"\n', "no field “colour”"),
        (ITEM + 'left = "x"\n[[items]]\nnumber = "1"\nsection = "S"\ntitle = "U"\nleft = "y"\n', "have one number"),
        (ITEM.replace("[[items]]", 'kinds = ["round"]\n[[items]]') + 'left = "x"\n', "no kind of design"),
        ('key = "k"\n', "has no name"),
    ],
)
def test_a_checklist_that_is_wrong_is_refused_with_the_place(text: str, says: str) -> None:
    with pytest.raises(InputError, match=says):
        read(text)


def test_the_page_of_the_reference_has_every_item_and_path() -> None:
    told = (ROOT / "docs/reference/checklists.md").read_text("utf-8")
    for checklist in shipped():
        section = told.partition(f"## {checklist.name}\n")[2].partition("\n## ")[0]
        assert checklist.source in section
        for item in checklist.items:
            mark = "*" if item.unconfirmed else ""
            line = next(
                line for line in section.splitlines() if line.startswith(f"| {item.number}{mark} | {item.title} |")
            )
            assert all(f"`{path}`" in line for path in item.answers) and line.endswith(f"| {item.left or '—'} |")
    assert all(f"| `{path}` | {what} |" in told for path, what in PATHS.items())
