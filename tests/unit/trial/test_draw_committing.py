"""Commitments come before the freeze, secrets after it, and a draw of record takes nothing else."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest

from tests.unit.trial import draws
from whatworks.errors import InputError
from whatworks.stats.lot import commitment, seed_of
from whatworks.trial.methods.allocating import committing
from whatworks.trial.methods.allocating.listing import list_digest, list_text, read_list
from whatworks.trial.methods.allocating.publishing import allocate
from whatworks.trial.methods.design import digest

DESIGN = draws.design('method = "complete"')


def two(*times: str) -> dict[str, Any]:
    """Two custodians who have committed."""
    held = committing.opened()
    for (name, secret), at in zip(draws.SECRETS.items(), times or (draws.COMMITTED,) * 2, strict=True):
        held = committing.committed(held, name=name, commitment=commitment(secret), at=at)
    return held


def fixed(held: dict[str, Any] | None = None, at: str = draws.FROZEN) -> dict[str, Any]:
    """The list frozen."""
    return committing.frozen(held or two(), design=digest(DESIGN), units=draws.units(), at=at)


def test_the_seed_is_of_the_list_and_the_secrets_in_the_order_of_the_file() -> None:
    """What a stranger computes: SHA-256 of the list's digest and the secrets; a beacon's value counts in small letters."""
    rows = draws.units()
    held = draws.told(DESIGN, rows)
    assert committing.seed(held, design=digest(DESIGN), units=rows) == seed_of(
        list_digest(rows), ["ivy", "oak", "ab12"]
    )


def test_the_file_is_read_again_as_it_was() -> None:
    held = draws.told(DESIGN, draws.units())
    assert committing.read_commitments(json.dumps(held)) == held


def test_the_seal_is_the_same_before_and_after_the_secrets() -> None:
    """It is published at the freeze, and checked against the file in which all has been told."""
    held = fixed()
    after = committing.revealed(held, name="Custodian one", secret="ivy", at=draws.TOLD)
    assert committing.seal_of(after) == held["frozen"]["seal"] == committing.seal_of(held)
    other = copy.deepcopy(held)
    other["parties"][0]["name"] = "Somebody else"
    assert committing.seal_of(other) != held["frozen"]["seal"]


def changed(**change: Any) -> dict[str, Any]:
    """A told file in which one thing is another."""
    held = copy.deepcopy(draws.told(DESIGN, draws.units()))
    for where, value in change.items():
        part, _, name = where.partition("_")
        (held["frozen"] if part == "frozen" else held["parties"][int(part[1:])])[name] = value
    return held


ROWS = draws.units()


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (lambda: committing.committed(fixed(), name="Late", commitment=commitment("elm"), at=draws.TOLD), "nobody can commit after"),
        (lambda: committing.committed(two(), name="Custodian one", commitment=commitment("elm"), at=draws.TOLD), "committed already"),
        (lambda: committing.committed(two(), name="Third", commitment=commitment("ivy"), at=draws.TOLD), "the same secret"),
        (lambda: committing.committed(two(), name="Third", commitment="ivy", at=draws.TOLD), "trial commit makes one"),
        (lambda: committing.committed(two(), name=" ", commitment=commitment("elm"), at=draws.TOLD), "needs a name"),
        (lambda: committing.revealed(two(), name="Custodian one", secret="ivy", at=draws.TOLD), "not frozen yet"),
        (lambda: committing.revealed(fixed(), name="Custodian one", secret="yew", at=draws.TOLD), "does not match the commitment"),
        (lambda: committing.revealed(fixed(), name="Custodian one", secret="ivy", at=draws.COMMITTED), "before its time"),
        (lambda: committing.revealed(fixed(), name="Nobody", secret="ivy", at=draws.TOLD), "not committed to anything"),
        (lambda: fixed(fixed()), "a changed list needs new commitments"),
        (lambda: fixed(two(draws.COMMITTED, draws.TOLD)), "after the list was frozen"),
        (lambda: fixed(committing.opened()), "two custodians, or one and a beacon"),
        (lambda: draws.told(DESIGN, ROWS, named_for=draws.FROZEN), "not after the list was frozen; name a later one"),
        (lambda: draws.told(DESIGN, ROWS, named_for="2026-01-09T00:00:00Z"), "before its time"),
        (lambda: committing.named(two(), name="B", source="", round="1", named_for=draws.TOLD, at=draws.COMMITTED), "source and its round"),
        (lambda: committing.moment("2026-01-01T00:00:00"), "has no zone"),
        (lambda: committing.moment("soon"), "is no time"),
        (lambda: committing.read_commitments("{}"), "no file of commitments"),
        (lambda: committing.read_commitments("["), "not readable JSON"),
        (lambda: committing.read_commitments(json.dumps(changed(p0_kind="friend"))), "Party 1"),
        (lambda: committing.read_commitments(json.dumps(changed(p0_committed_at="2026-01-01"))), "no zone"),
    ],
)  # fmt: skip
def test_what_is_out_of_order_is_refused_in_a_sentence(wrong, said: str) -> None:
    with pytest.raises(InputError, match=said) as found:
        wrong()
    assert str(found.value).count("\n") == 0


@pytest.mark.parametrize(
    ("held", "text", "rows", "said"),
    [
        (two(), DESIGN, ROWS, "not frozen"),
        (fixed(), DESIGN, ROWS, "Custodian one has not told the secret"),
        (draws.told(DESIGN, ROWS), DESIGN, ROWS[1:], "The list was changed after it was frozen"),
        (draws.told(DESIGN, ROWS), DESIGN, ROWS[::-1], "The list was changed after it was frozen"),
        (draws.told(DESIGN, ROWS), DESIGN + "# and\n", ROWS, "The design was changed after it was frozen"),
        (changed(frozen_rules="whatworks draw 0"), DESIGN, ROWS, "changed after the freeze"),
        (changed(p1_commitment=commitment("yew"), p1_secret="yew"), DESIGN, ROWS, "changed after the freeze"),
        (changed(p1_secret="yew"), DESIGN, ROWS, "does not match the commitment"),
    ],
)
def test_a_draw_of_record_is_refused_where_something_is_missing_or_another(
    held: dict[str, Any], text: str, rows: list[dict[str, str]], said: str
) -> None:
    with pytest.raises(InputError, match=said):
        allocate(text, rows, drawn_at=draws.DRAWN, commitments=held)


def test_a_draw_comes_after_the_last_secret() -> None:
    with pytest.raises(InputError, match="before the last secret"):
        allocate(DESIGN, ROWS, drawn_at=draws.FROZEN, commitments=draws.told(DESIGN, ROWS))


def test_a_typed_seed_is_never_of_record() -> None:
    with pytest.raises(InputError, match="not both"):
        allocate(DESIGN, ROWS, drawn_at=draws.DRAWN, commitments=draws.told(DESIGN, ROWS), typed="1")
    assert draws.practice(DESIGN, ROWS)["label"] == "practice only"


def test_the_text_of_a_list_is_its_cells_by_tabs() -> None:
    """So that `sha256sum` gives the digest; the byte order mark, Windows' line ends, spaces around cells and empty lines do not count."""
    text = 'unit,area\nSt. Anne’s,north\n"Oak, Upper",south\n'
    assert list_text(read_list(text)) == "unit\tarea\nSt. Anne’s\tnorth\nOak, Upper\tsouth\n"
    same = "\ufeff" + text.replace("\n", "\r\n").replace(",north", " , north ") + "\r\n"
    assert list_digest(read_list(same)) == list_digest(read_list(text))
    assert list_digest(read_list(text)) == "7733de5c788af3cf124c9b8e034022b9520eaa449663c52edaadb01f98210189"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("name\nAsh\n", "no column unit"),
        ("unit,unit\nAsh,Ash\n", "a name of its own"),
        ("unit,\nAsh,x\n", "a name of its own"),
        ("unit\n", "has no units"),
        ("unit,a\nAsh\n", "has 1 cells and the header 2"),
        ("unit,a\nAsh,1\nAsh,2\n", "Ash is in The list twice"),
        ("unit,a\n,1\n", "Row 1 of The list has no unit"),
        ('unit,a\nAsh,"1\n2"\n', "cannot be seen"),
        ('unit,a\nAsh,"1', "not readable CSV"),
    ],
)
def test_a_list_that_cannot_be_frozen_is_refused(text: str, said: str) -> None:
    with pytest.raises(InputError, match=said):
        read_list(text)
