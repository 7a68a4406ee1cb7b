"""What the system or the database refuses, said in one sentence: a full disk or a closed folder is no defect of ours."""

from __future__ import annotations

import functools
import sys
from collections.abc import Callable
from typing import ParamSpec, TypeVar

from whatworks.errors import InputError

Given = ParamSpec("Given")
Answer = TypeVar("Answer")


def plainly(command: Callable[Given, Answer]) -> Callable[Given, Answer]:
    """The command; a refusal from outside ends it as an InputError."""

    @functools.wraps(command)
    def told(*arguments: Given.args, **options: Given.kwargs) -> Answer:
        try:
            return command(*arguments, **options)
        except Exception as error:
            if said := _refusal(error):
                raise InputError(said) from error
            raise

    return told


def _refusal(error: Exception) -> str:
    """The sentence; empty for what is a defect, and for a reader of our output that went away."""
    if isinstance(error, OSError) and not isinstance(error, BrokenPipeError):
        what = error.strerror or str(error)
        return (
            f"{error.filename}: {what}; mend that, or name another." if error.filename else f"{what}; mend that first."
        )
    if (db := sys.modules.get("django.db")) and (
        isinstance(error, db.OperationalError) or type(error) is db.DatabaseError
    ):
        return f"The database refused: {' '.join(str(error).split()).rstrip('.')}."
    return ""
