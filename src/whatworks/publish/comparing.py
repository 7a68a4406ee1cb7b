"""What differs between the published page and the would-be one, sentence by sentence."""

from __future__ import annotations

from typing import Any


def changes(old: dict[str, Any] | None, new: dict[str, Any]) -> list[dict[str, Any]]:
    """Each place whose words or numbers differ, old and new beside each other, in the order of the page."""
    before, after = _places(old) if old else {}, _places(new)
    names = [*after, *(name for name in before if name not in after)]
    return [
        {"place": name, "old": before.get(name, []), "new": after.get(name, [])}
        for name in names
        if _words(before.get(name, [])) != _words(after.get(name, []))
    ]


def _places(content: dict[str, Any]) -> dict[str, list[Any]]:
    places: dict[str, list[Any]] = {"Answer": [*content["answer"]["strong"], *content["answer"]["rest"]]}
    for outcome in content["outcomes"]:
        certainty = outcome["certainty"]["word"] + " certainty" if outcome["certainty"] else outcome["certainty_words"]
        places[outcome["name"]] = [outcome["state"]["word"], ". ", *outcome["sentence"], f" {certainty}."]
        for row in (outcome["table"] or {"rows": []})["rows"]:
            places[f"{outcome['name']}: {row['name']}, {row['detail']}"] = [row["raw"], " ", row["text"]]
        total = (outcome["table"] or {}).get("total")
        if total:
            places[f"{outcome['name']}: together"] = [total["text"]]
    for number, item in enumerate(content["others"]):
        places[f"What others say {number + 1}"] = [item["text"]]
    return places


def _words(parts: list[Any]) -> str:
    return "".join(part if isinstance(part, str) else part.get("number", part.get("link", "")) for part in parts)
