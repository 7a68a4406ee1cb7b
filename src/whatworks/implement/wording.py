"""Words that several parts of the room use: reasons to go back or stop, and that short texts of a team name nobody."""

from __future__ import annotations

from collections.abc import Mapping

from whatworks.convene.methods.identifying import REASONS as IDENTIFIERS
from whatworks.convene.methods.identifying import likely_identifiers
from whatworks.errors import InputError
from whatworks.saying import Said, said

REASONS: Mapping[str, Said] = {
    "money": said("The money ended or was cut"),
    "staff": said("The staff left or were not there"),
    "fit": said("It did not fit how the place works"),
    "no-benefit": said("No benefit was seen"),
    "harm": said("Harm was feared or seen"),
    "replaced": said("Something else took its place"),
    "planned": said("It was planned to end"),
    "evidence": said("What is known about it changed"),
    "readiness": said("The place was less ready than it had seemed"),
    "other": said("Another reason"),
}


def no_identifiers(text: str) -> None:
    """InputError where a short text seems to say who somebody is; the words themselves are not repeated."""
    found = likely_identifiers(text)
    if found:
        raise InputError(
            said(
                "A text seems to hold %(what)s. Do not name or describe a child, family or worker; write it another way.",
                what=IDENTIFIERS[found[0].reason],
            )
        )
