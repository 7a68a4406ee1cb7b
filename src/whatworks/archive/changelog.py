"""What a release changed since the one before it, from what the two say: pages, results, and numbers that moved."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeAlias
from urllib.parse import urlsplit

Page: TypeAlias = Mapping[str, Any]
Result: TypeAlias = Mapping[str, Any]
Item: TypeAlias = dict[str, str]
Section: TypeAlias = dict[str, Any]
FIRST = "This is the first release. There is nothing to compare it with."
NOT_HERE = "The files of the release before this one are not here, so we cannot say what changed."
SAME = "No page and no result has changed since the release before."


def sections(before: Mapping[str, Sequence[Any]], now: Mapping[str, Sequence[Any]]) -> list[Section]:
    """What changed, under headings; nothing where nothing did. Both hold `pages` and `results` as in the open data."""
    was, is_ = _by_slug(before["pages"]), _by_slug(now["pages"])
    both = [(was[slug], page) for slug, page in is_.items() if slug in was]
    old, new = _by_name(before["results"]), _by_name(now["results"])
    found = [
        ("New pages", [_item(page, _revision(page)) for slug, page in is_.items() if slug not in was]),
        ("Pages revised", [_item(b, _from(a, b)) for a, b in both if a["revision"] != b["revision"]]),
        ("Pages withdrawn", [_item(b, str(b["withdrawn"])) for a, b in both if b["withdrawn"] and not a["withdrawn"]]),
        ("Pages put back", [_item(b, _revision(b)) for a, b in both if a["withdrawn"] and not b["withdrawn"]]),
        ("Pages gone", [_item(page, "No longer held.") for slug, page in was.items() if slug not in is_]),
        ("Numbers that moved", [_moved(old[name], one) for name, one in new.items() if _differs(old.get(name), one)]),
        ("New results", [_result(one, _number(one)) for name, one in new.items() if name not in old]),
        ("Results no longer shown", [_result(one, _number(one)) for name, one in old.items() if name not in new]),
    ]
    found += _guides(before, now) if "guides" in before and "guides" in now else []
    return [{"title": title, "entries": items} for title, items in found if items]


def _guides(before: Mapping[str, Sequence[Any]], now: Mapping[str, Sequence[Any]]) -> list[tuple[str, list[Item]]]:
    """What changed of guides and packages. A draft is never called a guide: nobody approved it."""
    was, is_ = _by_id(before["guides"]), _by_id(now["guides"])
    both = [(was[key], one) for key, one in is_.items() if key in was]
    old, new = _by_id(before["packages"]), _by_id(now["packages"])
    out = [one for one in is_.values() if not _draft(one) and (one["id"] not in was or _draft(was[one["id"]]))]
    drafts = [one for one in is_.values() if _draft(one) and _number_of(was.get(one["id"])) != one["number"]]
    revised = [(a, b) for a, b in both if not _draft(a) and not _draft(b) and a["number"] != b["number"]]
    return [
        ("New guides", [_guide(one, f"revision {one['number']}.") for one in out]),
        ("Drafts of guides for comment", [_guide(one, "a draft, not guidance.") for one in drafts]),
        (
            "Guides revised",
            [_guide(b, f"revision {a['number']} to {b['number']}. {b['what_changed']}") for a, b in revised],
        ),
        (
            "Guides withdrawn",
            [_guide(b, str(b["withdrawn"])) for a, b in both if b["withdrawn"] and not a["withdrawn"]],
        ),
        ("Guides put back", [_guide(b, "in use again.") for a, b in both if a["withdrawn"] and not b["withdrawn"]]),
        ("Guides gone", [_guide(one, "No longer held.") for key, one in was.items() if key not in is_]),
        ("New packages", [_guide(one, one["lead"]) for key, one in new.items() if key not in old]),
        ("Packages changed", [_guide(one, _gathers(one)) for key, one in new.items() if _others(old.get(key), one)]),
        ("Packages gone", [_guide(one, "No longer held.") for key, one in old.items() if key not in new]),
    ]


def _by_id(rows: Iterable[Mapping[str, Any]]) -> dict[str, Mapping[str, Any]]:
    return {one["id"]: one for one in rows}


def _draft(one: Mapping[str, Any]) -> bool:
    return bool(one["standing"] == "draft")


def _number_of(one: Mapping[str, Any] | None) -> int | None:
    """Which draft it was; nothing where it was none."""
    return one["number"] if one and _draft(one) else None


def _guide(one: Mapping[str, Any], text: str) -> Item:
    return {"name": one["title"], "text": text.strip(), "href": urlsplit(one["page"]).path}


def _others(was: Mapping[str, Any] | None, now: Mapping[str, Any]) -> bool:
    """Whether a package gathers other things than before, or in another way."""
    named = ("stage", "kind", "page")
    told = [[[item[name] for name in named] for item in one["items"]] for one in (was, now) if one]
    return was is not None and (told[0] != told[1] or was["lead"] != now["lead"] or was["title"] != now["title"])


def _gathers(one: Mapping[str, Any]) -> str:
    return "now gathers " + "; ".join(item["title"] for item in one["items"]) + "."


def markdown(number: int, day: str, note: str, found: Iterable[Section]) -> str:
    """The same as a text file."""
    lines = [f"# Release {number}, {day}", ""]
    lines += [note, ""] if note else []
    for section in found:
        lines += [f"## {section['title']}", ""]
        lines += [f"- {one['name']}: {one['text']}" for one in section["entries"]]
        lines.append("")
    return "\n".join(lines)


def _by_slug(pages: Iterable[Page]) -> dict[str, Page]:
    return {page["slug"]: page for page in pages}


def _by_name(results: Iterable[Result]) -> dict[tuple[str, str, str], Result]:
    return {(one["intervention"], one["title"], one["role"]): one for one in results}


def _item(page: Page, text: str) -> Item:
    return {"name": page["title"], "text": text, "href": f"/evidence/{page['slug']}/"}


def _revision(page: Page) -> str:
    return f"revision {page['revision']}."


def _from(was: Page, now: Page) -> str:
    return f"revision {was['revision']} to {now['revision']}. {now['what_changed']}".strip()


def _differs(was: Result | None, now: Result) -> bool:
    return was is not None and any(was[name] != now[name] for name in ("estimate", "ci_low", "ci_high", "k"))


def _moved(was: Result, now: Result) -> Item:
    return _result(now, f"{_number(was)} before, {_number(now)} now")


def _result(one: Result, text: str) -> Item:
    name = one["title"] if one["intervention"] in one["title"] else f"{one['intervention']}: {one['title']}"
    return {"name": f"{name} ({one['role']})", "text": text + ".", "href": f"/trace/{one['id']}/"}


def _number(one: Result) -> str:
    if one["estimate"] is None:
        return "no number"
    ends = "" if one["ci_low"] is None else f" ({one['ci_low']:.3g} to {one['ci_high']:.3g})"
    return f"{one['metric']} {one['estimate']:.3g}{ends} from {one['k']} {'result' if one['k'] == 1 else 'results'}"
