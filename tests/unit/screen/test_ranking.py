"""`rank`: from any table and any way of writing decisions to an order."""

from __future__ import annotations

import pytest

from tests.unit.screen.records import made
from whatworks.errors import InputError
from whatworks.screen.methods.ranking import Ranking, rank

TABLE, LABELS = made(60, 8, seed=5)


class Frame:
    """What pandas and polars have in common: named columns."""

    def __init__(self, columns: dict[str, list[object]]) -> None:
        self._columns = columns

    @property
    def columns(self) -> list[str]:
        return list(self._columns)

    def __getitem__(self, name: str) -> list[object]:
        return self._columns[name]


GIVEN = [LABELS[row] if row < 30 else None for row in range(60)]


def test_every_kind_of_table_gives_the_same() -> None:
    rows = [{"title": t, "abstract": a} for t, a in zip(TABLE["title"], TABLE["abstract"], strict=True)]
    labelled = TABLE | {"included": ["" if label is None else str(label) for label in GIVEN]}
    found = [
        rank(TABLE, GIVEN),
        rank(rows, GIVEN),
        rank(Frame(TABLE), GIVEN),
        rank(TABLE, dict(enumerate(LABELS[:30]))),
        rank(labelled),
        rank(Frame(TABLE | {"label_included": [-1 if label is None else label for label in GIVEN]})),
    ]
    assert all(one == found[0] for one in found)
    assert found[0].labelled == 30 and found[0].relevant == sum(LABELS[:30])


def test_the_order_is_of_records_without_a_decision() -> None:
    found = rank(TABLE, GIVEN)
    assert isinstance(found, Ranking)
    assert sorted(found.order) == list(range(30, 60))
    assert found.ranks[:30] == (None,) * 30
    wanted = {row for row in range(30, 60) if LABELS[row]}
    assert wanted <= set(found.order[: len(wanted) + 3])
    assert found.summary().startswith("30 records to read")


def test_no_decisions() -> None:
    assert rank(TABLE, query="kinship foster carers").order[0] in {row for row in range(60) if LABELS[row]}
    assert rank(TABLE, seed=1).order != rank(TABLE, seed=2).order
    assert rank(TABLE, seed=1).to_dict()["ranks"][rank(TABLE, seed=1).order[0]] == 1


def test_titles_alone_and_missing_cells() -> None:
    table = {"title": ["foster care", None, float("nan"), "foster trial"]}
    assert rank(table, [1, 0, None, None]).order[0] == 3


@pytest.mark.parametrize(
    ("table", "decisions", "complaint"),
    [
        ({"name": ["a"]}, None, "neither a column title"),
        ({"title": ["a"], "abstract": ["b", "c"]}, None, "1 titles and 2 abstracts"),
        ({"title": ["a", "b"]}, [1], "2 records and 1 decisions"),
        ({"title": ["a", "b"]}, ["maybe", None], "'maybe' is not a decision"),
        ({"title": ["a", "b"]}, {2: 1}, "outside the 2 records"),
        ([1, 2], None, "list of dicts"),
    ],
)
def test_what_cannot_be(table: object, decisions: object, complaint: str) -> None:
    with pytest.raises(InputError, match=complaint):
        rank(table, decisions)  # type: ignore[arg-type]
