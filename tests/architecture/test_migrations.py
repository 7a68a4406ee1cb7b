"""Migrations of each room are one line, so that two branches cannot both be the last."""

from __future__ import annotations

from collections import Counter

from django.apps import apps
from django.db.migrations.loader import MigrationLoader


def our_labels() -> set[str]:
    """The rooms that keep rows."""
    return {
        config.label
        for config in apps.get_app_configs()
        if config.name.startswith("whatworks.") and list(config.get_models())
    }


def test_every_room_that_keeps_rows_has_migrations() -> None:
    """A room without migrations gets no tables on a new machine."""
    assert our_labels() - MigrationLoader(None).migrated_apps == set()


def test_migrations_are_linear() -> None:
    """Two leaves, or two steps from the same parent, run in an order that depends on the machine."""
    loader = MigrationLoader(None)
    leaves = Counter(label for label, _ in loader.graph.leaf_nodes())
    assert {label: leaves[label] for label in our_labels() if leaves[label] != 1} == {}
    parents = Counter(
        parent
        for (label, _), migration in loader.disk_migrations.items()
        for parent in migration.dependencies
        if label == parent[0] and label in our_labels()
    )
    assert {parent: children for parent, children in parents.items() if children > 1} == {}
