"""Protocol: the rules by which a review is screened, as plain data that is checked once and can be read by people."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Literal, TypeAlias

from whatworks.errors import InputError
from whatworks.saying import said

TITLE, FULL_TEXT = "title and abstract", "full text"
STAGES = (TITLE, FULL_TEXT)

Mode: TypeAlias = Literal["single", "dual", "core", "sample"]
MODES: dict[str, str] = {
    "single": said("One person decides each report"),
    "dual": said("Two people decide each report, neither seeing the other's answer"),
    "core": said("Two people decide each report, and one of the two is a core screener"),
    "sample": said("One person decides, and a random share is decided by two"),
}
ORDERS: dict[str, str] = {
    "ranked": said("Most promising first: learnt from the decisions so far"),
    "random": said("In an order drawn by lot"),
    "oldest": said("Oldest first"),
}
# What learns the order, in words: `learners` has them, and is too heavy to be read wherever a protocol is.
LEARNING: dict[str, str] = {
    "blend": said("Blend: two ways of learning at once"),
    "bayes": said("Bayes: how often each word stands in what was included"),
    "nearest": said("Nearest: first what is most like what was included"),
}
USUAL = "blend"  # where a protocol names none
SETTLING: dict[str, str] = {
    "third": said("A third person decides"),
    "discussion": said("The two talk it over and one changes their mind; a lead decides where they cannot agree"),
    "include": said("Whatever anybody would take further is taken further (title and abstract only)"),
}
STOPPING: dict[str, str] = {
    "hypergeometric": said("A test on what was screened last (Callaghan and Müller-Hansen 2020)"),
    "safe": said("The steps of SAFE (Boetje and van de Schoot 2024)"),
    "everything": said("Screen everything"),
}
LONGEST = 120  # characters of a reason


@dataclass(frozen=True, slots=True)
class Criterion:
    """One eligibility criterion in plain words: what is in and what is out."""

    name: str
    include: str = ""
    exclude: str = ""


@dataclass(frozen=True, slots=True)
class StageRules:
    """How many people decide at a stage."""

    mode: Mode = "dual"

    def needed(self, *, sampled: bool) -> int:
        """How many opinions a report needs."""
        return 2 if self.mode in ("dual", "core") or (self.mode == "sample" and sampled) else 1


@dataclass(frozen=True, slots=True)
class Rules:
    """Everything a team agreed on before it began.

    `share` is the part (0 to 1) of all reports drawn by lot into the random sample: they are spread through the order
    whatever the ranking says, and what is left to find and how well people agree is estimated from them. `target` and
    `confidence` of the stopping rule are chosen before anybody has seen a result.
    """

    question: str
    criteria: tuple[Criterion, ...] = ()
    reasons: tuple[str, ...] = ()
    terms_for: tuple[str, ...] = ()
    terms_against: tuple[str, ...] = ()
    title: StageRules = field(default_factory=StageRules)
    full_text: StageRules = field(default_factory=StageRules)
    share: float = 0.05
    order: str = "ranked"
    settling: str = "third"
    stopping: str = "hypergeometric"
    target: float = 0.95
    confidence: float = 0.95
    seed: int = 1
    seeds: tuple[str, ...] = ()  # identifiers of reports known to belong in
    alike: bool = True  # near-identical reports are decided once
    learner: str = ""  # one of LEARNING; empty means the usual one

    def stage(self, name: str) -> StageRules:
        """The rules of a stage; an InputError where there is no such stage."""
        if name not in STAGES:
            raise InputError(
                said(
                    "There is no stage %(name)r; there are %(title)r and %(full_text)r.",
                    name=name,
                    title=TITLE,
                    full_text=FULL_TEXT,
                )
            )
        return self.title if name == TITLE else self.full_text

    def needed(self, stage: str, *, sampled: bool) -> int:
        """How many opinions a report needs at a stage."""
        return self.stage(stage).needed(sampled=sampled)

    def words(self) -> str:
        """What is known before anybody has decided anything: the question and what is in."""
        return "\n".join([self.question, *(one.include for one in self.criteria), *self.terms_for]).strip()

    def to_dict(self) -> dict[str, Any]:
        """As JSON."""
        return asdict(self)

    def amended(self, **changes: Any) -> Rules:
        """The same with some of it changed, checked again."""
        return read_rules(replace(self, **changes).to_dict())


_LISTS = ("reasons", "terms_for", "terms_against", "seeds")
_PLAIN = ("share", "order", "settling", "stopping", "target", "confidence", "seed", "alike", "learner")


def read_rules(data: Mapping[str, Any]) -> Rules:
    """The rules in a mapping such as `Rules.to_dict` gives; an InputError says what cannot be so."""
    lists: dict[str, Any] = {name: _lines(data.get(name, ())) for name in _LISTS}
    try:
        rules = Rules(
            question=_line(data.get("question")),
            criteria=tuple(Criterion(**{k: _line(v) for k, v in one.items()}) for one in data.get("criteria", ())),
            title=StageRules(**data.get("title", {})),
            full_text=StageRules(**data.get("full_text", {})),
            **lists,
            **{name: data[name] for name in _PLAIN if name in data},
        )
    except (TypeError, AttributeError) as error:
        raise InputError(
            said("The protocol cannot be read (%(error)s); compare it with one that was kept before.", error=str(error))
        ) from None
    _check(rules)
    return rules


def _check(rules: Rules) -> None:
    if not rules.question:
        raise InputError(said("A protocol needs a question; write what the review asks in one sentence."))
    for name, known, value in (
        ("order", ORDERS, rules.order),
        ("learner", LEARNING, rules.learner or USUAL),
        ("way to settle", SETTLING, rules.settling),
        ("stopping rule", STOPPING, rules.stopping),
        ("way to screen", MODES, rules.title.mode),
        ("way to screen", MODES, rules.full_text.mode),
    ):
        if value not in known:
            raise InputError(
                said(
                    "There is no %(name)s %(value)r; choose one of %(known)s.",
                    name=name,
                    value=value,
                    known=", ".join(known),
                )
            )
    if not 0 <= rules.share <= 1:
        raise InputError(
            said("The random sample is %(share)s of all; give a share from 0 to 1, such as 0.05.", share=rules.share)
        )
    for name, part in (("target recall", rules.target), ("confidence", rules.confidence)):
        if not 0 < part < 1:
            raise InputError(
                said("The %(name)s is %(part)s; give a share between 0 and 1, such as 0.95.", name=name, part=part)
            )
    if any(len(one) > LONGEST for one in rules.reasons):
        raise InputError(
            said("A reason to leave a report out has at most %(longest)s characters; say it shorter.", longest=LONGEST)
        )
    if "sample" in (rules.title.mode, rules.full_text.mode) and not rules.share:
        raise InputError(said("Two people decide a random share, but the share is 0; give one, such as 0.1."))


def _line(value: Any) -> str:
    return " ".join(str(value or "").split())


def _lines(values: Any) -> tuple[str, ...]:
    """Each line once, in the order given."""
    return tuple(dict.fromkeys(line for one in values if (line := _line(one))))


def changes(before: Rules, after: Rules) -> list[str]:
    """What an amendment changes, by the names of the fields."""
    was, now = before.to_dict(), after.to_dict()
    return [name for name in now if was[name] != now[name]]
