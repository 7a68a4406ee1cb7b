"""The one plain sentence for a state and a certainty, in words a ten-year-old can read.

High says it, moderate says probably, low says may, very low says that we cannot tell. Contact with services is fewer
or more, never better. The grammar follows GRADE's; the words are ours.
"""

from __future__ import annotations

from dataclasses import dataclass

from whatworks.errors import InputError

from .states import state as known_state

CERTAINTIES = ("high", "moderate", "low", "very-low")
UNRATED = (None, "not-assessed", "not-enough")
DIRECTION_KINDS = ("contact", "good-high", "good-low")


@dataclass(frozen=True, slots=True)
class _Claim:
    """A state that says something happens: `it means …`, `it may mean …`, `studies saw …`."""

    does: str
    do: str
    what: str
    saw: str


_CLAIMS = {
    "fewer": _Claim("means", "mean", "fewer {outcome}", "saw fewer {outcome}"),
    "more": _Claim("means", "mean", "more {outcome}", "saw more {outcome}"),
    "better": _Claim("makes", "make", "{outcome} better", "saw {outcome} get better"),
    "worse": _Claim("makes", "make", "{outcome} worse", "saw {outcome} get worse"),
    "none": _Claim("makes", "make", "little or no difference to {outcome}", "saw little or no difference in {outcome}"),
    "linked": _Claim("goes", "go", "together with {outcome}", "saw it go together with {outcome}"),
}
_CANNOT_TELL = {"none": "any difference to {outcome}"}
_NOT_CAUSE = " Nobody has shown that it is the cause."
_NOT_POOLABLE = {
    "one-study": "Only one study measured {outcome}. One study is not enough to be sure.",
    "published-review-only": "A review by others looked at {outcome}. We have not checked it or rated it.",
    "": "Studies looked at {outcome}, but we cannot put their results together.",
}
_UNCERTAIN = {
    "contact": "We cannot tell whether it means fewer or more {outcome}.",
    "good": "We cannot tell whether it makes {outcome} better or worse.",
    "": "We cannot tell whether it changes {outcome}.",
}
_MIXED = {
    "contact": "Studies do not agree: some saw fewer {outcome} and some saw more.",
    "good": "Studies do not agree: some saw {outcome} get better and some saw it get worse.",
    "": "Studies do not agree about {outcome}.",
}


def sentence(
    state: str,
    *,
    outcome: str,
    certainty: str | None = None,
    direction_kind: str | None = None,
    because: str = "",
) -> str:
    """What we can say about an outcome, in one or two short sentences that begin with a capital letter.

    `outcome` is a noun as it stands inside a sentence: "children in care" for fewer and more, "children's safety" for
    better and worse. `because` is the rule that gave the state (Outcome.decided_by). Raises InputError for an unknown
    state, certainty or direction, for an empty outcome, and for better or worse on contact with services.
    """
    _refuse(state, outcome, certainty, direction_kind)
    kind = "good" if direction_kind in ("good-high", "good-low") else direction_kind or ""
    if state == "not-searched":
        said = "We have not yet looked for studies about {outcome}."
    elif state == "nothing-found":
        said = "We looked, and found no study about {outcome}."
    elif state == "not-poolable":
        said = _NOT_POOLABLE.get(because, _NOT_POOLABLE[""])
    elif state in ("uncertain", "mixed"):
        said = (_UNCERTAIN if state == "uncertain" else _MIXED)[kind]
    else:
        said = _claimed(state, certainty)
    return said.replace("{outcome}", outcome.strip())


def _claimed(state: str, certainty: str | None) -> str:
    claim = _CLAIMS[state]
    caveat = _NOT_CAUSE if state == "linked" and certainty != "very-low" else ""
    if certainty == "high":
        return f"It {claim.does} {claim.what}.{caveat}"
    if certainty == "moderate":
        return f"It probably {claim.does} {claim.what}.{caveat}"
    if certainty == "low":
        return f"It may {claim.do} {claim.what}.{caveat}"
    if certainty == "very-low":
        hint = "" if state in _CANNOT_TELL else " Studies so far point that way."
        return f"We cannot tell whether it {claim.does} {_CANNOT_TELL.get(state, claim.what)}.{hint}"
    return f"Studies so far {claim.saw}.{caveat} Nobody has yet rated how sure we can be."


def _refuse(state: str, outcome: str, certainty: str | None, direction_kind: str | None) -> None:
    known_state(state)
    if not outcome.strip():
        raise InputError("A sentence needs the outcome it is about; give it as a noun, such as 'children in care'.")
    if certainty not in UNRATED and certainty not in CERTAINTIES:
        raise InputError(f"'{certainty}' is no certainty; give one of {', '.join(CERTAINTIES)}, or leave it out.")
    if direction_kind is not None and direction_kind not in DIRECTION_KINDS:
        raise InputError(f"'{direction_kind}' is no kind of direction; give one of {', '.join(DIRECTION_KINDS)}.")
    if state in ("better", "worse") and direction_kind == "contact":
        raise InputError(f"Contact with services is fewer or more, never {state}; use the state 'fewer' or 'more'.")
    if state in ("fewer", "more") and direction_kind in ("good-high", "good-low"):
        raise InputError(f"This outcome has an agreed good direction, so it is better or worse, not {state}.")
