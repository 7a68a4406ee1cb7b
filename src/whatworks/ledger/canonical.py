"""One way to write a value as text, so that equal values have equal digests on every machine and database."""

from __future__ import annotations

import hashlib
import json
import math
from typing import Any

from whatworks.errors import InputError
from whatworks.saying import said


def canonical(value: Any) -> str:
    """Canonical JSON: keys sorted, no spaces, UTF-8 kept, floats by shortest round trip. NaN and infinity are refused."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def digest(value: Any) -> str:
    """SHA-256 of the canonical form, as 64 hexadecimal digits."""
    return hashlib.sha256(canonical(value).encode()).hexdigest()


def finite(value: float, name: str) -> float:
    """The value, or an InputError when it is not a finite number."""
    if not math.isfinite(value):
        raise InputError(
            said(
                "%(name)s is not a finite number (%(value)s); mend the inputs it was computed from.",
                name=name,
                value=value,
            )
        )
    return value
