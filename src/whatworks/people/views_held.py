"""Everything that is held of whoever is signed in, for them to take away."""

from __future__ import annotations

from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache

from whatworks.people.access import SIGNED_IN, access
from whatworks.people.belongings import held_of_user


@access(SIGNED_IN)
@never_cache
def held_of_me(request: HttpRequest) -> JsonResponse:
    """What is held of me, as a file."""
    return JsonResponse(
        held_of_user(request.user), headers={"Content-Disposition": 'attachment; filename="held-of-me.json"'},
        json_dumps_params={"ensure_ascii": False, "indent": 1},
    )  # fmt: skip
