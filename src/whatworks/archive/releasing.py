"""A release: everything public on one day, as files under their own digests, and as a static site made from them."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from whatworks.archive.exporting import pack_files
from whatworks.archive.folders import refuse_other, rewritten
from whatworks.archive.models import Release
from whatworks.archive.site import site_files
from whatworks.errors import InputError
from whatworks.ledger.actions import record
from whatworks.ledger.canonical import canonical
from whatworks.ledger.fields import PUBLIC
from whatworks.ledger.sealer import head, seal_all
from whatworks.ledger.verification import Difference


def store() -> Path:
    """Where releases keep their files: each under its SHA-256, so that equal files are kept once and none can change."""
    return Path(settings.HOME) / "releases"


def make_release(*, by: str) -> Release:
    """Freeze a release. Its files are written first; the row that vouches for them is written last, or not at all."""
    seal_all()
    number = (Release.objects.aggregate(last=Max("number"))["last"] or 0) + 1
    chain_number, chain_head = head()
    files = {f"data/{path}": text.encode() for path, text in pack_files("open")}
    files |= {f"site/{path}": body for path, body in site_files(number)}
    manifest = {
        "release": number,
        "chain": {"number": chain_number, "head": chain_head},
        "files": {path: _keep(body) for path, body in sorted(files.items())},
    }
    digest = _keep(canonical(manifest).encode())
    counts = {"files": len(files), "bytes": sum(map(len, files.values()))}
    return _register(by, number, chain_number, chain_head, digest, counts)


@transaction.atomic
def _register(by: str, number: int, chain_number: int, chain_head: str, digest: str, counts: dict[str, int]) -> Release:
    release = Release.objects.register(
        number=number,
        made_at=timezone.now(),
        made_by=by,
        chain_number=chain_number,
        chain_head=chain_head,
        manifest_sha256=digest,
        counts=counts,
    )
    record(verb="archive.release", by=by, made=[release], payload={"manifest": digest}, audience=PUBLIC)
    return release


def _path(digest: str) -> Path:
    return store() / digest[:2] / digest


def _keep(body: bytes) -> str:
    """Write bytes under their digest, whole or not at all. Returns the digest."""
    digest = hashlib.sha256(body).hexdigest()
    target = _path(digest)
    if not target.exists():
        target.parent.mkdir(parents=True, exist_ok=True)
        beside = target.with_suffix(".part")
        beside.write_bytes(body)
        beside.rename(target)
    return digest


def _stored(digest: str) -> bytes | None:
    """The stored bytes of a digest; None when they are missing or others."""
    return _path(digest).read_bytes() if _found(digest) == digest else None


def files_are_here(release: Release) -> bool:
    """Whether the release's manifest is in this centre's store: its row may have come alone, in a pack."""
    return _path(release.manifest_sha256).is_file()


def manifest_of(release: Release) -> dict[str, Any]:
    """The list of a release's files with their digests."""
    if not files_are_here(release):
        raise InputError(
            f"The files of release {release.number} are not in {store()}; copy that folder from where it was made."
        )
    body = _stored(release.manifest_sha256)
    if body is None:
        raise InputError(f"The manifest of release {release.number} was changed; run whatworks verify.")
    loaded: dict[str, Any] = json.loads(body)
    return loaded


def check_files(release: Release) -> list[Difference]:
    """Files of a release that are missing or no longer what their name says."""
    names = {"manifest": release.manifest_sha256}
    if _stored(release.manifest_sha256) is not None:
        names |= manifest_of(release)["files"]
    return [
        Difference(release.pk, f"file {name}", digest, found)
        for name, digest in names.items()
        if (found := _found(digest)) != digest
    ]


def _found(digest: str) -> str | None:
    """The digest of what is stored under a digest now; None when nothing is."""
    held = _path(digest)
    return hashlib.sha256(held.read_bytes()).hexdigest() if held.is_file() else None


def write_site(folder: Path, number: int | None = None) -> int:
    """Write a release's static site (the newest's, by default) as stored: nothing is rendered again. Returns how many files."""
    release = _numbered(number)
    refuse_other(folder, marker="index.html", what="site")
    site = {name: digest for name, digest in manifest_of(release)["files"].items() if name.startswith("site/")}
    with rewritten(folder, marker="index.html") as new:
        for name, digest in site.items():
            body = _stored(digest)
            if body is None:
                raise InputError(f"{name} of release {release.number} is missing or changed; run whatworks verify.")
            target = new / name.removeprefix("site/")
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(body)
    return len(site)


def _numbered(number: int | None) -> Release:
    newest = Release.objects.order_by("-number").first()
    if newest is None:
        raise InputError("There is no release yet; run whatworks release first.")
    if number is None:
        return newest
    release = Release.objects.filter(number=number).first()
    if release is None:
        raise InputError(f"There is no release {number}; the newest is {newest.number}.")
    return release
