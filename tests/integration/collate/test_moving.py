"""Matches in packs: another centre that loads proposals and decisions has the same reports speaking for the same ones."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.integration.archive.centres import empty_the_database, files
from tests.integration.collate.centre import BY, proposal, reports
from whatworks.archive.exporting import export_pack
from whatworks.archive.loading import load_pack
from whatworks.collate.actions import choose_field, decide
from whatworks.collate.merging import state
from whatworks.collate.models import Report

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("profile", ["open", "move"])
def test_merges_go_round_byte_for_byte_and_stand_where_they_arrive(tmp_path: Path, profile: str) -> None:
    a, b, c, d, e = reports(5)
    proposal(c, d, "ask")
    decide(by=BY, left=a, right=b, decision="same")
    decide(by=BY, left=a, right=e, decision="same")
    decide(by=BY, left=b, right=e, decision="different")
    decide(by=BY, left=c, right=d, decision="linked")
    decide(by=BY, left=c, right=d, decision="open")
    choose_field(by=BY, report=Report.objects.get(pk=b), field="title")
    before = state()
    assert before["speaks"] and before["conflicts"] and before["waits"] and before["chosen"]
    export_pack(folder=tmp_path / "first", profile=profile)
    empty_the_database()
    load_pack(folder=tmp_path / "first", by=BY)
    assert state() == before
    assert load_pack(folder=tmp_path / "first", by=BY) and state() == before
    export_pack(folder=tmp_path / "second", profile=profile)
    assert files(tmp_path / "first") == files(tmp_path / "second")
