"""Append-only, kept by the database itself: triggers that refuse change and deletion, on both databases.

They stop accidents and ordinary tampering; someone who owns the database can drop them, which `verify` reports.
"""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.db import connections, models

REFUSAL = "append-only: rows of {table} are never changed or deleted"
POSTGRES_FUNCTION = """
CREATE OR REPLACE FUNCTION whatworks_append_only() RETURNS trigger AS $$
BEGIN RAISE EXCEPTION 'append-only: rows of % are never changed or deleted', TG_TABLE_NAME; END;
$$ LANGUAGE plpgsql
"""


def guarded() -> list[type[models.Model]]:
    """The models that declare themselves append-only."""
    return [model for model in apps.get_models() if getattr(model, "append_only", False)]


def names(table: str) -> list[str]:
    """The triggers that a guarded table must have."""
    return [f"{table}_no_update", f"{table}_no_delete"]


def install(using: str = "default") -> None:
    """Make the triggers of every guarded table that exists; those already there are left alone."""
    connection = connections[using]
    tables = set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(POSTGRES_FUNCTION)
        for model in guarded():
            table = model._meta.db_table
            if table in tables:
                for statement in _statements(connection.vendor, table):
                    cursor.execute(statement)


def remove(using: str = "default") -> None:
    """Drop the triggers: only for tests that must empty the tables, and for nothing else."""
    connection = connections[using]
    present = existing(using)
    with connection.cursor() as cursor:
        for model in guarded():
            table = model._meta.db_table
            for name in present & {*names(table), f"{table}_no_truncate"}:
                cursor.execute(f"DROP TRIGGER {name}" + (f" ON {table}" if connection.vendor == "postgresql" else ""))


def existing(using: str = "default") -> set[str]:
    """The names of all triggers in the database."""
    connection = connections[using]
    query = {
        "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
        "postgresql": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D'",
    }[connection.vendor]
    with connection.cursor() as cursor:
        cursor.execute(query)
        return {row[0] for row in cursor.fetchall()}


def missing(using: str = "default") -> list[str]:
    """Triggers that should exist and do not."""
    present = existing(using)
    return [name for model in guarded() for name in names(model._meta.db_table) if name not in present]


def _statements(vendor: str, table: str) -> list[str]:
    if vendor == "postgresql":
        statements = []
        for event in ("update", "delete", "truncate"):
            each = "STATEMENT" if event == "truncate" else "ROW"
            name = f"{table}_no_{event}"
            statements += [
                f"DROP TRIGGER IF EXISTS {name} ON {table}",
                f"CREATE TRIGGER {name} BEFORE {event.upper()} ON {table} FOR EACH {each} "
                "EXECUTE FUNCTION whatworks_append_only()",
            ]
        return statements
    refusal = REFUSAL.format(table=table)
    return [
        f"CREATE TRIGGER IF NOT EXISTS {table}_no_{event} BEFORE {event.upper()} ON {table} "
        f"BEGIN SELECT RAISE(ABORT, '{refusal}'); END"
        for event in ("update", "delete")
    ]


def install_after_migrate(using: str = "default", **_: Any) -> None:
    """Receiver of post_migrate, which comes once per app: cheap, and right whatever the order."""
    install(using)
