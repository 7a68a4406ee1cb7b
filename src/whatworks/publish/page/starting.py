"""“If more or fewer have it here to begin with”: what a reader chose and typed, what comes of it, and a few points worked out."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from whatworks.publish.methods.earlier import held_locally
from whatworks.publish.methods.starting import FIXED, SENTENCE, begun, shown, told, typed_share
from whatworks.saying import said

KEPT = 20  # characters of what was typed that are shown again
HEAD = [said("Of 100 without it"), said("Of 100 with it"), said("Range with it")]
CHOOSE = said("Choose what you want to begin elsewhere.")


def starting(content: Mapping[str, Any], given: Mapping[str, str]) -> dict[str, Any] | None:
    """The part of a page about another starting point; None where no result of the page may be carried over.

    Results of a first or second schema hold no starting risk, so nothing is offered for them.
    """
    usable = [one for one in held_locally(content)["measures"] if not one["refused"] and "start" in one]
    if not usable:
        return None
    movable = [one | {"table": _table(one)} for one in usable if one["start"]]
    if not movable:
        return {"fixed": FIXED, "measures": []}
    typed = str(given.get("usual", "")).strip()[:KEPT]
    key = str(given.get("start", ""))
    chosen = next((one for one in movable if one["key"] == key), None)
    usual, problem = typed_share(typed) if "usual" in given else (None, "")
    return {
        "fixed": FIXED if len(movable) < len(usable) else "",
        "measures": movable,
        "json": json.dumps(
            [one["start"] | {name: one[name] for name in ("key", "name", "happened")} for one in movable]
        ),
        "sentence": SENTENCE,
        "chosen": chosen or movable[0],
        "typed": typed,
        "problems": [("usual", problem)] * bool(problem) + [("start", CHOOSE)] * bool("usual" in given and not chosen),
        "reply": _reply(chosen, usual) if chosen and usual else None,
    }


def _reply(measure: Mapping[str, Any], usual: int) -> dict[str, Any]:
    point = begun(measure["start"], usual)
    return {"parts": told(point, happened=measure["happened"], trace=measure["trace"]), "point": point}


def _table(measure: Mapping[str, Any]) -> dict[str, Any]:
    """The starting points that every page shows, with that of the studies marked by words."""
    rows = [
        [
            said("%(n)s (the studies)", n=point.usual) if point.own else str(point.usual),
            [{"number": str(point.after), "trace": measure["trace"]}],
            said("%(low)s to %(high)s", low=point.low, high=point.high),
        ]
        for point in shown(measure["start"])
    ]
    caption = said("%(name)s: what the same result makes of other starting points.", name=measure["name"])
    return {"caption": caption, "head": HEAD, "rows": rows, "numeric": [1, 2]}
