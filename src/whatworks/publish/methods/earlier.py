"""What earlier versions of the page document held for a reader's own place, told as today's do. They are never rewritten."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from whatworks.publish.methods.locally import FEW, FEWEST, because
from whatworks.saying import said

NONE_HELD = said(
    "This version of the page holds no result to carry over to your place; you can read above what we hold."
)
UNSAID = said("This version of the page does not say")


def held_locally(content: Mapping[str, Any]) -> dict[str, Any]:
    """The part of a page document about a reader's own place, whichever schema wrote it.

    The first schema held one outcome's numbers or nothing. What else is asked today is read from the rest of that
    document; who was in its studies it did not hold, and the page says so.
    """
    local = content.get("local")
    if not local:
        return {"measures": [], "refused": [NONE_HELD]}
    return dict(local) if "measures" in local else _first(content, local)


def _first(content: Mapping[str, Any], local: Mapping[str, Any]) -> dict[str, Any]:
    outcome = next((one for one in content["outcomes"] if _leads_to(one, local["trace"])), None)
    if outcome is None:
        return {"measures": [], "refused": [NONE_HELD]}
    studies = {row.get("study", row["name"]) for row in outcome["table"]["rows"] if row["pooled"]}
    if len(studies) < FEWEST:
        return {"measures": [], "refused": [because(FEW, [outcome["name"]])]}
    known = any(one["safety"] and one["table"] for one in content["outcomes"])
    measure = {
        "key": outcome["analysis"],
        "name": outcome["name"],
        "refused": None,
        "noun": "studies",
        "studies": len(studies),
        "happened": local["verb"],
        "safety": "" if known or not outcome["contact"] else said("We do not know whether children were safer."),
        "definition": _definition(outcome, local["unit"]),
        **{name: local[name] for name in ("unit", "low", "high", "per", "trace")},
    }
    return {"measures": [measure], "refused": []}


def _leads_to(outcome: Mapping[str, Any], trace: str) -> bool:
    numbers = (part.get("trace") for part in outcome["sentence"] if isinstance(part, dict))
    return bool(outcome["table"]) and trace in numbers


def _definition(outcome: Mapping[str, Any], unit: str) -> list[dict[str, Any]]:
    compared = outcome["scale"]["title"].partition(", compared with ")[2] if outcome["scale"] else ""
    return [
        {"name": said("Who they were"), "items": [UNSAID]},
        {"name": said("What was counted"), "items": [unit[:1].upper() + unit[1:]]},
        {"name": said("Compared with"), "items": [compared[:1].upper() + compared[1:] or UNSAID]},
        {"name": said("What was measured"), "items": [outcome["name"]]},
        {
            "name": said("The studies"),
            "items": [part for part in outcome["eyebrow"] if isinstance(part, str)] or [UNSAID],
        },
    ]
