"""Citing: a CSL item as a reference that can be pasted into a text, in three styles that people ask for.

APA: the seventh edition's reference list. Harvard: as in Cite Them Right, twelfth edition. Vancouver: as in the ICMJE's
sample references. Plain text: what a style sets in italics stands upright.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from whatworks.collate.methods.person_names import Name, initials

STYLES = {"apa": "APA", "harvard": "Harvard", "vancouver": "Vancouver"}
MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
          "December")  # fmt: skip
APA_MOST = 20  # names; of more, the first nineteen and the last
HARVARD_MOST = 3  # names; of more, the first with "et al."
VANCOUVER_MOST = 6  # names; of more, these with "et al."
PERIODICAL = ("article-journal", "article-magazine", "article-newspaper", "article")
WITHIN = ("chapter", "paper-conference", "entry-encyclopedia", "entry-dictionary")
ONLINE = ("webpage", "post-weblog")

Item = Mapping[str, Any]


def reference(item: Item, style: str) -> str:
    """The item as one reference in `style`, a key of STYLES; a notice that stands about it is added."""
    made = _tidy(_MAKERS[style](item))
    notice = item.get("custom", {}).get("notice")
    if not notice or notice["nature"] == "reinstatement":
        return made
    year, month, day = (int(part) for part in notice["on"].split("-"))
    where = f", {notice['href']}" if notice["href"] else ""
    return f"{made} [{notice['word']} {day} {MONTHS[month - 1]} {year}{where}]"


def apa(item: Item) -> str:
    """APA: who. (when). What. Where."""
    who, editors = _people(item, _apa_name), [_apa_editor(one) for one in item.get("editor", [])]
    title, when = _titled(item), f"({_apa_date(item)})"
    kind, container = item["type"], item.get("container-title", "")
    if not who and editors and kind == "book":
        who = [*[_apa_name(one) for one in item["editor"]]]
        head = f"{_apa_list(who)} ({'Ed.' if len(who) == 1 else 'Eds.'}). {when}. {_ended(title + _apa_brackets(item))}"
    elif who:
        head = f"{_ended(_apa_list(who))} {when}. {_ended(title + _apa_brackets(item))}"
    else:
        head = f"{_ended(title + _apa_brackets(item))} {when}."
    publisher = _publisher(item, who)
    if kind in PERIODICAL and container:
        parts = [
            container,
            f"{item.get('volume', '')}{_in_brackets(item.get('issue', ''))}",
            _dashed(item.get("page", "")),
        ]
        tail = ", ".join(part for part in parts if part)
    elif kind in WITHIN and container:
        by = f"{_apa_and(editors)} ({'Ed.' if len(editors) == 1 else 'Eds.'}), " if editors else ""
        tail = f"In {by}{container}{_apa_inside(item)}. {publisher}"
    elif kind == "thesis":
        tail = ""
    else:
        tail = container if kind in ONLINE and container not in who else publisher
    return f"{head} {_ended(tail)} {_link(item)}"


def harvard(item: Item) -> str:
    """Harvard: who (when) what, where."""
    who, kind, container = _people(item, _harvard_name), item["type"], item.get("container-title", "")
    edited = not who and bool(item.get("editor")) and kind == "book"
    names = [_harvard_name(one) for one in item.get("editor", [])] if edited else who
    when, title = f"({_year(item, 'no date')})", _titled(item)
    quoted = kind in (*PERIODICAL, *WITHIN)
    shown = f"‘{title}’" if quoted and container else title
    mark = f" ({'ed.' if len(names) == 1 else 'eds'})" if edited else ""
    head = f"{_harvard_list(names)}{mark} {when} {shown}" if names else f"{shown} {when}"
    volume = f"{item.get('volume', '')}{_in_brackets(item.get('issue', ''))}"
    pages = _page_words(item.get("page", ""))
    if kind in PERIODICAL and container:
        tail = ", ".join(part for part in (container, volume, pages) if part)
        made = f"{head}, {_ended(tail)}"
    elif kind in WITHIN and container:
        editors = [_harvard_name(one) for one in item.get("editor", [])]
        by = f"{_harvard_list(editors)} ({'ed.' if len(editors) == 1 else 'eds'}) " if editors else ""
        made = f"{head}, in {_ended(by + container + _edition(item, '. {} edn'))} {_ended(_placed(item, who, pages))}"
    elif kind == "thesis":
        genre, school = item.get("genre", "Thesis"), item.get("publisher", "")
        made = f"{_ended(head)} {_ended(genre)} {_ended(school)}"
    else:
        made = f"{_ended(head + _edition(item, '. {} edn'))} {_ended(_placed(item, who, ''))}"
    link = _link(item)
    return f"{made} Available at: {link}{_accessed(item, ' (Accessed: {})')}." if link else made


def vancouver(item: Item) -> str:
    """Vancouver: who. What. Where. When."""
    who, kind, container = _people(item, _vancouver_name), item["type"], item.get("container-title", "")
    edited = not who and bool(item.get("editor")) and kind == "book"
    names = [_vancouver_name(one) for one in item.get("editor", [])] if edited else who
    by = f"{_ended(_vancouver_list(names) + (_editors(names) if edited else ''))} " if names else ""
    year, title = _year(item, "[date unknown]"), _titled(item)
    brackets = {"thesis": f" [{item.get('genre', 'thesis')}]", "webpage": " [Internet]", "post-weblog": " [Internet]"}
    title = f"{title}{brackets.get(kind, '')}"
    pages, link = _short_pages(item.get("page", "")), _vancouver_link(item)
    if kind in PERIODICAL and container:
        volume = f"{item.get('volume', '')}{_in_brackets(item.get('issue', ''))}"
        where = f"{year};{volume}" if volume else year
        return f"{by}{_ended(title)} {_ended(container)} {where}{f':{pages}' if pages else ''}. {link}"
    if kind in WITHIN and container:
        editors = [_vancouver_name(one) for one in item.get("editor", [])]
        inside = f"{_vancouver_list(editors)}{_editors(editors)}. " if editors else ""
        printed = f"p. {pages}." if pages else ""
        return f"{by}{_ended(title)} In: {inside}{_ended(container)} {_imprint(item, year)} {printed} {link}"
    number = f"Report No.: {item['number']}." if kind == "report" and item.get("number") else ""
    edition = _edition(item, "{} ed.")
    return f"{by}{_ended(title)} {edition} {_imprint(item, year)} {number} {link}"


_MAKERS: dict[str, Callable[[Item], str]] = {"apa": apa, "harvard": harvard, "vancouver": vancouver}


def _people(item: Item, form: Callable[[Name], str]) -> list[str]:
    return [form(name) for name in item.get("author", [])]


def _dotted(name: Name, gap: str) -> str:
    """Initials with their full stops: `M. B.` or `J.-P.`, with `gap` between names."""
    return gap.join(f"{one.replace('-', '.-')}." for one in initials(name.get("given", "")))


def _apa_name(name: Name) -> str:
    parts = (name.get("literal") or name.get("family", ""), _dotted(name, " "), name.get("suffix", ""))
    return ", ".join(part for part in parts if part)


def _apa_editor(name: Name) -> str:
    """In front of a book title, initials come first."""
    parts = (_dotted(name, " "), name.get("literal") or name.get("family", ""))
    return " ".join(part for part in parts if part) + (f", {name['suffix']}" if "suffix" in name else "")


def _apa_list(names: list[str]) -> str:
    if len(names) > APA_MOST:
        return f"{', '.join(names[: APA_MOST - 1])}, . . . {names[-1]}"
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])}, & {names[-1]}"


def _apa_and(names: list[str]) -> str:
    if len(names) < 3:
        return " & ".join(names)
    return f"{', '.join(names[:-1])}, & {names[-1]}"


def _harvard_name(name: Name) -> str:
    family = name.get("literal") or name.get("family", "")
    return ", ".join(part for part in (family, _dotted(name, ""), name.get("suffix", "")) if part)


def _harvard_list(names: list[str]) -> str:
    if len(names) > HARVARD_MOST:
        return f"{names[0]} et al."
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _vancouver_name(name: Name) -> str:
    letters = "".join(initials(name.get("given", ""))).replace("-", "")
    parts = (name.get("literal") or name.get("family", ""), letters, name.get("suffix", "").rstrip("."))
    return " ".join(part for part in parts if part)


def _vancouver_list(names: list[str]) -> str:
    return ", ".join([*names[:VANCOUVER_MOST], *(["et al"] if len(names) > VANCOUVER_MOST else [])])


def _editors(names: list[str]) -> str:
    return ", editor" if len(names) == 1 else ", editors"


def _titled(item: Item) -> str:
    title = " ".join(item.get("title", "").split())
    return (title if title.endswith("..") else title.removesuffix(".")) or "[No title]"


def _date_parts(item: Item, name: str) -> list[int]:
    parts: list[int] = item.get(name, {}).get("date-parts", [[]])[0]
    return parts


def _year(item: Item, otherwise: str) -> str:
    parts = _date_parts(item, "issued")
    return str(parts[0]) if parts else otherwise


def _apa_date(item: Item) -> str:
    """The year; of what appears on days, the day."""
    parts = _date_parts(item, "issued")
    daily = item["type"] in (*ONLINE, "article-newspaper", "article-magazine")
    if not parts or len(parts) == 1 or not daily:
        return str(parts[0]) if parts else "n.d."
    return f"{parts[0]}, {MONTHS[parts[1] - 1]}" + (f" {parts[2]}" if len(parts) > 2 else "")


def _accessed(item: Item, form: str) -> str:
    parts = _date_parts(item, "accessed")
    return form.format(f"{parts[2]} {MONTHS[parts[1] - 1]} {parts[0]}") if len(parts) == 3 else ""


def _cited(item: Item) -> str:
    parts = _date_parts(item, "accessed")
    return f" [cited {parts[0]} {MONTHS[parts[1] - 1][:3]} {parts[2]}]" if len(parts) == 3 else ""


def _apa_brackets(item: Item) -> str:
    """What stands between the title and its full stop: edition, report number, kind of thesis."""
    if item["type"] == "thesis":
        return f" [{', '.join(part for part in (item.get('genre', 'Thesis'), item.get('publisher', '')) if part)}]"
    if item["type"] == "report" and item.get("number"):
        said = item["number"]
        return f" ({said if re.search(r'(?i)no[.]', said) else f'Report No. {said}'})"
    edition = _edition(item, "{} ed.") if item["type"] == "book" else ""
    volume = f"Vol. {item['volume']}" if item["type"] == "book" and item.get("volume") else ""
    return _in_brackets(", ".join(part for part in (edition, volume) if part), " ")


def _apa_inside(item: Item) -> str:
    pages = _page_words(item.get("page", ""))
    volume = f"Vol. {item['volume']}" if item.get("volume") else ""
    return _in_brackets(", ".join(part for part in (_edition(item, "{} ed."), volume, pages) if part), " ")


def _edition(item: Item, form: str) -> str:
    """The edition as a number with its ending; the first is not said."""
    said = item.get("edition", "")
    found = re.match(r"\s*(\d+)", said)
    if not found:
        bare = re.sub(r"\s*\b(?:edition|edn|ed)\b\.?\s*$", "", said, flags=re.IGNORECASE).strip()
        return form.format(bare) if bare and bare.lower() not in ("first", "1st") else ""
    number = int(found.group(1))
    ending = "th" if 10 < number % 100 < 14 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return form.format(f"{number}{ending}") if 1 < number < 100 else ""


def _publisher(item: Item, who: list[str]) -> str:
    """The publisher, unless it is the author already."""
    name = item.get("publisher", "")
    return "" if name in who else name


def _placed(item: Item, who: list[str], pages: str) -> str:
    place, publisher = item.get("publisher-place", ""), _publisher(item, who)
    imprint = f"{place}: {publisher}" if place and publisher else publisher or (place if not who else "")
    return ", ".join(part for part in (imprint, pages) if part)


def _imprint(item: Item, year: str) -> str:
    place, publisher = item.get("publisher-place", ""), item.get("publisher", "") or item.get("container-title", "")
    publisher = item.get("publisher", "") if item["type"] in WITHIN else publisher
    where = f"{place}: {publisher}" if place and publisher else place or publisher
    seen = _cited(item) if item["type"] in ONLINE else ""
    return f"{where}; {year}{seen}." if where else f"{year}{seen}."


def _link(item: Item) -> str:
    return f"https://doi.org/{item['DOI']}" if item.get("DOI") else str(item.get("URL", ""))


def _vancouver_link(item: Item) -> str:
    if item.get("DOI"):
        return f"doi:{item['DOI']}"
    return f"Available from: {item['URL']}" if item.get("URL") else ""


def _dashed(pages: str) -> str:
    return re.sub(r"(?<=\w)\s*[-–—]+\s*(?=\w)", "–", pages, count=1)


def _page_words(pages: str) -> str:
    shown = _dashed(pages)
    return f"{'pp.' if '–' in shown or ',' in shown else 'p.'} {shown}" if shown else ""


def _short_pages(pages: str) -> str:
    """A range with the digits that repeat left out: `123-130` as `123-30`."""
    found = re.fullmatch(r"(\d+)\s*[-–—]+\s*(\d+)", pages.strip())
    if not found or len(found[1]) != len(found[2]):
        return _dashed(pages).replace("–", "-")
    first, last = found.groups()
    same = next((at for at, (one, other) in enumerate(zip(first, last, strict=True)) if one != other), len(last) - 1)
    return f"{first}-{last[same:]}"


def _in_brackets(text: str, before: str = "") -> str:
    return f"{before}({text})" if text else ""


def _ended(text: str) -> str:
    """The text with a mark at its end; nothing stays nothing."""
    text = text.strip()
    return text if not text or (re.search(r"[.?!…]['’”)\]]?$", text) and not text.endswith(")")) else f"{text}."


def _tidy(text: str) -> str:
    """One space between words, one mark at the end of a sentence."""
    return re.sub(r"(?<![.\s])([.?!])\.(?=\s|$)", r"\1", " ".join(text.split()))
