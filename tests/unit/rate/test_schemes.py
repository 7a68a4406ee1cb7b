"""A scheme file that means nothing, or not what it says, is refused by name and key; old versions stay."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.rate.schemes import PUMPS, written
from whatworks.errors import InputError
from whatworks.rate.methods.inputs import blanks
from whatworks.rate.schemes import HERE, load_scheme, read_scheme, schemes


def test_what_ships() -> None:
    """A scheme that no longer loads would make its ratings unverifiable."""
    held = {(scheme.key, scheme.version) for scheme in schemes()}
    assert held >= {("effect-scale", 1), ("grade", 1), ("outcome-state", 1), ("strength-scale", 1)}
    assert len(held) == len(list(HERE.glob("*.toml")))


@pytest.mark.parametrize("scheme", schemes(), ids=lambda scheme: f"{scheme.key}-{scheme.version}")
def test_every_level_can_be_reached_and_every_input_matters(scheme) -> None:  # type: ignore[no-untyped-def]
    """A level that no rule gives, or an input that nothing asks for, is a mistake in the file."""
    given = {rule.effect.level for rule in scheme.rules if rule.effect.kind in ("set", "cap")}
    moved = {rule.effect.kind for rule in scheme.rules} & {"lower", "raise"}
    assert {key for key, level in scheme.levels.items() if level.rank is None or not moved} <= given
    asked = {name for rule in scheme.rules for name in rule.when.names()}
    said = {name for rule in scheme.rules for name in blanks(rule.sentence)}
    assert asked | said == set(scheme.inputs)


@pytest.mark.parametrize("scheme", schemes(), ids=lambda scheme: f"{scheme.key}-{scheme.version}")
def test_nothing_unconfirmed_claims_conformance(scheme) -> None:  # type: ignore[no-untyped-def]
    """What was never checked against its text must say so, and its scheme may not claim to be it."""
    assert all(source.note.startswith("unconfirmed text") for source in scheme.sources if source.unconfirmed)
    if scheme.unconfirmed:
        assert "claims no\nconformance" in scheme.about or "claims no conformance" in scheme.about


def test_old_versions_stay_loadable(tmp_path: Path) -> None:
    """A rating made by version 1 must still be worked out by version 1 after version 2 has come."""
    written(tmp_path)
    second = PUMPS.replace("version = 1", "version = 2").replace("above = 6", "above = 4")
    written(tmp_path, second, "village-pumps-2.toml")
    old, new = load_scheme("village-pumps", 1, tmp_path), load_scheme("village-pumps", folder=tmp_path)
    assert (old.version, new.version, old.digest != new.digest) == (1, 2, True)
    assert [scheme.version for scheme in schemes(tmp_path)] == [1, 2]


def test_an_edited_version_shows(tmp_path: Path) -> None:
    """A changed file under an unchanged version must not be taken for what it was, not even from a cache."""
    before = read_scheme(written(tmp_path)).digest
    assert read_scheme(written(tmp_path, PUMPS.replace("above = 6", "above = 5"))).digest != before


def test_unknown_schemes_and_versions_are_named(tmp_path: Path) -> None:
    """The message must say what there is."""
    written(tmp_path)
    with pytest.raises(InputError, match="No rating scheme is called 'pumps'; there are village-pumps"):
        load_scheme("pumps", folder=tmp_path)
    with pytest.raises(InputError, match="has no version 7; there is 1"):
        load_scheme("village-pumps", 7, tmp_path)
    with pytest.raises(InputError, match=r"absent-1\.toml: it cannot be read"):
        read_scheme(tmp_path / "absent-1.toml")


KEEPER = 'input = "keeper", equals = "village"'
NOBODY = 'input = "keeper", one_of = ["nobody"]'
TWO_OF_ONE = '{ some = { at_least = 2, of = [{ holds = "often" }] } }'
MEMORY = 'mark = "memory"\nunconfirmed = true'
WRONG = {
    "not TOML at all": ("key =", "= key", "not a TOML file"),
    "an unknown key": ('rates = "one pump"', 'rates = "one pump"\nunits = 1', "units: Extra inputs"),
    "a misspelt key deep inside": ("above = 6", "over = 6", r"conditions\.often\.over"),
    "a name that is not the file's": ('"village-pumps"', '"pumps"', "it holds pumps version 1"),
    "an unknown input asked": ('input = "failures"\nabove', 'input = "failings"\nabove', "'failings' is no input"),
    "an unknown input said": ("{litres} litres", "{liters} litres", "'liters' is no input"),
    "a stray brace": ('says = "Nobody went', 'says = "Nobody {went', "'{' is no input"),
    "an unknown level": ('set = "good"', 'set = "fine"', "no level is called 'fine'; there are poor, fair, good"),
    "a cap beside the ladder": ('cap_at = "fair"', 'cap_at = "unseen"', "stands beside the ladder"),
    "two effects in one rule": ('cap_at = "fair"', 'cap_at = "fair"\nset = "good"', "one rule, one effect"),
    "an unknown condition": ('holds = "often"', 'holds = "seldom"', "no condition is called 'seldom'"),
    "a number against text": ("above = 6", 'above = "six"', "cannot be compared with 'failures'"),
    "a number against yes": ("above = 6", "equals = true", "cannot be compared with 'failures'"),
    "a size of what has none": (KEEPER, 'input = "keeper", above = "village"', "no above"),
    "a choice that is not there": ('equals = "village"', 'equals = "council"', "no choice of 'keeper'"),
    "two questions at once": ("above = 6", "above = 6\nbelow = 9", "ask one thing"),
    "a question of nothing": ('input = "failures"\nabove = 6', "above = 6", "ask one thing"),
    "a choice of a sum": (NOBODY, "sum = { failures = 1 }, one_of = [1]", "cannot be asked of a sum"),
    "a sum of words": ("litres = 1, failures = 0.1", "keeper = 1", "cannot be summed"),
    "more than there are": ('{ holds = "often" }', TWO_OF_ONE, "can never hold"),
    "the same rule twice": ('id = "often"', 'id = "starts"', "there twice"),
    "the same level twice": ('key = "fair"', 'key = "poor"', "there twice"),
    "a choice without choices": ('kind = "boolean"', 'kind = "choice"', "needs choices"),
    "a range for words": ('kind = "choice"', 'kind = "choice"\nminimum = 1', "only a number has a minimum"),
    "memory that hides": ('mark = "ours"', 'mark = "memory"', "says unconfirmed = true"),
    "memory without its note": ('mark = "ours"', MEMORY, "needs the note 'unconfirmed text'"),
    "an alternative of nothing": ("sets = { litres = 0 }", "sets = { water = 0 }", "'water' is no input"),
    "an amount of two things": ("plus = -3 }", "sum = { failures = 1 } }", "either input or sum"),
}


@pytest.mark.parametrize(("old", "new", "says"), WRONG.values(), ids=list(WRONG))
def test_a_wrong_file_is_refused_by_name(tmp_path: Path, old: str, new: str, says: str) -> None:
    """A scheme that loads with a slip in it would rate by rules that nobody wrote."""
    assert PUMPS.count(old) >= 1
    with pytest.raises(InputError, match=says) as refused:
        read_scheme(written(tmp_path, PUMPS.replace(old, new, 1)))
    assert str(refused.value).startswith("village-pumps-1.toml: ")
