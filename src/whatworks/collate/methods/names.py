"""Names: the parts of a person's name, and of a date, put together as RIS gives them."""

from __future__ import annotations

from typing import Any

from whatworks.collate.methods.fields import one_line

_PARTICLES = ("non-dropping-particle", "dropping-particle")


def family_first(family: str, given: str = "", suffix: str = "") -> str:
    """`Family, Given, Suffix`, without what is missing; the given name alone where there is no family name."""
    if not suffix and family and given:  # nearly every name
        return f"{one_line(family)}, {one_line(given)}"
    return (", " if family else " ").join(one_line(part) for part in (family, given, suffix) if part)


def csl_name(name: Any) -> str:
    """One name as CSL and Crossref write it: in parts with particles, as `literal`, or as `name` for a body.

    What is no name gives "". A particle that goes with the family name (`van Gogh, Vincent`) stands before it, and one
    that is dropped when names are sorted (`Humboldt, Alexander von`) stands after the given name, as CSL says.
    """
    if isinstance(name, str):
        return one_line(name)
    if not isinstance(name, dict):
        return ""
    family, given = name.get("family"), name.get("given")
    if len(name) == 2 and type(family) is str and type(given) is str and family and given:  # nearly every name
        return f"{one_line(family)}, {one_line(given)}"
    said = {key: value for key, value in name.items() if isinstance(value, str) and value.strip()}
    whole = said.get("literal") or said.get("name")
    if whole and "family" not in said:
        return one_line(whole)
    before, after = (said.get(particle, "") for particle in _PARTICLES)
    family = f"{before} {said['family']}".strip() if "family" in said else ""
    return family_first(family, f"{said.get('given', '')} {after}".strip(), said.get("suffix", ""))


def dated(parts: Any) -> str:
    """The first date of CSL's `[[year, month, day]]` in the form of RIS, as far as it goes: `2019/05/03`, or ""."""
    while isinstance(parts, list) and parts and isinstance(parts[0], list):
        parts = parts[0]
    numbers = [str(part).strip() for part in parts[:3]] if isinstance(parts, list) else []
    if not numbers or not numbers[0].isdecimal():
        return ""
    kept = [numbers[0]]
    for number in numbers[1:]:
        if not number.isdecimal():
            break
        kept.append(number.zfill(2))
    return "/".join(kept)
