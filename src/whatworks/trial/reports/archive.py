"""The archive of a trial: all that is needed to check the draw and to run the analysis again, and no row of anybody.

One zip, the same bytes for the same record. It holds a synthetic twin of the data in their place.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import math
import zipfile
from collections import Counter
from collections.abc import Mapping, Sequence
from importlib import resources
from typing import Any

from django.utils.translation import gettext as _

from whatworks.spreadsheets import cell
from whatworks.stats.designs import as_level, is_missing
from whatworks.stats.disclosure import Policy, crossed, withhold
from whatworks.stats.disclosure.relations import Relation
from whatworks.stats.lot import seed_of
from whatworks.trial import participants
from whatworks.trial.analysing import joined
from whatworks.trial.methods.design import Design, read
from whatworks.trial.models import TrialAnalysis
from whatworks.trial.reports.checking import as_csv
from whatworks.trial.reports.gathering import Gathered, version
from whatworks.trial.reports.pdf import pdf
from whatworks.trial.reports.report import report, result_card
from whatworks.trial.reports.text import text
from whatworks.trial.reports.twin import twin
from whatworks.trial.sighting import happenings

FIXED = (1980, 1, 1, 0, 0, 0)
POLICY = Policy("archive of a trial", 1, 9, protection=5)
ALL, THERE, MISSING = "all", "has an outcome", "has none"
EVENTS = ("number", "unit", "people", "kind", "arm", "reason", "on")
Table = Mapping[str, Sequence[Any]]


def archive(held: Gathered) -> bytes:
    """The zip of a trial that has a result. Raises InputError where its data are not in the store of participants here."""
    analysis = held.result
    assert analysis is not None
    design = read(analysis.protocol.design)
    given = participants.table(analysis.dataset)
    whole = joined(held.trial, design, dict(given))
    arms = [_arm(design, one) for one in whole[design.analysis.arm]]
    parts = {
        "design.toml": analysis.protocol.design,
        "events.csv": _events(held),
        "panel.json": json.dumps(analysis.panel, ensure_ascii=False, indent=1, sort_keys=True) + "\n",
        "dictionary.csv": _dictionary(design, given),
        "tables/counts-by-arm.csv": counts_by_arm(design, whole, arms),
        "synthetic/twin.csv": _rows(twin(design, given, arms, _seed(analysis))),
        "checklists.csv": as_csv(held),
        "report.txt": text(report(held)),
        "report.pdf": pdf(report(held)),
        "result.txt": text(result_card(held)),
        "analyse.py": _shipped("analyse_again.py"),
    }
    if held.plan is not None:
        parts["plan-as-locked.json"] = held.plan.text
    if held.drawn is not None and held.drawn.concealed:
        parts["allocation-as-published.json"] = held.drawn.document
    if held.drawn is not None and held.drawn.document:
        script = resources.files("whatworks.trial.standalone").joinpath("replay_allocation.py").read_text("utf-8")
        parts |= {"allocation.json": held.drawn.whole_file(), "replay_allocation.py": script}
    parts["README.txt"] = readme(held, sorted([*parts, "README.txt", "SHA256SUMS"]))
    return _zipped({name: one.encode() if isinstance(one, str) else one for name, one in parts.items()})


def _shipped(name: str) -> str:
    return resources.files("whatworks.trial.reports").joinpath(name).read_text("utf-8")


def _seed(analysis: TrialAnalysis) -> str:
    """The seed of the twin: anybody can draw it again from the numbers that it is drawn from."""
    return seed_of(analysis.dataset.digest, ["synthetic twin"])


def _arm(design: Design, value: Any) -> str:
    """The name of an arm, also where the data number it."""
    told, names = as_level(value), [arm.name for arm in design.arms]
    return names[int(told)] if told not in names and told.isdigit() and int(told) < len(names) else told


def _zipped(parts: Mapping[str, bytes]) -> bytes:
    sums = "".join(f"{hashlib.sha256(body).hexdigest()}  {name}\n" for name, body in sorted(parts.items()))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        for name, body in sorted({**parts, "SHA256SUMS": sums.encode()}.items()):
            fixed = zipfile.ZipInfo(name, FIXED)
            fixed.create_system, fixed.external_attr, fixed.compress_type = 3, 0o644 << 16, zipfile.ZIP_DEFLATED
            file.writestr(fixed, body)
    return out.getvalue()


def table_text(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table as CSV in which no cell is run by a spreadsheet."""
    out = io.StringIO()
    table = csv.writer(out, lineterminator="\n")
    table.writerow(head)
    table.writerows([one if _number(one) else cell(one) for one in row] for row in rows)
    return out.getvalue()


def _number(text: str) -> bool:
    """Whether a spreadsheet takes a cell for a number: one below nought is no formula."""
    try:
        return math.isfinite(float(text))
    except ValueError:
        return False


def _rows(table: Mapping[str, Sequence[str]]) -> str:
    return table_text(list(table), list(zip(*table.values(), strict=True)))


def _events(held: Gathered) -> str:
    rows = [
        (
            str(number),
            one.unit,
            "" if one.people is None else str(one.people),
            one.kind,
            one.arm,
            one.reason,
            str(one.on),
        )
        for number, one in enumerate(happenings(held.trial), 1)
    ]
    return table_text(EVENTS, rows)


def _dictionary(design: Design, table: Table) -> str:
    """The columns that came in: what the design does with each, its kind, how many values are missing. No value of anybody."""
    rows = []
    for name, cells in table.items():
        lost = sum(is_missing(one) for one in cells)
        shown = str(lost) if lost == 0 or lost >= POLICY.largest + 1 else f"1 to {POLICY.largest}"
        rows.append((name, _role(design, name), _kind(cells), shown))
    return table_text(("column", "in_the_design", "kind", "missing"), rows)


def _role(design: Design, name: str) -> str:
    told = design.analysis
    single = {
        told.outcome: "outcome", told.arm: "arm", told.cluster: "cluster", told.period: "period", told.offset: "time at risk",
        told.trials: "people in the row", told.received: "took the offer up",
    }  # fmt: skip
    if name in single:
        return single[name]
    several = (
        (told.strata, "stratum"), (told.covariates, "covariate"), (told.random, "random level"),
        (told.secondary, "further outcome"), (told.subgroups, "subgroup"),
    )  # fmt: skip
    return "; ".join(role for names, role in several if name in names) or "not used by the design"


def _kind(cells: Sequence[Any]) -> str:
    try:
        numbers = [float(one) for one in cells if not is_missing(one)]
    except (TypeError, ValueError):
        return "text"
    return "whole numbers" if all(one.is_integer() for one in numbers) else "numbers"


def counts_by_arm(design: Design, table: Table, arms: Sequence[str]) -> str:
    """People by arm and stratum, and with and without an outcome; small numbers withheld, and those that would give them away."""
    strata = [name for name in design.analysis.strata if name in table]
    values: Counter[tuple[str, str]] = Counter()
    columns: dict[str, set[str]] = {"outcome": {THERE, MISSING}, **{name: set() for name in strata}}
    for row, arm in enumerate(arms):
        there = MISSING if is_missing(table[design.analysis.outcome][row]) else THERE
        marks = [there] + [f"{name}: {as_level(table[name][row])}" for name in strata]
        for name, one in zip(columns, marks, strict=True):
            columns[name].add(one)
        for who in (arm, ALL):
            for mark in (*marks, ALL):
                values[who, mark] += 1
    names = sorted(set(arms), key=[arm.name for arm in design.arms].index)
    across = [Relation(ALL, tuple(sorted(marks))) for marks in columns.values()]
    whole = {(who, mark): values[who, mark] for who in (*names, ALL) for mark in _marks(columns)}
    found = withhold(whole, crossed([Relation(ALL, tuple(names))], across), POLICY)
    rows = [(who, mark, found.text((who, mark))) for who in (*names, ALL) for mark in _marks(columns)]
    return table_text(("arm", "which", "rows"), rows)


def _marks(columns: Mapping[str, set[str]]) -> list[str]:
    return [*(mark for marks in columns.values() for mark in sorted(marks)), ALL]


def readme(held: Gathered, names: Sequence[str]) -> str:
    """What is in the archive, and how it keeps the five safes."""
    assert held.result is not None
    made_up = [_("A demonstration: a made-up trial of made-up places."), ""] if held.trial.demonstration else []
    lines = [
        held.trial.title, "", *made_up,
        _("Files: %(names)s.") % {"names": ", ".join(names)}, "",
        _("Made from the record by whatworks %(version)s. The same record gives the same archive; SHA256SUMS checks it.")
        % {"version": version()}, "",
        _("Check the draw: python3 -I replay_allocation.py allocation.json"),
        _("Run the analysis: python3 analyse.py synthetic/twin.csv (or the real data, for whoever may have them)"), "",
        _("SAFE PROJECTS. The question and the plan were set beforehand; both are here with their digests."),
        _("SAFE PEOPLE. Nobody needs to be approved for this archive; the data themselves are held by those who ran the trial."),
        _("SAFE SETTINGS. The rows of people were analysed from a folder outside the database and are not here."),
        _("SAFE DATA. synthetic/twin.csv is not data: every row of it was drawn by a computer from a few numbers. Columns are drawn apart "
          "from each other, so nothing can be found out from it beyond what the report says. Use it to try a program."),
        _("SAFE OUTPUTS. In tables/ counts of 1 to 9 are shown as c, and so are others that would give these away."), "",
        _("SHA-256 of the real data: %(digest)s") % {"digest": held.result.dataset.digest},
    ]  # fmt: skip
    return "\n".join(lines) + "\n"
