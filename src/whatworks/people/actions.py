"""What administrators do about people: add them, give and take roles, erase them."""

from __future__ import annotations

import secrets
from collections.abc import Iterable

from django.db import transaction

from whatworks.errors import ConflictError, InputError
from whatworks.ledger import actions as ledger
from whatworks.ledger.models import Event, Subject
from whatworks.people.models import Assignment, User
from whatworks.people.roles import roles as known_roles


@transaction.atomic
def add_user(*, by: str, email: str, roles: Iterable[str], name: str = "") -> tuple[User, str]:
    """Make a user with a one-time password, which is returned and kept nowhere."""
    roles = list(roles)
    if unknown := [role for role in roles if role not in known_roles()]:
        raise InputError(f"There is no role “{unknown[0]}”; there are {', '.join(known_roles())}.")
    if User.objects.filter(email__iexact=email).exists():
        raise ConflictError(f"{email} is already here; give them a role instead.")
    password = "-".join(secrets.token_hex(3) for _ in range(4))
    user = User.objects.create_user(email, password, name=name)
    Subject.objects.create(identifier=user.pk, kind="user", title="A user")
    Assignment.objects.bulk_create([Assignment(user=user, role=role, given_by=by) for role in roles])
    ledger.record_node(verb="people.add", by=by, about=[user.pk], payload={"roles": roles})
    return user, password


def first_administrator(*, by: str) -> tuple[User, str] | None:
    """Make the administrator of a new centre; None when the centre has people already."""
    if User.objects.exists():
        return None
    return add_user(by=by, email="admin@centre.invalid", roles=known_roles(), name="Administrator")


@transaction.atomic
def give_role(*, by: str, user: User, role: str) -> None:
    """Give a person a role."""
    if role not in known_roles():
        raise InputError(f"There is no role “{role}”; there are {', '.join(known_roles())}.")
    Assignment.objects.get_or_create(user=user, role=role, defaults={"given_by": by})
    ledger.record_node(verb="people.give-role", by=by, about=[user.pk], payload={"role": role})


@transaction.atomic
def erase_subject(*, by: str, subject: str, reason: str) -> Event:
    """Erase a subject's personal data: a user's name, address and password, and every payload that mentions them."""
    user = User.objects.filter(pk=subject).first()
    if user:
        user.email, user.name, user.is_active = f"{user.pk}@erased.invalid", "", False
        user.set_unusable_password()
        user.save()
        user.assignments.all().delete()
        user.interests.all().delete()
    return ledger.erase(subject=subject, by=by, reason=reason)
