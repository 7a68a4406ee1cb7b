"""People: family names and initials out of author lines as exports write them."""

from __future__ import annotations

import re
from functools import lru_cache

from whatworks.collate.methods.likeness import fold_often

MOST_PEOPLE = 40  # a name further down tells two papers apart no better
_INITIALS = re.compile(r"[A-Z](?:[.\- ]*[A-Z]){0,3}\.?")
_SHORT_INITIALS = re.compile(r"(?:[A-Z]\.?-?){1,3}")
_SUFFIX = re.compile(r",?\s+(?:jr|sr|ii|iii|iv|phd|md|dr|prof)\.?$", re.I)
_NOBODY = re.compile(r"^\W*(?:anon(?:ymous)?|no authors? listed|authors? not listed|unknown|n\.?a\.?|et al)\W*$", re.I)
PARTICLES = frozenset(
    "de del della der den di da do dos du la le van von zu zur ter ten el al bin ibn st y e and".split()
)
_TITLES_OF_HONOUR = re.compile(r"^(?:dr|prof|professor|sir|dame|mr|mrs|ms)\.?\s+", re.I)


_BODY = frozenset(
    "group committee consortium collaboration collaborators collaborative investigators network department ministry council"
    " agency institute office team society association centre center board study trial trialists foundation university"
    " organisation organization commission commissioner service services partnership inspectorate authority trust government"
    " parliament assembly college bureau union federation charity unit inc ltd llc gmbh company hospital programme"
    " program".split()
)
_NO_LETTER = str.maketrans(",.;:()[]/&-", " " * 11)


@lru_cache(maxsize=262144)
def is_body(author: str) -> bool:
    """Whether an author is a body (a council, a study group) and not a person."""
    return not _BODY.isdisjoint(author.lower().translate(_NO_LETTER).split())


@lru_cache(maxsize=262144)
def person(author: str) -> tuple[str, str]:
    """The folded family name and the folded given names or initials; both empty for "[Anonymous]"."""
    author = author.strip().strip("[]")
    if _NOBODY.match(author):
        return "", ""
    if is_body(author):
        return fold_often(author), ""
    author = _TITLES_OF_HONOUR.sub("", author)
    family, comma, given = author.partition(",")
    if comma:
        family, given = _SUFFIX.sub("", family), _SUFFIX.sub("", given)
        return _set_right(fold_often(family), fold_often(_spaced(given)))
    words = _SUFFIX.sub("", author).replace(".", ". ").split()
    if len(words) < 2:
        return fold_often(author), ""
    if _SHORT_INITIALS.fullmatch(words[-1]):  # "Smith JA"
        at = next((at for at, word in enumerate(words) if at and _SHORT_INITIALS.fullmatch(word)), len(words) - 1)
        return fold_often(" ".join(words[:at])), fold_often(_spaced(" ".join(words[at:])))
    return fold_often(words[-1]), fold_often(" ".join(words[:-1]))


def _set_right(family: str, given: str) -> tuple[str, str]:
    """The names, where a file took a particle for the whole family name ("de, Sanjose S")."""
    if given and (not family or PARTICLES.issuperset(family.split())):
        name, _, rest = given.partition(" ")
        return f"{family} {name}".strip(), rest
    return family, given


def head_of(family: str) -> str:
    """The last word of a family name that is no particle: "heijden" of "van der heijden", "jorge" of "de jorge";
    a body by its whole name."""
    if is_body(family):
        return family
    words = [word for word in family.split() if word not in PARTICLES]
    return words[-1] if words else family


def _spaced(given: str) -> str:
    """Initials that are written together ("JA", "J.A.") with spaces between; a full name as it is."""
    given = given.strip()
    return " ".join(letter for letter in given if letter.isalpha()) if _INITIALS.fullmatch(given) else given


def family_name(author: str) -> str:
    """The family name, folded: before the comma, or else the word that is not initials."""
    return person(author)[0]


def people(authors: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """The persons or bodies among the authors, each by family name and given names, as far as they take part."""
    return tuple([one for author in authors[:MOST_PEOPLE] if (one := person(author))[0]])
