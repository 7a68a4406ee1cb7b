"""The kinds of difference between two records of one work: how each is seen, how each is made, how often it occurs."""

from __future__ import annotations

import random
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

from rapidfuzz import fuzz

from benches.matching.sets import Row

Seen = Callable[[str, str], bool]
Make = Callable[[str, Row, random.Random], str]


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of difference in one field: `seen(original, copy)` recognises it, `make(value, row, rng)` does it."""

    name: str
    field: str
    seen: Seen
    make: Make


# How often, pooled over true duplicates of the five shared sets, in both directions (`python -m benches.noise` measures).
RATES: dict[str, float] = {
    "title missing": 0.001,
    "title in capitals": 0.01,
    "title in brackets": 0.002,
    "title cut": 0.022,
    "title with a remark": 0.022,
    "title misspelt": 0.045,
    "title otherwise": 0.02,
    "authors missing": 0.004,
    "authors' initials": 0.112,
    "authors fewer": 0.019,
    "authors reordered": 0.002,
    "first author otherwise": 0.024,
    "year missing": 0.003,
    "year off by one": 0.004,
    "year otherwise": 0.002,
    "journal missing": 0.004,
    "journal abbreviated": 0.1,
    "journal otherwise": 0.09,
    "volume missing": 0.01,
    "volume otherwise": 0.004,
    "issue missing": 0.05,
    "issue otherwise": 0.02,
    "pages missing": 0.2,
    "pages: first only": 0.003,
    "pages in short": 0.02,
    "pages otherwise": 0.036,
    "DOI missing": 0.5,
    "DOI as an address": 0.05,
    "abstract missing": 0.4,
    "abstract cut": 0.05,
}
# Where these leave what was measured, and why: one shared set pairs two databases of which one has no DOIs and no
# abstracts; another has running numbers in the column of issues; half of the journals that differ are abbreviations
# that leave words out, which are made as abbreviations here; the four medical sets were cleaned by their makers, so
# capitals, missing fields, addresses of DOIs and short pages are rarer there than in exports as they come.
REASONED = frozenset(
    "DOI missing|DOI as an address|abstract missing|abstract cut|issue missing|issue otherwise|journal abbreviated"
    "|journal otherwise|pages missing|title in capitals|pages in short".split("|")
)


def plain(text: str) -> str:
    """Letters and digits only, small, without accents."""
    letters = unicodedata.normalize("NFKD", text)
    return " ".join(re.sub(r"[\W_]+", " ", letters.encode("ascii", "ignore").decode().lower()).split())


def missing(_original: str, copy: str) -> bool:
    """The copy does not say."""
    return not copy


def gone(_value: str, _row: Row, _rng: random.Random) -> str:
    """Nothing."""
    return ""


# --- titles ------------------------------------------------------------------------------------------------------


def _same_letters(original: str, copy: str) -> bool:
    return plain(original) == plain(copy)


def _capitals(original: str, copy: str) -> bool:
    return copy.isupper() and not original.isupper() and _same_letters(original, copy)


def _cut(original: str, copy: str) -> bool:
    return len(plain(copy)) < len(plain(original)) and plain(original).startswith(plain(copy)) and len(copy) > 10


def _remark(original: str, copy: str) -> bool:
    return plain(copy).startswith(plain(original)) and len(plain(copy)) > len(plain(original))


def _bracketed(original: str, copy: str) -> bool:
    return copy.startswith("[") and not original.startswith("[") and _same_letters(original, copy)


def _misspelt(original: str, copy: str) -> bool:
    return not _same_letters(original, copy) and fuzz.ratio(plain(original), plain(copy)) >= 90


def _other(original: str, copy: str) -> bool:
    return not _same_letters(original, copy)


def _shorter(value: str, _row: Row, rng: random.Random) -> str:
    main, colon, _ = value.partition(": ")
    if colon and len(main) > 20 and rng.random() < 0.5:
        return main
    return value if len(value) < 60 else value[: rng.randint(50, max(51, len(value) - 5))].rstrip()


def _remarked(value: str, _row: Row, rng: random.Random) -> str:
    return value.rstrip(".") + rng.choice((". [Review]", ". [Chinese]", " [see comment]", ". [Abstract]", " (letter)"))


def _slip(value: str, _row: Row, rng: random.Random) -> str:
    """One letter dropped, doubled or changed places with the next; never a digit, which would be another work."""
    spots = [at for at in range(1, len(value) - 1) if value[at : at + 2].isalpha() and value[at : at + 2].isascii()]
    if not spots:
        return value
    at = rng.choice(spots)
    a, b = value[at], value[at + 1]
    return value[:at] + rng.choice((a, a + a + b, b + a)) + value[at + 2 :]


def _reworded(value: str, _row: Row, rng: random.Random) -> str:
    """Subtitle first, or the section of the journal in front."""
    main, colon, rest = value.partition(": ")
    if colon and rng.random() < 0.5:
        return f"{rest.rstrip('.')}: {main}"
    return rng.choice(("Original article: ", "Clinical and research reports: ", "Research in brief - ")) + value


# --- people ------------------------------------------------------------------------------------------------------


def people(text: str) -> list[str]:
    """Each author of a joined list."""
    return [one for one in re.split(r"\s+and\s+|;", text) if one.strip()]


def _given(author: str) -> str:
    return author.partition(",")[2].strip() if "," in author else ""


def _has_full_name(text: str) -> bool:
    return any(len(word) > 2 and word.islower() is False for word in re.findall(r"[A-Za-z]+", _given(people(text)[0])))


def _initialled(original: str, copy: str) -> bool:
    return len(people(copy)) == len(people(original)) and _has_full_name(original) and not _has_full_name(copy)


def _fewer(original: str, copy: str) -> bool:
    return len(people(copy)) < len(people(original))


def _families(text: str) -> list[str]:
    return [plain(one.partition(",")[0]) for one in people(text)]


def _reordered(original: str, copy: str) -> bool:
    return _families(original) != _families(copy) and sorted(_families(original)) == sorted(_families(copy))


def _first_differs(original: str, copy: str) -> bool:
    return _families(original)[:1] != _families(copy)[:1]


def initialled(author: str) -> str:
    """`Family, Given Other` as `Family, G O`; what has no comma stays as it is."""
    family, comma, given = author.partition(",")
    letters = " ".join(word[0] for word in re.findall(r"[^\W\d_]+", given))
    return f"{family}, {letters}" if comma and letters else author


def _as_initials(value: str, _row: Row, _rng: random.Random) -> str:
    return " and ".join(map(initialled, people(value)))


def _with_fewer(value: str, _row: Row, rng: random.Random) -> str:
    found = people(value)
    return " and ".join(found[: rng.choice((1, 3, 6))]) if len(found) > 1 else value


def _in_other_order(value: str, _row: Row, _rng: random.Random) -> str:
    return " and ".join(sorted(people(value)))


def _other_first(value: str, row: Row, rng: random.Random) -> str:
    first, *rest = people(value)
    family, comma, given = first.partition(",")
    return " and ".join([f"{_slip(family, row, rng)}{comma}{given}", *rest])


# --- places ------------------------------------------------------------------------------------------------------

_SMALL = frozenset("a an the of in on for and".split())


def abbreviated(name: str) -> str:
    """A journal's name with each longer word cut after four letters and the small words left out."""
    words = [word for word in name.split() if word.lower() not in _SMALL]
    return " ".join(word if len(word) < 6 else word[:4] for word in words) if len(words) > 1 else name


def _abbreviation(original: str, copy: str) -> bool:
    words = [word for word in plain(original).split() if word not in _SMALL]
    parts = [word for word in plain(copy).split() if word not in _SMALL]
    return len(words) == len(parts) > 0 and all(map(str.startswith, words, parts)) and words != parts


def _off_by_one(original: str, copy: str) -> bool:
    return original[:4].isdigit() and copy[:4].isdigit() and abs(int(original[:4]) - int(copy[:4])) == 1


def _pages(text: str) -> list[str]:
    return re.findall(r"\w+", text.lower())


def _first_page_only(original: str, copy: str) -> bool:
    return len(_pages(original)) > 1 and _pages(copy) == _pages(original)[:1]


def _short_pages(original: str, copy: str) -> bool:
    one, two = _pages(original), _pages(copy)
    return len(one) == len(two) == 2 and one[0] == two[0] and len(two[1]) < len(one[1])


def _differs(original: str, copy: str) -> bool:
    return _pages(original) != _pages(copy)


def _shortened(value: str, _row: Row, _rng: random.Random) -> str:
    found = re.fullmatch(r"(\d+)-(\d+)", value)
    if not found or len(found[1]) != len(found[2]):
        return value
    at = next((n for n in range(len(found[1])) if found[1][n] != found[2][n]), len(found[1]) - 1)
    return f"{found[1]}-{found[2][at:]}"


def _year_beside(value: str, _row: Row, rng: random.Random) -> str:
    return str(int(value[:4]) + rng.choice((-1, 1))) if value[:4].isdigit() else value


def _year_elsewhere(value: str, _row: Row, rng: random.Random) -> str:
    return str(int(value[:4]) + rng.choice((-10, -2, 2, 3))) if value[:4].isdigit() else value


def _other_number(value: str, _row: Row, rng: random.Random) -> str:
    """A volume or issue as another database counts it: with its part, its supplement or its issue."""
    return f"{value}{rng.choice((' (Pt 1)', ' Suppl 1', f'({rng.randint(1, 6)})', ' Suppl'))}"


def _other_pages(value: str, _row: Row, rng: random.Random) -> str:
    """Another last page, a quiz behind the article, or a letter at the first page."""
    first = value.partition("-")[0]
    ways = (f"{first}-{first}", f"{value}; quiz {rng.randint(900, 999)}", f"S{first}", f"{first}A")
    return rng.choice(ways)


def _other_journal(value: str, _row: Row, rng: random.Random) -> str:
    """An ampersand, an article, a place, a society behind the name."""
    swapped = value.replace(" & ", " and ") if " & " in value else value.replace(" and ", " & ")
    ways = (swapped, f"The {value}", f"{value} (London, England)", f"{value} : official journal of the society", value)
    return rng.choice(ways).replace("The The ", "The ")


def _as_address(value: str, _row: Row, rng: random.Random) -> str:
    return rng.choice((f"https://doi.org/{value}", f"http://dx.doi.org/{value.upper()}", f"doi:{value}", f"{value}."))


def _written_otherwise(original: str, copy: str) -> bool:
    return original != copy and original.lower() in copy.lower()


def _cut_text(value: str, _row: Row, rng: random.Random) -> str:
    return value[: rng.randint(100, 400)]


KINDS = (
    Kind("title missing", "title", missing, gone),
    Kind("title in capitals", "title", _capitals, lambda value, row, rng: value.upper()),
    Kind("title in brackets", "title", _bracketed, lambda value, row, rng: f"[{value.rstrip('.')}]."),
    Kind("title cut", "title", _cut, _shorter),
    Kind("title with a remark", "title", _remark, _remarked),
    Kind("title misspelt", "title", _misspelt, _slip),
    Kind("title otherwise", "title", _other, _reworded),
    Kind("authors missing", "author", missing, gone),
    Kind("authors' initials", "author", _initialled, _as_initials),
    Kind("authors fewer", "author", _fewer, _with_fewer),
    Kind("authors reordered", "author", _reordered, _in_other_order),
    Kind("first author otherwise", "author", _first_differs, _other_first),
    Kind("year missing", "year", missing, gone),
    Kind("year off by one", "year", _off_by_one, _year_beside),
    Kind("year otherwise", "year", _differs, _year_elsewhere),
    Kind("journal missing", "journal", missing, gone),
    Kind("journal abbreviated", "journal", _abbreviation, lambda value, row, rng: abbreviated(value)),
    Kind("journal otherwise", "journal", _other, _other_journal),
    Kind("volume missing", "volume", missing, gone),
    Kind("volume otherwise", "volume", _differs, _other_number),
    Kind("issue missing", "number", missing, gone),
    Kind("issue otherwise", "number", _differs, _other_number),
    Kind("pages missing", "pages", missing, gone),
    Kind("pages: first only", "pages", _first_page_only, lambda value, row, rng: value.partition("-")[0]),
    Kind("pages in short", "pages", _short_pages, _shortened),
    Kind("pages otherwise", "pages", _differs, _other_pages),
    Kind("DOI missing", "doi", missing, gone),
    Kind("DOI as an address", "doi", _written_otherwise, _as_address),
    Kind("abstract missing", "abstract", missing, gone),
    Kind("abstract cut", "abstract", _cut, _cut_text),
)
FIELDS_WITH_NOISE = {kind.field: tuple(one for one in KINDS if one.field == kind.field) for kind in KINDS}
