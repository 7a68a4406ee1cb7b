"""Where does a page's reader go to challenge it? Only pages that anybody may name have such an address."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django import template
from django.template import Context
from django.urls import reverse

from whatworks.convene.challenging import may_be_challenged

register = template.Library()


@register.simple_tag(takes_context=True)
def challenge_address(context: Context) -> str:
    """The form for this page; empty on private pages, in the workspace, and in the static site, which has no form."""
    request: Any = context.get("request")
    if request is None or context.get("static_site") or not may_be_challenged(request.path):
        return ""
    return f"{reverse('challenge')}?{urlencode({'of': request.path})}"
