"""How does a template show a page document? Inline parts, shapes, dots, scales, certainty and forest tables."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from django import template
from django.urls import reverse
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from whatworks.publish.page import drawings
from whatworks.spoken import spoken
from whatworks.synthesise.drawings import forest_axis, forest_row

register = template.Library()

Node = str | Mapping[str, Any]
Runs = str | Sequence[Node] | None

SHORT = 22  # characters: a shorter number is kept on one line, a longer one may break on a phone
FOLDED = 2  # headings in a chapter: more than this are folded
MANY = 8  # outcomes of a page: of more than this, all but the first few are folded, and the glance groups them
OPEN = 4
WHO = (", computed ", ", as judged ", ", signed ", ", rated by ", ", people gave ")  # who or what came to a level
NOT_RATED = gettext_lazy("Not rated")
OPENS = ("/", "#", "?", "https://", "http://", "mailto:")


@register.filter
def address(href: object) -> str:
    """A link that is safe to follow, or nothing: a pack could carry an address that would run a script."""
    text = str(href or "")
    return text if text.startswith(OPENS) and not text.startswith("//") else ""


def drawn(markup: str) -> SafeString:
    """Our own drawing, in which every word was escaped where it was made."""
    return SafeString(markup)


def number(node: Mapping[str, Any]) -> SafeString:
    """A published number, linked to where it came from."""
    if not node.get("trace"):
        return escape(spoken(node["number"]))
    long = SafeString(" data-long" if len(str(node["number"])) > SHORT else "")
    return format_html('<a class="num" href="{}"{}>{}</a>', _traced(node["trace"]), long, node["number"])


@lru_cache(maxsize=1 << 14)
def _traced(identifier: str) -> str:
    """The address of a trace: a page has hundreds, and its ratings, its revisions and its guide have the same ones."""
    return reverse("trace", args=[identifier])


def link(node: Mapping[str, Any]) -> SafeString:
    """A link, or its words alone where the address is not one to follow."""
    href = address(node.get("href"))
    return format_html('<a href="{}">{}</a>', href, node["link"]) if href else escape(spoken(node["link"]))


def inline(node: Node) -> SafeString:
    """One node of inline text."""
    if not isinstance(node, Mapping):
        return escape(spoken(node))
    if "mark" in node:
        return format_html("<mark>{}</mark>", node["mark"])
    shown = number(node) if "number" in node else link(node)
    return format_html("<mark>{}</mark>", shown) if node.get("changed") else shown


def words(node: Node) -> str:
    """What one node says, without its link."""
    named = ("number", "link", "mark")
    return str(next((node[name] for name in named if name in node), "")) if isinstance(node, Mapping) else node


def nodes(runs: Runs) -> Sequence[Node]:
    """Inline text as a list, whatever it was given as."""
    return [runs] if isinstance(runs, str) else runs or []


@register.simple_tag
def parts(runs: Runs) -> SafeString:
    """Inline text: strings are escaped, numbers lead to their trace, links to their page."""
    return SafeString("".join([inline(node) for node in nodes(runs)]))  # each is escaped


@register.simple_tag
def plain(*runs: Runs) -> str:
    """Inline text without its links, for the description of a page."""
    return " ".join(" ".join(words(node) for node in nodes(run)) for run in runs)


@register.simple_tag
def icon(shape: str) -> SafeString:
    """The shape of a state; nothing where there is no state."""
    return drawn(drawings.icon(shape) if shape else "")


@register.simple_tag
def hundred(n: float, css: str, label: str) -> SafeString:
    """100 dots of which n are filled."""
    return drawn(drawings.hundred(n, css, label))


@register.simple_tag
def dots_of(n: float, of: str, under: str, css: str) -> SafeString:
    """100 dots with a text alternative made of the figure's own words."""
    return hundred(n, css, _("%(n)s of 100 %(of)s %(under)s") % {"n": round(n), "of": of, "under": under})


@register.simple_tag
def scale(data: Mapping[str, Any]) -> SafeString:
    """An outcome's scale as the page document holds it."""
    named = ("estimate", "low", "high", "minimum", "maximum", "css", "label")
    ticks = [(value, said) for value, said in data["ticks"]]
    return drawn(drawings.scale(**{name: data[name] for name in named}, ticks=ticks, null=data.get("null", 0)))


@register.simple_tag
def certainty(held: Mapping[str, Any] | None, unrated: str = NOT_RATED) -> SafeString:
    """Certainty as bars and a word; the given words where nothing is rated, and nothing where there are none."""
    if held:
        return drawn(drawings.certainty(held["level"], held["of"], held["word"]))
    if not unrated:
        return SafeString("")
    lower = f"{unrated[:1].lower()}{unrated[1:]}"
    said = unrated if ":" in unrated else _("Certainty: %(words)s") % {"words": lower}
    return format_html('<span class="certainty">{}</span>', said)


@register.simple_tag
def certainty_of(level: int, of: int, word: str) -> SafeString:
    """Certainty outside a page document, for the words that explain it."""
    return drawn(drawings.certainty(level, of, word))


@register.simple_tag
def forest_line(row: Mapping[str, Any], table: Mapping[str, Any], kind: str = "") -> SafeString:
    """The drawing of one row of a forest table."""
    drawing = forest_row(
        estimate=row.get("estimate"),
        low=row.get("low"),
        high=row.get("high"),
        minimum=table["minimum"],
        maximum=table["maximum"],
        null=table.get("null", 0),
        kind=kind or ("study" if row.get("pooled", True) else "apart"),
    )
    return drawn(drawing)


@register.simple_tag
def forest_head(table: Mapping[str, Any]) -> SafeString:
    """The axis of a forest table; for ratios it says ratios, though the drawing is on their logarithms."""
    named = ("minimum", "maximum", "left", "right")
    return drawn(forest_axis(**{name: table[name] for name in named}, ratio=bool(table.get("ratio"))))


@register.inclusion_tag("publish/_forest.html")
def forest(table: Mapping[str, Any]) -> dict[str, Any]:
    """A whole forest table: names, drawings and numbers beside each other at every width."""
    return {"table": table}


@register.filter
def is_in(index: int, numeric: Sequence[int] | None) -> bool:
    """Whether a column (counted from 0) holds numbers."""
    return index in (numeric or ())


def is_brief(cell: Runs) -> bool:
    """Whether a cell is short enough to stay on one line, such as a date."""
    return len(str(plain(cell))) <= SHORT


@register.simple_tag
def cells(row: Iterable[Runs], numeric: Sequence[int] | None = None) -> SafeString:
    """The cells of a table's row, of which the first names it. Here and not in a template: a page has hundreds of them."""
    shown = []
    for index, cell in enumerate(row):
        if index == 0:
            shown.append(f'<th scope="row">{parts(cell)}</th>')
        else:
            kind = ' class="number"' if is_in(index, numeric) else ' class="brief"' if is_brief(cell) else ""
            shown.append(f"<td{kind}>{parts(cell)}</td>")
    return SafeString("".join(shown))  # each is escaped


@register.filter
def as_sentence(runs: Runs) -> list[Node]:
    """Inline text with a capital at its beginning."""
    first, *rest = nodes(runs) or [""]
    return [first.strip()[:1].upper() + first.strip()[1:] if isinstance(first, str) else first, *rest]


@register.filter
def holding(checks: Sequence[Mapping[str, Any]] | None) -> int:
    """How many of the checks hold."""
    return sum(bool(check["ok"]) for check in checks or ())


@register.filter
def any_checked(options: Sequence[Mapping[str, Any]] | None) -> bool:
    """Whether a reader has chosen one of these."""
    return any(option.get("checked") for option in options or ())


@register.filter
def narrowed(filters: Sequence[Mapping[str, Any]] | None) -> bool:
    """Whether a reader has narrowed the list."""
    return any(any_checked(one["options"]) for one in filters or ())


@register.filter
def by_heading(blocks: Sequence[Mapping[str, Any]] | None) -> list[dict[str, Any]]:
    """The blocks of a chapter in parts, one for each heading; more than two headings are folded to a list of names."""
    found: list[dict[str, Any]] = [{"title": "", "blocks": []}]
    for block in blocks or ():
        if block["type"] == "heading":
            found.append({"title": block["text"], "blocks": []})
        else:
            found[-1]["blocks"].append(block)
    many = len(found) > FOLDED + 1
    for part in found:
        part["fold"] = many and bool(part["title"])
        part["small"] = outcome_of(part["blocks"])
        if part["title"] and not many:
            part["blocks"].insert(0, {"type": "heading", "text": part["title"]})
    return [part for part in found if part["blocks"]]


def outcome_of(blocks: Sequence[Mapping[str, Any]]) -> str:
    """What the first trail of reasons comes to, without who or what came to it."""
    items = (item for block in blocks if block["type"] == "trail" for item in block["items"])
    said = next((str(item["text"]) for item in items if item["kind"] == "result"), "")
    for who in WHO:
        said = said.partition(who)[0]
    return said


@register.filter
def in_cards(outcomes: Sequence[Mapping[str, Any]] | None) -> list[dict[str, Any]]:
    """Outcomes as a page shows them: what is known about safety stays with the outcome it belongs to, and of many
    cards all but the first are folded to their names. Each outcome has its number, which is its address."""
    cards: list[dict[str, Any]] = []
    group = ""
    for number, outcome in enumerate(outcomes or (), 1):
        if cards and outcome["safety"]:
            cards[-1]["outcomes"].append((number, outcome))
            continue
        heading = outcome["group"] if outcome["group"] != group and not outcome["safety"] else ""
        group = outcome["group"] or group
        cards.append({"number": number, "group": heading, "outcomes": [(number, outcome)], "first": outcome})
    for at, card in enumerate(cards):
        card["fold"] = len(cards) > MANY and at >= OPEN
    return cards


@register.filter
def at_a_glance(outcomes: Sequence[Mapping[str, Any]] | None) -> list[dict[str, Any]]:
    """Outcomes by what is known of them, in the order in which each comes first; each row leads to its outcomes.

    Few outcomes have a row each.
    """
    rows: dict[Any, dict[str, Any]] = {}
    apart = len(outcomes or ()) <= MANY
    for card in in_cards(outcomes):
        for number, outcome in card["outcomes"]:
            sure = outcome["certainty"] and outcome["certainty"]["word"]
            key = number if apart else (outcome["state"]["word"], sure, bool(outcome["certainty_words"]))
            row = rows.setdefault(key, {"outcome": outcome, "names": [], "alone": apart})
            row["names"].append({"number": card["number"] if card["fold"] else number, "name": outcome["name"]})
    return list(rows.values())


@register.filter
def by_state(chips: Sequence[Mapping[str, Any]] | None) -> list[dict[str, Any]]:
    """Chips of one state and certainty as one: the state once, then the names. What names no state comes last."""
    rows: dict[Any, dict[str, Any]] = {}
    for chip in chips or ():
        name, colon, word = str(chip["text"]).partition(": ")
        sure = chip["certainty"]["word"] if chip["certainty"] else ""
        row = rows.setdefault((word, sure), {"word": word[:1].upper() + word[1:], "names": [], **chip})
        row["names"].append(name)
        row["shape"] = chip["shape"] if colon else ""
    found = [row | {"text": "; ".join(_inside(row["names"]))} for row in rows.values()]
    return sorted(found, key=lambda row: not row["word"])


def _inside(names: Sequence[str]) -> list[str]:
    """Names one after another: only the first begins with a capital, unless a name is written so."""
    return [name if at == 0 or name[1:2].isupper() else name[:1].lower() + name[1:] for at, name in enumerate(names)]
