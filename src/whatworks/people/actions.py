"""What administrators do about people: add them, give and take roles, erase them."""

from __future__ import annotations

import secrets
from collections.abc import Iterable

from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from django.db import OperationalError, connection, transaction

from whatworks.errors import ConflictError, InputError
from whatworks.ledger import actions as ledger
from whatworks.ledger.models import Event, Subject
from whatworks.people.belongings import erase_belongings
from whatworks.people.models import Assignment, User
from whatworks.people.roles import roles as known_roles
from whatworks.saying import said


@transaction.atomic
def add_user(*, by: str, email: str, roles: Iterable[str], name: str = "") -> tuple[User, str]:
    """Make a user with a one-time password, which is returned and kept nowhere."""
    roles = list(dict.fromkeys(roles))
    _refuse_unknown(roles)
    _refuse_no_address(email)
    if User.objects.filter(email__iexact=email).exists():
        raise ConflictError(
            said("%(email)s is already here; give them a role instead (whatworks give-role).", email=email)
        )
    password = _one_time_password()
    user = User.objects.create_user(email, password, name=name)
    user.as_subject().save(force_insert=True)
    Assignment.objects.bulk_create([Assignment(user=user, role=role, given_by=by) for role in roles])
    ledger.record_node(verb="people.add", by=by, about=[user.pk], payload={"roles": roles})
    return user, password


def first_administrator(*, by: str) -> tuple[User, str] | None:
    """Make the administrator of a new centre; None when the centre has people already."""
    if User.objects.exists():
        return None
    return add_user(by=by, email="admin@centre.invalid", roles=known_roles(), name="Administrator")


@transaction.atomic
def renew_password(*, by: str, who: str) -> tuple[User, str]:
    """Give somebody a new one-time password, as after a move; whoever is signed in as them no longer is."""
    user, password = _person(who), _one_time_password()
    user.set_password(password)
    user.save()
    _end_sessions(user)
    ledger.record_node(verb="people.renew-password", by=by, about=[user.pk])
    return user, password


@transaction.atomic
def give_roles(*, by: str, who: str, roles: Iterable[str]) -> User:
    """Give roles to the person with this address or identifier. Those they have already change nothing."""
    user, roles = _person(who), list(dict.fromkeys(roles))
    _refuse_unknown(roles)
    for role in [role for role in roles if role not in user.roles()]:
        Assignment.objects.create(user=user, role=role, given_by=by)
        ledger.record_node(verb="people.give-role", by=by, about=[user.pk], payload={"role": role})
    return user


@transaction.atomic
def take_roles(*, by: str, who: str, roles: Iterable[str]) -> User:
    """Take roles from the person with this address or identifier; what they did in them stays."""
    user, roles = _person(who), list(dict.fromkeys(roles))
    if missing := [role for role in roles if role not in user.roles()]:
        has = ", ".join(user.roles()) or "none"
        raise InputError(
            said(
                "%(email)s does not have the role “%(missing)s”; their roles: %(has)s.",
                email=user.email,
                missing=missing[0],
                has=has,
            )
        )
    for role in roles:
        user.assignments.filter(role=role).delete()
        ledger.record_node(verb="people.take-role", by=by, about=[user.pk], payload={"role": role})
    return user


@transaction.atomic
def erase_subject(*, by: str, subject: str, reason: str) -> Event:
    """Erase a subject's personal data: what is kept of a user, and every payload that mentions the subject."""
    if "@" in subject:
        raise InputError(
            said("Name the person by their identifier (usr-…), which is kept; whatworks people lists them.")
        )
    user = User.objects.filter(pk=subject).first()
    if user:
        Subject.objects.get_or_create(pk=user.pk, defaults={"kind": User.kind, "title": "A user"})
        erase_belongings(user)
        user.erase()
        user.assignments.all().delete()
        user.interests.all().delete()
        user.tokens.all().delete()
        user.emailaddress_set.all().delete()  # the sign-in library's copy
        _end_sessions(user)
    return ledger.erase(subject=subject, by=by, reason=reason)


def wipe_freed_space() -> bool:
    """Write SQLite's file anew, without what changed rows left in it; no when another process kept it from being done.

    On PostgreSQL this is left to who looks after the server: the whole cluster keeps such rows, its log included.
    """
    if connection.vendor != "sqlite":
        return True
    try:
        with connection.cursor() as cursor:
            cursor.execute("VACUUM")
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            return cursor.fetchone()[0] == 0
    except OperationalError:
        return False


def _end_sessions(user: User) -> None:
    """Sessions hold the address with which somebody signed in."""
    for session in Session.objects.iterator():
        if session.get_decoded().get("_auth_user_id") == user.pk:
            session.delete()


def _one_time_password() -> str:
    return "-".join(secrets.token_hex(3) for _ in range(4))


def _person(who: str) -> User:
    user = User.objects.named(who)
    if user is None:
        raise InputError(said("Nobody here has the address %(who)s; whatworks people lists who is here.", who=who))
    if user.erased:
        raise ConflictError(said("%(pk)s was erased; add the person anew.", pk=user.pk))
    return user


def _refuse_unknown(roles: Iterable[str]) -> None:
    if unknown := [role for role in roles if role not in known_roles()]:
        raise InputError(
            said(
                "There is no role “%(unknown)s”; there are %(known_roles)s.",
                unknown=unknown[0],
                known_roles=", ".join(known_roles()),
            )
        )


def _refuse_no_address(email: str) -> None:
    try:
        User._meta.get_field("email").clean(email, None)
    except ValidationError as error:
        raise InputError(
            said("“%(email)s” is no e-mail address; give one such as jo@example.org.", email=email)
        ) from error
