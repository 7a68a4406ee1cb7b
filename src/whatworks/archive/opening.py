"""Opening a centre: the database at the version of the code."""

from __future__ import annotations

from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from whatworks.errors import InputError


def bring_up_to_date() -> bool:
    """Apply migrations that are due. Returns whether there were any."""
    executor = MigrationExecutor(connection)
    targets = executor.loader.graph.leaf_nodes()
    applied = executor.loader.applied_migrations
    known = set(executor.loader.disk_migrations)
    if unknown := sorted(f"{app}.{name}" for app, name in applied if (app, name) not in known and app == "ledger"):
        raise InputError(f"This centre was made by a newer version ({unknown[-1]}); install that version to open it.")
    if not executor.migration_plan(targets):
        return False
    call_command("migrate", verbosity=0, interactive=False)
    return True
