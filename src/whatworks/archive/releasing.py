"""A release: everything public on one day, as files under their own digests, and as a static site made from them."""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from whatworks.archive.exporting import pack_files
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
    number = Release.objects.count() + 1
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


def manifest_of(release: Release) -> dict[str, Any]:
    """The list of a release's files with their digests."""
    loaded: dict[str, Any] = json.loads(_path(release.manifest_sha256).read_bytes())
    return loaded


def check_files(release: Release) -> list[Difference]:
    """Files of a release that are missing or no longer what their name says."""
    if not _path(release.manifest_sha256).exists():
        return [Difference(release.pk, "manifest missing", release.manifest_sha256, None)]
    names = {"manifest": release.manifest_sha256} | manifest_of(release)["files"]
    wrong = []
    for name, digest in names.items():
        held = _path(digest)
        found = hashlib.sha256(held.read_bytes()).hexdigest() if held.exists() else None
        if found != digest:
            wrong.append(Difference(release.pk, f"file {name}", digest, found))
    return wrong


def write_site(folder: Path) -> int:
    """Write the newest release's static site, as stored: nothing is rendered again. Returns the number of files."""
    release = Release.objects.order_by("-number").first()
    if release is None:
        raise InputError("There is no release yet; run whatworks release first.")
    if folder.exists() and any(folder.iterdir()) and not (folder / "index.html").exists():
        raise InputError(f"{folder} is not empty and holds no site; give an empty folder.")
    shutil.rmtree(folder, ignore_errors=True)
    written = 0
    for name, digest in manifest_of(release)["files"].items():
        if name.startswith("site/"):
            target = folder / name.removeprefix("site/")
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(_path(digest), target)
            written += 1
    return written
