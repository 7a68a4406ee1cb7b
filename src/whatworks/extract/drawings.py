"""Drawings of risk of bias: a traffic light of each study, a summary over studies, and the table other programs read.

Every judgement is a sign and a word as well as a colour, and every drawing is a table too.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from io import StringIO

from whatworks.errors import InputError
from whatworks.extract.instruments import Appraisal, Instrument, instrument
from whatworks.saying import as_html, joined, said
from whatworks.screen.methods.measure import text_width, wrap
from whatworks.spreadsheets import cell
from whatworks.stats.chart import FONT, Chart
from whatworks.stats.results import Result

# From best to worst: fill, ink of the sign, sign. Told apart in print and by most colour-blind readers, too.
GOOD, FAIR, POOR, WORST = ("#1b6e63", "#fff", "+"), ("#e3b23c", "#17202a", "−"), ("#a8322d", "#fff", "×"), (
    "#4f1216", "#fff", "!")  # fmt: skip
SILENT = ("#8d8a80", "#17202a", "?")
PALETTES = {2: (GOOD, POOR), 3: (GOOD, FAIR, POOR), 4: (GOOD, FAIR, POOR, WORST),
            5: (GOOD, ("#7fb3aa", "#17202a", "○"), FAIR, POOR, WORST)}  # fmt: skip
SIZE, LINE = 13, 17  # of the letters, as FONT has it, and from line to line
ROW, CELL, HEAD, LEAD = 30.0, 46.0, 40.0, 20.0  # of a study or domain; a column; what stands above; a line below
LEAST = 200.0  # for names, so that few short ones do not make the signs large
NAME, NEAR, WIDE = 240.0, 20.0, 380.0  # the most that a name takes before it goes to the next line; its margins; a bar
PAGE = 420.0  # the most that the lines of one drawing take, so that two fit on a printed page
OVERALL = said("Overall")
Look = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Rated(Result):
    """One row of a risk-of-bias drawing: a study, its judgements, and its weight in the synthesis (for the summary).

    about: what was judged of the study, such as a result or a report; empty for the whole study.
    """

    study: str
    appraisal: Appraisal
    weight: float = 1.0
    about: str = ""

    @property
    def label(self) -> str:
        """The study, and what was judged of it."""
        return f"{self.study}: {self.about}" if self.about else self.study


def robvis_csv(rows: Iterable[Rated]) -> str:
    """The judgements as a CSV file that robvis reads: Study, one column per domain, Overall, Weight.

    A study stands with what was judged of it, so that two of its results are two rows. Domain columns are the
    instrument's keys (D1, D2, ...). Cells that a spreadsheet would run as a formula are marked
    with a leading apostrophe. Raises InputError where rows are by different instruments, or there is none.
    """
    held, listed = _together(rows)
    out = StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["Study", *(domain.key for domain in held.domains), "Overall", "Weight"])
    for row in listed:
        words = [row.appraisal.domains.get(domain.key, "") for domain in held.domains]
        writer.writerow([*map(cell, [row.label, *words, row.appraisal.overall]), f"{row.weight:g}"])
    return out.getvalue()


def traffic_light(rows: Iterable[Rated]) -> Chart:
    """One line per study, one sign per domain and overall. Raises InputError as `robvis_csv` does."""
    held, listed = _together(rows)
    return _lights(held, listed, _named(listed), said("%(short)s: each study", short=_short(held)))


def traffic_lights(rows: Iterable[Rated]) -> tuple[Chart, ...]:
    """The same in as many drawings as it takes for each to fit on a printed page; what the signs mean is in the last.

    Raises InputError as `robvis_csv` does.
    """
    held, listed = _together(rows)
    parts: list[list[Rated]] = [[]]
    for row in listed:
        if parts[-1] and sum(_tall(_label(one)) for one in [*parts[-1], row]) > PAGE:
            parts.append([])
        parts[-1].append(row)
    charts, first = [], 1
    for part in parts:
        last = first + len(part) - 1
        which = (
            said("each study")
            if len(parts) == 1
            else said("studies %(first)s to %(last)s of %(count)s", first=first, last=last, count=len(listed))
        )
        charts.append(_lights(held, part, _named(listed), f"{_short(held)}: {which}", key=part is parts[-1]))
        first = last + 1
    return tuple(charts)


def _named(listed: Sequence[Rated]) -> float:
    """How much the names take."""
    return max(LEAST, NEAR + max(text_width(line, SIZE) for row in listed for line in _label(row)))


def _lights(held: Instrument, listed: Sequence[Rated], name: float, title: str, *, key: bool = True) -> Chart:
    heads = [domain.key for domain in held.domains] + ([] if held.overall.none else [OVERALL])
    columns = [max(CELL, text_width(head, SIZE) + 12) for head in heads]
    at = [name + sum(columns[:place]) + wide / 2 for place, wide in enumerate(columns)]
    parts = [_text(x, HEAD - 14, head, "middle") for x, head in zip(at, heads, strict=True)]
    y: float = HEAD
    for row in listed:
        lines = _label(row)
        middle = y + _tall(lines) / 2
        parts.append(_lines(name - 12, middle, lines, "end", of=len(wrap(row.study, SIZE, NAME))))
        for place, word in enumerate(_words(held, row)):
            shape = look(held, word, overall=place == len(held.domains))
            parts.append(_sign(at[place], middle, shape, word))
        y += _tall(lines)
    width = name + sum(columns) + 24
    if key:
        keys = [f"{domain.key}: {domain.name}" for domain in held.domains if domain.key != domain.name]
        below, y = _below(held, keys, y + LEAD, width)
        parts += below
    note = said("Each sign is the judgement of one domain for one study; the same stands in the table.")
    head = (
        said("study"),
        *(domain.name for domain in held.domains),
        *(() if held.overall.none else (said("overall"),)),
    )
    table = tuple((row.label, *_words(held, row)) for row in listed)
    return Chart(title, note, _svg(width, y, title, note, parts), head, table)


def summary_chart(rows: Iterable[Rated], *, weighted: bool = False) -> Chart:
    """What share of studies has each judgement, by domain and overall; weighted by their weight where asked.

    Raises InputError as `robvis_csv` does, and where weights are negative or all 0.
    """
    held, listed = _together(rows)
    weights = [row.weight if weighted else 1.0 for row in listed]
    if min(weights) < 0 or sum(weights) <= 0:
        raise InputError(
            said("The weights of the studies must be above 0; give each study its weight in the synthesis.")
        )
    names = [domain.name for domain in held.domains] + ([] if held.overall.none else [OVERALL])
    words = [_words(held, row) for row in listed]
    shown = _shown_words(held)
    table, parts = [], []
    y: float = HEAD - 20
    for line, name in enumerate(names):
        shares = _shares([row[line] for row in words], weights, shown, name)
        table.append((name, *(100 * shares[word] for word in shown)))
        lines, looks = wrap(name, SIZE, NAME), [look(held, word, overall=line == len(held.domains)) for word in shown]
        middle = y + _tall(lines) / 2
        parts += [_lines(NAME + NEAR - 12, middle, lines, "end"), *_bars(middle, shares, looks)]
        y += _tall(lines)
    width = NAME + NEAR + WIDE + 16
    below, height = _below(held, [], y + LEAD, width)
    title = said("%(short)s: share of studies", short=_short(held))
    note = said(
        "Each bar is one domain; its parts are the shares of studies%(what)s with each judgement.",
        what=said(" by weight") if weighted else "",
    )
    svg = _svg(width, height, title, note, [*parts, *below])
    return Chart(
        title, note, svg, (said("domain"), *(said("%(word)s, per cent", word=word) for word in shown)), tuple(table)
    )


def _label(row: Rated) -> list[str]:
    """The study, and below it what was judged of it, in lines that fit."""
    return wrap(row.study, SIZE, NAME) + (wrap(row.about, SIZE, NAME) if row.about else [])


def _tall(lines: Sequence[str]) -> float:
    return max(ROW, LINE * len(lines) + 10)


def _below(held: Instrument, keys: Sequence[str], y: float, width: float) -> tuple[list[str], float]:
    """What stands below a drawing: what its heads and signs mean. Returns it and where it ends."""
    parts = []
    for text in keys:
        lines = wrap(text, SIZE, width - 16)
        parts.append(_lines(8, y + LINE * (len(lines) - 1) / 2, lines, "start"))
        y += LEAD + LINE * (len(lines) - 1)
    y += 6 if keys else 0
    for word in _shown_words(held):
        lines = wrap(word, SIZE, width - 42)
        parts += [_sign(18, y, look(held, word, overall=word not in held.allowed), word, radius=8)]
        parts += [_lines(34, y + LINE * (len(lines) - 1) / 2, lines, "start")]
        y += LEAD + LINE * (len(lines) - 1)
    return parts, y


def _bars(middle: float, shares: Mapping[str, float], looks: Sequence[Look]) -> list[str]:
    parts, x = [], NAME + NEAR
    for (word, share), shape in zip(shares.items(), looks, strict=True):
        if share > 0:
            parts.append(_bar(x, middle, WIDE * share, shape, word, share))
        x += WIDE * share
    return parts


def look(held: Instrument, word: str, *, overall: bool = False) -> Look:
    """The fill, ink and sign of a judgement: by its place from best to worst; grey where it stands beside the ranking."""
    ranked = (held.overall.judgements if overall else ()) or held.judgements
    spelt = {one.casefold(): place for place, one in enumerate(ranked)}
    place = spelt.get(" ".join(word.split()).casefold())
    palette = PALETTES.get(len(ranked), PALETTES[5])
    return SILENT if place is None else palette[min(place, len(palette) - 1)]


def _together(rows: Iterable[Rated]) -> tuple[Instrument, list[Rated]]:
    listed = list(rows)
    if not listed:
        raise InputError(said("There is no appraisal to show; judge at least one study first."))
    kinds = {(row.appraisal.instrument, str(row.appraisal.version)) for row in listed}
    if len(kinds) > 1:
        named = joined(
            ", ", (said("%(key)s version %(version)s", key=key, version=version) for key, version in sorted(kinds))
        )
        raise InputError(
            said("These appraisals are by different instruments (%(named)s); show each by itself.", named=named)
        )
    return instrument(*kinds.pop()), listed


def _words(held: Instrument, row: Rated) -> list[str]:
    given: Mapping[str, str] = row.appraisal.domains
    words = [held.judgement(given.get(domain.key, "")) or given.get(domain.key, "") for domain in held.domains]
    overall = row.appraisal.overall
    return words if held.overall.none else [*words, held.overall_judgement(overall) or overall]


def _shown_words(held: Instrument) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*held.allowed, *held.overall.judgements)))


def _shares(words: Sequence[str], weights: Sequence[float], shown: Sequence[str], name: str) -> dict[str, float]:
    shares = dict.fromkeys(shown, 0.0)
    for word, weight in zip(words, weights, strict=True):
        if word not in shares:
            raise InputError(
                said(
                    "%(name)s: %(what)s; mend it first.",
                    name=name,
                    what=said("a judgement is missing") if not word else said("“%(word)s” is no judgement", word=word),
                )
            )
        shares[word] += weight / sum(weights)
    return shares


def _short(held: Instrument) -> str:
    return held.title.split(":")[0]


def _text(x: float, y: float, text: str, anchor: str = "start") -> str:
    place = f'x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" dominant-baseline="central"'
    return f"<text {place}>{as_html(text)}</text>"


def _lines(x: float, middle: float, lines: Sequence[str], anchor: str, of: int | None = None) -> str:
    """Lines about a middle; those from `of` on are lighter."""
    top = middle - LINE * (len(lines) - 1) / 2
    drawn = [_text(x, top + LINE * place, line, anchor) for place, line in enumerate(lines)]
    later = "".join(drawn[of:]) if of is not None else ""
    return "".join(drawn[:of]) + (f'<g fill-opacity="0.75">{later}</g>' if later else "")


def _sign(x: float, y: float, shape: Look, word: str, radius: float = 11) -> str:
    fill, ink, sign = shape if word else ("none", "currentColor", "")
    words = as_html(word or said("not judged"))
    return (
        f'<g class="judgement"><title>{words}</title><circle cx="{x:.1f}" cy="{y:.1f}" r="{radius:g}" fill="{fill}" '
        f'stroke="currentColor" stroke-opacity="0.3"/><text x="{x:.1f}" y="{y:.1f}" text-anchor="middle" '
        f'dominant-baseline="central" font-weight="700" fill="{ink}">{sign}</text></g>'
    )


def _bar(x: float, middle: float, length: float, shape: Look, word: str, share: float) -> str:
    fill, ink, sign = shape
    words = as_html(said("%(word)s: %(share)s per cent", word=word, share=f"{100 * share:.0f}"))
    mark = (
        f'<text x="{x + length / 2:.1f}" y="{middle:.1f}" text-anchor="middle" dominant-baseline="central" '
        f'font-weight="700" fill="{ink}">{sign}</text>'
        if length > 16
        else ""
    )
    return (
        f'<g class="judgement"><title>{words}</title><rect x="{x:.1f}" y="{middle - 11:.1f}" width="{length:.1f}" height="22" '
        f'fill="{fill}" stroke="currentColor" stroke-opacity="0.3"/>{mark}</g>'
    )


def _svg(width: float, height: float, title: str, note: str, parts: Iterable[str]) -> str:
    return (
        f'<svg class="chart risk-of-bias" xmlns="http://www.w3.org/2000/svg" width="{width:.0f}" '
        f'viewBox="0 0 {width:.0f} {height:.0f}" '
        f'role="img" fill="currentColor" {FONT}><title>{as_html(title)}</title><desc>{as_html(note)}</desc>'
        f"{''.join(parts)}</svg>"
    )
