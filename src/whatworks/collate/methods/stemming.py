"""Which words are the same word? One spelling for British and American, then one stem for all endings.

The stemmer is Snowball's English one, in the pure Python form that its authors publish: it needs no compiler, and with
every word stemmed once and remembered it takes a tenth of the time of indexing. Whoever changes a rule here changes
`tokens.VERSION` too.
"""

from __future__ import annotations

import re
import threading
from functools import lru_cache

from snowballstemmer.english_stemmer import EnglishStemmer  # type: ignore[import-untyped]

# Plurals that no ending gives away. In this field "child" and "children" must find each other.
IRREGULAR = {
    "children": "child",
    "childrens": "child",
    "women": "woman",
    "womens": "woman",
    "men": "man",
    "mens": "man",
    "mice": "mouse",
    "feet": "foot",
    "teeth": "tooth",
    "wives": "wife",
    "babies": "baby",
    "criteria": "criterion",
    "phenomena": "phenomenon",
}
KEPT = frozenset("size sizes sized sizing prize prizes prized seize seized seizes seizing resize resized".split())
_PAIRS = {
    "programme": "program",
    "programmes": "programs",
    "judgement": "judgment",
    "judgements": "judgments",
    "ageing": "aging",
    "grey": "gray",
    "licence": "license",
    "licences": "licenses",
    "defence": "defense",
    "offence": "offense",
    "offences": "offenses",
    "practise": "practice",
    "practised": "practiced",
    "practising": "practicing",
    "skilful": "skillful",
    "fulfil": "fulfill",
    "fulfilment": "fulfillment",
    "enrol": "enroll",
    "enrolment": "enrollment",
    "catalogue": "catalog",
    "dialogue": "dialog",
    "analogue": "analog",
    "sceptical": "skeptical",
    "sceptic": "skeptic",
    "manoeuvre": "maneuver",
}
# Each rule: where it looks, what it puts there. All of them only ever bring two spellings of one word together.
_RULES = [
    (re.compile(r"^(\w{3,})iz(e[ds]?|ers?|ing|ations?|ational)$"), r"\1is\2"),
    (re.compile(r"^(\w{2,})yz(e[ds]?|ers?|ing)$"), r"\1ys\2"),
    (
        re.compile(
            r"^((?:mis|dis|un|neuro|bio)?(?:behavi|col|fav|lab|neighb|hon|hum|tum|rum|harb|vap|od|sav|endeav|rig|vig|"
            r"flav|arm|val|ard|cand|demean|misdemean))our"
        ),
        r"\1or",
    ),
    (re.compile(r"^(cent|fib|theat|lit|calib|kilomet|centimet|millimet|met)re(s|d)?$"), r"\1er\2"),
    (
        re.compile(r"^(counsel|model|label|travel|cancel|signal|channel|level|fuel|tunnel)l(ed|ings?|ors?|ers?)$"),
        r"\1\2",
    ),
    (re.compile(r"^(ortho)?paed"), r"\1ped"),
    (re.compile(r"(an|isch|leuk|hyper|hypo|septic|tox|glyc)aem"), r"\1em"),
    (re.compile(r"^haem"), "hem"),
    (re.compile(r"^oe(str|dem|soph)"), r"e\1"),
    (re.compile(r"^foet"), "fet"),
    (re.compile(r"gynaec"), "gynec"),
    (re.compile(r"anaesth"), "anesth"),
    (re.compile(r"^aetiolog"), "etiolog"),
    (re.compile(r"^caesar"), "cesar"),
    (re.compile(r"^faec"), "fec"),
    (re.compile(r"^diarrhoe"), "diarrhe"),
    (re.compile(r"^encyclopaed"), "encycloped"),
]
_SAID_TWO_WAYS = re.compile(r"(?<=^\w{3})(\w*)i([sz])(?=e|i|a|$)")
_OR = re.compile(r"^(behavi|col|fav|lab|neighb|hon|hum|tum)(ou?)r")


class _Own(threading.local):
    """A stemmer for each thread: it keeps the word it works on in itself, so that two threads would cut each other's."""

    def __init__(self) -> None:
        self.stemmer = EnglishStemmer()


_own = _Own()


def beginnings(start: str) -> tuple[str, ...]:
    """The beginnings that mean the same as this one on either side of the Atlantic, itself first.

    >>> beginnings("organiz"), beginnings("behaviour"), beginnings("child")
    (('organiz', 'organis'), ('behaviour', 'behavior'), ('child',))
    """
    other = _SAID_TWO_WAYS.sub(lambda found: f"{found[1]}i{'s' if found[2] == 'z' else 'z'}", start)
    other = _OR.sub(lambda found: f"{found[1]}{'o' if found[2] == 'ou' else 'ou'}r", other)
    return (start,) if other == start else (start, other)


def one_spelling(word: str) -> str:
    """The word as both sides of the Atlantic would find it; a folded, lower-case word in and out.

    >>> one_spelling("behaviour"), one_spelling("organization"), one_spelling("centre"), one_spelling("size")
    ('behavior', 'organisation', 'center', 'size')
    """
    if word in KEPT:
        return word
    word = _PAIRS.get(word, word)
    for pattern, put in _RULES:
        word = pattern.sub(put, word)
    return word


@lru_cache(maxsize=1 << 18)
def stem(word: str) -> str:
    """The stem under which a folded word is indexed and looked up. What holds a digit or another script stays whole.

    >>> stem("children"), stem("child"), stem("organizations") == stem("organisation"), stem("covid19")
    ('child', 'child', True, 'covid19')
    """
    if word in IRREGULAR:
        word = IRREGULAR[word]
    if not (word.isascii() and word.isalpha()):
        return word
    return str(_own.stemmer.stemWord(one_spelling(word)))
