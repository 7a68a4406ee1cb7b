"""What a profile lets out: an open pack must hold nothing personal, whoever adds the next column."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.db import models

from whatworks.archive.layout import tables
from whatworks.ledger.fields import (
    INTERNAL,
    LEVELS,
    PERSONAL,
    PUBLIC,
    SECRET,
    CanonicalField,
    internal,
    personal,
    public,
    secret,
)
from whatworks.ledger.models import Event, Payload
from whatworks.ledger.models.subjects import Kept
from whatworks.ledger.packs import PROFILES, Table
from whatworks.people.models import User

TABLES = tables()
CLOSED_TO = {"open": {INTERNAL, PERSONAL, SECRET}, "move": {SECRET}, "backup": set()}


def test_there_are_four_levels_and_a_function_for_each() -> None:
    assert [each("a b") for each in (public, internal, personal, secret)] == [{"a": n, "b": n} for n in LEVELS]
    assert len(set(LEVELS)) == 4


@pytest.mark.parametrize("profile", PROFILES)
def test_a_profile_lets_out_its_levels_and_nothing_else(profile: str) -> None:
    found = [
        f"{table.path}: {field.name} is {table.model.classes[field.name]}"
        for table in TABLES
        for field in table.columns(profile)
        if table.model.classes[field.name] in CLOSED_TO[profile]
    ]
    assert found == []


def test_a_backup_holds_every_column_that_is_not_made_anew() -> None:
    """A column left out of a backup is lost with the machine."""
    lost = [
        f"{table.path}: {field.name}"
        for table in TABLES
        for field in table.model._meta.concrete_fields
        if field not in table.columns("backup") and field.name not in table.omit and not field.primary_key
    ]
    assert lost == []


def test_the_key_comes_first_so_that_a_difference_shows_where_it_is() -> None:
    for table in TABLES:
        if columns := table.columns("backup"):
            assert [one.name for one in columns[: len(table.key)]] == sorted(table.key, key=table.key.index), table.path


def test_a_table_whose_key_is_not_public_stays_closed() -> None:
    """Its rows would come out of an open pack without names, and could not be loaded."""
    open_tables = [table for table in TABLES if not table.closed]
    assert [t.path for t in open_tables if {t.model.classes[name] for name in t.key} != {PUBLIC}] == []


def test_a_closed_table_gives_an_open_pack_nothing_and_is_not_even_read() -> None:
    assert Table(User, "people/users.csv", closed=True).write("open") is None


def test_names_addresses_and_passwords_are_where_they_belong() -> None:
    assert {User.classes[name] for name in ("email", "name", "id")} == {PERSONAL}
    assert User.classes["password"] == Payload.classes["key"] == SECRET
    assert {Event.classes[name] for name in ("actor", "verb", "subjects", "commitment")} == {PUBLIC}


def test_a_digest_vouches_for_public_fields_only() -> None:
    """A digest over more would break in a centre that was loaded from an open pack."""
    kept = [model for model in apps.get_models() if issubclass(model, Kept)]
    for model in kept:
        assert set(model().values()) == {n for n, level in model.classes.items() if level == PUBLIC}, model


@pytest.mark.parametrize("value", [{"b": -0.0, "a": [1e-310, None, "é"]}, [], "words", 0, False])
def test_a_canonical_column_holds_canonical_text(value: object) -> None:
    field = CanonicalField(name="inputs")
    text = field.get_prep_value(value)
    assert isinstance(text, str)
    assert repr(field.from_db_value(text, None, None)) == repr(field.to_python(text))
    assert field.get_prep_value(field.from_db_value(text, None, None)) == text


def test_a_canonical_column_without_a_value_is_null() -> None:
    field = CanonicalField(name="inputs")
    assert field.get_prep_value(None) is field.from_db_value(None, None, None) is None


def test_a_canonical_column_is_text_on_every_database() -> None:
    """PostgreSQL's jsonb loses the sign of -0.0 and the order of keys, and with them the digest."""
    assert isinstance(CanonicalField(), models.TextField)
    assert not isinstance(CanonicalField(), models.JSONField)
