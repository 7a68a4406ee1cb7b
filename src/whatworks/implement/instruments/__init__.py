"""Questionnaires of readiness as data, each with its source and what of it is not confirmed."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources

from whatworks.errors import InputError
from whatworks.implement.methods.scoring import Instrument, Scale
from whatworks.saying import said

KEYS = ("oric-1", "seer-1")


@cache
def instrument(key: str) -> Instrument:
    """An instrument by its key. Raises InputError for one that is not held."""
    if key not in KEYS:
        raise InputError(said("There is no questionnaire “%(key)s”; held: %(all)s.", key=key[:40], all=", ".join(KEYS)))
    told = tomllib.loads((resources.files(__name__) / f"{key}.toml").read_text("utf-8"))
    scales = tuple(Scale(**{**one, "items": tuple(one["items"])}) for one in told["scales"])
    return Instrument(
        key=key,
        title=told["title"],
        source=f"{told['source']} {told['note']}",
        scales=scales,
        wording=told.get("wording", {}),
        points=tuple(told["points"]),
        order=tuple(told.get("order", ())),
    )
