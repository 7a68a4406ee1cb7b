"""What every template knows."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest


def house(request: HttpRequest) -> dict[str, Any]:
    """Whether the page is being made for the static site, where there is no form and no sign-in."""
    return {"static_site": "X-Static-Site" in request.headers}
