"""How a scheme looks as a TOML file: every key it may hold, checked by pydantic before anything is built from it."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, StrictBool, StrictFloat, StrictInt, StrictStr

Plain = StrictBool | StrictInt | StrictFloat | StrictStr
Text = Field(min_length=1)


class Form(BaseModel):
    """A table whose unknown keys are mistakes."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class AmountForm(Form):
    """`{ input = "x" }`, or `{ sum = { x = 0.5, y = 0.5 }, plus = 1 }`."""

    input: str | None = None
    sum: dict[str, StrictInt | StrictFloat] | None = None
    plus: StrictInt | StrictFloat = 0


class SomeForm(Form):
    """`{ at_least = 2, of = [ ... ] }`."""

    at_least: int = Field(ge=1)
    of: list[ConditionForm] = Field(min_length=1)


class ConditionForm(Form):
    """A comparison of an input or a sum, or all, any, not or some of other conditions, or a named one."""

    all: list[ConditionForm] | None = Field(default=None, min_length=1)
    any: list[ConditionForm] | None = Field(default=None, min_length=1)
    negated: ConditionForm | None = Field(default=None, alias="not")
    some: SomeForm | None = None
    holds: str | None = None
    input: str | None = None
    sum: dict[str, StrictInt | StrictFloat] | None = None
    plus: StrictInt | StrictFloat = 0
    known: bool | None = None
    one_of: list[Plain] | None = Field(default=None, min_length=1)
    equals: Plain | AmountForm | None = None
    differs_from: Plain | AmountForm | None = None
    above: Plain | AmountForm | None = None
    below: Plain | AmountForm | None = None
    at_least: Plain | AmountForm | None = None
    at_most: Plain | AmountForm | None = None


class SourceForm(Form):
    """Where a part of the scheme comes from. What nobody has checked says `unconfirmed = true`."""

    says: str = Text
    where: str = ""
    mark: Literal["seen", "memory", "ours"]
    unconfirmed: bool = False
    note: str = ""


class InputForm(Form):
    """One thing the scheme must be told."""

    meaning: str = Text
    label: str = ""
    kind: Literal["number", "integer", "boolean", "choice", "text"]
    choices: dict[str, str] = Field(default_factory=dict)
    minimum: float | None = None
    maximum: float | None = None
    judged: bool = False


class LevelForm(Form):
    """One answer; those that are not `beside` form the ladder, lowest first."""

    key: str = Text
    word: str = Text
    meaning: str = Text
    beside: bool = False


class RuleForm(Form):
    """One rule: a condition, at most one effect, and the sentence that says so."""

    id: str = Text
    says: str = Text
    otherwise: str = ""
    when: ConditionForm | None = None
    set: str | None = None
    lower_by: StrictInt | AmountForm | None = None
    raise_by: StrictInt | AmountForm | None = None
    cap_at: str | None = None
    person: str = ""
    final: bool = False


class CheckForm(Form):
    """What must be true of the inputs together."""

    says: str = Text
    must: ConditionForm


class AlternativeForm(Form):
    """One thing that could happen, and the inputs it would set."""

    says: str = Text
    sets: dict[str, Plain | AmountForm] = Field(min_length=1)


class SchemeForm(Form):
    """A whole scheme file."""

    key: str = Field(pattern=r"^[a-z][a-z0-9-]*$")
    version: StrictInt = Field(ge=1)
    title: str = Text
    standing: str = Text
    rates: str = Text
    about: str = Text
    sources: list[SourceForm] = Field(min_length=1)
    levels: list[LevelForm] = Field(min_length=2)
    inputs: dict[str, InputForm] = Field(min_length=1)
    conditions: dict[str, ConditionForm] = Field(default_factory=dict)
    checks: list[CheckForm] = Field(default_factory=list)
    rules: list[RuleForm] = Field(min_length=1)
    alternatives: list[AlternativeForm] = Field(default_factory=list)
