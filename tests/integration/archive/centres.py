"""A small centre with people in it, and what it takes to see it in another place."""

from __future__ import annotations

import datetime
from pathlib import Path

from django.apps import apps
from django.db import connection

from whatworks.archive.backup import NAME, decrypt
from whatworks.ledger import triggers
from whatworks.ledger.models import Subject
from whatworks.people.actions import add_user, give_roles
from whatworks.people.models import Interest, User

BY = "rule:test"
PASSPHRASE = "nine slow brown geese"
EMAIL, NAME_OF_ROBIN = "robin@fernshire.example", "Robin Unlikelyname"


def add_people() -> tuple[User, str]:
    """Two people with roles and an interest; gives the first, who joined years ago, and their password."""
    robin, password = add_user(by=BY, email=EMAIL, roles=["coder"], name=NAME_OF_ROBIN)
    User.objects.filter(pk=robin.pk).update(joined_at=datetime.datetime(2019, 5, 4, 3, 2, 1, tzinfo=datetime.UTC))
    give_roles(by=BY, who=EMAIL, roles=["editor"])
    add_user(by=BY, email="sam@fernshire.example", roles=["rater"])
    about = Subject.objects.filter(kind="study").order_by("pk").first() or Subject.objects.get(pk=robin.pk)
    today = datetime.date(2020, 1, 2)
    Interest.objects.create(
        pk=Interest.fresh(), user=robin, about=about, what=f"Worked with {NAME_OF_ROBIN}'s aunt", declared_on=today
    )
    return User.objects.get(pk=robin.pk), password


def files(folder: Path) -> dict[str, bytes]:
    """Every file below a folder; of a backup, the files in it."""
    found = {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    if NAME in found:
        return {path: text.encode() for path, text in decrypt(found[NAME], PASSPHRASE).items()}
    return found


def empty_the_database() -> None:
    """Another machine: the same tables without a row of ours."""
    connection.check_constraints()  # PostgreSQL empties no table that has checks to come
    triggers.remove()
    tables = [model._meta.db_table for model in apps.get_models() if model.__module__.startswith("whatworks.")]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f"TRUNCATE {', '.join(tables)} CASCADE")
        else:
            cursor.execute("PRAGMA defer_foreign_keys=ON")
            for table in tables:
                cursor.execute(f"DELETE FROM {table}")
    triggers.install()
