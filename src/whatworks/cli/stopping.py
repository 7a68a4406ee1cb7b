"""`whatworks screen stop`: may we stop reading, and how many relevant records may be missing?"""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from whatworks.cli.screening import screen_app
from whatworks.errors import InputError

if TYPE_CHECKING:
    from whatworks.screen.methods.stopping import StopEstimate

COLUMNS = ("included", "label_included")
LABELS = {"0": 0, "1": 1, "0.0": 0, "1.0": 1}  # spreadsheets and pandas write whole numbers either way


def register(app: typer.Typer) -> None:
    """Add the command to the group `screen`, which the application holds."""
    screen_app.command()(stop)


def stop(
    file: Annotated[
        Path,
        typer.Argument(metavar="LABELS.csv", help="The records read, in order; the column `included` holds 1 or 0."),
    ],
    target: Annotated[float, typer.Option(help="The share of the relevant records to find.")] = 0.95,
    confidence: Annotated[float, typer.Option(help="How sure to be that it was found.")] = 0.95,
    total: Annotated[int | None, typer.Option(help="How many records there are, read or not.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object and nothing else.")] = False,
) -> None:
    """Say whether reading may stop, and how many relevant records may be missing."""
    from whatworks.screen.methods.stopping import stop_estimate

    if total is None:
        raise InputError("Say with --total how many records there are, read or not.")
    estimate = stop_estimate(read_labels(file), total, target=target, confidence=confidence)
    print(json.dumps(estimate.to_dict(), allow_nan=False) if as_json else _said(estimate))


def read_labels(file: Path) -> list[int]:
    """The labels in the order of the rows; InputError names the row at fault."""
    try:
        with file.open(encoding="utf-8-sig", newline="") as stream:
            reader = csv.DictReader(stream, restval="")
            column = next((name for name in COLUMNS if name in (reader.fieldnames or ())), None)
            if not reader.fieldnames:
                raise InputError(
                    f"{file} is empty; give a header line with the column `included`, and a row per record."
                )
            if column is None:
                columns = ", ".join(reader.fieldnames)
                raise InputError(f"{file.name} has no column `included`; its columns are {columns}.")
            found = [_label(row[column], number, file) for number, row in enumerate(reader, start=1)]
    except OSError as error:
        raise InputError(f"{file} cannot be read ({error.strerror}); check the name of the file.") from None
    except (UnicodeDecodeError, csv.Error):
        raise InputError(f"{file} is not a CSV file in UTF-8; save it as one and try again.") from None
    if not found:
        raise InputError(f"{file} has no rows; give one row for each record that was read.")
    return found


def _label(cell: str, row: int, file: Path) -> int:
    label = LABELS.get(cell.strip())
    if label is None:
        raise InputError(f"Row {row} of {file.name} says {cell!r} under `included`; write 1 (relevant) or 0 (not).")
    return label


def _said(estimate: StopEstimate) -> str:
    answer = "Yes, you may stop." if estimate.stop else "No, do not stop yet."
    read = f"{estimate.screened:,} of {estimate.total:,} records read, {estimate.found:,} relevant"
    numbers = f"{read}; p {estimate.p:.4g}; at most {estimate.missing_upper:,} missing."
    return "\n".join([answer, estimate.sentence, numbers, *(f"  - {caution}" for caution in estimate.cautions)])
