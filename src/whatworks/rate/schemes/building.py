"""Builds a Scheme from its file; refuses what can mean nothing: unknown inputs, levels, blanks, odd comparisons."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from whatworks.saying import said

from ..methods.conditions import (
    COMPARISONS,
    Always,
    Amount,
    Compare,
    Condition,
    Fixed,
    Given,
    Known,
    Not,
    OneOf,
    SomeOf,
    Value,
    Weighted,
)
from ..methods.inputs import blanks
from ..methods.scheme import Alternative, Check, Effect, Input, Level, Rule, Scheme, Source
from .form import AlternativeForm, AmountForm, CheckForm, ConditionForm, InputForm, RuleForm, SchemeForm, SourceForm

UNCONFIRMED = "unconfirmed text"
_NUMERIC = ("number", "integer")
_HELD_AS: dict[str, tuple[type, ...]] = {
    "number": (int, float),
    "integer": (int, float),
    "boolean": (bool,),
    "choice": (str,),
    "text": (str,),
}


class Wrong(ValueError):
    """Something in the file that cannot be: where, and how to mend it."""

    def __init__(self, where: str, says: str) -> None:
        super().__init__(said("%(where)s: %(says)s", where=where, says=says))


def build(form: SchemeForm, digest: str) -> Scheme:
    """The scheme a checked form describes. Raises Wrong where its parts do not fit together."""
    inputs = {name: _input(name, declared) for name, declared in form.inputs.items()}
    levels = _levels(form)
    reader = _Reader(inputs, {})
    for name, condition in form.conditions.items():
        reader.named[name] = reader.condition(condition, f"conditions.{name}")
    return Scheme(
        key=form.key,
        version=form.version,
        title=form.title,
        standing=form.standing,
        rates=form.rates,
        about=form.about,
        sources=tuple(_source(source, f"sources.{n}") for n, source in enumerate(form.sources)),
        inputs=MappingProxyType(inputs),
        levels=MappingProxyType(levels),
        rules=_rules(form, reader, levels),
        checks=tuple(_check(check, reader, f"checks.{n}") for n, check in enumerate(form.checks)),
        alternatives=tuple(
            _alternative(alternative, reader, f"alternatives.{n}") for n, alternative in enumerate(form.alternatives)
        ),
        digest=digest,
    )


def _source(form: SourceForm, where: str) -> Source:
    if form.unconfirmed is not (form.mark == "memory"):
        raise Wrong(where, said("a source from memory, and only that, says unconfirmed = true."))
    if form.unconfirmed and UNCONFIRMED not in form.note:
        raise Wrong(where, said("an unconfirmed source needs the note '%(unconfirmed)s'.", unconfirmed=UNCONFIRMED))
    return Source(form.says, form.where, form.mark, form.note)


def _input(name: str, form: InputForm) -> Input:
    if (form.kind == "choice") is not bool(form.choices):
        raise Wrong(f"inputs.{name}", said("a choice, and only a choice, needs choices."))
    if form.kind not in _NUMERIC and (form.minimum, form.maximum) != (None, None):
        raise Wrong(f"inputs.{name}", said("only a number has a minimum or maximum."))
    choices = MappingProxyType(dict(form.choices))
    return Input(name, form.meaning, form.kind, choices, form.minimum, form.maximum, form.judged, form.label)


def _levels(form: SchemeForm) -> dict[str, Level]:
    levels: dict[str, Level] = {}
    for n, level in enumerate(form.levels):
        if level.key in levels:
            raise Wrong(f"levels.{n}.key", said("'%(key)s' is there twice.", key=level.key))
        levels[level.key] = Level(level.key, level.word, level.meaning, None if level.beside else n)
    return levels


def _rules(form: SchemeForm, reader: _Reader, levels: Mapping[str, Level]) -> tuple[Rule, ...]:
    seen: set[str] = set()
    rules = []
    for n, rule in enumerate(form.rules):
        if rule.id in seen:
            raise Wrong(f"rules.{n}.id", said("'%(id)s' is there twice.", id=rule.id))
        seen.add(rule.id)
        rules.append(_rule(rule, reader, levels, f"rules.{n} ({rule.id})"))
    return tuple(rules)


def _rule(form: RuleForm, reader: _Reader, levels: Mapping[str, Level], where: str) -> Rule:
    for sentence in (form.says, form.otherwise, form.person):
        reader.know(blanks(sentence), where)
    when = Always() if form.when is None else reader.condition(form.when, f"{where}.when")
    return Rule(form.id, form.says, form.otherwise, when, _effect(form, reader, levels, where), form.person, form.final)


def _effect(form: RuleForm, reader: _Reader, levels: Mapping[str, Level], where: str) -> Effect:
    asked = {"set": form.set, "lower": form.lower_by, "raise": form.raise_by, "cap": form.cap_at}
    effects = [kind for kind, wanted in asked.items() if wanted is not None]
    if len(effects) > 1:
        raise Wrong(where, said("one rule, one effect; it has %(effects)s.", effects=", ".join(effects)))
    if form.set is not None or form.cap_at is not None:
        level = form.set or form.cap_at or ""
        if level not in levels:
            raise Wrong(
                where,
                said("no level is called '%(level)s'; there are %(levels)s.", level=level, levels=", ".join(levels)),
            )
        if form.cap_at is not None and levels[level].rank is None:
            raise Wrong(
                where, said("'%(level)s' stands beside the ladder, so nothing can be capped at it.", level=level)
            )
        return Effect(effects[0], level=level)
    if not effects:
        return Effect()
    wanted = form.lower_by if form.lower_by is not None else form.raise_by
    return Effect(effects[0], steps=reader.amount(wanted, where) if wanted is not None else None)


def _check(form: CheckForm, reader: _Reader, where: str) -> Check:
    reader.know(blanks(form.says), where)
    return Check(reader.condition(form.must, f"{where}.must"), form.says)


def _alternative(form: AlternativeForm, reader: _Reader, where: str) -> Alternative:
    reader.know(tuple(form.sets), f"{where}.sets")
    return Alternative(
        form.says, tuple((name, reader.amount(value, f"{where}.sets.{name}")) for name, value in form.sets.items())
    )


class _Reader:
    """Reads conditions and amounts against the inputs a scheme declares and the conditions it has named so far."""

    def __init__(self, inputs: Mapping[str, Input], named: dict[str, Condition]) -> None:
        self.inputs = inputs
        self.named = named

    def know(self, names: tuple[str, ...], where: str) -> None:
        """Refuse a name that is not an input."""
        for name in names:
            if name not in self.inputs:
                raise Wrong(
                    where,
                    said(
                        "'%(name)s' is no input of this scheme; declare [inputs.%(name)s] or mend the name.", name=name
                    ),
                )

    def amount(self, form: Value | AmountForm, where: str) -> Amount:
        """What a comparison, an effect or an alternative weighs."""
        if not isinstance(form, AmountForm):
            return Fixed(form)
        if (form.input is None) is (form.sum is None):
            raise Wrong(where, said("give either input or sum."))
        if form.input is not None and not form.plus:
            self.know((form.input,), where)
            return Given(form.input)
        terms = form.sum if form.sum is not None else {form.input or "": 1}
        self.know(tuple(terms), where)
        for name in terms:
            if self.inputs[name].kind not in _NUMERIC:
                raise Wrong(where, said("'%(name)s' is not a number, so it cannot be summed.", name=name))
        return Weighted(tuple(terms.items()), form.plus)

    def condition(self, form: ConditionForm, where: str) -> Condition:
        """The condition a table describes. Raises Wrong unless it is exactly one kind of question."""
        asked = form.model_fields_set - {"plus"}
        if form.all is not None and len(asked) == 1:
            return SomeOf(self._each(form.all, f"{where}.all"), len(form.all))
        if form.any is not None and len(asked) == 1:
            return SomeOf(self._each(form.any, f"{where}.any"), 1)
        if form.some is not None and len(asked) == 1:
            if form.some.at_least > len(form.some.of):
                raise Wrong(
                    where,
                    said(
                        "%(at_least)s of %(count)s can never hold.",
                        at_least=form.some.at_least,
                        count=len(form.some.of),
                    ),
                )
            return SomeOf(self._each(form.some.of, f"{where}.some.of"), form.some.at_least)
        if form.negated is not None and len(asked) == 1:
            return Not(self.condition(form.negated, f"{where}.not"))
        if form.holds is not None and len(asked) == 1:
            return self._named(form.holds, where)
        return self._question(form, where)

    def _each(self, forms: list[ConditionForm], where: str) -> tuple[Condition, ...]:
        return tuple(self.condition(form, f"{where}.{n}") for n, form in enumerate(forms))

    def _named(self, name: str, where: str) -> Condition:
        if name not in self.named:
            raise Wrong(
                where,
                said("no condition is called '%(name)s'; name it under [conditions] before it is used.", name=name),
            )
        return self.named[name]

    def _question(self, form: ConditionForm, where: str) -> Condition:
        asked = sorted(form.model_fields_set - {"input", "sum", "plus"})
        if len(asked) != 1 or (form.input is None) is (form.sum is None):
            raise Wrong(where, said("ask one thing of one input or sum, or use one of all, any, not, some, holds."))
        left = self.amount(AmountForm(input=form.input, sum=form.sum, plus=form.plus), where)
        if asked[0] == "known" and form.input is not None and form.known is not None:
            return Known(form.input, form.known)
        if asked[0] == "one_of" and form.input is not None and form.one_of is not None:
            self._fits(form.input, form.one_of, where)
            return OneOf(form.input, tuple(form.one_of))
        if asked[0] not in COMPARISONS:
            raise Wrong(where, said("'%(asked)s' cannot be asked of a sum.", asked=asked[0]))
        wanted: Value | AmountForm = getattr(form, asked[0])
        if form.input is not None:
            self._comparable(form.input, asked[0], wanted, where)
        return Compare(left, asked[0], self.amount(wanted, where))

    def _comparable(self, name: str, comparison: str, wanted: Value | AmountForm, where: str) -> None:
        if comparison not in ("equals", "differs_from") and self.inputs[name].kind not in _NUMERIC:
            raise Wrong(
                where,
                said("'%(name)s' is not a number, so it has no %(comparison)s.", name=name, comparison=comparison),
            )
        if not isinstance(wanted, AmountForm):
            self._fits(name, [wanted], where)

    def _fits(self, name: str, wanted: list[Value], where: str) -> None:
        declared = self.inputs[name]
        for value in wanted:
            if declared.kind == "choice" and value not in declared.choices:
                raise Wrong(
                    where,
                    said(
                        "%(value)r is no choice of '%(name)s'; there are %(choices)s.",
                        value=value,
                        name=name,
                        choices=", ".join(declared.choices),
                    ),
                )
            if not isinstance(value, _HELD_AS[declared.kind]) or (
                isinstance(value, bool) and declared.kind != "boolean"
            ):
                raise Wrong(
                    where,
                    said(
                        "%(value)r cannot be compared with '%(name)s', which is a %(kind)s.",
                        value=value,
                        name=name,
                        kind=declared.kind,
                    ),
                )
