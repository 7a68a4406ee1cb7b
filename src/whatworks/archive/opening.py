"""Opening a centre: the database at the version of the code."""

from __future__ import annotations

from django.apps import apps
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from whatworks.errors import InputError
from whatworks.saying import said

# Apps that an older version installed and this one does not: their migrations do not make a centre newer than we are.
FORMER: frozenset[str] = frozenset()


def bring_up_to_date() -> bool:
    """Apply migrations that are due. Returns whether there were any."""
    if not connection.settings_dict["NAME"]:
        raise InputError(said("DATABASE_URL names no database; write its name after the last slash."))
    try:
        return _migrate()
    except (DatabaseError, ImproperlyConfigured) as error:
        told = " ".join(str(error).split()).rstrip(" .?")
        raise InputError(
            said("%(database)s cannot be opened as a centre's database: %(told)s.", database=_database(), told=told)
        ) from error


def _migrate() -> bool:
    executor = MigrationExecutor(connection)
    if unknown := _newer(executor):
        raise InputError(
            said(
                "This centre was made by a newer version (%(unknown)s); install that version to open it.",
                unknown=unknown[-1],
            )
        )
    if not executor.migration_plan(executor.loader.graph.leaf_nodes()):
        return False
    call_command("migrate", verbosity=0, interactive=False)
    return True


def _newer(executor: MigrationExecutor) -> list[str]:
    """Migrations that were applied here and that this version does not have: of our rooms, or of a room to come."""
    known, here = set(executor.loader.disk_migrations), {config.label for config in apps.get_app_configs()}
    ours = {config.label for config in apps.get_app_configs() if config.name.startswith("whatworks.")}
    return sorted(
        f"{label}.{name}"
        for label, name in executor.loader.applied_migrations
        if (label, name) not in known and (label in ours or label not in here | FORMER)
    )


def _database() -> str:
    given = connection.settings_dict
    if connection.vendor == "sqlite":
        return str(given["NAME"])
    return f"DATABASE_URL (database “{given['NAME']}” on “{given['HOST'] or 'this machine'}”)"
