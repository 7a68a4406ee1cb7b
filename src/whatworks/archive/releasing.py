"""A release: everything public on one day, as files under their own digests, and as a static site made from them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from whatworks.archive.changelog import FIRST, NOT_HERE, SAME, Section, markdown, sections
from whatworks.archive.crate import METADATA, crate
from whatworks.archive.exporting import pack_files
from whatworks.archive.folders import refuse_other, rewritten, taken_over
from whatworks.archive.models import Release
from whatworks.archive.open_data import GUIDES, PAGES, RESULTS, about_centre, as_json, open_files
from whatworks.archive.site import Built, site_files
from whatworks.errors import InputError
from whatworks.ledger.actions import record
from whatworks.ledger.canonical import canonical
from whatworks.ledger.fields import PUBLIC
from whatworks.ledger.sealer import head, seal_all
from whatworks.ledger.verification import Difference
from whatworks.saying import said

CHANGES, CHANGELOG = "open/changes.json", "CHANGELOG.md"


def store() -> Path:
    """Where releases keep their files: each under its SHA-256, so that equal files are kept once and none can change."""
    return Path(settings.HOME) / "releases"


def make_release(*, by: str, told: Built | None = None) -> Release:
    """Freeze a release. Its files are written first; the row that vouches for them is written last, or not at all.

    The same content gives the same bytes, whoever makes it and wherever: only the number and the day stand in them besides.
    `told` is filled with how many pages were made anew.
    """
    seal_all()
    before, moment = Release.objects.order_by("-number").first(), timezone.now()
    number = before.number + 1 if before else 1
    chain_number, chain_head = head()
    kept: dict[str, tuple[str, int]] = {}
    for path, body in _bodies(told):
        kept[path] = (_keep(body), len(body))
    for path, body in _described(number, moment, before, kept):
        kept[path] = (_keep(body), len(body))
    manifest = {
        "release": number,
        "chain": {"number": chain_number, "head": chain_head},
        "files": {path: digest for path, (digest, _) in sorted(kept.items())},
    }
    counts = {"files": len(kept), "bytes": sum(size for _, size in kept.values())}
    digest = _keep(canonical(manifest).encode())
    return _register(by, number, moment, (chain_number, chain_head), digest, counts)


def _bodies(told: Built | None) -> Iterator[tuple[str, bytes]]:
    """Every file that shows or holds content, one after the other: no more than one is in memory."""
    for path, text in pack_files("open"):
        yield f"data/{path}", text.encode()
    yield from open_files()
    for path, body in site_files(stored, told):
        yield f"site/{path}", body


def _described(
    number: int, moment: datetime, before: Release | None, kept: Mapping[str, tuple[str, int]]
) -> Iterator[tuple[str, bytes]]:
    """The files about the release: what changed, and what it holds."""
    day = timezone.localtime(moment)
    note, found = _changes(before, kept)
    told = {"release": number, "day": day.date().isoformat(), "note": note, "sections": found}
    yield CHANGES, as_json(told)
    yield CHANGELOG, markdown(number, f"{day:%-d %B %Y}", note, found).encode()
    sizes = {path: size for path, (_, size) in kept.items()}
    digests = {path: digest for path, (digest, _) in kept.items()}
    about = {"number": number, "day": day.date().isoformat(), "address": address_of(number)}
    yield METADATA, as_json(crate(about_centre(), **about, sizes=sizes, digests=digests))


def _changes(before: Release | None, kept: Mapping[str, tuple[str, int]]) -> tuple[str, list[Section]]:
    """What changed since the release before, and a sentence where there is nothing to list."""
    if before is None:
        return FIRST, []
    was = [_said_before(before, path) for path in (PAGES, RESULTS)]
    now = [json.loads(stored(kept[path][0]) or b"{}") for path in (PAGES, RESULTS)]
    if was[0] is None or was[1] is None:
        return NOT_HERE, []
    # A release of before guides were in the open data says nothing of them: then nothing is compared.
    guides = _said_before(before, GUIDES)
    beside = json.loads(stored(kept[GUIDES][0]) or b"{}") if guides else {}
    found = sections((guides or {}) | was[0] | was[1], beside | now[0] | now[1])
    return ("" if found else SAME), found


def _said_before(release: Release, path: str) -> dict[str, Any] | None:
    if not files_are_here(release):
        return None
    body = stored(manifest_of(release)["files"].get(path, ""))
    return dict(json.loads(body)) if body else None


def address_of(number: int) -> str:
    """Where a release can be read about."""
    return f"{str(settings.BASE_URL).rstrip('/')}/releases/{number}/"


@transaction.atomic
def _register(
    by: str, number: int, moment: datetime, chain: tuple[int, str], digest: str, counts: dict[str, int]
) -> Release:
    release = Release.objects.register(
        number=number,
        made_at=moment,
        made_by=by,
        chain_number=chain[0],
        chain_head=chain[1],
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


def stored(digest: str) -> bytes | None:
    """The stored bytes of a digest; None when they are missing or others."""
    if not digest:
        return None
    try:
        body = _path(digest).read_bytes()
    except OSError:
        return None
    return body if hashlib.sha256(body).hexdigest() == digest else None


def files_are_here(release: Release) -> bool:
    """Whether the release's manifest is in this centre's store: its row may have come alone, in a pack."""
    return _path(release.manifest_sha256).is_file()


def manifest_of(release: Release) -> dict[str, Any]:
    """The list of a release's files with their digests."""
    if not files_are_here(release):
        raise InputError(
            said(
                "The files of release %(number)s are not in %(store)s; copy that folder from where it was made.",
                number=release.number,
                store=store(),
            )
        )
    body = stored(release.manifest_sha256)
    if body is None:
        raise InputError(
            said("The manifest of release %(number)s was changed; run whatworks verify.", number=release.number)
        )
    loaded: dict[str, Any] = json.loads(body)
    return loaded


def check_files(release: Release) -> list[Difference]:
    """Files of a release that are missing or no longer what their name says."""
    names = {"manifest": release.manifest_sha256}
    if stored(release.manifest_sha256) is not None:
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
    """Write a release's static site (the newest's, by default) as stored: nothing is rendered again. Returns how many files.

    A file that stands there already with the same bytes is left as it is, so that whatever copies the folder onwards copies
    only what changed.
    """
    release = _numbered(number)
    refuse_other(folder, marker="index.html", what="site")
    site = {name: digest for name, digest in manifest_of(release)["files"].items() if name.startswith("site/")}
    with rewritten(folder, marker="index.html") as new:
        for name, digest in site.items():
            path = name.removeprefix("site/")
            target = new / path
            target.parent.mkdir(parents=True, exist_ok=True)
            body = stored(digest)
            if body is None:
                raise InputError(
                    said(
                        "%(name)s of release %(number)s is missing or changed; run whatworks verify.",
                        name=name,
                        number=release.number,
                    )
                )
            if not taken_over(folder / path, target, body):
                target.write_bytes(body)
    return len(site)


def _numbered(number: int | None) -> Release:
    newest = Release.objects.order_by("-number").first()
    if newest is None:
        raise InputError(said("There is no release yet; run whatworks release first."))
    if number is None:
        return newest
    release = Release.objects.filter(number=number).first()
    if release is None:
        raise InputError(
            said(
                "There is no release %(number)s; the newest is %(newest_number)s.",
                number=number,
                newest_number=newest.number,
            )
        )
    return release
