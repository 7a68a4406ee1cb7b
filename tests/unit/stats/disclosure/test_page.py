"""The page that explains disclosure control shows a program; a reader who copies it must get what it says."""

from __future__ import annotations

import re

from tests.unit.docs.pages import page
from whatworks.stats.disclosure import INTERNAL, PUBLIC, RESEARCH

TEXT = page("docs/explanation/disclosure.md")


def test_the_program_in_the_page_runs() -> None:
    blocks = re.findall(r"^```python\n(.*?)^```", TEXT, flags=re.MULTILINE | re.DOTALL)
    assert len(blocks) == 1
    exec(compile(blocks[0], "disclosure.md", "exec"), {})  # noqa: S102  our own page, read from this checkout


def test_the_table_of_policies_is_that_of_the_program() -> None:
    """A reader decides by this table what may leave the room."""
    rows = dict(re.findall(r"^\| `(\w+)`(.*)\|$", TEXT, flags=re.MULTILINE))
    for name, policy in {"PUBLIC": PUBLIC, "RESEARCH": RESEARCH, "INTERNAL": INTERNAL}.items():
        cells = [cell.strip() for cell in rows[name].split("|")]
        withheld = f"{policy.smallest} to {policy.largest}" if policy.withholds else "nothing"
        assert cells[1] == withheld
        assert cells[2].endswith(f"nearest {policy.rounding}" if policy.rounding > 1 else "nothing")
        assert cells[3] == str(policy.protection)
