"""A backup: all files of a pack in one encrypted file, which only its passphrase opens.

The file is a line that names its form, a salt, a nonce, and a gzipped tar of the pack under AES-256-GCM, whose key is
derived from the passphrase by scrypt (RFC 7914). What was changed, cut or made under another passphrase does not open.
"""

from __future__ import annotations

import gzip
import io
import os
import tarfile
import unicodedata
from collections.abc import Iterable
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from whatworks.errors import InputError
from whatworks.saying import said

NAME = "backup.enc"
FORM = b"whatworks backup 1\n"  # other costs or another cipher would be another form
SALT, NONCE = 16, 12  # bytes
COST = {"n": 2**17, "r": 8, "p": 1}  # 128 MB and about half a second for each guess at the passphrase
SHORTEST = 12  # characters of a passphrase, as for signing in
LARGEST = 1024**3  # bytes of text; it is packed and unpacked in memory, and packs are far smaller


def encrypt(files: Iterable[tuple[str, str]], passphrase: str) -> bytes:
    """The encrypted backup of files given as path and text."""
    if len(passphrase) < SHORTEST:
        raise InputError(
            said(
                "The passphrase has %(count)s characters; a backup needs %(shortest)s or more.",
                count=len(passphrase),
                shortest=SHORTEST,
            )
        )
    head = FORM + os.urandom(SALT) + os.urandom(NONCE)
    return head + _cipher(head, passphrase).encrypt(head[-NONCE:], _pack(files), head)


def decrypt(body: bytes, passphrase: str, *, name: str = NAME) -> dict[str, str]:
    """The files of a backup by their path; an InputError when the passphrase does not open it."""
    start = len(FORM) + SALT + NONCE
    head = body[:start]
    try:
        packed = _cipher(head, passphrase).decrypt(head[-NONCE:], body[start:], head)
    except InvalidTag as error:
        raise InputError(
            said(
                "%(name)s does not open: the passphrase is another, or the file is damaged; nothing was loaded.",
                name=name,
            )
        ) from error
    return _unpack(packed, name)


def backup_at(path: Path) -> Path | None:
    """The encrypted backup that a path names: the file itself, or the one in a folder that holds no plain pack."""
    path = path / NAME if path.is_dir() else path
    if not path.is_file():
        return None
    with path.open("rb") as file:
        return path if file.read(len(FORM)) == FORM else None


def _cipher(head: bytes, passphrase: str) -> AESGCM:
    # The same letters can be written in two ways, by two keyboards; NFC makes them one.
    secret = unicodedata.normalize("NFC", passphrase).encode("utf-8", "surrogateescape")
    return AESGCM(Scrypt(salt=head[len(FORM) : len(FORM) + SALT], length=32, **COST).derive(secret))


def _pack(files: Iterable[tuple[str, str]]) -> bytes:
    """One gzipped tar without times or owners: equal files give equal bytes."""
    out, size = io.BytesIO(), 0
    with (
        gzip.GzipFile(filename="", fileobj=out, mode="wb", compresslevel=6, mtime=0) as packed,
        tarfile.open(fileobj=packed, mode="w", format=tarfile.PAX_FORMAT) as tar,
    ):
        for path, text in files:
            body = text.encode()
            size += len(body)
            if size > LARGEST:
                raise InputError(
                    said("The centre holds more than 1 GB of text, too much for a backup; copy its folder.")
                )
            entry = tarfile.TarInfo(path)
            entry.size = len(body)
            tar.addfile(entry, io.BytesIO(body))
    return out.getvalue()


def _unpack(packed: bytes, name: str) -> dict[str, str]:
    """The texts by their path, read in memory: nothing is written, so a path can lead nowhere."""
    files, size = {}, 0
    with tarfile.open(fileobj=io.BytesIO(packed), mode="r:gz") as tar:
        for entry in tar:
            size += entry.size
            body = tar.extractfile(entry)
            if size > LARGEST or body is None:
                raise InputError(
                    said("%(name)s holds more than 1 GB of text, or links; it is no backup of a centre.", name=name)
                )
            files[entry.name] = body.read().decode("utf-8")
    return files
