"""Reads that many pages of one build of the site ask for: worked out once, and told to every page that uses them.

Outside a build nothing is shared. Within one, whoever builds says where what was read is kept, and forgets it as soon as
anything is committed. What is shared is read only: nobody changes what they are given.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import Any, ParamSpec, Protocol, TypeVar

Given = ParamSpec("Given")
Found = TypeVar("Found")


class Shelf(Protocol):
    """Where a build keeps what was read."""

    def once(self, key: tuple[Any, ...], read: Callable[[], Any]) -> Any:
        """What was read under this key; read now where it was not."""


_shelf: ContextVar[Shelf | None] = ContextVar("shelf", default=None)


@contextmanager
def sharing(shelf: Shelf) -> Iterator[None]:
    """Share what is read while this is open."""
    before = _shelf.set(shelf)
    try:
        yield
    finally:
        _shelf.reset(before)


def once(key: tuple[Any, ...], read: Callable[[], Found]) -> Found:
    """What `read` gives: in a build, once for all that give the same key, which must name all that it depends on."""
    shelf = _shelf.get()
    if shelf is None:
        return read()
    found: Found = shelf.once(key, read)
    return found


def shared(read: Callable[Given, Found]) -> Callable[Given, Found]:
    """A read that depends on the database and on its arguments alone, which can be keys: in a build done once for each."""

    @wraps(read)
    def found(*args: Given.args, **kwargs: Given.kwargs) -> Found:
        if _shelf.get() is None:
            return read(*args, **kwargs)
        return once((read, args, *sorted(kwargs.items())), lambda: read(*args, **kwargs))

    return found
