"""Cells of a pack: what is written comes back the same, and a cell that cannot be read is named by file, line and column."""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.db import models
from hypothesis import given
from hypothesis import strategies as st

from whatworks.archive.layout import tables
from whatworks.errors import InputError
from whatworks.ledger.canonical import canonical
from whatworks.ledger.fields import CanonicalField
from whatworks.ledger.money import Money, MoneyField
from whatworks.ledger.packs import Table, column, from_text, to_text
from whatworks.scope.models import Outcome, OutcomeGroup, Theme

WHERE = "scope/themes.csv, line 2, column order"
text = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))
floats = st.floats(allow_nan=False, allow_infinity=False)
plain = st.none() | st.booleans() | st.integers() | floats | text
json_values = st.recursive(plain, lambda part: st.lists(part) | st.dictionaries(text, part), max_leaves=10)

# A strategy for every type of field that a pack holds; the most particular type wins.
VALUES: dict[type[models.Field], st.SearchStrategy[Any]] = {
    CanonicalField: json_values.filter(lambda value: value is not None),  # the column itself is never null
    MoneyField: st.builds(Money, st.decimals(-9999, 9999, places=2), st.just("GBP"), st.integers(1990, 2030)),
    models.BooleanField: st.booleans(),
    models.FloatField: floats,
    models.IntegerField: st.integers(-(2**31), 2**31 - 1),
    models.DateTimeField: st.datetimes(timezones=st.just(datetime.UTC)).map(lambda at: at.replace(fold=0)),
    models.DateField: st.dates(),
    models.ForeignKey: text.filter(bool),
    models.TextField: text,
    models.CharField: text,
}


def strategy(field: models.Field) -> st.SearchStrategy[Any]:
    kind = next(kind for kind in type(field).__mro__ if kind in VALUES)
    return VALUES[kind] | st.none() if field.null else VALUES[kind]


def written(field: models.Field, value: Any) -> tuple[str, Any]:
    """The value and its digits: 1 and 1.0 are equal, so are 0.0 and -0.0, and each has another digest."""
    return canonical(value) if isinstance(field, CanonicalField) else repr(value), value


IN_PACKS = [(table, one) for table in tables() for one in table.columns("backup")]


def test_every_column_of_a_pack_has_a_type_that_is_tested_here() -> None:
    """A new type of field has its cell tried before a pack depends on it."""
    assert [str(one) for _, one in IN_PACKS if not set(type(one).__mro__) & set(VALUES)] == []
    assert len(IN_PACKS) > 100


@given(st.data())
def test_a_value_comes_back_from_its_cell(data: st.DataObject) -> None:
    _, one = data.draw(st.sampled_from(IN_PACKS))
    value = data.draw(strategy(one))
    if value == "" and (one.null or one.primary_key):
        return  # an empty cell is None there, or no row at all
    assert written(one, from_text(one, to_text(one, value), WHERE)) == written(one, value)


@pytest.mark.parametrize("kind", VALUES, ids=lambda kind: kind.__name__)
@given(data=st.data())
def test_each_type_of_field_goes_there_and_back(kind: type[models.Field], data: st.DataObject) -> None:
    arguments = (Theme, models.PROTECT) if kind is models.ForeignKey else ()
    one = kind(*arguments)
    if kind is models.ForeignKey:
        one = Outcome._meta.get_field("group")
    value = data.draw(VALUES[kind])
    assert written(one, from_text(one, to_text(one, value), WHERE)) == written(one, value)


@dataclass(frozen=True)
class Sheet(Table):
    """A table whose rows are given instead of read from the database."""

    given: list[tuple[Any, ...]] = field(default_factory=list)

    def _rows(self, fields: list[models.Field]) -> Iterator[tuple[Any, ...]]:
        yield from self.given


THEME = [one.attname for one in Table(Theme, "t").columns("open")]
themes = st.lists(
    st.tuples(text.filter(bool), text, text, text, st.integers(-(2**31), 2**31 - 1)), min_size=1, max_size=8
)


@given(themes)
def test_rows_come_back_from_their_file_whatever_people_typed(rows: list[tuple[Any, ...]]) -> None:
    """Commas, quotes, line ends of three systems, spaces at either end."""
    sheet = Sheet(Theme, "scope/themes.csv", given=rows)
    read = sheet.read(str(sheet.write("open")), sheet.path)
    assert sorted(tuple(getattr(row, name) for name in THEME) for row in read) == sorted(rows)


@given(themes, st.randoms(use_true_random=False))
def test_the_same_rows_in_any_order_are_the_same_bytes(rows: list[tuple[Any, ...]], random: Any) -> None:
    mixed = list(rows)
    random.shuffle(mixed)
    assert Sheet(Theme, "t", given=mixed).write("open") == Sheet(Theme, "t", given=rows).write("open")


def test_a_cell_as_long_as_a_page_comes_back() -> None:
    """A page document is one cell; the csv module refuses cells above 128 kB unless it is told."""
    long = "x" * 300_000
    sheet = Sheet(Theme, "scope/themes.csv", given=[("thm-1", "s", "n", long, 1)])
    assert sheet.read(str(sheet.write("open")), sheet.path)[0].line == long


def cell_of(model: type[models.Model], name: str, cell: str) -> Any:
    table = next(table for table in tables() if table.model is model)
    return table.read(f"{column(model._meta.get_field(name))}\n{json.dumps(cell)}\n", table.path)


@pytest.mark.parametrize(
    ("name", "cell", "kind"),
    [
        ("order", "first", "integer"),
        ("order", "1.5", "integer"),
        ("order", "", "integer"),
        ("safety", "perhaps", "boolean"),
        ("safety", "True", "boolean"),
        ("band_low", "a lot", "float"),
        ("band_low", "nan", "float"),
        ("band_low", "-inf", "float"),
    ],
)
def test_a_cell_that_cannot_be_read_is_named(name: str, cell: str, kind: str) -> None:
    with pytest.raises(InputError) as raised:
        cell_of(Outcome, name, cell)
    said = str(raised.value)
    assert said.startswith(f"scope/outcomes.csv, line 2, column {name}: “{cell}”")
    assert f"({kind})" in said


@pytest.mark.parametrize("cell", ["{", '{"a":NaN}', "[1e999]", "nought", "'{}'"])
def test_a_cell_that_is_no_json_is_named(cell: str) -> None:
    field = CanonicalField(name="inputs")
    with pytest.raises(InputError, match=r"themes\.csv, line 2"):
        from_text(field, cell, WHERE)


@pytest.mark.parametrize("cell", ["2020-13-01", "yesterday", "01/02/2020"])
def test_a_day_that_is_none_is_named(cell: str) -> None:
    with pytest.raises(InputError, match=r"line 2, column order: .* \(date\)"):
        from_text(models.DateField(), cell, WHERE)


def test_a_line_after_a_cell_with_line_ends_is_counted_as_an_editor_counts_it() -> None:
    with pytest.raises(InputError, match=r"line 4, column order"):
        Table(Theme, "scope/themes.csv").read('id,line,order\nthm-1,"one\ntwo",1\nthm-2,x,second\n', "scope/themes.csv")


@pytest.mark.parametrize(("model", "name"), [(Theme, "subject"), (Outcome, "group"), (OutcomeGroup, "id")])
def test_a_row_without_its_key_or_what_it_belongs_to_is_named(model: type[models.Model], name: str) -> None:
    """Left to the database, it would be a traceback that names no file."""
    with pytest.raises(InputError, match="line 2, column"):
        cell_of(model, name, "")


@pytest.mark.parametrize("cells", ["thm-1", "thm-1,1,2"])
def test_a_row_of_the_wrong_length_is_named(cells: str) -> None:
    with pytest.raises(InputError, match=r"themes\.csv, line 2: \d cells? where the header has 2"):
        Table(Theme, "scope/themes.csv").read(f"id,order\n{cells}\n", "scope/themes.csv")


def test_an_unknown_column_is_named_with_those_there_are() -> None:
    with pytest.raises(InputError, match=r"unknown column 'colour'; known columns are id, slug"):
        Table(Theme, "scope/themes.csv").read("id,colour\nthm-1,red\n", "scope/themes.csv")


def test_what_is_left_out_of_a_pack_is_nothing_and_not_a_word() -> None:
    assert to_text(Outcome._meta.get_field("band_low"), None) == ""
    assert from_text(Outcome._meta.get_field("band_low"), "", WHERE) is None
    assert from_text(Outcome._meta.get_field("safety"), "", WHERE) is False
