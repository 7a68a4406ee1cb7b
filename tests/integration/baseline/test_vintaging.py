"""Releases taken in: every row keyed to a place that existed then, nothing overwritten, nothing lost silently."""

from __future__ import annotations

import datetime
import json
from pathlib import Path

import pytest

from tests.integration.baseline.england import BY, load_places
from tests.shared import SHARED, needs_shared
from whatworks.archive.verifying import verify_centre
from whatworks.baseline.holding import points
from whatworks.baseline.indicators import indicator
from whatworks.baseline.models import Series, Vintage
from whatworks.baseline.vintaging import take_in
from whatworks.errors import InputError
from whatworks.people.models import Area

pytestmark = pytest.mark.django_db

HEAD = (
    "time_period,time_identifier,geographic_level,region_name,old_la_code,new_la_code,la_name,population_type,"
    "population_estimate,children_count,rate_per_10000"
)
STARTING = "Children starting to be looked after each year"


@pytest.fixture(autouse=True)
def _places(db: None) -> None:
    load_places()


def _file(folder: Path, *rows: str, name: str = "release.csv", head: str = HEAD) -> Path:
    path = folder / name
    path.write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")
    return path


def _row(year: int, code: str, number: str, name: str, count: str = "100", kind: str = STARTING) -> str:
    return f"{year},Reporting year,Local authority,South East,{number},{code},{name},{kind},10000,{count},100"


def _values(code: str) -> dict[str, object]:
    rows = Series.objects.filter(area__code=code, measure=f"children_count | {STARTING}")
    return {period: value for row in rows for period, value in row.values.items()}


def test_a_release_is_kept_beside_the_one_before_and_a_second_time_changes_nothing(tmp_path: Path) -> None:
    first = take_in(by=BY, path=_file(tmp_path, _row(2024, "E10000016", "886", "Kent", "100")), label="2024")[0]
    again = take_in(by=BY, path=tmp_path / "release.csv", label="2024")[0]
    path = _file(tmp_path, _row(2024, "E10000016", "886", "Kent", "104"), name="later.csv")
    later = take_in(by=BY, path=path, label="2025", published_on=datetime.date(2025, 11, 20))[0]
    assert (first.new, again.new, later.new) == (True, False, True)
    assert again.vintage == first.vintage
    kent = Area.objects.get(code="E10000016")
    point = points(indicator("starts"))[kent.pk]["2024"]
    assert (point.count, point.value) == (104, 104.0)
    assert [(one.label, one.value) for one in point.said] == [("2025", 104), ("2024", 100)]
    assert point.revised
    assert verify_centre()["checked"]["vintages"] == 2


def test_renamed_columns_and_words_are_the_same_measure(tmp_path: Path) -> None:
    old = HEAD.replace("population_type", "population_count").replace("children_count", "number")
    row = _row(2024, "E10000016", "886", "Kent", kind="Children looked after at 31 March")
    take_in(by=BY, path=_file(tmp_path, row, head=old))
    assert Series.objects.filter(measure="children_count | Children looked after on 31 March each year").exists()


def test_years_before_a_new_council_are_held_of_the_one_it_replaced_alone(tmp_path: Path) -> None:
    rows = [_row(year, "E06000066", "933", "Somerset", str(year - 1900)) for year in (2022, 2023, 2024)]
    taken = take_in(by=BY, path=_file(tmp_path, *rows))[0]
    assert _values("E10000027") == {"2022": 122, "2023": 123}
    assert _values("E06000066") == {"2024": 124}
    assert taken.vintage.notes == ["Somerset: years before it began are held of the council that it replaced."]


def test_symbols_stay_what_they_are_and_say_nothing_of_a_council_that_was_not_there(tmp_path: Path) -> None:
    rows = [
        _row(2024, "E10000016", "886", "Kent", "c"),
        _row(2023, "E10000016", "886", "Kent", "k"),
        _row(2022, "E06000063", "942", "Cumberland", "z"),  # not there yet: left out
        _row(2024, "E06000063", "942", "Cumberland", "x"),
    ]
    take_in(by=BY, path=_file(tmp_path, *rows))
    assert _values("E10000016") == {"2024": "c", "2023": "k"}
    assert _values("E06000063") == {"2024": "x"}
    point = points(indicator("starts"))[Area.objects.get(code="E10000016").pk]["2024"]
    assert (point.value, point.why_not) == (None, "withheld")


def test_rows_of_no_known_place_and_cells_that_are_no_number_are_told(tmp_path: Path) -> None:
    rows = [
        _row(2024, "E10000016", "886", "Kent", "12?"),
        _row(2024, "E06000061 / E06000062", "940 / 941", "North and West Northamptonshire"),
        _row(2024, "E10000016", "886", "Kent", "7"),
        _row(2020, "E06000063", "942", "Cumberland", "50"),
    ]
    notes = take_in(by=BY, path=_file(tmp_path, *rows))[0].vintage.notes
    told = " ".join(notes)
    assert "Line 2, children_count: “12?” is neither a number nor a symbol" in told
    assert "another figure for the same place and time; the first is held" in told
    assert "North and West Northamptonshire: no place of the register" in told
    assert "Cumberland: figures of a time when it did not exist (2020), as published." in told


def test_a_file_of_nothing_known_is_refused_and_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="of no release that is known"):
        take_in(by=BY, path=_file(tmp_path, "1,2", head="a,b"))
    with pytest.raises(InputError, match="no figure of a known place"):
        take_in(by=BY, path=_file(tmp_path, _row(2024, "X1", "1", "Nowhere")))
    assert not Vintage.objects.exists()


def test_a_figure_that_was_moved_is_found(tmp_path: Path) -> None:
    vintage = take_in(by=BY, path=_file(tmp_path, _row(2024, "E10000016", "886", "Kent")))[0].vintage
    from django.db import connection

    from whatworks.ledger import triggers

    triggers.remove()
    with connection.cursor() as cursor:
        cursor.execute('UPDATE baseline_series SET "values" = %s', [json.dumps({"2024": 99})])
    triggers.install()
    found = [one for one in verify_centre()["differences"] if one["identifier"] == vintage.pk]
    assert [one["what"] for one in found] == ["figures"]


@needs_shared
def test_one_file_of_several_releases_is_as_many_vintages_and_only_what_is_needed_where_asked() -> None:
    file = SHARED / "social_care" / "dfe_cla" / "cla_number_and_rate_all_vintages.csv.gz"
    taken = take_in(by=BY, path=file, chosen=True)
    assert [one.vintage.label for one in taken] == ["2023", "2024", "2025"]
    other = SHARED / "social_care" / "dfe_cla" / "cla_starting_by_characteristics_2021_to_2025.csv.gz"
    few = take_in(by=BY, path=other, chosen=True)[0]
    assert few.vintage.chosen
    assert few.vintage.series.values_list("measure", flat=True).distinct().count() == 2


def test_the_command_says_what_it_took_in(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from whatworks.cli import baseline_load

    monkeypatch.setattr(baseline_load, "open_centre", lambda home: None)  # the test's own centre is open already
    file = _file(tmp_path, _row(2024, "E10000016", "886", "Kent"))
    baseline_load.load(
        files=[file],
        label="2024",
        published="2024-11-14",
        source="",
        chosen=False,
        public=False,
        home=None,
        as_json=True,
    )
    told = json.loads(capsys.readouterr().out)
    assert told["figures"] == 3
    assert told["vintages"][0]["new"] is True
    with pytest.raises(InputError, match="is no day; write it as 2025-11-20"):
        baseline_load.load(
            files=[file], label="", published="soon", source="", chosen=False, public=False, home=None, as_json=False
        )
