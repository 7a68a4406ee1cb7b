"""What a rating scheme is: versioned data that says what it rates, what it needs, and its rules in order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from .conditions import Amount, Condition


@dataclass(frozen=True, slots=True)
class Source:
    """Where a part of a scheme comes from, and whether its text was seen."""

    says: str
    """What this source is used for here, in our own words."""
    where: str
    """Address or reference; empty for our own choices."""
    mark: str
    """`seen`, `memory` (text not confirmed) or `ours`."""
    note: str = ""

    @property
    def unconfirmed(self) -> bool:
        """Whether nobody has checked this against the primary text."""
        return self.mark == "memory"


@dataclass(frozen=True, slots=True)
class Input:
    """One thing a scheme must be told."""

    name: str
    meaning: str
    kind: str
    """`number`, `integer`, `boolean`, `choice` or `text`."""
    choices: Mapping[str, str] = field(default_factory=dict)
    """For a choice: each allowed value and its plain words."""
    minimum: float | None = None
    maximum: float | None = None
    judged: bool = False
    """Whether a person must put their name to it."""
    label: str = ""

    @property
    def words(self) -> str:
        """What a reader would call it, inside a sentence."""
        return self.label or self.name.replace("_", " ")


@dataclass(frozen=True, slots=True)
class Level:
    """One of the answers a scheme can give."""

    key: str
    word: str
    meaning: str
    rank: int | None = None
    """Its place on the ladder, lowest first; None stands beside the ladder."""


@dataclass(frozen=True, slots=True)
class Effect:
    """What a rule does to the level when it fires."""

    kind: str = "note"
    """`set`, `lower`, `raise`, `cap`, or `note` (says something, changes nothing)."""
    level: str | None = None
    """The level to set or cap at."""
    steps: Amount | None = None
    """How many steps to lower or raise."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A condition, what follows, and one plain sentence that says so."""

    id: str
    sentence: str
    """Said when it fires. {name} is the input's value, {name.reason} and {name.by} those of a judgement."""
    otherwise: str
    """Said when it does not."""
    when: Condition
    effect: Effect
    person: str
    """What a person must still settle when it fires; empty for nothing."""
    final: bool
    """Whether no later rule is asked once this one has fired."""

    @property
    def moves(self) -> bool:
        """Whether it can bear on the level: by its effect, or by ending the asking."""
        return self.effect.kind != "note" or self.final


@dataclass(frozen=True, slots=True)
class Check:
    """What must be true of the inputs together before any rule is asked."""

    must: Condition
    sentence: str


@dataclass(frozen=True, slots=True)
class Alternative:
    """One thing that could happen in the world, and what it would do to the inputs."""

    sentence: str
    sets: tuple[tuple[str, Amount], ...]


@dataclass(frozen=True, slots=True)
class Scheme:
    """A versioned set of rating rules, held as data."""

    key: str
    version: int
    title: str
    standing: str
    """Whose it is and how firm: `our reconstruction`, for example."""
    rates: str
    """The unit it rates."""
    about: str
    sources: tuple[Source, ...]
    inputs: Mapping[str, Input]
    levels: Mapping[str, Level]
    rules: tuple[Rule, ...]
    checks: tuple[Check, ...] = ()
    alternatives: tuple[Alternative, ...] = ()
    digest: str = ""
    """SHA-256 of the file it was read from: the same key and version must always be the same text."""
    ladder: tuple[str, ...] = field(init=False)
    """The ranked levels, lowest first."""

    def __post_init__(self) -> None:
        ranked = [(level.rank, key) for key, level in self.levels.items() if level.rank is not None]
        object.__setattr__(self, "ladder", tuple(key for _, key in sorted(ranked)))

    @property
    def unconfirmed(self) -> bool:
        """Whether any part rests on a text that nobody has checked: then no conformance may be claimed."""
        return any(source.unconfirmed for source in self.sources)

    def word(self, level: str | None) -> str:
        """The plain word of a level; `no level` for None."""
        return "no level" if level is None else self.levels[level].word

    def to_dict(self) -> dict[str, str | int]:
        """Key, version and digest: what a stored rating needs to name the scheme it used."""
        return {"key": self.key, "version": self.version, "title": self.title, "digest": self.digest}
