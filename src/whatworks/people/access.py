"""Who may use an address: declared beside the view, refused when it is not."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

PUBLIC = "public"
SIGNED_IN = "signed-in"
NOBODY = "nobody"  # what an undeclared view gets: no role grants it

View = TypeVar("View", bound=Callable[..., Any])


def access(policy: str) -> Callable[[View], View]:
    """Declare who may use a view: PUBLIC, SIGNED_IN, or the name of a permission."""

    def declare(view: View) -> View:
        view.access = policy  # type: ignore[attr-defined]
        return view

    return declare


def policy_of(view: Any) -> str:
    """The declared policy; the sign-in library's own views and static files are open by their nature."""
    module = getattr(view, "__module__", "") or ""
    if module.startswith(("allauth.", "django.contrib.staticfiles", "django.views.static")):
        return PUBLIC
    return getattr(view, "access", NOBODY)
