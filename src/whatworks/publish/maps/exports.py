"""A map given away: as a table for a spreadsheet, as JSON that can be taken in again, as one HTML file that needs no other."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator
from html import escape
from pathlib import Path

from django.utils.translation import get_language, to_locale
from django.utils.translation import gettext as _

from whatworks.ledger.canonical import canonical
from whatworks.publish.maps import drawing
from whatworks.publish.maps.pages import Shown, entry
from whatworks.publish.methods.mapping import Heading, Item, Map, leaves
from whatworks.publish.methods.mapping_counting import Cell, Counted, counted, newest_first, of_kinds, unplaced
from whatworks.publish.methods.mapping_plain import to_plain
from whatworks.publish.methods.mapping_sentences import told
from whatworks.spoken import spoken
from whatworks.spreadsheets import cell as safe

COLUMNS = (
    "row_group", "row", "column_group", "column", "state", "certainty",
    "kind", "title", "authors", "year", "where", "what", "address", "key",
)  # fmt: skip
STATIC = Path(__file__).parent.parent / "static" / "publish"
POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
)
INKS = (
    ":root{color-scheme:light dark;--paper:light-dark(#fbfaf6,#12161c);--card:light-dark(#fff,#181e26);"
    "--wash:light-dark(#f2f0e8,#1e2530);--ink:light-dark(#17202a,#e7eaee);--muted:light-dark(#525d68,#a6b0bb);"
    "--line:light-dark(#dfdcd2,#303945);--dot:light-dark(#7d8288,#6f7a87);--accent:light-dark(#0b5c63,#6cc5cb);"
    "--rule:1px solid var(--line);--dashed:1px dashed var(--dot);--radius:8px;--step--2:.8rem;--step--1:.92rem;"
    "--ground:var(--paper);--measure:46rem}*{box-sizing:border-box}"
    "body{margin:0;padding:1.2rem;background:var(--paper);color:var(--ink);font:1rem/1.5 system-ui,sans-serif;"
    "overflow-wrap:break-word}main{max-width:90rem;margin:auto}p{max-width:46rem}a{color:var(--accent)}"
    ".small{font-size:.9rem;color:var(--muted)}.hidden{position:absolute;width:1px;height:1px;overflow:hidden;"
    "clip-path:inset(50%);white-space:nowrap}th,td{text-align:start;vertical-align:top}"
    ":focus-visible{outline:3px solid var(--accent);outline-offset:2px}:target{background:var(--wash)}"
)


def as_json(shown: Shown) -> str:
    """The map as JSON, the form in which it can be taken in again."""
    return canonical(to_plain(shown.map)) + "\n"


def as_csv(shown: Shown) -> str:
    """One line for each item in each cell, one for each empty cell of which something is known, one for items in no cell."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for line in _lines(shown.map):
        writer.writerow([safe(value) for value in line])
    return out.getvalue()


def _lines(held: Map) -> Iterator[tuple[str, ...]]:
    found = counted(held)
    down, across = _under(held.rows), _under(held.columns)
    for row, column in _in_order(held, found):
        cell = found.cells[row, column]
        place = (*down[row], *across[column])
        said = (drawing.state_words(cell.state), cell.note.sure if cell.note else "")
        items = newest_first(found.within.get((row, column), ()))
        for item in items:
            yield (*place, *said, *_values(held, item))
        if not items and cell.state != held.blank:
            yield (*place, *said, *[""] * 8)
    for item in unplaced(held):
        yield (*[""] * 6, *_values(held, item))


def _values(held: Map, one: Item) -> tuple[str, ...]:
    kinds = "; ".join(of_kinds(held, one))
    return kinds, one.title, one.authors, one.year, one.venue, one.detail, one.href, one.key


def _under(side: tuple[Heading, ...]) -> dict[str, tuple[str, str]]:
    return {leaf.key: (one.title if one.parts else "", leaf.title) for one in side for leaf in leaves((one,))}


def _in_order(held: Map, found: Counted) -> Iterator[tuple[str, str]]:
    for row in leaves(held.rows):
        for column in leaves(held.columns):
            if (row.key, column.key) in found.cells:
                yield row.key, column.key


def as_html(shown: Shown) -> str:
    """The map as one file that opens from a disk and asks nothing of any network. Its data are in it, to be taken in again."""
    held = shown.map
    found = counted(held)
    title = escape(shown.theirs.title if shown.theirs else held.title)
    data = json.dumps(to_plain(held), ensure_ascii=False, sort_keys=True, separators=(",", ":")).replace("<", "\\u003c")
    numbers = {item.key: number for number, item in enumerate(held.items, 1)}
    not_advice = _("Software demonstration. Not the What Works Centre or its successor, and not advice.")
    grid = drawing.grid(
        held, found, lambda place: f"#c-{place[0]}-{place[1]}", _("Each number leads to its list below.")
    )
    return "\n".join(
        [
            f'<!doctype html><html lang="{_language()}"><head><meta charset="utf-8"><title>{title}</title>',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">',
            f"<style>{INKS}{(STATIC / 'map.css').read_text('utf-8')}</style></head><body><main>",
            f"<h1>{title}</h1><p>{escape(' '.join(map(spoken, told(held, found))))}</p>{_origin(shown)}",
            f"{drawing.symbols(held)}{drawing.legend(held, found)}",
            f'<h2 class="egm-only">{escape(_("The map"))}</h2>',
            f'<div class="egm-box" tabindex="0" role="region" aria-label="{title}">{grid}</div>',
            f"<h2>{escape(_('Row by row'))}</h2>{_rows(held, found, numbers)}",
            f"<h2>{escape(_('Every study and review'))}</h2>{_items(held)}",
            f'<p class="small">{escape(not_advice)}</p>',
            f'</main><script type="application/json" id="map">{data}</script>',
            f"<script>{(STATIC / 'map.js').read_text('utf-8')}</script></body></html>",
        ]
    )


def _language() -> str:
    return to_locale(get_language() or "en-gb").replace("_", "-")


def _origin(shown: Shown) -> str:
    if shown.theirs is None:
        return ""
    parts = [
        shown.theirs.whose,
        shown.version.dated if shown.version else "",
        shown.theirs.source_url,
        shown.theirs.licence,
    ]
    return f'<p class="small">{escape(". ".join(part for part in parts if part))}.</p>'


def _rows(held: Map, found: Counted, numbers: dict[str, int]) -> str:
    titles = {leaf.key: leaf.title for leaf in leaves(held.columns)}
    made = []
    for group in held.rows:
        made.append(f"<h3>{escape(group.title)}</h3>")
        for leaf in leaves((group,)):
            cells = [cell for column in titles if (cell := found.cells.get((leaf.key, column)))]
            lines = "".join(
                _line(cell, titles[cell.column], found.within.get((cell.row, cell.column), ()), numbers)
                for cell in cells
            )
            made.append(
                f'<section class="row"><h4>{escape(leaf.title)}</h4><ul>{lines}</ul></section>' if lines else ""
            )
    return "".join(made)


def _line(cell: Cell, title: str, items: Iterable[Item], numbers: dict[str, int]) -> str:
    links = " ".join(f'<a href="#i{numbers[item.key]}">{numbers[item.key]}</a>' for item in newest_first(items))
    said = drawing.summary_of(cell)
    return f'<li id="c-{cell.row}-{cell.column}" tabindex="-1">{escape(title)}: {escape(said)} {links}</li>'


def _items(held: Map) -> str:
    made = []
    for number, item in enumerate(held.items, 1):
        told_of = entry(held, item)
        title = escape(told_of["title"])
        if item.href.startswith("http"):
            title = f'<a href="{escape(item.href)}" rel="noreferrer">{title}</a>'
        more = escape(". ".join(part for part in (told_of["line"], told_of["kinds"]) if part))
        made.append(f'<li id="i{number}">{title}<br><span class="small">{more}</span></li>')
    return f"<ol>{''.join(made)}</ol>"
