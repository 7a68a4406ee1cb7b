"""The description of the API for people: the same schema as the one for machines, as plain lists for a page."""

from __future__ import annotations

import json
from typing import Any

Described = dict[str, Any]
PATH_WORDS = {
    "identifier": "Our identifier of the report, as in `id`. It is part of the address.",
    "result": "Our identifier of the result, as in `id`. It is part of the address.",
    "revision": "Our identifier of the revision, as in `id`. It is part of the address.",
    "rating": "Our identifier of the rating, as in `id`. It is part of the address.",
    "guide": "Our identifier of the guide, as in `id`. It is part of the address.",
    "package": "Our identifier of the package, as in `id`. It is part of the address.",
    "review": "The review’s name, as in the address of its page. It is part of the address.",
    "candidate": "The candidate, as in `candidate`. It is part of the address.",
}


def operations_of(schema: Described, *, closed: bool) -> list[dict[str, Any]]:
    """Every address with its parameters and an example: those that need a token, or those that do not."""
    return [
        {
            "method": method.upper(),
            "address": address,
            "summary": one["summary"],
            "words": one.get("description", ""),
            "parameters": [_parameter(each) for each in one.get("parameters", [])],
            "takes": _names(one.get("requestBody", {})),
            "gives": _names(one["responses"].get("200", one["responses"].get(200))),
        }
        for address, methods in schema["paths"].items()
        for method, one in methods.items()
        if bool(one.get("security")) == closed
    ]


def _parameter(given: Described) -> dict[str, Any]:
    inside = given["schema"]
    return {
        "name": given["name"],
        "words": inside.get("description") or PATH_WORDS.get(given["name"], ""),
        "example": (inside.get("examples") or [""])[0],
        "required": given.get("required", False),
    }


def _names(held: Described) -> list[str]:
    """The objects that a request or an answer may be."""
    content = held.get("content", {}).get("application/json", {}).get("schema", {})
    choices = content.get("anyOf", [content])
    return [str(one["$ref"]).rpartition("/")[2] for one in choices if "$ref" in one]


def schemas_of(schema: Described) -> list[dict[str, Any]]:
    """Every object that a request or an answer may hold, field by field."""
    return [
        {
            "name": name,
            "words": one.get("description", ""),
            "fields": [_field(*each) for each in one["properties"].items()],
        }
        for name, one in schema["components"]["schemas"].items()
        if "properties" in one and not name.endswith("Query")
    ]


def _field(name: str, given: Described) -> dict[str, str]:
    examples = given.get("examples") or []
    return {
        "name": name,
        "kind": _kind(given),
        "words": given.get("description", ""),
        "example": json.dumps(examples[0], ensure_ascii=False) if examples else "",
    }


def _kind(given: Described) -> str:
    if "$ref" in given:
        return str(given["$ref"]).rpartition("/")[2]
    if "anyOf" in given:
        return " or ".join(_kind(one) for one in given["anyOf"])
    if given.get("type") == "array":
        return f"list of {_kind(given['items'])}"
    kind = str(given.get("type", "object"))
    return {"string": "text", "integer": "number", "boolean": "true or false"}.get(kind, kind)
