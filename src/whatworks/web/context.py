"""What every template knows."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language, to_locale


def house(request: HttpRequest) -> dict[str, Any]:
    """Whether the page is being made for the static site, where there is no form and no sign-in; and its language."""
    locale = to_locale(get_language() or settings.LANGUAGE_CODE)
    return {"static_site": "X-Static-Site" in request.headers, "locale": locale, "language": locale.replace("_", "-")}
