"""Runs a named version of a scheme on stored inputs: what verifying a rating needs.

A published version of a scheme never changes, so naming it is as good as handing it over.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from whatworks.errors import InputError
from whatworks.saying import said

from ..schemes import load_scheme
from .engine import evaluate


def run_scheme(key: str, version: str | int, inputs: Mapping[str, object]) -> dict[str, Any]:
    """The outcome of one version of a scheme as plain values. Raises InputError for a version that is not held."""
    if not str(version).isdecimal():
        raise InputError(
            said(
                "'%(version)s' is no version of the scheme '%(key)s'; versions are whole numbers.",
                version=version,
                key=key,
            )
        )
    return evaluate(load_scheme(key, int(version)), inputs).to_dict()
