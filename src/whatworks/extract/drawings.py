"""Drawings of risk of bias: a traffic light of each study, a summary over studies, and the table other programs read.

Every judgement is a sign and a word as well as a colour, and every drawing is a table too.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from io import StringIO

from whatworks.errors import InputError
from whatworks.extract.instruments import Appraisal, Instrument, instrument
from whatworks.stats.chart import FONT, Chart
from whatworks.stats.results import Result

# From best to worst: fill, ink of the sign, sign. Told apart in print and by most colour-blind readers, too.
GOOD, FAIR, POOR, WORST = ("#1b6e63", "#fff", "+"), ("#e3b23c", "#17202a", "−"), ("#a8322d", "#fff", "×"), (
    "#4f1216", "#fff", "!")  # fmt: skip
SILENT = ("#8d8a80", "#17202a", "?")
PALETTES = {2: (GOOD, POOR), 3: (GOOD, FAIR, POOR), 4: (GOOD, FAIR, POOR, WORST),
            5: (GOOD, ("#7fb3aa", "#17202a", "○"), FAIR, POOR, WORST)}  # fmt: skip
ROW, CELL, NAME, HEAD, LEAD = 30, 46, 220, 40, 20
Look = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Rated(Result):
    """One row of a risk-of-bias drawing: a study, its judgements, and its weight in the synthesis (for the summary)."""

    study: str
    appraisal: Appraisal
    weight: float = 1.0


def robvis_csv(rows: Iterable[Rated]) -> str:
    """The judgements as a CSV file that robvis reads: Study, one column per domain, Overall, Weight.

    Domain columns are the instrument's keys (D1, D2, ...). Cells that a spreadsheet would run as a formula are marked
    with a leading apostrophe. Raises InputError where rows are by different instruments, or there is none.
    """
    held, listed = _together(rows)
    out = StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["Study", *(domain.key for domain in held.domains), "Overall", "Weight"])
    for row in listed:
        words = [row.appraisal.domains.get(domain.key, "") for domain in held.domains]
        writer.writerow([_safe(row.study), *words, row.appraisal.overall, f"{row.weight:g}"])
    return out.getvalue()


def traffic_light(rows: Iterable[Rated]) -> Chart:
    """One line per study, one sign per domain and overall. Raises InputError as `robvis_csv` does."""
    held, listed = _together(rows)
    heads = [domain.key for domain in held.domains] + ([] if held.overall.none else ["Overall"])
    parts = [_text(NAME + CELL * (place + 0.5), HEAD - 14, head, "middle") for place, head in enumerate(heads)]
    for line, row in enumerate(listed):
        y = HEAD + ROW * (line + 0.5)
        parts.append(_text(NAME - 12, y, row.study, "end"))
        for place, word in enumerate(_words(held, row)):
            parts.append(
                _sign(NAME + CELL * (place + 0.5), y, look(held, word, overall=place == len(held.domains)), word)
            )
    y = HEAD + ROW * len(listed) + LEAD
    parts += [_text(8, y + LEAD * place, f"{domain.key}: {domain.name}") for place, domain in enumerate(held.domains)]
    y += LEAD * len(held.domains) + 6
    width, height = NAME + CELL * len(heads) + 24, y + LEAD * len(_shown_words(held)) + 4
    parts += [
        _sign(18, y + LEAD * place, look(held, word), word, radius=8) + _text(34, y + LEAD * place, word)
        for place, word in enumerate(_shown_words(held))
    ]
    title = f"{_short(held)}: each study"
    note = "Each sign is the judgement of one domain for one study; the same stands in the table."
    head = ("study", *(domain.name for domain in held.domains), *(() if held.overall.none else ("overall",)))
    return Chart(title, note, _svg(width, height, title, note, parts), head,
                 tuple((row.study, *_words(held, row)) for row in listed))  # fmt: skip


def summary_chart(rows: Iterable[Rated], *, weighted: bool = False) -> Chart:
    """What share of studies has each judgement, by domain and overall; weighted by their weight where asked.

    Raises InputError as `robvis_csv` does, and where weights are negative or all 0.
    """
    held, listed = _together(rows)
    weights = [row.weight if weighted else 1.0 for row in listed]
    if min(weights) < 0 or sum(weights) <= 0:
        raise InputError("The weights of the studies must be above 0; give each study its weight in the synthesis.")
    names = [domain.name for domain in held.domains] + ([] if held.overall.none else ["Overall"])
    words = [_words(held, row) for row in listed]
    shown = _shown_words(held)
    table, parts = [], []
    left, wide = 320, 380
    for line, name in enumerate(names):
        shares = _shares([row[line] for row in words], weights, shown, name)
        table.append((name, *(100 * shares[word] for word in shown)))
        y, x = HEAD - 16 + ROW * line, float(left)
        parts.append(_text(left - 12, y + 11, name, "end"))
        for word in shown:
            length = wide * shares[word]
            if length > 0:
                parts.append(
                    _bar(x, y, length, look(held, word, overall=line == len(held.domains)), word, shares[word])
                )
            x += length
    y = HEAD + ROW * len(names) + 2
    for place, word in enumerate(shown):
        parts.append(_sign(18, y + LEAD * place, look(held, word), word, radius=8) + _text(34, y + LEAD * place, word))
    title = f"{_short(held)}: share of studies"
    note = f"Each bar is one domain; its parts are the shares of studies{' by weight' if weighted else ''} with each judgement."
    svg = _svg(left + wide + 16, y + LEAD * len(shown), title, note, parts)
    return Chart(title, note, svg, ("domain", *(f"{word}, per cent" for word in shown)), tuple(table))


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
        raise InputError("There is no appraisal to show; judge at least one study first.")
    kinds = {(row.appraisal.instrument, str(row.appraisal.version)) for row in listed}
    if len(kinds) > 1:
        named = ", ".join(f"{key} version {version}" for key, version in sorted(kinds))
        raise InputError(f"These appraisals are by different instruments ({named}); show each by itself.")
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
                f"{name}: {'a judgement is missing' if not word else f'“{word}” is no judgement'}; mend it first."
            )
        shares[word] += weight / sum(weights)
    return shares


def _short(held: Instrument) -> str:
    return held.title.split(":")[0]


def _safe(text: str) -> str:
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text


def _text(x: float, y: float, text: str, anchor: str = "start") -> str:
    place = f'x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" dominant-baseline="central"'
    return f"<text {place}>{escape(text)}</text>"


def _sign(x: float, y: float, shape: Look, word: str, radius: float = 11) -> str:
    fill, ink, sign = shape if word else ("none", "currentColor", "")
    said = escape(word or "not judged")
    return (
        f'<g class="judgement"><title>{said}</title><circle cx="{x:.1f}" cy="{y:.1f}" r="{radius:g}" fill="{fill}" '
        f'stroke="currentColor" stroke-opacity="0.3"/><text x="{x:.1f}" y="{y:.1f}" text-anchor="middle" '
        f'dominant-baseline="central" font-weight="700" fill="{ink}">{sign}</text></g>'
    )


def _bar(x: float, y: float, length: float, shape: Look, word: str, share: float) -> str:
    fill, ink, sign = shape
    words = f"{escape(word)}: {100 * share:.0f} per cent"
    mark = (
        f'<text x="{x + length / 2:.1f}" y="{y + 11:.1f}" text-anchor="middle" dominant-baseline="central" '
        f'font-weight="700" fill="{ink}">{sign}</text>'
        if length > 16
        else ""
    )
    return (
        f'<g class="judgement"><title>{words}</title><rect x="{x:.1f}" y="{y:.1f}" width="{length:.1f}" height="22" '
        f'fill="{fill}" stroke="currentColor" stroke-opacity="0.3"/>{mark}</g>'
    )


def _svg(width: float, height: float, title: str, note: str, parts: Iterable[str]) -> str:
    return (
        f'<svg class="chart risk-of-bias" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height:.0f}" '
        f'role="img" fill="currentColor" {FONT}><title>{escape(title)}</title><desc>{escape(note)}</desc>'
        f"{''.join(parts)}</svg>"
    )
