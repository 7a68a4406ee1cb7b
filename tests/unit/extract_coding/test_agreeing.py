"""Agreement: published examples, the screening room's own kappa, and the edges where nothing can be known."""

from __future__ import annotations

import numpy as np
import pytest

from tests.unit.extract_coding.small import small
from whatworks.extract.methods.coding.agreeing import Pair, agreement, icc_agreement, kappa, of_item
from whatworks.extract.methods.coding.answers import Coded, coded
from whatworks.screen.methods import two_screeners

FRAME = small()


def pairs(item: str, *both: tuple[object, object]) -> list[Pair]:
    def said(value: object) -> Coded | None:
        if value is None:
            return None
        status = value if value in ("not reported", "not applicable") else "coded"
        return coded(FRAME.item(item), str(status), value if status == "coded" else None)

    return [Pair(item, said(first), said(second)) for first, second in both]


def test_kappa_is_that_of_fleiss_cohen_and_everitt() -> None:
    """Their example of 1969: 200 people, three diagnoses; kappa .429 with variance .002885."""
    table = [[106, 10, 4], [22, 28, 10], [2, 12, 6]]
    told = [(str(i), str(j)) for i in range(3) for j in range(3) for _ in range(table[i][j])]
    found = kappa(told)
    # As many digits as are printed.
    assert found.value == pytest.approx(0.429, abs=5e-4)
    assert found.se is not None and found.se**2 == pytest.approx(0.002885, abs=5e-7)


def test_with_two_categories_it_is_the_screening_room_s_kappa() -> None:
    cells = np.array([23.0, 5.0, 4.0, 68.0])
    told = [
        pair
        for pair, n in zip([("y", "y"), ("y", "n"), ("n", "y"), ("n", "n")], cells, strict=True)
        for _ in range(int(n))
    ]
    found = kappa(told)
    # The same arithmetic in another order: rounding only.
    assert found.value == pytest.approx(float(two_screeners.kappa(cells)), rel=1e-13)
    variance = float(cells @ two_screeners.kappa_influence(cells) ** 2) / cells.sum() ** 2
    assert found.se == pytest.approx(variance**0.5, rel=1e-12)


@pytest.mark.parametrize("told", [[], [("a", "a")], [("a", "a")] * 20])
def test_kappa_is_unknown_where_one_answer_was_given_throughout(told: list[tuple[str, str]]) -> None:
    assert kappa(told).value is None


def test_statuses_are_categories_and_a_missing_answer_is_a_disagreement() -> None:
    rows = pairs("drawn", ("coin", "coin"), ("not reported", "not reported"), ("coin", "not reported"), ("coin", None))
    found = of_item(FRAME.item("drawn"), rows)
    assert (found.n, found.agreed, found.status_share) == (4, 2, 0.5)
    assert found.kappa.value is not None and found.kappa.value < 0.5
    assert "Only 4 answers" in found.warnings[0]


def test_several_choices_have_the_mean_kappa_of_the_values_that_have_one() -> None:
    """A value that nobody chose has no kappa, and must not pull the mean down."""
    rows = pairs("settings", (["home"], ["home"]), (["school"], ["school"]), (["home", "school"], ["home"]))
    found = of_item(FRAME.item("settings"), rows)
    alone = [
        kappa([(str(w in a.first.value), str(w in a.second.value)) for a in rows]).value for w in ("home", "school")
    ]
    assert found.kappa.value == pytest.approx(np.mean([one for one in alone if one is not None]))
    assert found.agreed == 2


def plain_icc(first: list[float], second: list[float]) -> float:
    """The slow twin: the two-way table of variance, term by term."""
    n, rows = len(first), list(zip(first, second, strict=True))
    grand = sum(first + second) / (2 * n)
    columns = [sum(first) / n, sum(second) / n]
    ssr = sum(2 * ((a + b) / 2 - grand) ** 2 for a, b in rows)
    ssc = sum(n * (one - grand) ** 2 for one in columns)
    sst = sum((x - grand) ** 2 for row in rows for x in row)
    msr, msc, mse = ssr / (n - 1), ssc, (sst - ssr - ssc) / (n - 1)
    return (msr - mse) / (msr + mse + 2 * (msc - mse) / n)


def test_icc_is_that_of_the_table_of_variance() -> None:
    first, second = [9.0, 6, 8, 7, 10, 6], [2.0, 1, 4, 1, 5, 2]
    # The first two judges of Shrout and Fleiss (1979); sums in another order: rounding only.
    assert icc_agreement(np.array(first), np.array(second)) == pytest.approx(plain_icc(first, second), rel=1e-12)
    assert icc_agreement(np.array(first), np.array(first)) == pytest.approx(1.0)
    shifted = icc_agreement(np.array(first), np.array(first) + 5)
    assert shifted is not None and shifted < 0.5, "a coder who reads five more throughout does not agree"


@pytest.mark.parametrize("values", [([], []), ([3.0], [3.0]), ([3.0, 3.0], [3.0, 3.0]), ([0.0, 0.0], [0.0, 0.0])])
def test_icc_is_unknown_where_nothing_varies(values: tuple[list[float], list[float]]) -> None:
    assert icc_agreement(np.array(values[0]), np.array(values[1])) is None


def test_icc_bears_numbers_of_any_size() -> None:
    first, second = np.array([1e200, 2e200, 3e200]), np.array([1.1e200, 2e200, 3e200])
    assert icc_agreement(first, second) == pytest.approx(icc_agreement(first / 1e200, second / 1e200))


def test_numbers_tell_how_far_apart_they_are() -> None:
    found = of_item(FRAME.item("joined"), pairs("joined", (40, 40), (40, 43), (10, "not reported")))
    assert (found.agreed, found.numbers, found.mean_difference, found.mean_absolute) == (1, 2, -1.5, 1.5)


def test_items_come_in_the_order_of_the_frame_and_say_it_in_words() -> None:
    rows = [*pairs("joined", (1, 1)), *pairs("randomised", ("yes", "yes"), ("no", "yes")), Pair("aim", None, None)]
    found = agreement(FRAME, rows)
    assert [one.item for one in found] == ["randomised", "joined"]
    assert found[0].sentence == "“Was it randomised?”: 1 of 2 answers are the same, kappa 0.00."
    assert found[0].to_dict()["share"]["value"] == 0.5
