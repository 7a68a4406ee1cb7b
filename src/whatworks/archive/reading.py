"""What a pack holds: the text of each of its files, from a folder or from an encrypted backup. Needs no database."""

from __future__ import annotations

from pathlib import Path

from whatworks.archive.backup import LARGEST as LARGEST_BACKUP
from whatworks.archive.backup import backup_at, decrypt
from whatworks.errors import InputError

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
            f"{path} is neither the folder of a pack nor a backup made by whatworks export; check its name."
        )
    if not path.exists():
        raise InputError(f"There is no {path}; give the folder of a pack, or a backup.")
    if not (path / MANIFEST).is_file():
        raise InputError(f"{path} is not a pack: it has no {MANIFEST}.")
    return _read_folder(path)


def _read_backup(backup: Path, passphrase: str) -> dict[str, str]:
    if not passphrase:
        raise InputError(f"{backup} is encrypted; its passphrase is needed to load it.")
    if backup.stat().st_size > LARGEST_BACKUP:
        raise InputError(f"{backup} is larger than 1 GB; it is no backup of a centre.")
    files = decrypt(backup.read_bytes(), passphrase, name=str(backup))
    if MANIFEST not in files:
        raise InputError(f"{backup} holds no pack: it has no {MANIFEST}.")
    return files


def _read_folder(folder: Path) -> dict[str, str]:
    files = {}
    for path in sorted(folder.rglob("*")):
        parts = path.relative_to(folder).parts
        if not path.is_file() or any(part.startswith(".") for part in parts):
            continue
        name = "/".join(parts)
        if path.is_symlink() or path.stat().st_size > LARGEST:
            raise InputError(f"{name} is a link or larger than 200 MB; a pack holds plain files.")
        try:
            files[name] = path.read_bytes().decode("utf-8")
        except UnicodeDecodeError as error:
            raise InputError(f"{name} is not UTF-8 text (byte {error.start}); save it as UTF-8.") from error
    return files
