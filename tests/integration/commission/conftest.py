"""The made-up call of Fernshire with all scores in, for a file's tests. Imports are inside: this is read before Django is set up."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest


@pytest.fixture(scope="module")
def built(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """The call in deciding, in a transaction around the file's tests."""
    with django_db_blocker.unblock():
        from django.db import transaction
        from django.test import override_settings

        from tools import founding_commission

        with (
            transaction.atomic(),
            override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"]),
        ):
            founding_commission.true_calls()
            founding_commission.fictional_call("deciding")
            yield
            transaction.set_rollback(True)


@pytest.fixture
def call(db: None, built: None) -> Any:
    """The made-up call, as it is after scoring."""
    from whatworks.commission.models import Call

    return Call.objects.get(slug="earlier-help-in-fernshire")


@pytest.fixture
def who(db: None) -> Any:
    """The people of the made-up call by the first part of their address."""
    from whatworks.people.models import User

    return lambda name: User.objects.get(email__startswith=f"{name}@")
