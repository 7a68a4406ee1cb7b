"""Writes the centre out as a pack: sorted, canonical, with the events that made it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from whatworks.archive import backup
from whatworks.archive.folders import refuse_other, rewritten
from whatworks.archive.layout import EVENTS, tables
from whatworks.archive.models import Document
from whatworks.archive.reading import MANIFEST
from whatworks.errors import InputError
from whatworks.ledger.canonical import canonical
from whatworks.ledger.fields import PUBLIC
from whatworks.ledger.models import Payload, Seal
from whatworks.ledger.models.events import CONTENT
from whatworks.ledger.packs import PROFILES
from whatworks.ledger.sealer import seal_all
from whatworks.saying import said

NAMELESS = 'name = "centre"\ntitle = "A centre"\nlanguage = "en-GB"\nversion = "1"\n'


def pack_files(profile: str) -> Iterator[tuple[str, str]]:
    """Every file of the pack, path and text."""
    seal_all()
    documents = dict(Document.objects.order_by("path").values_list("path", "body"))
    documents.setdefault(MANIFEST, NAMELESS)
    yield from documents.items()
    for table in tables():
        yield from table.files(profile)
    lines = "".join(canonical(line) + "\n" for line in _events(profile))
    if lines:
        yield EVENTS, lines


def export_pack(*, folder: Path, profile: str = "open", passphrase: str = "") -> int:
    """Write the pack into a folder that is empty or holds a pack. Returns the number of files.

    A backup is one encrypted file: it holds passwords, and is never written without a passphrase.
    """
    if profile not in PROFILES:
        raise InputError(
            said(
                "There is no profile “%(profile)s”; choose %(profiles)s.", profile=profile, profiles=", ".join(PROFILES)
            )
        )
    if profile == "backup":
        return _write_backup(folder, passphrase)
    refuse_other(folder, marker=MANIFEST, what="pack")
    count = 0
    with rewritten(folder, marker=MANIFEST) as new:
        for path, text in pack_files(profile):
            target = new / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(text.encode())
            count += 1
    return count


def _write_backup(folder: Path, passphrase: str) -> int:
    if not passphrase:
        raise InputError(said("A backup is encrypted and needs a passphrase; nothing was written."))
    # Not over a plain pack, as the other profiles: a backup is kept apart from what is shown around.
    refuse_other(folder, marker=backup.NAME, what="backup")
    body = backup.encrypt(pack_files("backup"), passphrase)
    with rewritten(folder, marker=backup.NAME) as new:
        (new / backup.NAME).write_bytes(body)
        (new / backup.NAME).chmod(0o600)
    return 1


def _events(profile: str) -> Iterator[dict[str, Any]]:
    """Content events in the order of their chain. Node events never leave."""
    seals = Seal.objects.filter(stream=CONTENT).select_related("event", "event__payload").order_by("number")
    for seal in seals.iterator(2000):
        values = seal.event.sealed_values()
        values.pop("stream")
        yield values | {"payload": _payload(seal.event.payload, profile)}


def _payload(payload: Payload, profile: str) -> dict[str, str]:
    if payload.state == Payload.HELD and (profile != "open" or payload.audience == PUBLIC):
        return {"state": payload.state, "audience": payload.audience, "key": payload.key, "body": payload.body}
    state = Payload.WITHHELD if payload.state == Payload.HELD else payload.state
    return {"state": state, "audience": payload.audience, "erased_by": payload.erased_by}
