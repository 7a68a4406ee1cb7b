"""Notices: what publishers said about a report after it appeared, out of lists of retractions; and what stands of it.

The list of Retraction Watch and Crossref is read as it comes, and any table with the columns doi, date and notice.
"""

from __future__ import annotations

import datetime
import hashlib
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from whatworks.collate.methods.fields import normalise_doi, one_line, year_in
from whatworks.errors import InputError
from whatworks.saying import dated, said

RETRACTION, CONCERN, CORRECTION, REINSTATEMENT = "retraction", "concern", "correction", "reinstatement"
WORDS = {
    RETRACTION: said("Retracted"),
    CONCERN: said("Expression of concern"),
    CORRECTION: said("Corrected"),
    REINSTATEMENT: said("Reinstated"),
}
_NATURES = {
    "retraction": RETRACTION,
    "retracted": RETRACTION,
    "withdrawal": RETRACTION,
    "withdrawn": RETRACTION,
    "removal": RETRACTION,
    "expression of concern": CONCERN,
    "expression-of-concern": CONCERN,
    "expression_of_concern": CONCERN,
    "concern": CONCERN,
    "correction": CORRECTION,
    "corrigendum": CORRECTION,
    "erratum": CORRECTION,
    "reinstatement": REINSTATEMENT,
    "reinstated": REINSTATEMENT,
}
# Column names, folded to letters and digits, by what they hold: those of Retraction Watch first, then plain ones.
_COLUMNS = {
    "doi": ("originalpaperdoi", "doi", "originaldoi", "paperdoi"),
    "title": ("title", "originaltitle", "papertitle"),
    "year": ("originalpaperdate", "year", "published"),
    "date": ("retractiondate", "date", "noticedate", "retractedon"),
    "notice_doi": ("retractiondoi", "noticedoi"),
    "notice": ("notice", "noticeurl", "retractionurl", "url", "urls"),
    "nature": ("retractionnature", "nature", "type", "kind"),
    "reason": ("reason", "reasons"),
    "number": ("recordid",),
}
_ISO = re.compile(r"(\d{4})[-/](\d{1,2})[-/](\d{1,2})(?:[T ].*)?")
_AMERICAN = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})(?:\s.*)?")  # as Retraction Watch writes: month first
_MARKED = re.compile(
    r"^\W*(?:retracted(?: article| paper)?|withdrawn|retraction(?: of)?|expression of concern)\W*[:\]\-–—]\s*", re.I
)
SHORTEST_KEY = 20  # letters; a shorter title, such as Editorial, names too many reports to be asked about


@dataclass(frozen=True, slots=True)
class Notice:
    """One row of a list: what is said (`nature`), of what (`doi`, `title`, `year`), when, where, and why."""

    line: int
    nature: str
    doi: str
    title: str
    year: int | None
    on: datetime.date
    notice_doi: str
    notice_url: str
    reason: str
    number: str


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that says nothing that could be used: its line and why."""

    line: int
    reason: str


@dataclass(frozen=True, slots=True)
class Standing:
    """What stands about a report: the gravest notice that nothing took back."""

    nature: str
    on: datetime.date
    href: str
    reason: str = ""

    @property
    def word(self) -> str:
        """In a word or two, for a label."""
        return WORDS[self.nature]

    @property
    def withdrawn(self) -> bool:
        """Whether nobody should rely on the report any more."""
        return self.nature == RETRACTION

    def sentence(self) -> str:
        """In a sentence, with the date."""
        on = dated(self.on)
        return {
            RETRACTION: said("Retracted on %(day)s: the publisher withdrew it.", day=on),
            CONCERN: said("Expression of concern on %(day)s: the publisher warns that it may not be reliable.", day=on),
            CORRECTION: said("Corrected on %(day)s: read it together with its correction.", day=on),
            REINSTATEMENT: said("Reinstated on %(day)s: the publisher took its retraction back.", day=on),
        }[self.nature]


def columns_of(header: Iterable[str]) -> dict[str, int]:
    """Where each thing stands; an InputError where the table cannot be a list of retractions."""
    folded = [re.sub(r"[^a-z0-9]", "", name.lower()) for name in header]
    found = {
        what: next(folded.index(name) for name in names if name in folded)
        for what, names in _COLUMNS.items()
        if any(name in folded for name in names)
    }
    if ("doi" not in found and "title" not in found) or "date" not in found:
        raise InputError(
            said(
                "This is no list of retractions: it needs a header with the columns doi and date (and notice), or "
                "those of Retraction Watch (OriginalPaperDOI, RetractionDate, RetractionNature)."
            )
        )
    return found


def notice_in(cells: list[str], columns: Mapping[str, int], line: int) -> Notice | BadRow:
    """The notice that a row tells, or why it tells none."""
    value = {what: one_line(cells[at]) if at < len(cells) else "" for what, at in columns.items()}
    said = value.get("nature", "") or "retraction"
    nature = _NATURES.get(said.lower())
    doi, title = _doi(value.get("doi", "")), value.get("title", "")
    if nature is None:
        return BadRow(line, f"“{said[:60]}” is none of retraction, expression of concern, correction and reinstatement")
    if not doi and not title:
        return BadRow(
            line, f"it has neither a DOI that can be read ({value.get('doi', '')[:60] or 'none'}) nor a title"
        )
    on = day_in(value.get("date", ""))
    if on is None:
        return BadRow(line, f"its date “{value.get('date', '')[:40]}” is no day; write it as 2024-05-31")
    url = next(
        (
            part.strip()
            for part in value.get("notice", "").split(";")
            if part.strip().startswith(("https://", "http://"))
        ),
        "",
    )
    notice_doi = _doi(value.get("notice_doi", "")) or ("" if url else _doi(value.get("notice", "")))
    return Notice(
        line=line,
        nature=nature,
        doi=doi,
        title=title,
        year=year_in([value.get("year", "")]),
        on=on,
        notice_doi=notice_doi,
        notice_url=f"https://doi.org/{notice_doi}" if notice_doi else url,
        reason="; ".join(part.strip(" +") for part in value.get("reason", "").split(";") if part.strip(" +")),
        number=value.get("number", ""),
    )


def _doi(text: str) -> str:
    """The DOI; none for `unavailable`, which the list of Retraction Watch writes where there is none."""
    return normalise_doi(text, address="//" in text)


def day_in(text: str) -> datetime.date | None:
    """The day in `2024-05-31` or, as Retraction Watch writes it, `5/31/2024 0:00`; None where it is no day."""
    iso, american = _ISO.fullmatch(text.strip()), _AMERICAN.fullmatch(text.strip())
    if iso:
        year, month, day = iso.groups()
    elif american:
        month, day, year = american.groups()
    else:
        return None
    try:
        return datetime.date(int(year), int(month), int(day))
    except ValueError:
        return None


def title_key(title: str) -> str:
    """The same text for titles with the same letters and digits, accents and case aside; "" for too short a one."""
    plain = unicodedata.normalize("NFKD", _MARKED.sub("", title)).casefold()
    letters = "".join(letter for letter in plain if letter.isalnum())
    return hashlib.sha256(letters.encode()).hexdigest()[:32] if len(letters) >= SHORTEST_KEY else ""


def same_years(one: int | None, other: int | None) -> bool:
    """Whether two years may be those of one report: online first may be a year before print."""
    return one is None or other is None or abs(one - other) <= 1


def standing_of(told: Iterable[Standing]) -> Standing | None:
    """What stands of everything told about one report. A reinstatement takes back what came before it or that day."""
    told = sorted(told, key=lambda one: (one.on, one.nature == REINSTATEMENT, one.href, one.reason))
    last = max((at for at, one in enumerate(told) if one.nature == REINSTATEMENT), default=-1)
    # A correction stays one: what was reinstated may have been corrected before.
    after = [one for at, one in enumerate(told) if at > last or one.nature == CORRECTION]
    for nature in (RETRACTION, CONCERN):
        if found := [one for one in after if one.nature == nature]:
            return found[-1]
    if last >= 0:
        return told[last]
    return after[-1] if after else None
