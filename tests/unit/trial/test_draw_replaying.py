"""A published draw comes out again by two programs written apart, and whatever is changed in its file is found by both."""

from __future__ import annotations

import ast
import copy
import hashlib
import json
import subprocess
import sys
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.trial import draws
from whatworks.errors import InputError
from whatworks.ledger.canonical import digest as digest_of
from whatworks.stats.lot import seed_of
from whatworks.trial.methods.allocating import happening
from whatworks.trial.methods.allocating.committing import seal_of
from whatworks.trial.methods.allocating.publishing import allocate, digest_of_draw
from whatworks.trial.methods.allocating.replaying import read_allocation, replay
from whatworks.trial.standalone import replay_allocation
from whatworks.trial.standalone.replay_allocation import first_difference

Change = Callable[[dict[str, Any]], None]
SCRIPT = Path(replay_allocation.__file__)


def drawn(name: str = "constrained in strata") -> dict[str, Any]:
    """A draw of record in one of the ways."""
    return draws.record(draws.design(*draws.CASES[name]), draws.units())


@pytest.mark.parametrize("name", draws.CASES)
def test_every_way_comes_out_again_by_both(name: str) -> None:
    """The two share no line; a mistake in one would have to be made twice."""
    held = drawn(name)
    assert replay(held).first_difference is None
    assert first_difference(held) is None
    assert set(held["allocation"]) == {unit["unit"] for unit in draws.units()}


def test_the_program_needs_python_alone(tmp_path: Path) -> None:
    """In isolated mode and another folder nothing of this project can be imported; all ways and a tampered file are tried."""
    program = tmp_path / "elsewhere" / "replay_allocation.py"
    program.parent.mkdir()
    program.write_text(SCRIPT.read_text("utf-8"), encoding="utf-8")
    for number, name in enumerate(draws.CASES):
        (tmp_path / f"{number}.json").write_text(json.dumps(drawn(name)), encoding="utf-8")
    tampered = drawn()
    tampered["allocation"]["Elder"] = "intervention" if tampered["allocation"]["Elder"] == "control" else "control"
    (tmp_path / "tampered.json").write_text(json.dumps(tampered), encoding="utf-8")
    together = "import runpy, sys\nmain = runpy.run_path(sys.argv[1])['main']\n"
    together += "print([main([one]) for one in sys.argv[2:]], [one for one in sys.modules if 'whatworks' in one])"
    files = [str(tmp_path / f"{number}.json") for number in range(len(draws.CASES))] + [str(tmp_path / "tampered.json")]
    ran = subprocess.run(
        [sys.executable, "-I", "-c", together, str(program), *files],
        cwd="/",
        capture_output=True,
        text=True,
        check=True,
    )
    assert ran.stdout.splitlines()[-1] == f"{[0] * len(draws.CASES) + [1]} []"
    assert "Not reproduced. Elder: the file says" in ran.stdout
    alone = subprocess.run([sys.executable, "-I", str(program), files[0]], cwd="/", capture_output=True, text=True)
    assert alone.returncode == 0 and alone.stdout.startswith("Reproduced: draw of record, 12 units")
    missing = subprocess.run([sys.executable, "-I", str(program)], cwd="/", capture_output=True, text=True)
    assert missing.returncode == 2 and "Name an allocation" in missing.stderr


def test_the_program_imports_the_standard_library_only() -> None:
    """It is published as it is; one import of ours and a stranger cannot run it."""
    nodes = list(ast.walk(ast.parse(SCRIPT.read_text("utf-8"))))
    names = {one.module or "" for one in nodes if isinstance(one, ast.ImportFrom)}
    names |= {one.name for node in nodes if isinstance(node, ast.Import) for one in node.names}
    assert "tomllib" in names and {name.split(".")[0] for name in names} <= set(sys.stdlib_module_names)


lists = st.integers(4, 14).flatmap(
    lambda n: st.lists(
        st.tuples(st.sampled_from("xyz"), st.integers(0, 99), st.integers(0, 999), st.integers(1, 2)),
        min_size=n,
        max_size=n,
    )
)
ways = st.sampled_from(
    [one for name, one in draws.CASES.items() if "pair" not in name and "steps" not in name and "sampled" not in name]
)


@settings(deadline=None, max_examples=120)
@given(lists, ways, st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), max_size=6))
def test_both_programs_agree_on_any_list(
    rows: list[tuple[str, int, int, int]], way: tuple[str, ...], seed: str
) -> None:
    """Whatever the list: either it cannot be drawn and is refused, or the stranger's program draws the same."""
    text = "unit,area,size,share,batch\n" + "".join(
        f"{seed}u{n},{area},{size},{share / 1000},{batch}\n" for n, (area, size, share, batch) in enumerate(rows)
    )
    try:
        held = allocate(draws.design(*way), draws.units(text.replace('"', "q")), drawn_at=draws.DRAWN, typed=seed)
    except InputError:
        return
    assert first_difference(json.loads(json.dumps(held))) is None
    assert replay(held).reproduced


def other_arm(held: dict[str, Any]) -> None:
    held["allocation"]["Holly"] = "elsewhere"


def other_covariate(held: dict[str, Any]) -> None:
    held["list"]["units"][3][3] = "411"


def other_secret(held: dict[str, Any]) -> None:
    held["commitments"]["parties"][0]["secret"] = "yew"


def other_secret_and_commitment(held: dict[str, Any]) -> None:
    party = held["commitments"]["parties"][0]
    party["secret"], party["commitment"] = "yew", hashlib.sha256(b"whatworks lot 1\nsecret\nyew").hexdigest()


def other_order(held: dict[str, Any]) -> None:
    held["list"]["units"].reverse()


def other_order_and_digest(held: dict[str, Any]) -> None:
    held["list"]["units"].reverse()
    lines = [held["list"]["columns"], *held["list"]["units"]]
    held["list"]["digest"] = hashlib.sha256("".join("\t".join(one) + "\n" for one in lines).encode()).hexdigest()


def other_seed(held: dict[str, Any]) -> None:
    held["seed"] = seed_of(held["list"]["digest"], ["chosen"])


def other_design(held: dict[str, Any]) -> None:
    held["design"]["text"] = held["design"]["text"].replace("1/2", "1/3")


def other_design_and_digest(held: dict[str, Any]) -> None:
    other_design(held)
    held["design"]["digest"] = hashlib.sha256(held["design"]["text"].encode()).hexdigest()


def other_candidate(held: dict[str, Any]) -> None:
    held["candidates"][0]["listed"][5] = held["candidates"][0]["listed"][6]


def other_cutoff(held: dict[str, Any]) -> None:
    held["candidates"][0]["cutoff"] = str(Fraction(held["candidates"][0]["cutoff"]) + 1)


def other_mean(held: dict[str, Any]) -> None:
    held["balance"][-1]["means" if "means" in held["balance"][-1] else "counts"] = {}


def other_count(held: dict[str, Any]) -> None:
    held["counts"]["arms"]["control"] += 1


def other_label(held: dict[str, Any]) -> None:
    held["label"] = "practice only"


def other_time(held: dict[str, Any]) -> None:
    held["commitments"]["parties"][0]["committed_at"] = "2026-01-02T10:00:00Z"


def early_draw(held: dict[str, Any]) -> None:
    held["drawn_at"] = "2026-01-03T00:00:00Z"


def other_beacon(held: dict[str, Any]) -> None:
    held["commitments"]["parties"][2]["named_for"] = "2026-01-01T00:00:00Z"


def other_method(held: dict[str, Any]) -> None:
    held["method"]["keep"] = "1/3"


def other_stream(held: dict[str, Any]) -> None:
    held["stream"] = "whatworks lot 2"


def other_number(held: dict[str, Any]) -> None:
    held["commitments"]["frozen"]["units"] = 11


def no_warnings(held: dict[str, Any]) -> None:
    held["warnings"] = ["All is well."]


def one_custodian(held: dict[str, Any]) -> None:
    del held["commitments"]["parties"][1:]


def unit_twice(held: dict[str, Any]) -> None:
    held["list"]["units"][1] = held["list"]["units"][0]


CHANGES = [
    other_arm, other_covariate, other_secret, other_secret_and_commitment, other_order, other_order_and_digest, other_seed,
    other_design, other_design_and_digest, other_candidate, other_cutoff, other_mean, other_count, other_label, other_time,
    early_draw, other_beacon, other_method, other_stream, other_number, no_warnings, one_custodian, unit_twice,
]  # fmt: skip


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_is_found_by_both(change: Change) -> None:
    """Each part of the file is vouched for by another; nothing can be touched by itself."""
    held = drawn()
    change(held)
    ours, theirs = replay(held), first_difference(held)
    assert not ours.reproduced and ours.first_difference
    assert theirs is not None and "is not what a published allocation should be" not in theirs


def test_the_first_difference_names_unit_and_arms() -> None:
    held = drawn()
    right = held["allocation"]["Holly"]
    held["allocation"] |= {"Holly": "elsewhere", "Juniper": "nowhere"}
    assert replay(held).first_difference == f"Holly: the file says elsewhere, and the draw gives {right}."
    assert first_difference(held) == replay(held).first_difference


def test_who_forges_everything_needs_another_seal() -> None:
    """A whole file can be made up with other secrets; only the seal that was published at the freeze tells it apart."""
    held = drawn()
    forged = copy.deepcopy(held)
    rows, text = draws.units(), held["design"]["text"]
    parties = forged["commitments"]["parties"]
    parties[0]["secret"] = "yew"
    parties[0]["commitment"] = hashlib.sha256(b"whatworks lot 1\nsecret\nyew").hexdigest()
    forged["commitments"]["frozen"]["seal"] = seal_of(forged["commitments"])
    forged = allocate(text, rows, drawn_at=draws.DRAWN, commitments=forged["commitments"])
    seal = held["commitments"]["frozen"]["seal"]
    assert first_difference(forged) is None and first_difference(held, seal) is None
    assert "the seal" in str(first_difference(forged, seal))


def test_a_draw_that_goes_on_remembers_and_holds_the_one_before() -> None:
    """Minimisation in a later batch sees the earlier arms; a change of the earlier draw shows in the later file."""
    text = draws.design('method = "minimisation"\nfactors = ["area"]', "individual")
    rows = draws.units()
    first = draws.record(text, rows[:6])
    later = draws.record(text, rows[6:], first)
    assert later["before"]["digest"] == first["digest"] == later["commitments"]["frozen"]["before"]
    assert replay(later).reproduced and first_difference(later) is None
    alone = draws.record(text, rows[6:])
    assert alone["seed"] == later["seed"]  # the same list and secrets: what differs is what is remembered
    differ = {word: draws.practice(text, rows[6:], word)["allocation"] for word in "abcdefgh"}
    goes_on = {
        word: allocate(text, rows[6:], drawn_at=draws.DRAWN, typed=word, before=draws.practice(text, rows[:6], "1"))[
            "allocation"
        ]
        for word in "abcdefgh"
    }
    assert differ != goes_on
    later["before"]["allocation"]["Ash"] = "elsewhere"
    assert "continues" in str(replay(later).first_difference) and "Ash" in str(first_difference(later))


def test_a_later_list_holds_new_units_only() -> None:
    text = draws.design('method = "complete"')
    first = draws.record(text, draws.units())
    with pytest.raises(InputError, match="Ash was drawn before"):
        draws.record(text, draws.units(), first)


def test_a_draw_of_record_does_not_continue_practice() -> None:
    text, rows = draws.design('method = "complete"'), draws.units()
    with pytest.raises(InputError, match="practice only"):
        draws.record(text, rows[6:], draws.practice(text, rows[:6]))


def test_practice_says_so_first_and_is_drawn_again_too() -> None:
    held = draws.practice(draws.design('method = "complete"'), draws.units())
    assert next(iter(held.items())) == ("label", "practice only")
    assert replay(held).reproduced and first_difference(held) is None
    held["label"] = "draw of record"
    assert not replay(held).reproduced and first_difference(held) is not None


def test_events_are_chained_and_leave_the_draw_alone() -> None:
    """Late, withdrawn and unblinded units are added; taking one event out, or changing a reason, is found by both."""
    held = drawn()
    for unit, kind in (("Yew", "late"), ("Ash", "ineligible"), ("Fir", "withdrawn"), ("Ivy", "unblinded")):
        held = happening.happened(
            held, unit=unit, kind=kind, reason="for a reason", on="2026-02-01", noted_at=draws.DRAWN
        )
    assert len(held["events"]) == 4 and "Yew" not in held["allocation"]
    assert replay(held).reproduced and first_difference(held) is None
    for change in (
        lambda events: events.pop(1),
        lambda events: events[2].update(reason="another"),
        lambda events: events.reverse(),
    ):
        tampered = copy.deepcopy(held)
        change(tampered["events"])
        assert "vent" in str(replay(tampered).first_difference) and "vent" in str(first_difference(tampered))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"unit": "Yew"}, "not in the allocation"),
        ({"kind": "late"}, "is in the allocation already"),
        ({"kind": "moved"}, "no kind of event"),
        ({"reason": " "}, "Give the reason"),
        ({"on": "yesterday"}, "is no day"),
    ],
)
def test_an_event_that_cannot_be_is_refused(change: dict[str, str], said: str) -> None:
    right = {"unit": "Ash", "kind": "withdrawn", "reason": "closed", "on": "2026-02-01", "noted_at": draws.DRAWN}
    with pytest.raises(InputError, match=said):
        happening.happened(drawn(), **(right | change))


def test_what_is_no_allocation_is_refused_in_a_sentence() -> None:
    held = json.dumps(drawn())
    for wrong in (
        "",
        "[]",
        "{}",
        held.replace('"rules"', '"rule"'),
        held.replace('"seed":', '"label": "x", "seed":'),
        held[:-9],
    ):
        with pytest.raises(InputError):
            read_allocation(wrong)
    assert read_allocation(held)["label"] == "draw of record"


values = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
)


def places(value: Any, at: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Every place in a nested value."""
    found = [at] if at else []
    for key in value if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ():
        found += places(value[key], (*at, key))
    return found


@settings(deadline=None, max_examples=150)
@given(st.data())
def test_whatever_is_put_anywhere_is_found_and_never_crashes(data: st.DataObject) -> None:
    """Any one value of the file replaced by any other: both programs say so, in a sentence.

    But for events taken from the end: a chain shows what is missing inside it only, so its last digest is kept elsewhere.
    """
    held = HELD[data.draw(st.sampled_from(sorted(HELD)))]
    changed = copy.deepcopy(held)
    *way, last = data.draw(st.sampled_from(places(changed)))
    parent = changed
    for key in way:
        parent = parent[key]
    new = data.draw(values)
    same = digest_of(parent[last]) == digest_of(new) or (last == "events" and new == [])
    parent[last] = new
    try:
        ours: bool | None = replay(changed).reproduced
    except InputError:
        ours = False
    assert ours == (first_difference(changed) is None) == same


HELD = {
    name: happening.happened(
        drawn(name), unit="Ash", kind="withdrawn", reason="closed", on="2026-02-01", noted_at=draws.DRAWN
    )
    for name in ("complete", "constrained in strata", "steps")
}
HELD["practice"] = draws.practice(
    draws.design('method = "minimisation"\nfactors = ["area"]', "individual"), draws.units()
)


def test_the_digest_is_of_all_but_events() -> None:
    held = drawn()
    assert held["digest"] == digest_of_draw(held)
    text = json.dumps(
        {k: v for k, v in held.items() if k not in ("events", "digest")},
        sort_keys=True,
        separators=(",", ":"),
        ensure_ascii=False,
    )
    assert held["digest"] == hashlib.sha256(text.encode()).hexdigest()
