"""The page on the command line says what the program says of itself."""

from __future__ import annotations

import re

import pytest
from typer.testing import CliRunner

from tests.unit.docs.pages import page, rows, sections
from whatworks.cli.commands import app

SECTIONS = sections(page("docs/reference/cli.md"))


def helped(*arguments: str) -> str:
    """What the program prints with --help, wide enough that no line is wrapped."""
    result = CliRunner().invoke(app, [*arguments, "--help"], env={"COLUMNS": "400", "TERMINAL_WIDTH": "400"})
    assert result.exit_code == 0, result.output
    return result.output


def commands() -> list[str]:
    """Every command that the program lists."""
    return re.findall(r"^  ([a-z][a-z-]*)  ", helped().partition("Commands:")[2], flags=re.MULTILINE)


def options(command: str) -> dict[str, str]:
    """Every option of a command, with what is said of it."""
    said = re.split(r"^  (--[a-z0-9-]+)", helped(command).partition("Options:")[2], flags=re.MULTILINE)
    found = {name: " ".join(text.split()) for name, text in zip(said[1::2], said[2::2], strict=True)}
    found.pop("--help")
    return found


def test_the_program_has_commands() -> None:
    """Were the list read wrongly, every other test here would hold of nothing."""
    assert {"demo", "verify", "pool"} <= set(commands())
    assert {"--tau2", "--json"} <= set(options("pool"))


def test_every_command_has_a_section_and_no_other() -> None:
    """A command nobody can look up does not exist for readers; one that is gone sends them astray."""
    assert set(SECTIONS) == set(commands())


@pytest.mark.parametrize("command", commands())
def test_every_option_is_in_its_table_and_no_other(command: str) -> None:
    """An option that is renamed must be renamed here."""
    assert set(rows(SECTIONS[command])) == set(options(command))


@pytest.mark.parametrize("command", commands())
def test_defaults_and_choices_are_those_of_the_program(command: str) -> None:
    """A default that was changed silently changes somebody's numbers."""
    table = rows(SECTIONS[command])
    for name, said in options(command).items():
        default = re.search(r"\[default: ([^\]]+)\]", said)
        assert default is None or f"`{default[1]}`" in table[name].rsplit("|", 1)[1], name
        choices = re.match(r"<([^>|]+(?:\|[^>|]+)+)>", said)
        assert choices is None or all(f"`{choice}`" in table[name] for choice in choices[1].split("|")), name


@pytest.mark.parametrize("command", commands())
def test_the_usage_line_names_the_command(command: str) -> None:
    """Each section begins with a line to copy."""
    assert SECTIONS[command].lstrip().startswith(f"```sh\nwhatworks {command}")
