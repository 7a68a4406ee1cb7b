"""How does a map look? One table, its cells marked by shape, size and colour; the same row by row; and what marks mean.

Markup is written here and not in templates because a map has a thousand cells; every word is escaped where it is put in.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from html import escape

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from whatworks.publish.methods.mapping import Heading, Map, Place, leaves
from whatworks.publish.methods.mapping_counting import PASSED, Cell, Counted
from whatworks.publish.page.drawings import SHAPES

# A mark for each kind of evidence, told apart by its outline alone. A map with more kinds gives the rest the last one.
MARKS = (
    '<circle cx="8" cy="8" r="7"/>',
    '<path d="M1.5 1.5h13v13h-13z"/>',
    '<path d="M8 1 15.5 15H.5z"/>',
    '<path d="M8 0l8 8-8 8-8-8z"/>',
    '<path d="M5.5 0h5v5.5H16v5h-5.5V16h-5v-5.5H0v-5h5.5z"/>',
    '<path d="M8 .5a7.5 7.5 0 1 0 0 15 7.5 7.5 0 0 0 0-15zm0 4a3.5 3.5 0 1 1 0 7 3.5 3.5 0 0 1 0-7z"/>',
    '<path d="M1 1h14v14H1zm4 4v6h6V5z" fill-rule="evenodd"/>',
    '<path d="M8 15 .5 1h15z"/>',
    '<path d="M3 0l5 5 5-5 3 3-5 5 5 5-3 3-5-5-5 5-3-3 5-5-5-5z"/>',
    '<path d="M1 6h14v4H1z"/>',
)
STATES = {"not-poolable": "not-poolable", "nothing-found": "nothing-found", "not-searched": "unsearched"}
BARS, HOLLOW = 4, ' fill="none"'
Address = Callable[[Place], str]


def mark_of(number: int) -> int:
    """The mark of the segment with this number, counted from 1."""
    return min(number, len(MARKS))


def symbols(held: Map) -> str:
    """Each mark once, to be used by the cells."""
    made = [
        f'<symbol id="k{number}" viewBox="0 0 16 16">{MARKS[number - 1]}</symbol>'
        for number in range(1, mark_of(len(held.segments)) + 1)
    ]
    if not held.segments:
        made.append(f'<symbol id="k1" viewBox="0 0 16 16">{MARKS[0]}</symbol>')
    for level in range(1, BARS + 1):
        bars = "".join(
            f'<rect x="{1 + 8 * index}" y="1" width="6" height="5"{"" if index < level else HOLLOW}/>'
            for index in range(BARS)
        )
        made.append(f'<symbol id="s{level}" viewBox="0 0 33 7">{bars}</symbol>')
    made += [f'<symbol id="{key}" viewBox="0 0 16 16">{SHAPES[shape]}</symbol>' for key, shape in STATES.items()]
    return f'<svg class="hidden" aria-hidden="true" width="0" height="0">{"".join(made)}</svg>'


def use(name: str, css: str) -> str:
    """One mark."""
    return f'<svg class="{css}"><use href="#{name}"/></svg>'


def state_words(state: str) -> str:
    """What a state says of a cell; nothing where it says nothing."""
    return {
        "not-searched": _("not searched"),
        "nothing-found": _("searched, nothing found"),
        "not-poolable": _("cannot be put together"),
        PASSED: _("nothing that fits what you chose"),
        "none-here": _("nothing in this map"),
    }.get(state, "")


def parts_of(cell: Cell) -> list[str]:
    """What a cell holds, in words: how many of each kind, the state, how sure people were."""
    said = [f"{share.segment.title}: {share.count}" for share in cell.shares]
    said += [state_words(cell.state)] if cell.state else []
    if cell.note and cell.note.sure:
        said.append(_("%(word)s certainty") % {"word": cell.note.sure.lower()})
    return said


def all_of_one_kind(cell: Cell) -> bool:
    """Whether a cell's number is told already by its only kind."""
    return len(cell.shares) == 1 and cell.shares[0].count == cell.count


def summary_of(cell: Cell) -> str:
    """The cell in one line of words."""
    if not cell.count:
        return state_words(cell.state).capitalize()
    said = "; ".join(parts_of(cell))
    if all_of_one_kind(cell):
        return said
    return _("%(count)s in all") % {"count": cell.count} + (f". {said}" if said else "")


def grid(held: Map, found: Counted, address: Address, caption: str) -> str:
    """The whole map as a table. A cell that holds something is a link; a blank one says what the caption says of it."""
    columns = leaves(held.columns)
    body = "".join(_rows(held, found, address, [one.key for one in columns]))
    # Nobody reads to the end of sixty columns without knowing which row they are in: headings stay in sight.
    return f'<table class="egm" id="grid"><caption>{escape(caption)}</caption><thead>{_head(held, columns)}</thead>{body}</table>'


def _head(held: Map, columns: list[Heading]) -> str:
    deep = any(one.parts for one in held.columns)
    corner = f'<th scope="col" class="corner" rowspan="{1 + deep}">{escape(_("What was done"))}</th>'
    if not deep:
        cells = "".join(f'<th scope="col"><span>{escape(one.title)}</span></th>' for one in columns)
        return f"<tr>{corner}{cells}</tr>"
    groups = "".join(
        f'<th scope="colgroup" colspan="{len(leaves((one,)))}"><span>{escape(one.title)}</span></th>'
        for one in held.columns
    )
    ends = {leaves((one,))[-1].key for one in held.columns}
    cells = "".join(
        f'<th scope="col"{" class=e" if one.key in ends else ""}><span>{escape(one.title)}</span></th>'
        for one in columns
    )
    return f"<tr>{corner}{groups}</tr><tr>{cells}</tr>"


def _rows(held: Map, found: Counted, address: Address, columns: list[str]) -> Iterator[str]:
    for one in held.rows:
        lines = [
            f'<tr><th scope="row">{escape(leaf.title)}</th>'
            + "".join(_cell(found.cells.get((leaf.key, column)), address) for column in columns)
            + "</tr>"
            for leaf in leaves((one,))
        ]
        head = (
            f'<tr class="g"><th scope="rowgroup" colspan="{len(columns) + 1}"><span>{escape(one.title)}</span></th></tr>'
            if one.parts
            else ""
        )
        yield f"<tbody>{head}{''.join(lines)}</tbody>"


def _cell(cell: Cell | None, address: Address) -> str:
    if cell is None:
        return "<td>"  # closed by what follows; there are a thousand of these
    if not cell.count:
        if cell.state not in ("nothing-found", PASSED):
            return "<td>"
        mark = use(cell.state, "n") if cell.state in STATES else ""
        return f'<td>{mark}<span class="hidden">{escape(state_words(cell.state))}</span>'
    marks = "".join(use(f"k{mark_of(one.number)}", f"k{mark_of(one.number)} z{one.size}") for one in cell.shares)
    marks += use(cell.state, "n") if cell.state in STATES else ""
    sure = use(f"s{cell.note.level}", "s") if cell.note and cell.note.level else ""
    words = f'<span class="hidden"> {escape(_within(cell))}</span>'
    return f'<td><a href="{escape(address((cell.row, cell.column)))}"><b>{cell.count}</b>{marks}{sure}{words}</a>'


def _within(cell: Cell) -> str:
    """What follows a cell's number, for somebody who hears it."""
    said = parts_of(cell)
    if all_of_one_kind(cell):
        return "; ".join([cell.shares[0].segment.title, *said[1:]])
    return _("in all. %(parts)s") % {"parts": "; ".join(said)} if said else _("in all")


def row_by_row(held: Map, found: Counted, address: Address) -> str:
    """The same map as lists: for each row, the outcomes it has something on. What a phone shows, and paper."""
    titles = {leaf.key: leaf.title for leaf in leaves(held.columns)}
    parts = []
    for one in held.rows:
        rows = leaves((one,))
        cards = [card for leaf in rows if (card := _card(leaf, titles, found, address, held.blank))]
        bare = [leaf.title for leaf in rows if not any((leaf.key, column) in found.cells for column in titles)]
        none = (
            f'<p class="small">{escape(_("Nothing held on: %(names)s.") % {"names": "; ".join(bare)})}</p>'
            if bare
            else ""
        )
        parts.append(f"<h3>{escape(one.title)}</h3>{''.join(cards)}{none}")
    return "".join(parts)


def _card(leaf: Heading, titles: dict[str, str], found: Counted, address: Address, blank: str) -> str:
    cells = [
        cell
        for column in titles
        if (cell := found.cells.get((leaf.key, column))) and (cell.count or cell.state not in ("", blank, PASSED))
    ]
    lines = [
        f'<li><a href="{escape(address((cell.row, cell.column)))}">{escape(titles[cell.column])}</a>'
        f"<br>{escape(summary_of(cell))}</li>"
        if cell.count
        else f"<li>{escape(titles[cell.column])}: {escape(state_words(cell.state))}</li>"
        for cell in cells
    ]
    return f'<section class="row"><h4>{escape(leaf.title)}</h4><ul>{"".join(lines)}</ul></section>' if lines else ""


def legend(held: Map, found: Counted) -> str:
    """What each shape, size, line and blank square means, and how many items are of each kind."""
    counts = {one.key: sum(one.key in item.codes for item in found.items) for one in held.segments}
    kinds = "".join(
        f"<li>{use(f'k{mark_of(number)}', f'k{mark_of(number)} z4')}<span>{escape(one.title)}: "
        f"{counts[one.key] or escape(_('none held'))}</span></li>"
        for number, one in enumerate(held.segments, 1)
    )
    states = {
        cell.state for cell in found.cells.values() if cell.state in STATES and (cell.count or cell.state != held.blank)
    }
    extra = "".join(
        f"<li>{use(key, 'n')}<span>{escape(state_words(key).capitalize())}</span></li>"
        for key in STATES
        if key in states
    )
    if any(cell.note and cell.note.level for cell in found.cells.values()):
        extra += (
            f"<li>{use('s2', 's')}<span>{escape(_('How sure people were: four filled bars are the most'))}</span></li>"
        )
    if any(cell.state == PASSED for cell in found.cells.values()):
        words = _("Plain: %(words)s") % {"words": state_words(PASSED)}
        extra += f'<li><i class="blank plain"></i><span>{escape(words)}</span></li>'
    blank = f'<li><i class="blank"></i><span>{escape(_("Blank: %(words)s") % {"words": state_words(held.blank)})}</span></li>'
    size = escape(_("The larger a shape, the more there is of it. The number is how many there are in all."))
    return f'<ul class="egm-legend">{kinds}{extra}{blank}</ul><p class="small">{size}</p>'


def cells_of(count: int) -> str:
    """So many squares, in words."""
    return ngettext("%(count)s square", "%(count)s squares", count) % {"count": f"{count:,}"}
