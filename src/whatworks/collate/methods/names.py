"""Names and dates of CSL and Crossref: objects into the one line that a RIS tag holds."""

from __future__ import annotations

from typing import Any


def csl_name(name: Any) -> str:
    """A CSL or Crossref name as `Family, Given, Suffix`; a body's name as it is; "" for what is no name."""
    if isinstance(name, str):
        return name.strip()
    if not isinstance(name, dict):
        return ""
    text = {key: value.strip() for key, value in name.items() if isinstance(value, str)}
    family = " ".join(part for part in (_particles(text), text.get("family", "")) if part)
    parts = [family, text.get("given", ""), text.get("suffix", "")]
    if family:
        return ", ".join(part for part in parts if part)
    return text.get("literal") or text.get("name") or text.get("given", "")


def _particles(text: dict[str, str]) -> str:
    kinds = (text.get("dropping-particle", ""), text.get("non-dropping-particle", ""))
    return " ".join(kind for kind in kinds if kind)


def dated(parts: Any) -> str:
    """The first of CSL's date-parts as `2020/05/03`, as far as it goes; "" where there is no year."""
    first = parts[0] if isinstance(parts, list) and parts else None
    if not isinstance(first, list):
        return ""
    numbers: list[int] = []
    for part in first[:3]:
        if isinstance(part, bool) or not isinstance(part, int | str) or not str(part).strip().lstrip("-").isdecimal():
            break
        numbers.append(int(part))
    return "/".join(f"{number:04d}" if not at else f"{number:02d}" for at, number in enumerate(numbers))
