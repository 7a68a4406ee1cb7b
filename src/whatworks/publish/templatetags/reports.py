"""Tags about reports: what a report's page shows beyond its own words."""

from __future__ import annotations

from typing import Any

from django import template

from whatworks.collate.presenters_matching import also_known

register = template.Library()


@register.simple_tag
def other_names(report: str) -> list[dict[str, Any]]:
    """The reports that were found to be this one."""
    return also_known(report)
