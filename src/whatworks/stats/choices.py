"""One of a few words: a choice as it is given, checked once for every function that offers one."""

from __future__ import annotations

from collections.abc import Collection

from whatworks.errors import InputError
from whatworks.saying import said


def check_word(name: str, given: object, words: Collection[str]) -> None:
    """InputError where what was given under this name is not one of the words."""
    if given not in words:
        raise InputError(
            said(
                "The %(name)s %(given)r is not known; choose one of %(words)s.",
                name=name,
                given=given,
                words=", ".join(words),
            )
        )
