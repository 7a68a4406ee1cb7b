"""Matching: a wrong merge hides a publication, so what must never be merged comes first."""

from __future__ import annotations

import csv
import itertools
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.shared import SHARED, needs_shared
from tests.unit.collate.exports import record
from whatworks.collate.methods.match import blocking
from whatworks.collate.methods.match.grouping import clusters as clusters_of
from whatworks.collate.methods.match.sketches import columns_of
from whatworks.collate.methods.matching import Proposal, clusters, compare_records, propose, sketch
from whatworks.collate.methods.records import Record
from whatworks.collate.sources import read

MIDWEST = "Midwest Evaluation of the Adult Functioning of Former Foster Youth"
BASE = {
    "TI": "Homelessness and Health Care Access After Emancipation",
    "AU": ["Kushel, Margot B.", "Yen, Irene H."],
    "PY": "2007",
    "JO": "Archives of Pediatrics & Adolescent Medicine",
    "VL": "161",
    "IS": "10",
    "SP": "986-993",
}


def decision(first: dict[str, object], second: dict[str, object]) -> str:
    """What is proposed about two records that differ from BASE in these tags; None takes a tag away."""
    made = []
    for change in (first, second):
        fields = {tag: value for tag, value in {**BASE, **change}.items() if value is not None}
        made.append(record(**fields))  # type: ignore[arg-type]
    found = propose(made)
    assert len(found) <= 1
    return found[0].decision if found else "none"


# --- never merged ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"TI": f"{MIDWEST}: Outcomes at Age 19"}, {"TI": f"{MIDWEST}: Outcomes at Age 21", "SP": "1-9"}),
        ({"TI": "Moving on from care, part I"}, {"TI": "Moving on from care, part II", "SP": "994-999"}),
        (
            {"TI": "Children looked after in England, 2018 to 2019", "SP": None},
            {"TI": "Children looked after in England, 2019 to 2020", "SP": None},
        ),
        ({}, {"TI": f"Erratum: {BASE['TI']}", "PY": "2009", "VL": "163", "SP": "12"}),
        ({}, {"TI": f"{BASE['TI']}: technical appendix", "SP": "994-999"}),
        ({}, {"TI": f"{BASE['TI']}: study protocol", "PY": "2005"}),
        ({"TY": "THES", "JO": None, "VL": None, "SP": None}, {}),
        ({"DO": "10.31235/osf.io/abcde", "JO": "SocArXiv", "VL": None, "SP": None}, {}),
    ],
    ids=["waves", "parts", "years", "erratum", "appendix", "protocol", "thesis", "preprint"],
)
def test_relatives_are_linked_and_kept_apart(one: dict[str, object], other: dict[str, object]) -> None:
    assert decision(one, other) == "linked"


@pytest.mark.parametrize(
    "other",
    [
        {"TI": f"Erratum: {BASE['TI']}", "SP": "1102"},
        {"TI": f"{BASE['TI']} (vol 161, pg 986, 2007)", "SP": "1102-1102"},
        {"TI": f"{BASE['TI']}: reply", "AU": "Yen, Irene H.", "SP": "1203"},
    ],
    ids=["erratum", "correction", "reply"],
)
def test_a_notice_in_the_same_volume_is_a_question(other: dict[str, object]) -> None:
    """Catalogues differ on whether it is a part of its article; it is never merged unasked."""
    assert decision({}, other) == "ask"


def test_a_yearly_report_whose_title_does_not_name_the_year_is_a_question() -> None:
    report = {"TY": "RPRT", "JO": None, "VL": None, "IS": None, "SP": None}
    assert decision({**report, "PY": "2018"}, {**report, "PY": "2019"}) == "ask"


def test_a_place_name_is_a_word_that_may_matter() -> None:
    report = {"TY": "RPRT", "JO": None, "VL": None, "IS": None, "SP": None}
    states = ({"TI": f"{MIDWEST} from {state}: Outcomes at Age 19", **report} for state in ("Iowa", "Illinois"))
    assert decision(*states) == "ask"


def test_opposites_are_not_spellings_of_one_another() -> None:
    titles = (
        {"TI": f"Treating {word}thyroidism in young people leaving care", "SP": None} for word in ("hypo", "hyper")
    )
    assert decision(*titles) == "ask"


def test_an_editorial_is_not_the_next_editorial() -> None:
    assert decision({"TI": "Editorial", "IS": "1", "SP": None}, {"TI": "Editorial", "IS": "2", "SP": None}) == "none"
    assert decision({"TI": "Editorial", "SP": "1-2"}, {"TI": "Editorial", "SP": "301-302"}) == "ask"


def test_two_letters_by_different_people_on_one_page_are_a_question() -> None:
    assert decision({}, {"AU": "Bouros, Demosthenes"}) == "ask"


def test_titles_that_contradict_the_doi_are_a_question() -> None:
    doi = "10.1093/oso/9780190630485.001.0001"
    assert decision({"DO": doi}, {"DO": doi, "TI": "Leaving care in Norway"}) == "ask"
    assert decision({"DO": doi}, {"DO": doi, "TI": f"Erratum: {BASE['TI']}"}) == "ask"


def test_two_dois_are_a_question_however_much_else_agrees() -> None:
    assert decision({"DO": "10.1001/archpedi.1", "SP": None}, {"DO": "10.1001/other.1", "SP": None}) == "ask"


def test_two_dois_on_the_same_pages_are_one_publication() -> None:
    """An archive and a publisher may each register a DOI; two papers cannot stand on the same pages."""
    assert decision({"DO": "10.1001/archpedi.1"}, {"DO": "10.2307/248"}) == "same"


def test_two_numbers_on_one_page_are_a_question() -> None:
    """A number may be misprinted in one export; but then volume and page agree, and all pages where it is sure."""
    titles = ("p16INK4a and outcome at grade 2", "p6INK4a and outcome at grade 2")
    assert decision({"TI": titles[0], "SP": "986"}, {"TI": titles[1], "SP": "986"}) == "ask"


def test_a_chain_never_joins_what_is_kept_apart() -> None:
    """A title cut short agrees with two waves of a study, which must not become one through it."""
    place = {"AU": "Courtney, Mark E.", "PY": "2007", "JO": "Chapin Hall"}
    titles = (f"{MIDWEST}: Outcomes at Age 19", MIDWEST, f"{MIDWEST}: Outcomes at Age 21")
    proposals = propose([record(TI=title, **place) for title in titles])  # type: ignore[arg-type]
    assert [one.decision for one in proposals] == ["ask", "linked", "ask"]
    assert len(clusters(proposals, 3)) == 3


def test_one_without_a_doi_does_not_join_two_that_differ_in_theirs() -> None:
    """Each of the two would be one with the third; which one it is a person must say."""
    bare = {**BASE, "SP": ""}
    three = [record(**{**bare, "DO": doi}) for doi in ("10.1001/first", "10.1001/second", "")]  # type: ignore[arg-type]
    proposals = propose(three)
    assert [one.decision for one in proposals] == ["ask", "ask", "ask"]
    assert "kept apart" in proposals[1].reason
    assert [one.decision for one in propose(three[1:])] == ["same"]


# --- merged ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "other",
    [
        {},
        {"TI": "Homelessness & health-care access after emancipation."},
        {"TI": "[Homelessness and Health Care Acess After Emancipation]. [Review] [12 refs]", "SP": None},
        {"AU": ["Kushel, M. B.", "Yen, I. H."], "JO": "Arch Pediatr Adolesc Med"},
        {"AU": "Kushel MB", "VL": None, "SP": None},
        {"PY": "2008", "TY": "JOUR", "SP": None},
        {"TI": f"{BASE['TI']}: results from the Midwest Evaluation of Adult Functioning of Former Foster Youth"},
        {"AU": None},
        {"PY": None},
    ],
    ids=["equal", "marks", "misspelt", "abbreviated", "bare", "online first", "subtitle", "no author", "no year"],
)
def test_one_publication_is_found_as_exports_write_it(other: dict[str, object]) -> None:
    assert decision({}, other) == "same"


def test_one_doi_with_agreeing_titles_is_one_publication() -> None:
    doi = {"DO": "10.1001/archpedi.161.10.986", "VL": None, "SP": None, "AU": None, "PY": None}
    assert decision(doi, {**doi, "DO": "https://doi.org/10.1001/ARCHPEDI.161.10.986"}) == "same"


@pytest.mark.parametrize("other", [{"PY": "2012"}, {"AU": "Bouros, Demosthenes"}])
def test_one_disagreement_is_a_question(other: dict[str, object]) -> None:
    assert decision({"VL": None, "SP": None}, {"VL": None, "SP": None, **other}) == "ask"


def test_unrelated_records_are_not_mentioned() -> None:
    assert (
        decision({}, {"TI": "Extended Foster Care Program Enrollment and Retention in Ohio", "SP": "12-20"}) == "none"
    )


def test_every_proposal_says_why_and_by_which_rule() -> None:
    one = propose([record(**BASE), record(**BASE)])[0]  # type: ignore[arg-type]
    assert one.reason.endswith(".")
    assert (one.rule, one.version) == ("place", "2")
    assert one.to_dict()["decision"] == "same"


# --- laws --------------------------------------------------------------------------------------------------------

CHANGES = st.fixed_dictionaries(
    {},
    optional={
        "TI": st.sampled_from(
            [
                f"{MIDWEST}: Outcomes at Age 19",
                f"{MIDWEST}: Outcomes at Age 21",
                f"{MIDWEST} from Iowa: Outcomes at Age 19",
                f"Erratum: {BASE['TI']}",
                "Homelesness and health care access after emancipation",
                "Editorial",
                "",
            ]
        ),
        "AU": st.sampled_from(["Kushel MB", "Yen, Irene H.", "Courtney, Mark E.", ""]),
        "PY": st.sampled_from(["2006", "2007", "2008", "2012", ""]),
        "JO": st.sampled_from(["Arch Pediatr Adolesc Med", "Child Welfare", ""]),
        "SP": st.sampled_from(["986", "1-4", ""]),
        "DO": st.sampled_from(["10.1001/1", "10.1001/2", "10.31235/osf.io/abcde", ""]),
        "TY": st.sampled_from(["RPRT", "THES", "CHAP"]),
    },
)
RECORDS = CHANGES.map(lambda change: record(**{**BASE, **change}))  # type: ignore[arg-type]


@given(RECORDS, RECORDS)
def test_a_verdict_does_not_depend_on_which_comes_first(one: Record, other: Record) -> None:
    assert compare_records(one, other) == compare_records(other, one)


@given(st.lists(RECORDS, min_size=2, max_size=10), st.randoms(use_true_random=False))
def test_proposals_do_not_depend_on_the_order(records: list[Record], random: object) -> None:
    order = list(range(len(records)))
    random.shuffle(order)  # type: ignore[attr-defined]
    shuffled = propose([records[at] for at in order])
    told = {(*sorted((order[one.a], order[one.b])), one.decision, one.score, one.reason) for one in shuffled}
    assert told == {(one.a, one.b, one.decision, one.score, one.reason) for one in propose(records)}


@given(st.lists(RECORDS, min_size=1, max_size=12))
def test_what_is_kept_apart_is_never_in_one_cluster(records: list[Record]) -> None:
    proposals = propose(records)
    home = {at: group for group in clusters(proposals, len(records)) for at in group}
    assert sorted(home) == list(range(len(records)))
    assert all(home[one.a] != home[one.b] for one in proposals if one.decision == "linked")
    assert all(one.a < one.b and 0 <= one.score <= 1 for one in proposals)


def test_a_crowded_block_stays_linear_and_keeps_its_clusters() -> None:
    """Two thousand records with one title: all pairs would be two million."""
    crowd = columns_of([sketch(record(**BASE))] * 2000)  # type: ignore[arg-type]
    pairs = blocking.candidates(crowd)
    assert len(pairs) <= 2000 * 2 * blocking.NEIGHBOURS
    assert clusters_of(2000, map(tuple, pairs.tolist())) == [tuple(range(2000))]


# --- real records ------------------------------------------------------------------------------------------------


@needs_shared
def test_the_care_leavers_records() -> None:
    """Each of these pairs was looked at: the five are one report each; no wave or state of a study is merged."""
    records = list(read(SHARED / "evidence" / "care_leavers" / "records.ris"))
    proposals = propose(records)
    same = {(records[one.a].identifier, records[one.b].identifier) for one in proposals if one.decision == "same"}
    assert same == {
        ("courtney_report_2018", "courtney_report_2018-1"),
        ("courtney_evidence_nodate", "courtney_benefits_2019"),
        ("okpych_memo_2019", "okpych_memo_2019-1"),
        ("courtney_midwest_2011", "courtney_midwest_2011-1"),
        ("kushel_homelessness_2007", "kushel_homelessness_2007-1"),
    }
    assert Counter(one.decision for one in proposals)["ask"] <= 25
    assert len(clusters(proposals, len(records))) == len(records) - 5


def labelled(name: str) -> tuple[list[Record], list[int]]:
    """The records of a labelled set, and the publication to which each belongs."""
    folder = SHARED / "dedup" / name
    with (folder / "merged_record_ids.csv").open(encoding="utf-8") as stream:
        groups = [[one.strip() for one in row["merged_ids"].split(";")] for row in csv.DictReader(stream)]
    with (folder / "records_pre_merged.csv").open(encoding="utf-8", errors="replace", newline="") as stream:
        rows = list(csv.DictReader(stream))
    home = {one: number for number, group in enumerate(groups) for one in group}
    fields = (
        ("title", "TI"),
        ("year", "PY"),
        ("journal", "JO"),
        ("volume", "VL"),
        ("number", "IS"),
        ("pages", "SP"),
        ("doi", "DO"),
    )
    records = [
        record(AU=row["author"].split(" and "), **{tag: row.get(column) or "" for column, tag in fields})
        for row in rows
    ]
    return records, [home.get(row["ID"], -at - 1) for at, row in enumerate(rows)]


@needs_shared
@pytest.mark.parametrize(
    ("name", "found", "seen"),
    [
        ("cytology_screening", 0.985, 0.995),
        ("haematology", 0.82, 0.995),  # its truth joins errata, replies and talks to their papers, about which we ask
        ("respiratory", 0.96, 0.995),
        ("stroke", 0.99, 0.995),
        ("exp_mis_baseline", 0.98, 0.995),
    ],
)
def test_no_publication_is_lost_on_labelled_sets(name: str, found: float, seen: float) -> None:
    """None of 10,038 records may swallow another publication; the floors for what is found guard against silence."""
    records, home = labelled(name)
    proposals = propose(records)
    groups = clusters(proposals, len(records))
    merged = {pair for group in groups for pair in itertools.combinations(group, 2)}
    assert [pair for pair in merged if home[pair[0]] != home[pair[1]]] == []
    true = _pairs(home)
    asked = {(one.a, one.b) for one in proposals if one.decision == "ask"}
    assert len(merged & true) / len(true) >= found
    assert len((merged | asked) & true) / len(true) >= seen


def _pairs(home: list[int]) -> set[tuple[int, int]]:
    members: dict[int, list[int]] = {}
    for at, group in enumerate(home):
        members.setdefault(group, []).append(at)
    return {pair for group in members.values() for pair in itertools.combinations(group, 2)}


def test_clusters_join_through_others() -> None:
    pairs = [
        Proposal(0, 1, "same", 0.9, "", "doi"),
        Proposal(1, 3, "same", 0.9, "", "doi"),
        Proposal(2, 3, "ask", 0.5, "", "doi"),
    ]
    assert clusters(pairs, 4) == [(0, 1, 3), (2,)]
