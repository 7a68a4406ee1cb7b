"""The sections of a design about running the trial: who is to join by when, when an offer counts as taken up, what a pilot asks."""

from __future__ import annotations

from dataclasses import dataclass

from whatworks.trial.methods.design.fields import told

STAGES = ("approached", "eligible", "agreed", "baseline", "drawn")
OVER = ("sum", "mean", "least", "last")
ALL_OF, ANY_OF, SHARE_OF = "all", "any", "share"
RULES = (ALL_OF, ANY_OF, SHARE_OF)
INPUT, ACTIVITY, MECHANISM, OUTCOME_OF = "input", "activity", "mechanism", "outcome"
LOGIC = (INPUT, ACTIVITY, MECHANISM, OUTCOME_OF)
FEASIBILITY, ACCEPTABILITY, PROMISE = "feasibility", "acceptability", "promise"
ASKED = (FEASIBILITY, ACCEPTABILITY, PROMISE)


@dataclass(frozen=True, slots=True)
class Target:
    """`[[target]]`: how many units are to have come how far by a day; several of them make the curve of recruitment."""

    on: str = told("The day, as 2026-01-31.")
    units: int = told("How many units by then, all together.", least=0)
    stage: str = told("How far they are to have come.", "drawn", choices=STAGES)


@dataclass(frozen=True, slots=True)
class Compliance:
    """`[compliance]`: when the offer counts as taken up, fixed before anyone looks."""

    measure: str = told(
        "What is counted, such as sessions held; with several measures write a [[component]] for each.", ""
    )
    enough: float | None = told("From this value on the offer counts as taken up.", None)
    over: str = told("How the values of several periods become one.", "sum", choices=OVER)
    variable: str = told(
        "The name of what the rule gives for each unit, 1 or 0: the column that [analysis] received names is then made of it.",
        "",
    )
    rule: str = told(
        "With several components: all of them are needed, any of them, or a share of them.", ALL_OF, choices=RULES
    )
    share: float | None = told("With rule share: which share of the components is enough.", None, least=0, most=1)
    expected: float | None = told(
        "The share of those offered it who are expected to take it up; power for the effect on them is simulated with it.",
        None,
        least=0.01,
        most=1,
    )


@dataclass(frozen=True, slots=True)
class Component:
    """`[[component]]`: one component of what is offered, and when it counts as delivered."""

    measure: str = told("What is counted, such as supervisions held.")
    enough: float = told("From this value on the component counts as delivered.")
    over: str = told("How the values of several periods become one.", "sum", choices=OVER)


@dataclass(frozen=True, slots=True)
class Link:
    """`[[logic]]`: one link of how it is meant to work (logic model)."""

    part: str = told("Which kind of link it is.", choices=LOGIC)
    says: str = told("What is put in, done, set off or changed.")
    indicator: str = told("By what one would see it.", "")


@dataclass(frozen=True, slots=True)
class Question:
    """`[[pilot]]`: what a pilot asks besides effects."""

    name: str = told("A short name, by which its answers are written down.")
    about: str = told("What the question is about.", choices=ASKED)
    question: str = told("The question, in one sentence.")
    method: str = told("How it is answered, such as interviews with eight teachers.", "")
    criterion: str = told("What would count as a yes, set beforehand.", "")
