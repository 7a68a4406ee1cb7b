"""What people do to frames: take one that ships, write, copy, extend, import or change one; each version stays."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from django.db import transaction
from django.utils import timezone

from whatworks.collate.methods.eppi import code_sets_in
from whatworks.errors import ConflictError, InputError
from whatworks.extract.frames import frame as shipped_frame
from whatworks.extract.methods.coding.differing import Change, differences
from whatworks.extract.methods.coding.eppi_sets import frame_of
from whatworks.extract.methods.coding.frame import Frame
from whatworks.extract.methods.coding.reading import checked, copied, extended, from_plain, from_toml
from whatworks.extract.methods.coding.writing import to_plain
from whatworks.extract.models import CodingFrame
from whatworks.ledger.actions import record
from whatworks.ledger.fields import PUBLIC
from whatworks.saying import said


def _keep(
    *, by: str, frame: Frame, origin: str, verb: str, parent: CodingFrame | None = None, why: str = ""
) -> CodingFrame:
    """Store one version and leave its event. The same version with the same content is the row that is here."""
    checked(frame, frame.title or frame.key)
    held = CodingFrame.objects.named(frame.key, frame.version)
    body = to_plain(frame)
    if held is not None:
        if held.body == body:
            return held
        raise ConflictError(
            said(
                "There is another frame %(key)r version %(version)s already; give this one another key or version.",
                key=frame.key,
                version=frame.version,
            )
        )
    made = CodingFrame.objects.create(
        id=CodingFrame.derived(frame.key, frame.version),
        key=frame.key,
        version=frame.version,
        title=frame.title,
        origin=origin,
        parent=parent,
        body=body,
        why=why,
        by=by,
        at=timezone.now(),
    )
    payload = {"frame": frame.key, "version": frame.version, "why": why}
    record(verb=verb, by=by, made=[made], payload=payload, audience=PUBLIC)
    return made


@transaction.atomic
def adopt_frame(*, by: str, key: str, version: int | None = None) -> CodingFrame:
    """Take a frame that ships into use, the newest version unless one is named."""
    return _keep(by=by, frame=shipped_frame(key, version), origin=CodingFrame.SHIPPED, verb="extract.adopt-frame")


@transaction.atomic
def write_frame(*, by: str, frame: Frame) -> CodingFrame:
    """Keep a frame that a person wrote. Raises ConflictError where its key is taken by another."""
    return _keep(by=by, frame=frame, origin=CodingFrame.WRITTEN, verb="extract.write-frame")


@transaction.atomic
def copy_frame(*, by: str, source: CodingFrame, key: str, title: str) -> CodingFrame:
    """A frame of its own that asks the same, to be changed freely."""
    made = copied(source.frame(), key=key, title=title)
    return _keep(by=by, frame=made, origin=CodingFrame.COPIED, parent=source, verb="extract.copy-frame")


@transaction.atomic
def extend_frame(
    *,
    by: str,
    parent: CodingFrame,
    key: str,
    title: str,
    additions: Sequence[Mapping[str, Any]],
    description: str = "",
) -> CodingFrame:
    """A frame that asks all its parent does and more; each addition says `under` which group or `after` which item."""
    made = extended(parent.frame(), additions, key=key, title=title, description=description)
    return _keep(by=by, frame=made, origin=CodingFrame.EXTENDED, parent=parent, verb="extract.extend-frame")


@transaction.atomic
def change_frame(*, by: str, held: CodingFrame, frame: Frame, why: str) -> CodingFrame:
    """Keep a changed frame as the next version, saying why. What was coded stays with the version it was coded by.

    `held` is the version that the person was looking at: a ConflictError where there is a later one by now. Without any
    change the version that is here is given back.
    """
    CodingFrame.objects.select_for_update().get(pk=held.pk)
    newest = CodingFrame.objects.named(held.key)
    if newest is None or newest.pk != held.pk:
        seen = newest.version if newest else 0
        raise ConflictError(
            said("The frame was changed meanwhile (version %(seen)s); look at it and change that.", seen=seen)
        )
    made = replace(frame, key=held.key, version=held.version + 1)
    if to_plain(replace(made, version=held.version)) == held.body:
        return held
    if not why.strip():
        raise InputError(said("Say why the frame is changed; readers of the codings will ask."))
    parent, origin = held.parent, held.origin if held.origin != CodingFrame.SHIPPED else CodingFrame.WRITTEN
    return _keep(by=by, frame=made, origin=origin, parent=parent, why=why.strip(), verb="extract.change-frame")


def changes_between(before: CodingFrame, after: CodingFrame) -> tuple[Change, ...]:
    """What a version changed, in sentences, and where answers have to be looked at again."""
    return differences(before.frame(), after.frame())


@transaction.atomic
def import_frame(*, by: str, text: str, form: str = "toml") -> CodingFrame:
    """Take in a frame from TOML or JSON; one that extends another finds it among those here or those that ship."""
    if form not in ("toml", "json"):
        raise InputError(said("A frame cannot be read from %(form)r; give TOML or JSON.", form=form[:20]))
    data = _json(text) if form == "json" else None
    made = from_toml(text, parents=_parent) if data is None else from_plain(data, parents=_parent)
    extends = made.extends
    parent = CodingFrame.objects.named(extends.frame, extends.version) if extends else None
    return _keep(by=by, frame=made, origin=CodingFrame.IMPORTED, parent=parent, verb="extract.import-frame")


@transaction.atomic
def import_eppi_frames(*, by: str, text: str) -> list[CodingFrame]:
    """The code sets of an EPPI-Reviewer JSON export as frames, one each; sets without a code to give are left out.

    A set that was imported before and has changed since becomes the next version of its frame.
    """
    data = _json(text)
    sets = code_sets_in(data.get("CodeSets", data.get("codeSets")) if isinstance(data, Mapping) else data)
    if not sets:
        raise InputError(said("This JSON holds no CodeSets; export the coding tools from EPPI-Reviewer as JSON."))
    kept, refused = [], []
    for one in sets:
        try:
            kept.append(_imported(by, frame_of(one)))
        except ConflictError:
            raise
        except InputError as error:
            refused.append(error)
    if not kept:
        raise refused[0]
    return kept


def _imported(by: str, frame: Frame) -> CodingFrame:
    """The frame of a code set: the one that is here, its next version, or a new one under a key that is free."""
    other = f"{frame.key[:50].strip('-')}-{''.join(letter for letter in frame.source if letter.isdigit()) or 'other'}"
    for key in (frame.key, other):
        made, newest = replace(frame, key=key), CodingFrame.objects.named(key)
        if newest is not None and newest.frame().source != frame.source:
            continue
        if newest is not None:
            if to_plain(replace(made, version=newest.version)) == newest.body:
                return newest
            made = replace(made, version=newest.version + 1)
        return _keep(by=by, frame=made, origin=CodingFrame.IMPORTED, verb="extract.import-frame")
    raise ConflictError(
        said("Other frames are called %(key)r and %(other)r already; rename the code set.", key=frame.key, other=other)
    )


def _parent(key: str, version: int) -> Frame:
    held = CodingFrame.objects.named(key, version)
    return held.frame() if held is not None else shipped_frame(key, version)


def _json(text: str) -> Any:
    try:
        return json.loads(text.removeprefix("\ufeff"))
    except (ValueError, RecursionError) as error:
        raise InputError(said("This is not JSON (%(error)s); export it again.", error=str(error))) from error
