"""Frames in use: a change is a new version, what was coded stays with its own, and EPPI code sets come in."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from tests.unit.extract_coding.small import SMALL, small
from whatworks.archive.verifying import verify_centre
from whatworks.errors import ConflictError, InputError
from whatworks.extract.coding_files import frame_file
from whatworks.extract.frames import frame as shipped
from whatworks.extract.framing import (
    adopt_frame,
    change_frame,
    changes_between,
    copy_frame,
    extend_frame,
    import_eppi_frames,
    import_frame,
    write_frame,
)
from whatworks.extract.models import CodingFrame
from whatworks.ledger.models import Event

pytestmark = pytest.mark.django_db
BY = "usr-1"


def test_a_frame_that_ships_is_adopted_once() -> None:
    made = adopt_frame(by=BY, key="childrens-social-care-study")
    before = Event.objects.count()
    assert adopt_frame(by=BY, key="childrens-social-care-study", version=1) == made
    assert Event.objects.count() == before
    assert made.frame() == shipped("childrens-social-care-study")
    assert (made.origin, str(made)) == (CodingFrame.SHIPPED, f"{made.title}, version 1")


def test_a_change_is_the_next_version_with_its_reason() -> None:
    first = write_frame(by=BY, frame=small())
    other = replace(first.frame(), title="Smaller", items=first.frame().items[:3])
    second = change_frame(by=BY, held=first, frame=other, why=" Too long. ")
    assert (second.key, second.version, second.why, second.title) == ("small", 2, "Too long.", "Smaller")
    assert CodingFrame.objects.get(pk=first.pk).frame() == small(), "what was coded by it can still be read"
    assert {one.what for one in changes_between(first, second)} == {"title", "removed"}
    assert CodingFrame.objects.newest().get() == second == CodingFrame.objects.named("small")
    assert CodingFrame.objects.named("small", 1) == first
    assert change_frame(by=BY, held=second, frame=second.frame(), why="") == second, "no change is no version"
    with pytest.raises(ConflictError, match=r"changed meanwhile \(version 2\)"):
        change_frame(by=BY, held=first, frame=other, why="Again.")
    with pytest.raises(InputError, match="Say why the frame is changed"):
        change_frame(by=BY, held=second, frame=small(), why="")
    assert verify_centre()["ok"]


def test_a_changed_frame_that_ships_is_no_shipped_frame_any_more() -> None:
    held = adopt_frame(by=BY, key="quick-study")
    made = change_frame(by=BY, held=held, frame=replace(held.frame(), title="Ours"), why="Our title.")
    assert made.origin == CodingFrame.WRITTEN


def test_a_frame_is_copied_and_extended_and_names_its_parent() -> None:
    parent = write_frame(by=BY, frame=small())
    copy = copy_frame(by=BY, source=parent, key="ours", title="Ours")
    assert (copy.parent, copy.origin, copy.frame().items) == (parent, CodingFrame.COPIED, small().items)
    more = [{"key": "paid", "label": "Who paid?", "after": "aim"}]
    made = extend_frame(by=BY, parent=parent, key="longer", title="Longer", additions=more)
    assert (made.parent, made.origin) == (parent, CodingFrame.EXTENDED)
    assert made.frame().item("paid").label == "Who paid?"
    assert made.frame().extends is not None and made.frame().extends.frame == "small"


def test_a_key_belongs_to_one_frame() -> None:
    write_frame(by=BY, frame=small())
    assert write_frame(by=BY, frame=small()).version == 1
    with pytest.raises(ConflictError, match="another frame 'small' version 1 already"):
        write_frame(by=BY, frame=replace(small(), title="Other"))


@pytest.mark.parametrize("change", [lambda rows: rows.update(title="x"), lambda rows: rows.delete()])
def test_the_database_refuses_to_change_a_version(change: Any) -> None:
    write_frame(by=BY, frame=small())
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        change(CodingFrame.objects.all())


@pytest.mark.parametrize("form", ["toml", "json"])
def test_a_frame_goes_out_and_comes_in_as_the_same(form: str) -> None:
    held = write_frame(by=BY, frame=small())
    file = frame_file(held, form)
    assert file.name == f"small-1.{form}"
    assert import_frame(by=BY, text=file.body.decode(), form=form) == held


def test_a_frame_extends_one_that_ships_or_is_here() -> None:
    text = 'key = "x"\nversion = 1\ntitle = "X"\nextends = { frame = "quick-study", version = 1 }\n'
    text += '[[items]]\nkey = "y"\nlabel = "Y"\nafter = "aim"\n'
    made = import_frame(by=BY, text=text)
    assert len(made.frame().asked()) == len(shipped("quick-study").asked()) + 1
    with pytest.raises(InputError, match="No frame is called 'none'"):
        import_frame(by=BY, text=text.replace("quick-study", "none"))


@pytest.mark.parametrize(
    ("text", "form", "said"),
    [
        ("key = ", "toml", "not TOML"),
        ("{", "json", "not JSON"),
        (SMALL, "xlsx", "give TOML or JSON"),
        ("[]", "json", "a table with names"),
    ],
)
def test_what_is_no_frame_is_refused(text: str, form: str, said: str) -> None:
    with pytest.raises(InputError, match=said):
        import_frame(by=BY, text=text, form=form)
    assert not CodingFrame.objects.exists()


def test_a_table_of_the_frame_can_be_opened_in_a_spreadsheet() -> None:
    held = write_frame(by=BY, frame=small())
    assert "Was it randomised?" in frame_file(held, "csv").body.decode("utf-8-sig")
    assert frame_file(held, "xlsx").body[:2] == b"PK"
    with pytest.raises(InputError, match="no form 'pdf'"):
        frame_file(held, "pdf")


def eppi(*names: str, number: int = 7, title: str = "Our codes") -> str:
    kind = "Selectable (show checkbox)"
    codes = [{"AttributeId": at, "AttributeName": n, "AttributeType": kind} for at, n in enumerate(names, 1)]
    held = {"SetId": number, "SetName": title, "Attributes": {"AttributesList": codes}}
    return json.dumps({"CodeSets": [held, {"SetId": 99, "SetName": "Empty"}], "References": []})


def test_code_sets_come_in_once_and_a_changed_set_is_the_next_version() -> None:
    (first,) = import_eppi_frames(by=BY, text=eppi("A", "B"))
    assert (first.key, first.origin) == ("our-codes", CodingFrame.IMPORTED)
    assert import_eppi_frames(by=BY, text=eppi("A", "B")) == [first]
    (second,) = import_eppi_frames(by=BY, text=eppi("A", "B", "C"))
    assert (second.key, second.version) == ("our-codes", 2)
    assert import_eppi_frames(by=BY, text=eppi("A", "B", "C")) == [second]


def test_another_set_of_the_same_name_is_another_frame() -> None:
    (first,) = import_eppi_frames(by=BY, text=eppi("A", "B"))
    (other,) = import_eppi_frames(by=BY, text=eppi("X", "Y", number=8))
    assert other.key != first.key and other.version == 1
    assert import_eppi_frames(by=BY, text=eppi("X", "Y", number=8)) == [other]
    (later,) = import_eppi_frames(by=BY, text=eppi("X", "Z", number=8))
    assert (later.key, later.version) == (other.key, 2)


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"CodeSets": []}', '{"CodeSets": [{"SetName": "Empty"}]}'])
def test_an_export_without_code_sets_is_refused(text: str) -> None:
    with pytest.raises(InputError):
        import_eppi_frames(by=BY, text=text)
