"""Frames as the workspace shows them: what they ask, their versions, and what a version changed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import Count

from whatworks.extract.frames import frames as shipped
from whatworks.extract.framing import changes_between
from whatworks.extract.methods.coding.frame import GROUP, KINDS, REPEATS, Asked, Frame
from whatworks.extract.models import CodingFrame
from whatworks.people.naming import names


def listed() -> dict[str, Any]:
    """The frames in use, and those that ship and are not."""
    rows = list(CodingFrame.objects.newest().annotate(used=Count("codings")))
    held = set(CodingFrame.objects.values_list("key", "version"))
    return {"frames": rows, "offered": [one for one in shipped() if (one.key, one.version) not in held]}


def frame_page(held: CodingFrame) -> dict[str, Any]:
    """What a version of a frame asks, and its history."""
    frame = held.frame()
    versions = list(CodingFrame.objects.filter(key=held.key).order_by("version"))
    people = names(one.by for one in versions)
    told = [
        {"held": one, "by": people[one.by], "changes": changes_between(before, one) if before else ()}
        for before, one in zip([None, *versions], versions, strict=False)
    ]
    return {"held": held, "frame": frame, "items": list(_items(frame)), "versions": told[::-1]}


def _items(frame: Frame) -> Iterator[dict[str, Any]]:
    labels = {one.item.key: one.item for one in frame.everything()}
    for one in frame.everything():
        item = one.item
        yield {
            "item": item,
            "level": len(one.above),
            "group": item.kind == GROUP,
            "kind": KINDS[item.kind],
            "repeats": "" if item.repeats == "study" else REPEATS[item.repeats],
            "values": "; ".join(value.shown for value in item.values),
            "when": [f"{labels[each.item].label}: {' or '.join(each.values)}" for each in _own(one)],
        }


def _own(one: Asked) -> Any:
    return one.item.when
