"""The policy of moderation as data: the kinds of texts, and the reasons for which one is not shown."""

from __future__ import annotations

import datetime
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path

from django.conf import settings

from whatworks.errors import InputError
from whatworks.saying import said

FILE = "moderation.toml"


@dataclass(frozen=True, slots=True)
class Kind:
    """A public box: its name for readers, and whether its texts are ever shown."""

    title: str
    shown: bool


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a text is not shown, in short and in a sentence."""

    title: str
    plain: str


@dataclass(frozen=True, slots=True)
class Policy:
    """One version of the policy."""

    version: str
    since: datetime.date
    kinds: Mapping[str, Kind]
    reasons: Mapping[str, Reason]


def policy() -> Policy:
    """The policy of this centre: its own file where it has one, else the one that ships."""
    own = Path(settings.HOME) / FILE
    return _read(str(own) if own.is_file() else "")


@cache
def _read(own: str) -> Policy:
    shipped = resources.files("whatworks.convene").joinpath("definitions", FILE)
    try:
        told = tomllib.loads(Path(own).read_text("utf-8") if own else shipped.read_text("utf-8"))
        kinds = {key: Kind(**one) for key, one in told["kinds"].items()}
        reasons = {key: Reason(**one) for key, one in told["reasons"].items()}
        made = Policy(str(told["version"])[:10], told["since"], kinds, reasons)
    except (tomllib.TOMLDecodeError, KeyError, TypeError, AttributeError) as error:
        raise InputError(
            said("%(file)s cannot be read as a policy of moderation: %(error)s.", file=own or FILE, error=str(error))
        ) from error
    if too_long := [key for key in (*kinds, *reasons) if len(key) > 24]:
        raise InputError(
            said("%(file)s: the key “%(key)s” is longer than 24 characters.", file=own or FILE, key=too_long[0])
        )
    return made
