"""The draw of a panel: out of the record alone, by two programs, and by none when anything in it was changed."""

from __future__ import annotations

import copy
import json
from functools import cache
from typing import Any

import pytest

from whatworks.convene.methods import lottery
from whatworks.convene.methods.selecting import Quota
from whatworks.convene.standalone import replay_panel
from whatworks.errors import InputError
from whatworks.stats.lot import commitment

SECRETS = {"First": "made-up-one", "Second": "made-up-two"}
PARTIES = [{"name": name, "commitment": commitment(one), "at": "2026-01-01T00:00:00Z"} for name, one in SECRETS.items()]
APPLICANTS = {n: {"a": "x" if n % 3 else "y"} for n in range(1, 13)}
QUOTAS = [Quota("a", "x", 1, 3), Quota("a", "y", 1, 3)]


@cache
def frozen() -> lottery.Frozen:
    return lottery.freeze(APPLICANTS, QUOTAS, 4, salt="5a" * 32, parties=PARTIES, at="2026-01-02T00:00:00Z")


def drawn() -> dict[str, Any]:
    return lottery.draw(frozen().published, frozen().listed, SECRETS, at="2026-01-03T00:00:00Z")


def test_both_programs_repeat_the_draw_and_the_holder_of_the_list_finds_more() -> None:
    held = json.loads(json.dumps(drawn()))
    assert lottery.first_difference(held) is None and replay_panel.problems(held, frozen().published["seal"]) == []
    assert lottery.first_difference_in_list(held, json.loads(json.dumps(frozen().listed))) is None
    other = {**frozen().listed, "salt": "5b" * 32}
    assert lottery.first_difference_in_list(held, other) is not None


def test_people_of_one_group_have_the_same_chance_and_the_smallest_is_what_is_published() -> None:
    counted = lottery.chances(lottery.tickets(frozen().listed), list(APPLICANTS))
    for band in "xy":
        group = [counted[n] for n, one in APPLICANTS.items() if one["a"] == band]
        assert max(group) - min(group) <= 1
    assert min(counted.values()) == frozen().published["smallest"]
    assert abs(frozen().published["smallest"] - frozen().published["best"]) <= 2
    assert sum(counted.values()) == 4 * lottery.TICKETS


def places_of(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Every single value in a record."""
    if isinstance(value, dict):
        return [one for key, inner in value.items() for one in places_of(inner, (*path, key))]
    if isinstance(value, list):
        return [one for key, inner in enumerate(value) for one in places_of(inner, (*path, key))]
    return [path]


def test_no_value_can_be_changed_unnoticed() -> None:
    """Whatever is replaced in the record, both programs say that it does not come out; times that stay in order are the clock's word."""
    held = drawn()
    for path in places_of(held):
        changed = copy.deepcopy(held)
        spot: Any = changed
        for key in path[:-1]:
            spot = spot[key]
        before = spot[path[-1]]
        spot[path[-1]] = before + 1 if isinstance(before, int) else "1" + before
        if path == ("drawn_at",):
            spot[path[-1]] = "2025-01-01T00:00:00Z"
        for tells in (lambda one: lottery.first_difference(one), lambda one: replay_panel.problems(one, None)):
            try:
                assert tells(changed), path
            except (InputError, ValueError, IndexError):
                continue


def test_other_secrets_draw_other_tickets_and_closed_tickets_stay_closed() -> None:
    held = drawn()
    secrets = {"First": "another", "Second": "and another"}
    parties = [{**one, "commitment": commitment(secrets[one["name"]])} for one in PARTIES]
    other = lottery.freeze(APPLICANTS, QUOTAS, 4, salt="5a" * 32, parties=parties, at="2026-01-02T00:00:00Z")
    again = lottery.draw(other.published, other.listed, secrets, at="2026-01-03T00:00:00Z")
    assert again["ticket"] != held["ticket"] and other.published["root"] == frozen().published["root"]
    assert frozen().listed["salt"] not in json.dumps(held) and "applicants" not in {*held}


def test_a_freeze_is_refused_where_nobody_watches_or_somebody_has_no_chance() -> None:
    with pytest.raises(InputError, match="Two people must commit"):
        lottery.freeze(APPLICANTS, QUOTAS, 4, salt="5a" * 32, parties=PARTIES[:1], at="2026-01-02T00:00:00Z")
    shut = [Quota("a", "x", 4, 4), Quota("a", "y", 0, 3)]
    with pytest.raises(InputError, match="no chance at all"):
        lottery.freeze(APPLICANTS, shut, 4, salt="5a" * 32, parties=PARTIES, at="2026-01-02T00:00:00Z")
    with pytest.raises(InputError, match="another"):
        lottery.draw(frozen().published, {**frozen().listed, "places": 5}, SECRETS, at="2026-01-03T00:00:00Z")
