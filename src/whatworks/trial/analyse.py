"""`ww.analyse_trial`: a design and rows in, the honest panel out. Reads files; the arithmetic is in `methods.analysing`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from whatworks.errors import InputError
from whatworks.saying import said

if TYPE_CHECKING:
    from whatworks.trial.methods.analysing import AnalysedTrial


def analyse_trial(
    design: str | Path, rows: Any, *, blind: bool = False, locked: str | Path | None = None,
    allocation: str | Path | None = None,
) -> AnalysedTrial:  # fmt: skip
    """Every applicable analysis of a trial, the declared one marked.

    `design`: the TOML text, or the path of a file; `rows`: a list of mappings, or columns by name; `blind`: on arms dealt out anew;
    `locked`: the file of a blind run, with whose plan this one is compared; `allocation`: the file of the draw, over whose
    allocations randomisation tests run. Raises InputError, one sentence, for a design or data that cannot be.
    """
    from whatworks import __version__
    from whatworks.trial.methods.analysing import answer
    from whatworks.trial.methods.analysing.blinding import read_lock
    from whatworks.trial.methods.analysing.table import table_of
    from whatworks.trial.methods.design import read

    text = design_text(design)
    held = None if locked is None else read_lock(_text(Path(locked)), Path(locked).name)
    drawn = None if allocation is None else _json(Path(allocation))
    return answer(read(text), text, table_of(rows), __version__, blind=blind, lock=held, allocation=drawn)


def design_text(design: str | Path) -> str:
    """The text of a design, from its file where a path is given."""
    if isinstance(design, str) and ("\n" in design or "[" in design):
        return design
    return _text(Path(design))


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise InputError(
            said("%(file)s cannot be read (%(why)s); check its name.", file=str(path), why=error.strerror)
        ) from error
    except UnicodeDecodeError as error:
        raise InputError(said("%(file)s is not text in UTF-8; save it so.", file=str(path))) from error


def _json(path: Path) -> Mapping[str, Any]:
    try:
        held = json.loads(_text(path))
    except ValueError as error:
        raise InputError(said("%(file)s is not readable JSON.", file=str(path))) from error
    if not isinstance(held, dict):
        raise InputError(said("%(file)s is not an allocation.", file=str(path)))
    return held
