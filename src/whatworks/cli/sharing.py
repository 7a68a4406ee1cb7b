"""Commands about giving reports out, citing them, and what publishers said of them afterwards. These load Django."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from whatworks.cli.centre import CLI, AsJson, Home, open_centre, print_json
from whatworks.cli.plainly import plainly
from whatworks.errors import InputError

if TYPE_CHECKING:
    from rich.progress import Progress

SHOWN = 20  # unreadable rows printed; --json gives those that are kept


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("export-reports")(plainly(export_reports))
    app.command()(plainly(cite))
    app.command()(plainly(retractions))


def export_reports(
    out: Annotated[Path, typer.Argument(metavar="OUT", help="Ends in .ris, .bib, .json (CSL), .csv, .jsonl or .xlsx.")],
    search: Annotated[str, typer.Option(help="Only what this search finds.")] = "",
    origin: Annotated[str, typer.Option("--import", help="Only what came with this import (imp-…).")] = "",
    review: Annotated[str, typer.Option(help="Only what this review took in.")] = "",
    named: Annotated[
        list[str] | None, typer.Option("--id", help="Only this report; give the option once for each.")
    ] = None,
    full: Annotated[
        bool, typer.Option("--full", help="With abstracts and subject terms, which most publishers own.")
    ] = False,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Write reports in the form that the file's name ends in, each under our identifier. Merged ones are one."""
    open_centre(home)
    from whatworks.collate.exporting import chosen, form_named, in_pieces, write_file

    form = form_named(out)
    if out.is_dir() or not out.resolve().parent.is_dir():
        raise InputError(f"{out}: there is no such folder to write a file into; make it first.")
    query = {"q": search, "import": origin, "review": review, "ids": ",".join(named or [])}
    rows = chosen({name: value for name, value in query.items() if value}, inside=full)
    with _progress(f"Writing {out.name}", quiet=as_json) as progress:
        task = progress.add_task("", total=rows.count())
        count = write_file(form, (_counted(one, progress, task) for one in in_pieces(rows, inside=full)), out)
    if as_json:
        print_json({"reports": count, "file": str(out), "form": form.name})
    else:
        print(f"{count:,} report{'' if count == 1 else 's'} written to {out} as {form.name}.")


def _counted(one: Any, progress: Progress, task: Any) -> Any:
    progress.advance(task)
    return one


def cite(
    report: Annotated[str, typer.Argument(help="A report's identifier (rep-…) or its DOI.")],
    style: Annotated[str, typer.Option(help="apa, harvard, vancouver or bibtex.")] = "apa",
    home: Home = None,
) -> None:
    """Print a report as a reference to paste into a text."""
    open_centre(home)
    from whatworks.collate.citations import file_text
    from whatworks.collate.exporting import shared
    from whatworks.collate.methods.citing import STYLES, reference
    from whatworks.collate.methods.fields import normalise_doi
    from whatworks.collate.models import Report

    if style not in (*STYLES, "bibtex"):
        raise InputError(f"There is no style {style}; choose one of {', '.join(STYLES)} and bibtex.")
    known = Report.objects.here()
    row = known.filter(pk=report).first() or known.filter(doi=normalise_doi(report) or "-").order_by("pk").first()
    if row is None:
        raise InputError(f"There is no report {report}; give an identifier such as rep-7h3k9q2x, or a DOI.")
    (one,) = shared([row.speaker()])
    print(file_text("bibtex", one).strip() if style == "bibtex" else reference(one.item(), style))


def retractions(
    file: Annotated[Path, typer.Argument(help="The list of Retraction Watch, or a CSV with doi, date and notice.")],
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Load a list of retractions: mark the reports here that it is about, and keep the rest for those that come."""
    open_centre(home)
    from whatworks.collate.retractions import load_list
    from whatworks.ledger.sealer import seal_all

    with _progress(f"Reading {file.name}", quiet=as_json) as progress:
        task = progress.add_task("", total=None)
        found = load_list(by=CLI, path=file, told=lambda done, of: progress.update(task, completed=done, total=of))
    seal_all()
    if as_json:
        print_json(found)
    else:
        _show(found)


def _show(found: dict[str, Any]) -> None:
    print(
        f"{found['rows']:,} rows: {found['new']:,} new, {found['known']:,} known already, {found['unreadable']:,} unreadable."
    )
    print(f"{found['hits']:,} reports here were marked; {found['marked']:,} results and pages rest on them.")
    print(f"{found['proposed']:,} have the same title and wait for a person at /workspace/retractions/.")
    print(f"{found['unmatched']:,} notices are about reports that are not here, and are kept.")
    for row in found["bad"][:SHOWN]:
        print(f"  line {row['line']:,}: {row['reason']}")
    if found["unreadable"] > SHOWN:
        print(f"  and {found['unreadable'] - SHOWN:,} more; --json lists the first {len(found['bad'])}.")


def _progress(words: str, *, quiet: bool) -> Progress:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    return Progress(
        TextColumn(words),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=Console(stderr=True),
        transient=True,
        disable=quiet or not sys.stderr.isatty(),
    )
