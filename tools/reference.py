"""Write the generated parts of the reference from the code: formulae, schemes, instruments, pack tables, roles, rooms.

A page keeps its prose by hand; what stands between `<!-- generated: NAME -->` and `<!-- end -->` is written here.
`python -m tools.reference` writes; with `--check` it only says which pages are out of date.
"""

from __future__ import annotations

import importlib
import os
import re
import sys
import tempfile
import tomllib
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from tools import designs
from tools.sources import ROOT

REGION = re.compile(r"(<!-- generated: (?P<name>[a-z-]+) -->\n).*?(<!-- end -->)", re.DOTALL)
Lines = Iterator[str]


def code(text: object) -> str:
    """Text as a code span."""
    return f"`{text}`"


def table(head: Sequence[str], rows: Sequence[Sequence[object]]) -> Lines:
    """A Markdown table; a bar inside a cell would end it, so it is escaped."""
    yield "| " + " | ".join(head) + " |"
    yield "|" + "---|" * len(head)
    for row in rows:
        yield "| " + " | ".join(str(cell).replace("|", "\\|") for cell in row) + " |"
    yield ""


def first_sentence(text: str | None) -> str:
    """The first sentence of a docstring."""
    return " ".join((text or "").split()).split(". ")[0].rstrip(".")


def rooms() -> Lines:
    """One paragraph per room, top to bottom, from each room's own docstring."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]["contracts"]
    layers = next(contract["layers"] for contract in contracts if contract["type"] == "layers")
    for name in (room.strip() for line in layers for room in line.split("|")):
        said = " ".join((importlib.import_module(f"whatworks.{name}").__doc__ or "").split())
        yield from (f"**{code(name)}** {said}", "")


def measures() -> Lines:
    """The codes that `whatworks effect` knows, with the formula and the columns each reads."""
    from whatworks.extract.methods.effects import MEASURES

    rows = [
        (code(short), code(formula), " ".join(map(code, columns.values())))
        for short, (formula, columns) in MEASURES.items()
    ]
    yield from table(("measure", "formula", "columns"), rows)


def metrics() -> Lines:
    """The scales that effects are on."""
    from whatworks.extract.methods.metrics import METRICS

    back = {
        "none": "as it is",
        "exp": "exponential",
        "tanh": "hyperbolic tangent",
        "logistic": "logistic",
        "sin2": "sine, squared",
    }
    rows = [
        (code(one.code), one.title, back[one.transform], "none: one group" if one.null is None else f"{one.null:g}")
        for one in METRICS.values()
    ]
    yield from table(("metric", "what it is", "read back by", "no difference at"), rows)


def formulae() -> Lines:
    """Every formula: what it gives, from what, how, and by whom."""
    from whatworks.extract.methods.formula import FORMULAE, Formula

    importlib.import_module("whatworks.extract.methods.effects")
    shelves: dict[str, list[Formula]] = {}
    for one in FORMULAE.values():
        shelves.setdefault(one.function.__module__, []).append(one)
    for module, held in shelves.items():
        yield from (f"## {first_sentence(sys.modules[module].__doc__).replace(', checked to 1e-9', '')}", "")
        for one in held:
            yield from _formula(one)


def _formula(one: Any) -> Lines:
    yield from (f"### {one.name}", "")
    yield from (f"{one.title}. Gives {code(one.metric)}; version {one.version}.", "")
    yield from ("```text", one.text, "```", "")
    for given in one.inputs:
        more = f" ({given.unit})" if given.unit else ""
        more += f"; one of {', '.join(map(code, given.choices))}, the first by default" if given.choices else ""
        more += f"; {given.default:g} where not given" if given.default is not None else ""
        yield f"- {code(given.name)}: {given.title}{more}"
    yield from ("", f"Source: {one.source}.", "")


def schemes() -> Lines:
    """Every rating scheme that ships: its levels, what it asks, its rules in order, its sources."""
    from whatworks.rate.schemes import schemes as shipped

    for one in shipped():
        yield from (f"## {one.key}, version {one.version}", "")
        yield from (
            f"**{one.title}.** Standing: {one.standing}. Rates {one.rates}.",
            "",
            " ".join(one.about.split()),
            "",
        )
        rows = [
            (code(level.key), level.word, "beside" if level.rank is None else level.rank + 1, level.meaning)
            for level in one.levels.values()
        ]
        yield from table(("level", "word", "place on the ladder", "meaning"), rows)
        yield from ("It asks:", "")
        for asked in one.inputs.values():
            choices = f" One of {', '.join(map(code, asked.choices))}." if asked.choices else ""
            judged = " Judged by a person, who puts their name to it." if asked.judged else ""
            yield f"- {code(asked.name)} ({asked.kind}): {asked.meaning}{choices}{judged}"
        yield from ("", "Its rules, in order:", "")
        yield from (_rule(number, rule) for number, rule in enumerate(one.rules, 1))
        yield from ("", "Where it comes from:", "")
        yield from (_source(source) for source in one.sources)
        yield ""


def _rule(number: int, rule: Any) -> str:
    effect = {
        "set": "sets the level to",
        "cap": "no higher than",
        "lower": "lowers the level",
        "raise": "raises the level",
    }
    does = (
        f"{effect[rule.effect.kind]} {code(rule.effect.level) if rule.effect.level else ''}".strip()
        if rule.effect.kind in effect
        else "changes nothing"
    )
    ends = ", and ends" if rule.final else ""
    return f"{number}. {code(rule.id)} ({does}{ends}): {code(rule.sentence)}"


def _source(source: Any) -> str:
    marks = {"seen": "text seen", "memory": "**text not confirmed**", "ours": "our own choice"}
    where = (
        f" <{source.where}>"
        if source.where.startswith("http") and " " not in source.where
        else f" {source.where}"
        if source.where
        else ""
    )
    return f"- {source.says} ({marks[source.mark]}){where}"


def states() -> Lines:
    """Every state of an outcome, as pages show it."""
    from whatworks.rate.methods.states import STATES

    yield from table(("state", "word on the page"), [(code(one.key), one.word) for one in STATES.values()])


def instruments() -> Lines:
    """Every instrument that ships: its domains, its judgements, its overall rule, its sources."""
    from whatworks.extract.instruments import instruments as shipped

    for one in shipped():
        yield from (f"## {one.key}, version {one.version}", "")
        yield from (f"**{one.title}.** Judges {one.judges}. Also called {', '.join(one.also_called)}.", "")
        yield from (f"Judgements, best first: {', '.join(one.judgements)}.", "")
        if one.overall.no_information:
            yield from (f"A domain may also say: {one.overall.no_information}.", "")
        yield from table(
            ("domain", "our short name", "what the tool calls it"), [(code(d.key), d.name, d.of) for d in one.domains]
        )
        yield from (f"Overall: {one.overall.says}", "", "Where it comes from:", "")
        yield from (_source(source) for source in one.sources)
        yield ""


def roles() -> Lines:
    """Every role, in plain English, with what it may do."""
    from whatworks.people.roles import roles as known

    rows = [(code(one.key), one.title, one.plain, ", ".join(map(code, sorted(one.may)))) for one in known().values()]
    yield from table(("role", "title", "in plain English", "permissions"), rows)


def pack_tables() -> Lines:
    """Every table of a pack with its columns."""
    start_django()
    from whatworks.archive.layout import tables

    for one in tables():
        classes = one.model.classes
        yield from (f"### {one.path}", "", f"{first_sentence(one.model.__doc__)}.", "")
        if one.closed:
            yield from ("Left out of an open pack altogether.", "")
        rows = [_column(one, field, classes[field.name]) for field in one.columns("backup")]
        yield from table(("column", "holds", "openness"), rows)


def _column(one: Any, field: Any, openness: str) -> tuple[str, str, str]:
    from whatworks.ledger.packs import column

    name = code(column(field))
    holds = _kind(one, field) + (", or empty" if field.null or getattr(field, "blank", False) else "")
    key = ", part of the key" if len(one.key) > 1 else ", the key"
    return name, holds + (key if field.name in one.key else ""), openness


def _kind(one: Any, field: Any) -> str:
    if field.is_relation:
        target = field.related_model.__name__
        if field.primary_key:
            return (
                f"identifier, {code(one.model.prefix + '-…')}"
                if hasattr(one.model, "prefix")
                else f"identifier ({target})"
            )
        return f"identifier ({target})"
    if field.primary_key and hasattr(one.model, "prefix"):
        return f"identifier, {code(one.model.prefix + '-…')}"
    name = type(field).__name__
    kinds = {
        "CanonicalField": "JSON",
        "BooleanField": "`yes` or `no`",
        "FloatField": "number",
        "IntegerField": "whole number",
        "SmallIntegerField": "whole number",
        "BigIntegerField": "whole number",
        "DateField": "day, `2026-11-21`",
        "DateTimeField": "time, in UTC",
        "MoneyField": "money, `2600 USD 2009`",
        "URLField": "address",
        "SlugField": "short name for addresses",
        "EmailField": "e-mail address",
        "TextField": "text",
        "CharField": f"text, at most {field.max_length} characters",
    }
    return kinds[name]


def matching_cases() -> Lines:
    """The book of cases on which deduplication is judged, theme by theme."""
    from tests.spec.matching.book import cases, opening, themes

    for theme in themes():
        yield from (f"## {theme.capitalize()}", "", opening(theme), "")
        rows = [
            (one.identifier, _cited(one.fields[0]), _others(one.fields), one.outcome, one.why) for one in cases(theme)
        ]
        yield from table(("case", "one record", "the other", "should come", "because"), rows)


def _cited(fields: dict[str, Any]) -> str:
    return "; ".join(f"{name} {code(value) if value != '' else 'missing'}" for name, value in fields.items())


def _others(fields: Sequence[dict[str, Any]]) -> str:
    first, *others = fields
    changes = [{name: value for name, value in other.items() if value != first.get(name)} for other in others]
    return " / ".join(_cited(change) or "the same in every field" for change in changes)


def start_django() -> None:
    """Start Django once, in a home of its own, so that nothing is made in the folder of a centre."""
    import django
    from django.apps import apps

    if apps.ready:
        return
    os.environ.pop("DATABASE_URL", None)
    with tempfile.TemporaryDirectory() as home:
        os.environ |= {"WHATWORKS_HOME": home, "DJANGO_SETTINGS_MODULE": "whatworks.web.settings"}
        django.setup()


PAGES: dict[str, dict[str, Callable[[], Lines]]] = {
    "CONTRIBUTING.md": {"rooms": rooms},
    "docs/reference/formulae.md": {"measures": measures, "metrics": metrics, "formulae": formulae},
    "docs/reference/schemes.md": {"states": states, "schemes": schemes},
    "docs/reference/instruments.md": {"instruments": instruments},
    "docs/reference/matching-cases.md": {"matching-cases": matching_cases},
    "docs/reference/roles.md": {"roles": roles},
    "docs/reference/pack-format.md": {"tables": pack_tables},
    "docs/reference/design.md": {"design-sections": designs.sections, "design-examples": designs.examples},
}


def filled(name: str, text: str) -> str:
    """The page with its generated parts as the code would have them; its prose as it is."""
    makers = PAGES[name]
    found = {match["name"] for match in REGION.finditer(text)}
    if found != set(makers):
        raise SystemExit(
            f"{name} must have the generated parts {', '.join(makers)}; it has {', '.join(found) or 'none'}."
        )

    def fill(match: re.Match[str]) -> str:
        return match[1] + "\n" + "\n".join(makers[match["name"]]()).strip("\n") + "\n\n" + match[3]

    return REGION.sub(fill, text)


def out_of_date() -> dict[str, str]:
    """Pages whose generated parts are not what the code says, each with the text it should have."""
    texts = {name: (ROOT / name).read_text("utf-8") for name in PAGES}
    return {name: new for name, text in texts.items() if (new := filled(name, text)) != text}


def main() -> int:
    """Write what is out of date, or only name it."""
    stale = out_of_date()
    for name, text in stale.items():
        print(name)
        if "--check" not in sys.argv[1:]:
            (ROOT / name).write_text(text, encoding="utf-8")
    return bool(stale) if "--check" in sys.argv[1:] else 0


if __name__ == "__main__":
    sys.exit(main())
