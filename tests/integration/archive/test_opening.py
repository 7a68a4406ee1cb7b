"""Opening a centre: one that a newer version made is left alone, whichever room it has more of."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.db.migrations.recorder import MigrationRecorder

from whatworks.archive import opening
from whatworks.archive.opening import bring_up_to_date
from whatworks.errors import InputError

pytestmark = pytest.mark.django_db
ROOMS = sorted(config.label for config in apps.get_app_configs() if config.name.startswith("whatworks."))


def applied(label: str, name: str = "0099_to_come") -> None:
    MigrationRecorder.Migration.objects.create(app=label, name=name)


def test_a_centre_of_this_version_has_nothing_to_do() -> None:
    assert bring_up_to_date() is False


@pytest.mark.parametrize("label", ROOMS)
def test_a_step_that_this_version_lacks_is_refused_in_every_room(label: str) -> None:
    """Rows of a newer form, read and written by older code, would be spoilt silently."""
    applied(label)
    with pytest.raises(InputError, match=rf"made by a newer version \({label}\.0099_to_come\)"):
        bring_up_to_date()


def test_a_room_that_this_version_lacks_is_refused() -> None:
    applied("hereafter", "0001_initial")
    with pytest.raises(InputError, match=r"newer version \(hereafter\.0001_initial\)"):
        bring_up_to_date()


def test_a_library_may_have_squashed_its_steps() -> None:
    """Not ours: the library knows what it replaced."""
    applied("account", "0001_squashed_long_ago")
    assert bring_up_to_date() is False


def test_what_an_older_version_installed_does_not_make_it_newer(monkeypatch: pytest.MonkeyPatch) -> None:
    applied("former", "0001_initial")
    monkeypatch.setattr(opening, "FORMER", frozenset({"former"}))
    assert bring_up_to_date() is False
