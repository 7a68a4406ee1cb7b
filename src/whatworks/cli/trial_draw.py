"""`whatworks trial allocate`, `replay`, `event` and `release`: draw by lot, draw again from the file alone, note what happened after."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from fractions import Fraction
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from whatworks.cli import trial_commit
from whatworks.cli.plainly import plainly
from whatworks.cli.synthesise import Json, print_json, show, write_text
from whatworks.cli.trial_commit import After, DesignFile, UnitsFile, now, read_text, write_whole
from whatworks.errors import InputError
from whatworks.saying import said

AllocationFile = Annotated[Path, typer.Argument(help="A published allocation, a JSON file.", metavar="ALLOCATION")]
CONCEALMENT = (
    "Whoever can read this file, or has the list, the design and all secrets, knows every arm. On one server its "
    "administrator is trusted; only a custodian who keeps the file and tells arms one by one, after each unit has "
    "consented, conceals them from everybody else."
)
STRANGER = "python3 -I replay_allocation.py"


def add(app: typer.Typer) -> None:
    """Add this module's sub-commands to the group."""
    for command in (allocate, replay, event, release):
        app.command()(plainly(command))
    trial_commit.add(app)


def allocate(
    design: DesignFile,
    units: UnitsFile,
    out: Annotated[Path, typer.Option(help="Write the allocation to this JSON file.")],
    commitments: Annotated[Path | None, typer.Option(help="The file of commitments, frozen, all secrets told.")] = None,
    practice: Annotated[bool, typer.Option("--practice", help="Draw for practice only, from --seed.")] = False,
    seed: Annotated[str | None, typer.Option(help="With --practice: any text.")] = None,
    after: After = None,
    script: Annotated[Path | None, typer.Option(help="Write the stand-alone program that draws it again.")] = None,
    redcap: Annotated[Path | None, typer.Option(help="Write REDCap's allocation table to this CSV file.")] = None,
    redcap_each: Annotated[int, typer.Option(help="Rows of it for each stratum, in blocks; 0 for the units.")] = 0,
    redcap_code: Annotated[
        list[str] | None, typer.Option(help="An arm's code there, as control=0; once for each.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Draw each unit's arm by lot, so that a stranger can draw it again."""
    from whatworks.trial.methods.allocating import publishing
    from whatworks.trial.methods.allocating.committing import read_commitments
    from whatworks.trial.methods.allocating.listing import read_list
    from whatworks.trial.methods.allocating.replaying import read_allocation

    _refuse_shopping(out, practice, seed, commitments)
    told = None if practice or commitments is None else read_commitments(read_text(commitments))
    before = read_allocation(read_text(after)) if after else None
    text, listed = read_text(design), read_list(read_text(units), units.name)
    held = publishing.allocate(
        text, listed, drawn_at=now(), commitments=told, typed=seed if practice else None, before=before
    )
    table = _redcap(held, redcap, redcap_each, redcap_code or [])
    write_whole(out, held)
    if script:
        write_text(script, read_text(Path(_program().__file__ or "")))
    if as_json:
        print_json(_account(held, out) | ({"redcap": table} if table else {}))
        return
    _print(held, out)
    for column, codes in (table or {}).items():
        print(f"REDCap codes of {column}: " + ", ".join(f"{code} {name}" for name, code in codes.items()))


def _refuse_shopping(out: Path, practice: bool, seed: str | None, commitments: Path | None) -> None:
    """Raise InputError where a seed would be typed for a draw of record, or one would be drawn over."""
    if practice and seed is None:
        raise InputError(said("A draw for practice needs a seed: give --seed with any text."))
    if seed is not None and not practice:
        raise InputError(said("A seed that is typed can be chosen, so it draws for practice only: add --practice."))
    if not practice and commitments is None:
        raise InputError(
            said("A draw of record needs --commitments; see trial commit. For practice give --practice --seed.")
        )
    if out.exists() and '"label": "practice only"' not in out.read_text("utf-8", "replace")[:100]:
        raise InputError(
            said("%(file)s is there already and is no draw for practice; a draw is not drawn over.", file=out)
        )


def _program() -> Any:
    from whatworks.trial.standalone import replay_allocation

    return replay_allocation


def _redcap(held: Mapping[str, Any], file: Path | None, each: int, codes: list[str]) -> dict[str, Any] | None:
    """Write REDCap's table; the codes that the project's fields must have."""
    from whatworks.spreadsheets import cell
    from whatworks.trial.methods.allocating.redcap import table

    if file is None:
        if each or codes:
            raise InputError(said("Name the file for REDCap's table: --redcap FILE.csv."))
        return None
    found = table(held, each=each, codes=dict(_pair(one) for one in codes) or None)
    stream = io.StringIO()
    csv.writer(stream, lineterminator="\r\n").writerows(
        [[cell(one) for one in row] for row in (found.header, *found.rows)]
    )
    write_text(file, stream.getvalue())
    return {name: dict(one) for name, one in found.codes.items()}


def _pair(text: str) -> tuple[str, str]:
    arm, sign, code = text.rpartition("=")
    if not sign:
        raise InputError(said("“%(text)s” is no code of an arm; write it as control=0.", text=text))
    return arm.strip(), code.strip()


def _account(held: Mapping[str, Any], out: Path) -> dict[str, Any]:
    """What a program is told of a draw."""
    told = held["commitments"]
    named = {
        name: held[name]
        for name in ("label", "seed", "digest", "method", "allocation", "counts", "balance", "warnings")
    }
    sets = [
        {name: value for name, value in one.items() if name not in ("listed", "units")} for one in held["candidates"]
    ]
    return {
        **named, "out": str(out), "units": len(held["allocation"]), "list": held["list"]["digest"],
        "design": held["design"]["digest"], "seal": told["frozen"]["seal"] if told else None, "candidates": sets,
        "concealment": CONCEALMENT,
    }  # fmt: skip


def _print(held: Mapping[str, Any], out: Path) -> None:
    print(f"{held['label'].capitalize()}: {len(held['allocation'])} units drawn to {out} ({held['method']['method']}).")
    arms = list(held["counts"]["arms"])
    rows = [("all", *held["counts"]["arms"].values())]
    rows += [(", ".join(one["values"]), *one["arms"].values()) for one in held["counts"]["strata"]]
    show("Units by arm", ("", *arms), rows)
    if table := list(_balance(held, arms)):
        show(
            "Balance (means; from the first arm, in standard deviations)",
            ("", *arms, *(f"{arm} - {arms[0]}" for arm in arms[1:])),
            table,
        )
    for one in held["candidates"]:
        at = {name: float(Fraction(one[name])) for name in ("imbalance", "cutoff")}
        worst = float(Fraction(one["imbalances"]["most"]))
        print(
            f"One of {one['kept']:,} candidates, the best balanced of {one['looked_at']:,}: "
            f"imbalance {at['imbalance']:.6g}, {at['cutoff']:.6g} at most; among all up to {worst:.6g}."
        )
    for warning in held["warnings"]:
        print(f"Note: {warning}")
    print(CONCEALMENT)
    print(f"Seed {held['seed']}; digest {held['digest']}. Anybody can draw it again: {STRANGER} {out.name}")


def _balance(held: Mapping[str, Any], arms: list[str]) -> Iterator[tuple[Any, ...]]:
    for one in held["balance"]:
        if "means" in one:
            means = [None if mean is None else float(Fraction(mean)) for mean in one["means"].values()]
            apart = [None if value is None else float(value) for value in one["differences"].values()]
            yield (one["column"], *means, *apart)


def replay(
    allocation: AllocationFile,
    seal: Annotated[str, typer.Option(help="The seal that was published when the list was frozen.")] = "",
    script: Annotated[Path | None, typer.Option(help="Write the stand-alone program that does the same.")] = None,
    as_json: Json = False,
) -> None:
    """Draw a published allocation again from its file alone, by two programs; exit status 1 where it differs."""
    from whatworks.trial.methods.allocating.replaying import read_allocation
    from whatworks.trial.methods.allocating.replaying import replay as again

    held = read_allocation(read_text(allocation))
    difference = again(held).first_difference
    if difference is None and (found := _program().first_difference(held, seal.strip())):
        difference = f"The stand-alone program: {found}"
    if script:
        write_text(script, read_text(Path(_program().__file__ or "")))
    told = held["commitments"]
    stated = told["frozen"]["seal"] if told and difference is None else None
    if as_json:
        answer = {
            "reproduced": difference is None,
            "first_difference": difference,
            "label": held["label"],
            "seal": stated,
        }
        print_json(answer | {"units": len(held["allocation"]), "events": len(held["events"])})
    elif difference is None:
        print(
            f"Reproduced: {held['label']}, {len(held['allocation'])} units, {len(held['events'])} events after the draw."
        )
        if stated and not seal:
            print(f"Compare this seal with the one that was published when the list was frozen: {stated}")
    else:
        print(f"Not reproduced ({held['label']}). {difference}")
    if difference is not None:
        raise typer.Exit(1)


def event(
    allocation: AllocationFile,
    unit: Annotated[str, typer.Option(help="Which unit; a late one is new.")],
    kind: Annotated[Literal["late", "ineligible", "withdrawn", "unblinded"], typer.Option(help="What happened.")],
    reason: Annotated[str, typer.Option(help="Why, in a few words and without names of people.")],
    on: Annotated[str, typer.Option(help="The day, such as 2026-03-01.")],
    as_json: Json = False,
) -> None:
    """Note what happened to a unit after the draw; nothing is ever removed, and the draw still comes out."""
    found = _happened(allocation, unit, kind, reason, on)
    last = found["events"][-1]
    if as_json:
        print_json({"label": found["label"], "event": last, "events": len(found["events"])})
        return
    print(
        f"Event {last['number']} ({found['label']}): {last['unit']}, {last['kind']}, on {last['on']}; digest {last['digest']}."
    )


def release(
    allocation: AllocationFile,
    unit: Annotated[str, typer.Option(help="Whose arm may be told now.")],
    on: Annotated[str, typer.Option(help="The day it consented, such as 2026-03-01; today if left out.")] = "",
    as_json: Json = False,
) -> None:
    """Tell the arm of one unit, and no other, and note that it was told: for a custodian who keeps the file."""
    found = _happened(allocation, unit, "released", "the arm was told", on or now()[:10])
    last, arm = found["events"][-1], found["allocation"][unit]
    if as_json:
        print_json({"label": found["label"], "unit": unit, "arm": arm, "event": last})
        return
    print(f"{unit}: {arm} ({found['label']}; event {last['number']}, digest {last['digest']}).")


def _happened(file: Path, unit: str, kind: str, reason: str, on: str) -> dict[str, Any]:
    """The allocation with one more event, written back; InputError where it or its chain was changed."""
    from whatworks.trial.methods.allocating import happening
    from whatworks.trial.methods.allocating.publishing import digest_of_draw
    from whatworks.trial.methods.allocating.replaying import read_allocation

    held = read_allocation(read_text(file))
    if held["digest"] != digest_of_draw(held):
        raise InputError(said("The allocation was changed after the draw; run trial replay to see where."))
    if problem := happening.broken(held):
        raise InputError(problem)
    found = happening.happened(held, unit=unit, kind=kind, reason=reason, on=on, noted_at=now())
    write_whole(file, found)
    return found
