"""Frames: what is read is what was written, and what cannot be so is refused where it stands."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.unit.extract_coding.small import SMALL, small
from whatworks.errors import InputError
from whatworks.extract.frames import frame, frames, read_frame
from whatworks.extract.methods.coding.differing import differences
from whatworks.extract.methods.coding.faults import faults
from whatworks.extract.methods.coding.frame import CHOSEN
from whatworks.extract.methods.coding.reading import copied, extended, from_plain, from_toml
from whatworks.extract.methods.coding.writing import COLUMNS, rows, to_plain, to_toml


@pytest.mark.parametrize("one", frames(), ids=lambda one: one.name)
def test_a_frame_that_ships_is_sound_and_comes_back_from_toml_and_json(one) -> None:
    """A frame that changes on its way out and in would part codings from what was asked."""
    assert faults(one) == ()
    assert from_toml(to_toml(one)) == one
    assert from_plain(json.loads(json.dumps(to_plain(one)))) == one
    assert [row["key"] for row in rows(one)] == [each.item.key for each in one.everything()]
    assert set(rows(one)[0]) == set(COLUMNS)


def test_the_frame_for_social_care_asks_what_the_centre_needs() -> None:
    """Design, setting, population, intervention, arms, outcomes, who paid, clustering: none may fall out of a version."""
    held = frame("childrens-social-care-study")
    keys = {one.item.key for one in held.everything()}
    assert {"design-kind", "cluster-analysis", "setting-kind", "involvement", "funder", "developer", "harms"} <= keys
    assert len([key for key in keys if key.startswith("tidier-")]) >= 8
    assert {one.item.repeats for one in held.asked()} == {"study", "arm", "outcome", "contrast"}
    assert all(one.item.help or one.item.label for one in held.asked())


def test_every_item_that_is_coded_freely_need_not_be_agreed() -> None:
    """Two coders never write the same sentence: free text that had to be agreed would stop every coding."""
    for held in frames():
        free = [one.item for one in held.asked() if one.item.kind == "text" and one.item.critical]
        assert [item.key for item in free if not item.when] == []


def test_frames_are_found_by_key_and_version() -> None:
    assert frame("quick-study").version == 1
    with pytest.raises(InputError, match="No frame is called 'nothing'; there are childrens-social-care-study"):
        frame("nothing")
    with pytest.raises(InputError, match="has no version 99; there is 1"):
        frame("quick-study", 99)


def test_a_file_says_what_it_holds(tmp_path: Path) -> None:
    """A file named otherwise would be found under a version it is not."""
    path = tmp_path / "small-2.toml"
    path.write_text(SMALL)
    with pytest.raises(InputError, match=r"small-2\.toml: it holds small version 1"):
        read_frame(path)
    with pytest.raises(InputError, match="cannot be read"):
        read_frame(tmp_path / "none-1.toml")


def test_a_frame_in_a_file_extends_the_one_beside_it(tmp_path: Path) -> None:
    (tmp_path / "small-1.toml").write_text(SMALL)
    more = 'key = "more"\nversion = 1\ntitle = "More"\nextends = { frame = "small", version = 1 }\n'
    more += '[[items]]\nkey = "paid"\nlabel = "Who paid?"\nafter = "aim"\n'
    (tmp_path / "more-1.toml").write_text(more)
    held = read_frame(tmp_path / "more-1.toml")
    assert [one.item.key for one in held.everything()][:2] == ["aim", "paid"]
    assert held.extends is not None and (held.extends.frame, held.extends.version) == ("small", 1)
    assert from_toml(to_toml(held)) == held, "what is stored holds everything and needs no parent"


ITEM = '[[items]]\nkey = "b"\nlabel = "B"\n'


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("[[items]]", "[[items"), "this is not TOML"),
        (('key = "small"', 'key = "Small frame"'), "not small letters"),
        (("version = 1", "version = 0"), "count from 1"),
        (("version = 1", 'version = "1"'), "version must be a whole number"),
        (('title = "A small frame"', ""), "has no title"),
        (('label = "Aim"', ""), r"aim: The label has 0 characters"),
        (('label = "Aim"', "label = 3"), "label must be words"),
        (("critical = false", "critical = 1"), "critical must be true or false"),
        (('key = "aim"', 'key = "joined"'), "2 items have the key 'joined'"),
        (('kind = "yes-no"', 'kind = "boolean"'), "There is no kind 'boolean'"),
        (('kind = "yes-no"', 'kind = "text"'), "but that is text, not something chosen"),
        (("is = true", 'is = "perhaps"'), "'perhaps', which is not one of yes, no"),
        (("is = true", "is = []"), "no value is named"),
        (("is = true", "is = 3"), "holds a value that is no word"),
        (('item = "randomised"', 'item = "joined"'), "no item that comes before it"),
        (('values = ["home", "school", "court"]', ""), "nothing to choose from"),
        (('values = ["home", "school", "court"]', "values = 3"), "values must be a list"),
        (('["home", "school", "court"]', '["home", "home"]'), "'home' is listed 2 times"),
        (('["home", "school", "court"]', '["home", "not reported"]'), "is a status"),
        (('["home", "school", "court"]', '["a | b"]'), "has a bar in it"),
        (('["home", "school", "court"]', '[{ word = "home" }]'), "there is no 'word'"),
        (('kind = "date"', 'kind = "date"\nminimum = 3'), "limits or a tolerance, but its kind is date"),
        (('kind = "date"', 'kind = "date"\nvalues = ["a"]'), "allowed values, but its kind is date"),
        (("minimum = 0", "minimum = 5\nmaximum = 4"), "least value 5 is above its greatest 4"),
        (("tolerance = 1", "tolerance = -1"), "Its tolerance is -1"),
        (("tolerance = 1", "tolerance = nan"), "tolerance must be a number"),
        (('repeats = "arm"', 'repeats = "child"'), "Nothing repeats by 'child'"),
        (('key = "lost"', 'key = "lost"\nrepeats = "outcome"'), "stands in a group that repeats by arm"),
        (('key = "began"', 'key = "began"\nstray = 1'), "there is no 'stray'"),
        (('key = "began"', 'key = "began"\nkind = "group"\nrequired = true'), "A group takes no answer"),
    ],
)
def test_what_cannot_be_so_is_refused_in_one_sentence(change: tuple[str, str], said: str) -> None:
    text = SMALL.replace(*change, 1)
    if 'kind = "group"' in text:
        text = text.replace(
            'kind = "group"\nrequired = true\nlabel = "When it began"\nkind = "date"',
            'kind = "group"\nrequired = true\nlabel = "When"',
        )
    assert text != SMALL
    with pytest.raises(InputError, match=said) as error:
        from_toml(text)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("data", [None, [], "x", {"items": [3]}, {"items": [{"items": 4}]}, {"items": [{"when": 4}]}])
def test_what_is_no_frame_at_all_is_refused(data: object) -> None:
    with pytest.raises(InputError):
        from_plain(data)


def test_a_condition_across_repeats_is_refused() -> None:
    """An outcome shown by the value of an arm: of which arm?"""
    held = (
        SMALL + '\n[[items]]\nkey = "x"\nlabel = "X"\nrepeats = "outcome"\nwhen = { item = "offered", is = "usual" }\n'
    )
    with pytest.raises(InputError, match="which of its values counts"):
        from_toml(held)


def test_a_frame_nested_too_deeply_is_refused_and_does_not_crash() -> None:
    deep: dict[str, object] = {"key": "k", "label": "L"}
    for at in range(400):
        deep = {"key": f"k{at}", "label": "L", "items": [deep]}
    with pytest.raises(InputError, match="groups deep"):
        from_plain({"key": "a", "title": "A", "items": [deep]})


def test_an_addition_stands_where_it_was_asked_to() -> None:
    made = extended(
        small(),
        [
            {"key": "hidden", "label": "Hidden?", "kind": "yes-no", "under": "design"},
            {"key": "left", "label": "Left", "under": "arm"},
            {"key": "last", "label": "Last"},
        ],
        key="longer",
        title="Longer",
    )
    keys = [one.item.key for one in made.everything()]
    assert keys[keys.index("sealed") + 1] == "hidden" and keys[-1] == "last"
    assert made.item("left").repeats == "arm", "it repeats as the group does in which it stands"
    with pytest.raises(InputError, match="'nowhere', which the parent does not have"):
        extended(small(), [{"key": "x", "label": "X", "under": "nowhere"}], key="longer", title="Longer")
    with pytest.raises(InputError, match="2 items have the key 'aim'"):
        extended(small(), [{"key": "aim", "label": "X"}], key="longer", title="Longer")


def test_a_copy_says_where_it_is_from() -> None:
    made = copied(small(), key="ours", title="Ours")
    assert (made.key, made.version, made.items) == ("ours", 1, small().items)
    assert made.source == "copied from small version 1"


def changed(*change: str):
    """What is said of a version in which one thing is other."""
    return [(one.what, one.item, one.recode) for one in differences(small(), from_toml(SMALL.replace(*change, 1)))]


@pytest.mark.parametrize(
    ("change", "found"),
    [
        (('label = "Aim"', 'label = "The aim"'), [("changed", "aim", False)]),
        (('kind = "date"', 'kind = "text"'), [("changed", "began", True)]),
        (('["home", "school", "court"]', '["home", "court"]'), [("changed", "settings", True)]),
        (('["home", "school", "court"]', '["home", "school", "court", "x"]'), [("changed", "settings", False)]),
        (("minimum = 0", "minimum = 5"), [("changed", "joined", True)]),
        (("tolerance = 1", "tolerance = 2"), [("changed", "joined", False)]),
        (('key = "country"', 'key = "nation"'), [("added", "nation", False), ("removed", "country", False)]),
        (("is = true", "is = false"), [("changed", "drawn", True)]),
    ],
)
def test_a_change_is_told_and_whether_answers_still_hold(change: tuple[str, str], found: list[tuple]) -> None:
    assert changed(*change) == found


def test_nothing_is_different_from_itself_and_moving_is_told() -> None:
    assert differences(small(), small()) == ()
    first, second, *rest = to_plain(small())["items"]
    moved = from_plain(to_plain(small()) | {"items": [second, first, *rest]})
    assert {one.what for one in differences(small(), moved)} == {"moved"}


def test_a_condition_asks_only_about_what_is_chosen() -> None:
    assert all(held.item(one.item).kind in CHOSEN for held in frames() for asked in held.asked() for one in asked.when)
