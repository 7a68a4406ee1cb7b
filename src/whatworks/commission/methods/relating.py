"""Who may be too close to an application to judge it: found by rule from what is on record, for a person to decide.

A rule proposes and says what it saw. E-mail addresses count by the domain under which somebody registers (so mail.fernshire.example and
fernshire.example are one body); addresses of webmail count for nothing. As OpenReview's rules of conflict, whose grounds these follow.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from whatworks.saying import Said, said

# Under these anybody may have an address, so that sharing one says nothing.
WEBMAIL = frozenset(
    "gmail.com googlemail.com outlook.com hotmail.com hotmail.co.uk live.com live.co.uk msn.com yahoo.com yahoo.co.uk "
    "icloud.com me.com mac.com aol.com proton.me protonmail.com gmx.com gmx.net btinternet.com sky.com virginmedia.com "
    "talktalk.net ntlworld.com mail.com zoho.com fastmail.com tutanota.com".split()
)
# Domains below which bodies register: the label before one of these names the body.
SHARED = frozenset(
    "gov.uk ac.uk nhs.uk org.uk co.uk police.uk sch.uk ltd.uk plc.uk me.uk net.uk mod.uk gov.scot gov.wales co.nz com.au".split()
)
OWN, EMPLOYER, BODY, INTEREST, TIE, AUTHOR = (
    "their own application", "same employer", "same body", "declared interest", "declared tie", "author of the evidence",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Judge:
    """Somebody who may judge: account, name, e-mail address, subjects of standing interests, and bodies they said they are tied to."""

    account: str
    name: str
    email: str
    interests: frozenset[str] = frozenset()
    ties: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Applicant:
    """Who applies: the body's name and subjects (of the body, its area, the intervention), its authors' accounts and addresses, and the
    names of the authors of the evidence that the application rests on.
    """

    body: str
    subjects: frozenset[str]
    accounts: frozenset[str]
    emails: tuple[str, ...]
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Ground:
    """Why somebody may be too close: which rule, and what it saw."""

    rule: str
    seen: Said


def body_of(email: str) -> str:
    """The domain that names a body, without its sub-domains; empty for webmail and for what is no address.

    >>> body_of("a@mail.childrens.fernshire.gov.uk"), body_of("b@Fernshire.gov.uk"), body_of("c@gmail.com"), body_of("d@gov.uk")
    ('fernshire.gov.uk', 'fernshire.gov.uk', '', '')
    """
    host = email.rpartition("@")[2].strip().strip(".").lower() if "@" in email else ""
    labels = host.split(".")
    for keep in (3, 2):
        ending = ".".join(labels[-keep + 1 :])
        if len(labels) >= keep and (ending in SHARED or keep == 2):
            found = ".".join(labels[-keep:])
            return "" if found in WEBMAIL or found in SHARED else found
    return ""


def grounds(judge: Judge, applicant: Applicant) -> Iterator[Ground]:
    """Every ground that the record gives, the plainest first."""
    if judge.account in applicant.accounts or judge.email.lower() in {one.lower() for one in applicant.emails}:
        yield Ground(OWN, said("They are one of its authors."))
    shared = sorted({body_of(judge.email)} & {body_of(one) for one in applicant.emails} - {""})
    if shared:
        yield Ground(EMPLOYER, said("Both write from %(domain)s.", domain=shared[0]))
    if judge.interests & applicant.subjects:
        yield Ground(INTEREST, said("They declared an interest in the body, the place or the intervention."))
    tied = sorted(one for one in judge.ties if _same(one, applicant.body))
    if tied:
        yield Ground(TIE, said("They said that they are tied to %(body)s.", body=tied[0]))
    written = sorted(one for one in applicant.evidence if same_person(judge.name, one))
    if written:
        yield Ground(AUTHOR, said("“%(name)s” wrote evidence that it rests on.", name=written[0]))


def _plain(text: str) -> str:
    bare = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return " ".join(re.findall(r"[a-z0-9]+", bare))


SAY_LITTLE = frozenset(
    "the of and council county borough city district metropolitan london royal unitary authority trust services "
    "children s childrens local".split()
)


def _same(one: str, other: str) -> bool:
    """Whether two names of bodies share what tells them apart.

    >>> _same("Brookfield Council", "Borough of Brookfield"), _same("Larkmere Council", "Mereton Council")
    (True, False)
    """
    first, second = (frozenset(_plain(text).split()) - SAY_LITTLE for text in (one, other))
    return bool(first) and bool(second) and (first <= second or second <= first)


def same_person(name: str, author: str) -> bool:
    """Whether a full name may be that of an author as reports print it: the surname and the first initial agree.

    >>> same_person("Ann Example", "Example, A. B."), same_person("Ann Example", "A Example"), same_person("Ann Example", "Example, T.")
    (True, True, False)
    """
    mine = _plain(name).split()
    if len(mine) < 2:
        return False
    surname, initial = mine[-1], mine[0][0]
    before, comma, after = author.partition(",")
    words = _plain(author).split()
    if comma:
        given = _plain(after).split()
        return _plain(before) == surname and bool(given) and given[0][0] == initial
    if len(words) < 2 or surname not in (words[0], words[-1]):
        return False
    given = words[1:] if words[0] == surname else words[:-1]
    return given[0][0] == initial
