"""Every address of ours says who may use it, and means it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.shortcuts import resolve_url
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from whatworks.people.access import PUBLIC, SIGNED_IN
from whatworks.people.roles import roles

# Addresses that the sign-in library serves. A new release that adds one must be looked at before it is open.
SIGN_IN = {
    "account_login",
    "account_logout",
    "account_signup",  # closed by our adapter: nobody registers themselves
    "account_inactive",
    "account_reauthenticate",
    "account_change_password",
    "account_set_password",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key",
    "account_reset_password_from_key_done",
    "account_email",
    "account_email_verification_sent",
    "account_confirm_email",
    "account_confirm_login_code",  # sends back to the way in: sign-in by a code is not switched on
}

# A value for each kind of parameter that exists nowhere: who may not enter must hear so before anything is looked up.
NOWHERE = {
    "int": 10**9,
    "str": "nowhere",
    "slug": "nowhere",
    "uuid": "00000000-0000-4000-8000-000000000000",
    "path": "no/where",
}


def patterns(resolver: URLResolver, prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    """Every address below a resolver, with the pattern that leads to it."""
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            yield from patterns(entry, prefix + str(entry.pattern))
        else:
            yield prefix + str(entry.pattern), entry


ADDRESSES = list(patterns(get_resolver()))


def owner(pattern: URLPattern) -> str:
    """The module that the view comes from."""
    view: Any = getattr(pattern.callback, "view_class", pattern.callback)
    return str(view.__module__)


def policy(pattern: URLPattern) -> str | None:
    """What the view declares."""
    return getattr(pattern.callback, "access", None)


def example(pattern: URLPattern) -> str:
    """The pattern's part of an address, filled with values that exist nowhere."""
    route = str(pattern.pattern)
    for name, converter in getattr(pattern.pattern, "converters", {}).items():
        kind = type(converter).__name__.removesuffix("Converter").lower().replace("string", "str")
        route = route.replace(f"<{kind}:{name}>", str(NOWHERE[kind])).replace(f"<{name}>", str(NOWHERE[kind]))
    return route


OURS = [(address, pattern) for address, pattern in ADDRESSES if not owner(pattern).startswith("allauth.")]
CLOSED = [(address, pattern) for address, pattern in OURS if policy(pattern) != PUBLIC]


def test_there_are_addresses_to_check() -> None:
    """The front page at least, and the way in."""
    assert {"home", "account_login"} <= {pattern.name for _, pattern in ADDRESSES}


def test_every_address_says_who_may_use_it() -> None:
    """An address without a policy is open to whoever finds it, or closed to everybody: both are mistakes."""
    known = {PUBLIC, SIGNED_IN}.union(*(role.may for role in roles().values()))
    assert {address: policy(pattern) for address, pattern in OURS if policy(pattern) not in known} == {}


def test_addresses_of_others_are_on_the_list() -> None:
    """What a library serves under our name is ours to answer for."""
    assert {pattern.name for _, pattern in ADDRESSES if owner(pattern).startswith("allauth.")} <= SIGN_IN
    assert [address for address, pattern in OURS if not owner(pattern).startswith("whatworks.")] == []


@pytest.mark.django_db
def test_a_stranger_is_sent_to_sign_in(client: Client) -> None:
    """A policy that is declared and not enforced is worse than none."""
    way_in, let_in = resolve_url(settings.LOGIN_URL), {}
    for address, pattern in CLOSED:
        path = "/" + address.removesuffix(str(pattern.pattern)) + example(pattern)
        for method in (client.get, client.post):
            response = method(path)
            if response.status_code != 302 or not response.url.startswith(way_in):
                let_in[f"{method.__name__} {path}"] = response.status_code
    assert let_in == {}
