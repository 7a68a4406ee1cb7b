"""How does a template draw what a lesson is about?"""

from __future__ import annotations

from collections.abc import Sequence

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from whatworks.learn.explaining_drawings import group
from whatworks.learn.methods.explaining import Family

register = template.Library()


@register.simple_tag
def group_of(families: Sequence[Family], name: str) -> SafeString:
    """A group of made-up families, a filled ring for each with a parent alone."""
    words = {"name": name, "n": sum(one.alone for one in families), "of": len(families)}
    return SafeString(group(families, _("%(name)s: %(n)s of %(of)s with a parent alone") % words))  # escaped where made
