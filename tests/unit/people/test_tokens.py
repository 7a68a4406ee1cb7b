"""What of tokens needs no database: their form, what they can be for, and how they are kept."""

from __future__ import annotations

import hashlib

import pytest

from whatworks.people.roles import holders
from whatworks.people.tokens import BYTES, MOST, PREFIX, SCOPES, digest_of, looks_like_one


def test_a_secret_is_kept_as_its_digest() -> None:
    assert digest_of("ww_x") == hashlib.sha256(b"ww_x").hexdigest()
    assert PREFIX == "ww_" and BYTES >= 32, "fewer could be guessed, and a plain digest of them turned back"


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("ww_" + "aB3-_" * 8 + "xyz", True),
        ("ww_" + "a" * 42, False),
        ("ww_" + "a" * 44, False),
        ("wx_" + "a" * 43, False),
        ("ww_" + "a" * 42 + "\n", False),
        ("ww_" + "a" * 43 + "\n", False),
        (" ww_" + "a" * 43, False),
        ("", False),
    ],
)
def test_only_what_has_its_form_is_looked_up(text: str, is_one: bool) -> None:
    assert looks_like_one(text) is is_one


def test_every_scope_says_what_it_is_and_somebody_may_use_it() -> None:
    """A scope whose permission no role grants would open nothing to anybody."""
    for key, one in SCOPES.items():
        assert key == one.key and one.plain.endswith(".") and holders(one.needs), key
    assert len(" ".join(SCOPES)) <= 200 and len(SCOPES) < MOST, "all fit into the column"
