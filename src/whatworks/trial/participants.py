"""The files with rows of people: in a folder of their own beside the database, never in it. Kept by digest, read when analysed."""

from __future__ import annotations

import csv
import hashlib
import io
from pathlib import Path
from typing import Any

from django.conf import settings

from whatworks.errors import InputError
from whatworks.saying import said
from whatworks.trial.methods.analysing.table import table_of
from whatworks.trial.models import Dataset, Trial

LARGEST = 200 * 1024 * 1024


def folder_of(trial: Trial) -> Path:
    """Where a trial's files lie: a folder that the user of the server alone can read."""
    return Path(settings.PARTICIPANTS) / trial.slug


def digest_of(content: bytes) -> str:
    """The SHA-256 by which a file is known."""
    return hashlib.sha256(content).hexdigest()


def keep(trial: Trial, content: bytes) -> str:
    """Put a file into the store. Returns its SHA-256. Raises InputError for one that is too large."""
    if len(content) > LARGEST:
        raise InputError(
            said(
                "The file has %(mb)s MB; the most that is taken is %(most)s MB.",
                mb=len(content) >> 20,
                most=LARGEST >> 20,
            )
        )
    digest = digest_of(content)
    folder = folder_of(trial)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = folder / f"{digest}.csv"
    if not path.exists():
        partial = path.with_suffix(".partial")
        partial.write_bytes(content)
        partial.chmod(0o600)
        partial.replace(path)
    return digest


def here(dataset: Dataset) -> bool:
    """Whether the rows of a data set are in the store of this machine."""
    return (folder_of(dataset.trial) / f"{dataset.digest}.csv").is_file()


def table(dataset: Dataset) -> dict[str, list[Any]]:
    """The columns of a data set's file. Raises InputError where the file is gone, or is no longer what its digest says."""
    path = folder_of(dataset.trial) / f"{dataset.digest}.csv"
    try:
        content = path.read_bytes()
    except OSError as error:
        raise InputError(
            said(
                "The file of data %(n)s is not in the store of participants here; bring the file with digest %(digest)s.",
                n=dataset.number,
                digest=dataset.digest[:12],
            )
        ) from error
    if digest_of(content) != dataset.digest:
        raise InputError(
            said(
                "The file of data %(n)s was changed since it was taken in; nothing is computed from it. Bring the file that was taken in.",
                n=dataset.number,
            )
        )
    return parsed(content)


def parsed(content: bytes) -> dict[str, list[Any]]:
    """Columns by name of a CSV in UTF-8. Raises InputError where it is none, or a row has another number of cells."""
    try:
        lines = list(csv.reader(io.StringIO(content.decode("utf-8-sig")), strict=True))
    except (UnicodeDecodeError, csv.Error) as error:
        raise InputError(said("The file is not a CSV in UTF-8; save it so and bring it again.")) from error
    if not lines or len(set(lines[0])) < len(lines[0]):
        raise InputError(said("The file needs a header in which each column has a name of its own."))
    for number, line in enumerate(lines[1:], 2):
        if line and len(line) != len(lines[0]):
            raise InputError(
                said(
                    "Line %(n)s has %(cells)s cells and the header %(columns)s.",
                    n=number,
                    cells=len(line),
                    columns=len(lines[0]),
                )
            )
    rows = [line for line in lines[1:] if line]
    return table_of({name: [row[place] for row in rows] for place, name in enumerate(lines[0])})
