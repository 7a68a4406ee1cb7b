"""Uploads: files that people bring, kept under their hash, so that the same bytes are one file and no name is a path."""

from __future__ import annotations

import hashlib
import os
import uuid
from collections.abc import Iterable
from pathlib import Path

from django.conf import settings

from whatworks.errors import InputError
from whatworks.saying import Said, said

LARGEST = 100 * 1024 * 1024  # bytes; about 50,000 records with abstracts. A larger export comes by the command line
FOLDER = "uploads"


def keep(chunks: Iterable[bytes], *, within: str = FOLDER, largest: int = 0) -> Path:
    """Keep a file in a folder of the centre's own, whole or not at all; where it lies, under its SHA-256.

    Raises InputError where it has more than `largest` bytes, or more than a browser may bring where that is 0.
    """
    largest = largest or LARGEST
    folder = Path(settings.HOME) / within
    folder.mkdir(parents=True, exist_ok=True)
    beside = folder / f".{uuid.uuid4().hex}"
    digest, size = hashlib.sha256(), 0
    try:
        # Readable by the centre alone: an export's abstracts may be licensed.
        with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            for chunk in chunks:
                size += len(chunk)
                if size > largest:
                    raise InputError(too_large(largest))
                digest.update(chunk)
                file.write(chunk)
        path = folder / digest.hexdigest()
        os.replace(beside, path)
    finally:
        beside.unlink(missing_ok=True)
    return path


def too_large(largest: int = 0) -> Said:
    """What to do with a file that is too large for a browser."""
    return said(
        "The file is larger than %(size)s MB; divide the export, "
        "or bring it in where the centre runs, with: whatworks import FILE --source NAME.",
        size=(largest or LARGEST) // 1024**2,
    )
