"""May this person be written to on this list, now? One rule: facts in, an answer with its reason out.

The rule follows PECR regulations 22 and 23 and the UK GDPR. Where the law leaves room it takes the narrower way, and where a fact
is missing it says no. What it cannot know is whether what was recorded is true.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from whatworks.saying import Said, dated, said

MAY, MUST_ASK, MAY_NOT = "may", "must ask", "may not"
ASKED, GIVEN, WITHDRAWN, OBJECTED = "asked", "given", "withdrawn", "objected"
ACTS = (ASKED, GIVEN, WITHDRAWN, OBJECTED)
INDIVIDUAL, CORPORATE_SUBSCRIBER, UNKNOWN = "individual", "corporate", "unknown"
SUBSCRIBERS = (INDIVIDUAL, CORPORATE_SUBSCRIBER, UNKNOWN)
CONSENT, SOFT_OPT_IN, CORPORATE = "consent", "charity-soft-opt-in", "corporate"
BASES = (CONSENT, SOFT_OPT_IN, CORPORATE)
HARD, SOFT, COMPLAINT = "hard", "soft", "complaint"
SOFT_OPT_IN_FROM = datetime.date(2026, 2, 5)  # PECR 22(3A), by the Data (Use and Access) Act 2025, section 114


@dataclass(frozen=True, slots=True)
class Act:
    """One row on consent. `mailing_list` is empty where it holds for every list; `clicked`: confirmed from the inbox itself."""

    identifier: str
    act: str
    at: datetime.datetime
    mailing_list: str = ""
    basis: str = ""
    subscriber: str = UNKNOWN
    address: str = ""
    source: str = ""
    wording: str = ""
    clicked: bool = False
    collected_on: datetime.date | None = None
    directly: bool = False
    opt_out_offered: bool = False


@dataclass(frozen=True, slots=True)
class Returned:
    """One answer of the mail: an address that is gone (hard), full for now (soft), or somebody who complained."""

    sort: str
    at: datetime.datetime
    address: str


@dataclass(frozen=True, slots=True)
class Answer:
    """May, must ask or may not; why, in a sentence; and the row on consent that it rests on, where it is may."""

    verdict: str
    reason: Said
    rests_on: str = ""

    @property
    def may(self) -> bool:
        """Whether a letter may go."""
        return self.verdict == MAY


@dataclass(frozen=True, slots=True)
class Known:
    """All that is known of somebody for this question."""

    address: str
    acts: Sequence[Act] = field(default_factory=tuple)
    returned: Sequence[Returned] = field(default_factory=tuple)


def may_write(known: Known, mailing_list: str, at: datetime.datetime) -> Answer:
    """The rule. What was recorded after `at` is left out, so that an old letter can be judged as it was sent."""
    address = known.address.casefold()
    if not address:
        return Answer(MAY_NOT, said("There is no address."))
    acts = _in_order(one for one in known.acts if one.at <= at)
    own = acts_on(acts, mailing_list)
    clicked = max((one.at for one in own if _by_click(one, address)), default=None)
    stopped = _stopped([one for one in known.returned if one.at <= at], acts, address, clicked)
    return stopped or _standing(own, acts, address, clicked)


def acts_on(acts: Iterable[Act], mailing_list: str) -> list[Act]:
    """The acts that speak of this list, or of every list."""
    return [one for one in acts if one.mailing_list in ("", mailing_list)]


def _in_order(acts: Iterable[Act]) -> list[Act]:
    # Of two at the same moment the one that stops letters comes last, and so wins.
    return sorted(acts, key=lambda one: (one.at, ACTS.index(one.act), one.identifier))


def _by_click(one: Act, address: str) -> bool:
    return one.act == GIVEN and one.clicked and one.address.casefold() == address


def _stopped(
    returned: Sequence[Returned], acts: Sequence[Act], address: str, clicked: datetime.datetime | None
) -> Answer | None:
    """What no basis overrides. Only the person's own later click, from this address and for this list, does."""
    for one in returned:
        if clicked is not None and clicked > one.at:
            continue
        if one.sort == COMPLAINT:
            return Answer(
                MAY_NOT, said("They reported a letter as unwanted on %(day)s.", day=dated(one.at)))  # fmt: skip
        if one.sort == HARD and one.address.casefold() == address:
            return Answer(
                MAY_NOT, said("A letter came back for good on %(day)s: the address is gone.", day=dated(one.at))
            )
    objected = [one for one in acts if one.act == OBJECTED]
    if objected and (clicked is None or clicked <= objected[-1].at):
        return Answer(MAY_NOT, said("They objected on %(day)s. That right is absolute.", day=dated(objected[-1].at)))
    return None


def _standing(own: Sequence[Act], acts: Sequence[Act], address: str, clicked: datetime.datetime | None) -> Answer:
    """The latest word wins; a question that is still open changes nothing. Nobody's staff can undo a withdrawal."""
    withdrawn = max((one.at for one in own if one.act == WITHDRAWN), default=None)
    if withdrawn is not None and (clicked is None or clicked <= withdrawn):
        return Answer(MAY_NOT, said("They left on %(day)s, and have not joined again.", day=dated(withdrawn)))
    given = [one for one in own if one.act == GIVEN and (withdrawn is None or one.at > withdrawn)]
    if not given:
        asked = [one for one in own if one.act == ASKED]
        if asked:
            return Answer(
                MUST_ASK, said("They were asked on %(day)s, and have not confirmed.", day=dated(asked[-1].at))
            )
        return Answer(MUST_ASK, said("Nothing says that they agreed to this list."))
    found = [_basis(one, address) for one in reversed(given)]
    return next((one for one in found if one.may), found[0])


def _basis(one: Act, address: str) -> Answer:
    """Whether one agreement holds for this address, by what its basis asks."""
    if one.address.casefold() != address:
        return Answer(MUST_ASK, said("What they agreed to was for another address."))
    return {CONSENT: _consent, SOFT_OPT_IN: _soft, CORPORATE: _corporate}.get(one.basis, _no_basis)(one)


def _consent(one: Act) -> Answer:
    if not one.source or not one.wording:
        return Answer(MUST_ASK, said("It is not recorded where they agreed, and to which words."))
    told = said("They confirmed from their inbox on %(day)s.", day=dated(one.at))
    if not one.clicked:
        told = said("They agreed on %(day)s: %(source)s.", day=dated(one.at), source=one.source)
    return Answer(MAY, told, one.identifier)


def _soft(one: Act) -> Answer:
    if one.subscriber != INDIVIDUAL:
        return Answer(MAY_NOT, said("The charity's soft opt-in is for individual subscribers only."))
    if one.collected_on is None or one.collected_on < SOFT_OPT_IN_FROM:
        return Answer(
            MUST_ASK, said("The charity's soft opt-in holds only for details collected on or after 5 February 2026."))  # fmt: skip
    if not one.opt_out_offered:
        return Answer(MUST_ASK, said("No way to refuse was offered when their details were collected."))
    if not one.directly or not one.source:
        return Answer(MUST_ASK, said("It is not recorded that they gave their details themselves, and where."))
    return Answer(
        MAY, said("The charity's soft opt-in, from details given on %(day)s.", day=dated(one.collected_on)), one.identifier)  # fmt: skip


def _corporate(one: Act) -> Answer:
    if one.subscriber != CORPORATE_SUBSCRIBER:
        return Answer(MAY_NOT, said("This is no corporate subscriber, so it needs their own agreement."))
    if not one.source:
        return Answer(MUST_ASK, said("It is not recorded where this address comes from."))
    return Answer(MAY, said("The address of a corporate subscriber, who may object at any time."), one.identifier)


def _no_basis(one: Act) -> Answer:
    return Answer(MAY_NOT, said("There is no lawful basis on record."))
