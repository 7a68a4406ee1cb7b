"""Instruments load, and an appraisal that one does not allow is found; published ones are checked as they stand."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.shared import SHARED, needs_shared
from whatworks.errors import InputError
from whatworks.extract.instruments import HERE, Appraisal, check, instrument, instruments, read_instrument

LOW = {f"D{n}": "Low" for n in range(1, 6)}
FINE = {f"D{n}": "Low" for n in range(1, 8)}


def rob2(overall: str, **domains: str) -> list[str]:
    return [problem.sentence for problem in check(Appraisal("rob-2", 1, {**LOW, **domains}, overall))]


def robins(overall: str, **domains: str) -> list[str]:
    return [problem.sentence for problem in check(Appraisal("robins-i", 1, {**FINE, **domains}, overall))]


def test_what_ships() -> None:
    """Domains and judgements in the order of the tools, with what nobody has confirmed marked so."""
    two, robins_i = (instrument(key, 1) for key in ("rob-2", "robins-i"))
    shipped = {(one.key, one.version) for one in instruments()}
    first = {("rob-2", 1), ("robins-i", 1)}  # stored appraisals are by these
    more = {("rob-2", 2), ("robins-i", 2), ("rob-2-cluster", 1), ("rob-2-crossover", 1), ("amstar-2", 1)}
    assert shipped == first | more | {("emmie-q", 1), ("single-group", 1), ("qualitative", 1)}
    assert ([d.key for d in two.domains], two.judgements) == (list(LOW), ("Low", "Some concerns", "High"))
    assert [d.key for d in robins_i.domains] == list(FINE)
    assert robins_i.allowed == ("Low", "Moderate", "Serious", "Critical", "No information")
    assert two.unconfirmed
    assert robins_i.unconfirmed


@pytest.mark.parametrize(("name", "key"), [("RoB2", "rob-2"), (" rob 2 ", "rob-2"), ("ROBINS-I", "robins-i")])
def test_an_instrument_goes_by_several_names(name: str, key: str) -> None:
    """Published tables spell them as they like."""
    assert instrument(name).key == instrument(name, "1").key == key
    assert instrument(name).version == 2  # the newest where none is named


@pytest.mark.parametrize(
    ("key", "version", "says"),
    [
        ("jadad", None, "No instrument is called 'jadad'; there are amstar-2, emmie-q"),
        ("rob-2", 9, "no version 9; there is 1, 2"),
    ],
)
def test_an_unknown_instrument_is_refused(key: str, version: int | None, says: str) -> None:
    """Checking with another instrument would find the wrong things."""
    with pytest.raises(InputError, match=says):
        instrument(key, version)


@pytest.mark.parametrize(
    ("overall", "domains", "says"),
    [
        ("Low", {}, ""),
        ("low", {"D1": " LOW "}, ""),
        ("High", {"D3": "High"}, ""),
        ("Some concerns", {"D2": "Some concerns", "D5": "Some concerns"}, ""),
        ("High", {"D2": "Some concerns", "D5": "Some concerns"}, ""),  # several may add up
        ("High", {"D2": "Some concerns"}, "worse than Some concerns, the worst domain"),
        ("Some concerns", {}, "worse than Low, the worst domain"),
        ("Some concerns", {"D3": "High"}, "better than the worst domain, which is High"),
        ("Low", {"D3": "Some concerns"}, "better than the worst domain, which is Some concerns"),
        ("Low", {"D3": "Serious"}, "'Serious' is none of Low, Some concerns, High"),
        ("Low", {"D3": ""}, "Whose results are missing: no judgement is recorded"),
        ("Low", {"D6": "Low"}, "'D6' is no domain of RoB 2"),
        ("Fine", {}, "'Fine' is no judgement of RoB 2"),
    ],
)
def test_rob_2(overall: str, domains: dict[str, str], says: str) -> None:
    """An overall judgement better than the worst domain is the slip that flatters a trial."""
    found = rob2(overall, **domains)
    assert len(found) == bool(says)
    assert says in "".join(found)


@pytest.mark.parametrize(
    ("overall", "domains", "says"),
    [
        ("Serious", {"D1": "Serious", "D7": "Moderate"}, ""),
        ("Critical", {"D1": "Serious", "D2": "Serious"}, ""),
        ("Critical", {"D1": "Moderate", "D2": "Moderate"}, "worse than Moderate"),
        ("Moderate", {"D1": "Serious"}, "better than the worst domain"),
        ("No information", {"D1": "No information"}, ""),
        ("No information", {}, "every domain was judged"),
        ("No information", {"D1": "No information", "D2": "Serious"}, "a domain is Serious"),
        ("Serious", {"D1": "No information", "D2": "Serious"}, ""),
        ("Low", {"D1": "No information"}, "a domain says No information"),
    ],
)
def test_robins_i(overall: str, domains: dict[str, str], says: str) -> None:
    """No information is no place on the scale, and hides nothing serious."""
    found = robins(overall, **domains)
    assert len(found) == bool(says)
    assert says in "".join(found)


@given(st.lists(st.sampled_from(["Low", "Some concerns", "High"]), min_size=5, max_size=5))
def test_the_worst_domain_is_always_allowed_and_nothing_better(judgements: list[str]) -> None:
    """The least favourable domain must pass for any appraisal, and whatever is better must not."""
    order = instrument("rob-2", 1).judgements
    domains = dict(zip(LOW, judgements, strict=True))
    worst = max(order.index(word) for word in judgements)
    assert rob2(order[worst], **domains) == []
    assert all(rob2(better, **domains) for better in order[:worst])


@needs_shared
def test_a_published_review_s_appraisals_are_consistent() -> None:
    """The care leavers review: 8 by RoB 2 and 10 by ROBINS-I, none with an overall that its domains do not allow."""
    with (SHARED / "evidence" / "care_leavers" / "risk_of_bias.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [sum(row["tool"] == tool for row in rows) for tool in ("RoB2", "ROBINS-I")] == [8, 10]
    for row in rows:
        domains = {name: word for name, word in row.items() if name.startswith("D") and word}
        assert check(Appraisal(row["tool"], 1, domains, row["overall"])) == [], row["study"]


WRONG = {
    "not TOML": ("key =", "= key", "not a TOML file"),
    "an unknown key": ("judges =", "judged =", "judges: Field required"),
    "a judgement that is not there": ('overall = "High"', 'overall = "Dreadful"', "'Dreadful' is no judgement"),
    "two domains with one key": ('key = "D2"', 'key = "D1"', "two domains share a key"),
    "memory that hides": ("unconfirmed = true", "unconfirmed = false", "unconfirmed = true"),
    "another name": ('key = "rob-2"', 'key = "rob-3"', "it holds rob-3 version 1"),
}


@pytest.mark.parametrize(("old", "new", "says"), WRONG.values(), ids=list(WRONG))
def test_a_wrong_file_is_refused_by_name(tmp_path: Path, old: str, new: str, says: str) -> None:
    """An instrument with a slip in it would pass what it should find."""
    text = (HERE / "rob-2-1.toml").read_text("utf-8")
    path = tmp_path / "rob-2-1.toml"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(InputError, match=says) as refused:
        read_instrument(path)
    assert str(refused.value).startswith("rob-2-1.toml: ")
