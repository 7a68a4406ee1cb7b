"""Test vectors, as they stand on the page about the published allocation: what these gave once they must give for ever."""

from __future__ import annotations

import hashlib
import json
import re

import pytest

from tests.unit.docs.pages import page
from tests.unit.trial import draws
from whatworks.trial.methods.allocating.listing import list_digest
from whatworks.trial.methods.allocating.publishing import practice_seed
from whatworks.trial.standalone.replay_allocation import Lot, first_difference


def signs(held: dict) -> str:
    """An allocation as the places of its arms (from 0), or the steps."""
    arms = [arm["name"] for arm in held["method"]["arms"]]
    return "".join(arm if arm.isdigit() else str(arms.index(arm)) for arm in held["allocation"].values())


def stated() -> dict[str, tuple[str, str]]:
    """By the name of the way what the page says of the design, and the vector."""
    found = re.findall(
        r"^\| ([a-z, ]+) \| `([^`]+)` \| `([0-9]+)` \|$", page("docs/reference/allocation.md"), flags=re.MULTILINE
    )
    return {name: (says, arms) for name, says, arms in found}


@pytest.mark.parametrize("name", draws.CASES)
def test_the_vectors_of_the_page_come_out(name: str) -> None:
    held = draws.record(draws.design(*draws.CASES[name]), draws.units())
    says, arms = stated()[name]
    assert arms == signs(held)
    lines = [one for part in draws.CASES[name][::2] for one in part.splitlines()] + [draws.CASES[name][3]]
    assert re.split(r"; | (?=\[\[)", says) == [one for one in lines if one]


def test_the_page_names_the_list_the_seed_and_the_stream() -> None:
    """Somebody who writes it again in another language starts with these."""
    text = page("docs/reference/allocation.md")
    held = draws.record(draws.design('method = "complete"'), draws.units())
    numbers = [str(one) for one in (lambda lot: [lot.number() for _ in range(3)])(Lot(held["seed"]))]
    for needed in (list_digest(draws.units()), held["seed"], practice_seed("1"), *numbers):
        assert needed in text
    block = re.search(r"```text\n(unit,area.*?)```", text, flags=re.DOTALL)
    assert block is not None and list_digest(draws.units(block[1])) == list_digest(draws.units())


def test_the_page_names_every_part_of_the_file() -> None:
    """A part that is not described cannot be checked by anybody."""
    text = page("docs/reference/allocation.md")
    held = draws.record(draws.design(*draws.CASES["constrained"]), draws.units())
    names = set(held) | set(held["method"]) | set(held["candidates"][0]) | set(held["candidates"][0]["together"])
    names |= set(held["commitments"]["frozen"]) | {name for one in held["commitments"]["parties"] for name in one}
    assert {name for name in names if f"`{name}`" not in text} == set()


def test_a_whole_file_is_pinned() -> None:
    """Its digest: were anything in the format changed, files that were published would no longer be drawn again."""
    held = draws.record(draws.design(*draws.CASES["constrained in strata"]), draws.units())
    assert first_difference(held) is None
    plain = {name: value for name, value in held.items() if name != "warnings"}  # sentences may be worded better
    text = json.dumps(plain | {"digest": ""}, sort_keys=True, ensure_ascii=False)
    assert hashlib.sha256(text.encode()).hexdigest() == PINNED


PINNED = "e5f6e30fcf1740120a3f08dcd4c2523e4796384334283ce19a13a78d7136022f"
