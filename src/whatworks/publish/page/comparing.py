"""What differs between the published page and the would-be one, place by place."""

from __future__ import annotations

from typing import Any

from whatworks.publish.methods.revisions import places, words


def changes(old: dict[str, Any] | None, new: dict[str, Any]) -> list[dict[str, Any]]:
    """Each place whose words or numbers differ, old and new beside each other, in the order of the page."""
    before, after = places(old) if old else {}, places(new)
    names = [*after, *(name for name in before if name not in after)]
    return [
        {"place": name, "old": before.get(name, []), "new": after.get(name, [])}
        for name in names
        if words(before.get(name, [])) != words(after.get(name, []))
    ]
