"""Rules as TOML: read, and refused with a sentence that says where."""

from __future__ import annotations

import datetime

import pytest

from tools.founding_commission import RULES
from whatworks.commission.methods.authorities import denominator
from whatworks.commission.methods.relating import Applicant, Judge, body_of, grounds
from whatworks.commission.methods.rules import digest, read
from whatworks.commission.methods.weighting import Scale, sensitivity, value
from whatworks.errors import InputError


def test_rules_are_read_whole() -> None:
    """What applicants read is what is reckoned with."""
    held = read(RULES)
    assert (held.about.budget, held.about.most, len(held.criteria), len(held.quotas)) == (1_200_000, 4, 3, 3)
    assert held.scales[0] == Scale("need", 30.0, 0, 4) and held.limits.quotas[2].name == "region: coast"
    assert held.criteria[0].described[2] == (2, "A need is shown by figures.") and not held.selection.lot
    assert digest(RULES) == digest(RULES.replace("\n", "\r\n"))


@pytest.mark.parametrize(
    ("before", "after", "says"),
    [
        ("[call]", "[cal]", "there is no “cal”"),
        ("budget = 1200000", 'budget = "much"', "a whole number"),
        ("budget = 1200000", "budget = true", "a whole number"),
        ("2026-04-10T17:00:00Z", "2026-04-10T17:00:00", "a time with its zone"),
        ("2026-04-10T17:00:00Z", "2026-01-10T17:00:00Z", "not after opens"),
        ("least = 2\nassessors", "least = 9\nassessors", "least may not be above"),
        ('value = "coast"', 'value = "moon"', "moon"),
        ("weight = 30", "weight = -1", "below nought"),
        ('key = "plan"\ntitle', 'key = "need"\ntitle', "same key"),
        ("lot = false", "lot = true", "threshold"),
        ("level = 0.5", "level = 1.5", "between 0 and 1"),
        ("4 = ", "four = ", "scores with what they mean"),
        ("[call]", "[call", "not readable"),
    ],
)
def test_a_mistake_is_named(before: str, after: str, says: str) -> None:
    """A rule that is silently dropped would bind nobody."""
    assert before in RULES
    with pytest.raises(InputError, match=says):
        read(RULES.replace(before, after))


def test_denominators_have_dates() -> None:
    """A share of 152 in a year of 151 is wrong."""
    days = [
        datetime.date(2018, 7, 24),
        datetime.date(2019, 3, 31),
        datetime.date(2019, 4, 1),
        datetime.date(2022, 1, 1),
        datetime.date(2024, 1, 1),
    ]
    assert [denominator(day).number for day in days] == [152, 152, 151, 152, 153]
    assert not denominator(days[0]).confirmed
    with pytest.raises(InputError, match="not known"):
        denominator(datetime.date(1990, 1, 1))


APPLICANT = Applicant(
    "Borough of Brookfield",
    frozenset({"org-1", "are-1"}),
    frozenset({"usr-a"}),
    ("a@team.brookfield.gov.uk",),
    ("Example, A. B.",),
)


@pytest.mark.parametrize(
    ("judge", "wanted"),
    [
        (Judge("usr-a", "", "x@else.org"), {"their own application"}),
        (Judge("usr-b", "", "b@schools.brookfield.gov.uk"), {"same employer"}),
        (Judge("usr-b", "", "b@larkmere.gov.uk"), set()),  # both end in gov.uk, which is nobody's body
        (Judge("usr-b", "", "b@gmail.com"), set()),
        (Judge("usr-b", "", "b@else.org", frozenset({"are-1"})), {"declared interest"}),
        (Judge("usr-b", "", "b@else.org", ties=("Brookfield council",)), {"declared tie"}),
        (Judge("usr-b", "Ann Example", "b@else.org"), {"author of the evidence"}),
        (Judge("usr-b", "Tom Example", "b@else.org"), set()),
    ],
)
def test_conflicts_are_seen_and_none_invented(judge: Judge, wanted: set[str]) -> None:
    """One missed is a scandal; too many and nobody is left to judge."""
    assert {one.rule for one in grounds(judge, APPLICANT)} == wanted


def test_webmail_is_nobodys_body() -> None:
    """Two people with free addresses are not colleagues."""
    both = Applicant("X", frozenset(), frozenset(), ("a@gmail.com",))
    assert list(grounds(Judge("u", "", "b@gmail.com"), both)) == [] and body_of("c@x.y.nhs.uk") == "y.nhs.uk"


SCALES = (Scale("p", 50, 0, 10), Scale("q", 50, 0, 10))


def test_an_order_that_hangs_on_the_weights_is_told() -> None:
    """Left out, one criterion turns the order round here; in the second table nothing does."""
    found = sensitivity({"a": {"p": 10, "q": 0}, "b": {"p": 1, "q": 8}}, SCALES, places=1)
    assert found.ranks == {"a": 1, "b": 2} and not found.steady
    turned = {(one.criterion, one.change) for one in found.scenarios if found.changed(one)}
    assert turned == {("p", "less"), ("p", "left out"), ("q", "more")}
    assert sensitivity({"a": {"p": 9, "q": 9}, "b": {"p": 1, "q": 8}}, SCALES, places=1).steady
    assert value({"p": 10, "q": 0}, SCALES) == 50
    with pytest.raises(InputError, match="no score"):
        value({"p": 1}, SCALES)
    with pytest.raises(InputError, match="off its scale"):
        value({"p": 11, "q": 1}, SCALES)
