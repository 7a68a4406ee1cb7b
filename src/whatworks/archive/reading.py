"""What a pack holds: the text of each of its files, from a folder or from an encrypted backup. Needs no database."""

from __future__ import annotations

from pathlib import Path

from whatworks.archive.backup import LARGEST as LARGEST_BACKUP
from whatworks.archive.backup import backup_at, decrypt
from whatworks.errors import InputError
from whatworks.saying import said

MANIFEST = "pack.toml"
LARGEST = 200 * 1024 * 1024  # bytes of one file; a pack is text for people, not a dump


def encrypted(path: Path) -> Path | None:
    """The encrypted backup that stands at a path, whose passphrase is needed; None for a plain pack."""
    return None if (path / MANIFEST).is_file() else backup_at(path)


def read_pack(path: Path, passphrase: str = "") -> dict[str, str]:
    """Every text file of a pack by its path; one clear sentence when it is not a pack."""
    if (backup := encrypted(path)) is not None:
        return _read_backup(backup, passphrase)
    if path.is_file():
        raise InputError(
            said(
                "%(path)s is neither the folder of a pack nor a backup made by whatworks export; check its name.",
                path=path,
            )
        )
    if not path.exists():
        raise InputError(said("There is no %(path)s; give the folder of a pack, or a backup.", path=path))
    if not (path / MANIFEST).is_file():
        raise InputError(said("%(path)s is not a pack: it has no %(manifest)s.", path=path, manifest=MANIFEST))
    return _read_folder(path)


def _read_backup(backup: Path, passphrase: str) -> dict[str, str]:
    if not passphrase:
        raise InputError(said("%(backup)s is encrypted; its passphrase is needed to load it.", backup=backup))
    if backup.stat().st_size > LARGEST_BACKUP:
        raise InputError(said("%(backup)s is larger than 1 GB; it is no backup of a centre.", backup=backup))
    files = decrypt(backup.read_bytes(), passphrase, name=str(backup))
    if MANIFEST not in files:
        raise InputError(said("%(backup)s holds no pack: it has no %(manifest)s.", backup=backup, manifest=MANIFEST))
    return files


def _read_folder(folder: Path) -> dict[str, str]:
    files = {}
    for path in sorted(folder.rglob("*")):
        parts = path.relative_to(folder).parts
        if not path.is_file() or any(part.startswith(".") for part in parts):
            continue
        name = "/".join(parts)
        if path.is_symlink() or path.stat().st_size > LARGEST:
            raise InputError(said("%(name)s is a link or larger than 200 MB; a pack holds plain files.", name=name))
        try:
            files[name] = path.read_bytes().decode("utf-8")
        except UnicodeDecodeError as error:
            raise InputError(
                said("%(name)s is not UTF-8 text (byte %(start)s); save it as UTF-8.", name=name, start=error.start)
            ) from error
    return files
