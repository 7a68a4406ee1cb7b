"""Who is here and what they may do: added once, given and taken roles, each change an event that stays here."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from whatworks.errors import ConflictError, InputError
from whatworks.ledger.models import Event
from whatworks.ledger.models.events import NODE
from whatworks.people.actions import (
    add_user,
    erase_subject,
    first_administrator,
    give_roles,
    renew_password,
    take_roles,
)
from whatworks.people.models import User
from whatworks.people.presenters import listed
from whatworks.people.roles import roles
from whatworks.people.roles import roles as known_roles

pytestmark = pytest.mark.django_db
BY, EMAIL = "rule:test", "jo@fernshire.example"


def jo(*roles: str) -> User:
    return add_user(by=BY, email=EMAIL, roles=roles or ["coder"])[0]


def verbs() -> list[str]:
    return list(Event.objects.order_by("id").values_list("verb", flat=True))


@pytest.mark.parametrize("who", [EMAIL, EMAIL.upper(), None])
def test_a_role_is_given_by_address_or_identifier(who: str | None) -> None:
    user = jo()
    assert not user.may("publish.approve")
    give_roles(by=BY, who=who or user.pk, roles=["editor", "rater"])
    assert user.roles() == ["coder", "editor", "rater"]
    assert user.may("publish.approve")
    assert verbs() == ["people.add", "people.give-role", "people.give-role"]
    assert set(Event.objects.values_list("stream", flat=True)) == {NODE}


def test_a_role_given_twice_is_had_once_and_leaves_one_event() -> None:
    user = jo("coder", "coder")
    give_roles(by=BY, who=EMAIL, roles=["coder", "editor", "editor"])
    assert user.roles() == ["coder", "editor"]
    assert verbs() == ["people.add", "people.give-role"]


def test_a_role_that_is_taken_grants_nothing_any_more() -> None:
    user = jo("coder", "editor")
    take_roles(by=BY, who=EMAIL, roles=["editor"])
    assert user.roles() == ["coder"]
    assert not user.may("publish.approve")
    assert verbs() == ["people.add", "people.take-role"]


def test_a_role_that_somebody_does_not_have_is_not_taken_and_no_other_with_it() -> None:
    user = jo("coder", "editor")
    with pytest.raises(InputError, match=r"does not have the role “rater”; their roles: coder, editor\."):
        take_roles(by=BY, who=EMAIL, roles=["editor", "rater"])
    assert user.roles() == ["coder", "editor"]
    assert verbs() == ["people.add"]


@pytest.mark.parametrize("change", [give_roles, take_roles, lambda roles, **call: renew_password(**call)])
def test_who_is_not_here_or_was_erased_is_said(change) -> None:
    with pytest.raises(InputError, match=r"Nobody here has the address nobody@fernshire\.example"):
        change(by=BY, who="nobody@fernshire.example", roles=["coder"])
    user = jo()
    erase_subject(by=BY, subject=user.pk, reason="Asked for.")
    with pytest.raises(ConflictError, match="was erased"):
        change(by=BY, who=user.pk, roles=["coder"])


def test_a_role_that_does_not_exist_is_said() -> None:
    jo()
    with pytest.raises(
        InputError,
        match=f"There is no role “queen”; there are {', '.join(sorted(roles()))}",
    ):
        give_roles(by=BY, who=EMAIL, roles=["queen"])


def test_a_role_that_the_program_no_longer_knows_can_be_taken() -> None:
    user = jo()
    user.assignments.update(role="archivist")
    assert take_roles(by=BY, who=EMAIL, roles=["archivist"]).roles() == []


def test_somebody_who_is_here_is_not_added_again_and_the_way_on_is_said() -> None:
    jo()
    with pytest.raises(ConflictError, match="give them a role instead \\(whatworks give-role\\)"):
        add_user(by=BY, email=EMAIL.title(), roles=["editor"])
    assert User.objects.count() == 1


@pytest.mark.parametrize("email", ["", "jo", "jo@", "jo@fernshire", "jo fern@fernshire.example", f"{'j' * 260}@x.org"])
def test_what_is_no_address_is_refused(email: str) -> None:
    """Nobody could sign in with it, and no link would reach them."""
    with pytest.raises(InputError, match="is no e-mail address"):
        add_user(by=BY, email=email, roles=["coder"])


@pytest.mark.parametrize("before", ["their own old password", None])
def test_a_new_password_opens_and_the_old_one_and_its_sessions_do_not(before: str | None) -> None:
    """None: they came in a move, which holds no passwords."""
    user = jo()
    user.set_password(before)
    user.save()
    client = Client()
    client.force_login(user)
    renewed, password = renew_password(by=BY, who=EMAIL)
    assert renewed.check_password(password) and not renewed.check_password(before or "")
    assert client.get(reverse("workspace")).status_code == 302
    client.post(reverse("account_login"), {"login": EMAIL, "password": password})
    assert client.get(reverse("workspace")).status_code == 200
    assert "people.renew-password" in verbs()


def test_a_new_centre_gets_one_administrator_with_every_role() -> None:
    made = first_administrator(by=BY)
    assert made is not None
    user, password = made
    assert user.roles() == sorted(known_roles())
    assert user.check_password(password)
    assert first_administrator(by=BY) is None


def test_people_are_listed_with_their_roles_and_the_erased_are_not() -> None:
    user = jo("editor", "coder")
    gone, _ = add_user(by=BY, email="ann@fernshire.example", roles=["rater"], name="Ann")
    bare = {"name": "", "roles": ["coder", "editor"]}
    first = {"identifier": gone.pk, "email": gone.email, "name": "Ann", "roles": ["rater"]}
    assert listed() == [first, {"identifier": user.pk, "email": EMAIL} | bare]
    erase_subject(by=BY, subject=gone.pk, reason="Asked for.")
    assert [one["email"] for one in listed()] == [EMAIL]
