"""What every template knows."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language, to_locale

from whatworks.web.accounts import own_place


def house(request: HttpRequest) -> dict[str, Any]:
    """Whether the page is made for the static site, where there is no form and no sign-in; its language; where one's own things are."""
    locale = to_locale(get_language() or settings.LANGUAGE_CODE)
    return {
        "static_site": "X-Static-Site" in request.headers, "locale": locale, "language": locale.replace("_", "-"),
        "place_of_mine": SimpleLazyObject(lambda: own_place(request.user)),  # asked only where somebody is signed in
    }  # fmt: skip
