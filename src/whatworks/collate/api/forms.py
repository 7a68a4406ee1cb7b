"""In which form an answer is given: what the address asks for, else what the header Accept prefers."""

from __future__ import annotations

from whatworks.errors import InputError
from whatworks.saying import said

JSON = "json"
FORMS = ("ris", "bibtex", "csl", "csv")
TYPES = {
    "application/json": JSON,
    "application/x-research-info-systems": "ris",
    "application/x-bibtex": "bibtex",
    "text/x-bibtex": "bibtex",
    "application/vnd.citationstyles.csl+json": "csl",
    "text/csv": "csv",
}


class NotAcceptableError(InputError):
    """None of the forms that a client would take is given. Says which are."""

    http_status = 406


def form_for(asked: str, accept: str) -> str:
    """The form: json or one of FORMS. A browser, which takes anything, gets JSON."""
    if asked:
        if asked not in (JSON, *FORMS):
            raise InputError(
                said(
                    "format=%(asked)s is none that is given; ask for %(json)s, %(forms)s.",
                    asked=asked[:40],
                    json=JSON,
                    forms=", ".join(FORMS),
                )
            )
        return asked
    wanted = sorted(_preferences(accept), key=lambda one: -one[1])
    for kind, weight in wanted:
        if weight > 0 and kind in TYPES:
            return TYPES[kind]
        if weight > 0 and kind in ("*/*", "application/*"):
            return JSON
        if weight > 0 and kind == "text/*":
            return "csv"
    if wanted:
        raise NotAcceptableError(
            said(
                "Accept: %(accept)s names no form that is given; ask for %(types)s.",
                accept=accept[:80],
                types=", ".join(TYPES),
            )
        )
    return JSON


def _preferences(accept: str) -> list[tuple[str, float]]:
    """Media types with their weights, as RFC 9110 writes them; what cannot be read has none."""
    found = []
    for part in accept.split(","):
        kind, *parameters = (piece.strip().lower() for piece in part.split(";"))
        weight = next((one[2:] for one in parameters if one.startswith("q=")), "1")
        try:
            found.append((kind, float(weight)))
        except ValueError:
            found.append((kind, 0.0))
    return [one for one in found if one[0]]
