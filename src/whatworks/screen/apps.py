from __future__ import annotations

from django.apps import AppConfig


class ScreenConfig(AppConfig):
    name = "whatworks.screen"
    label = "screen"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from whatworks.screen import (
            checks,  # noqa: F401  how it is verified
            duplicates,  # noqa: F401  candidates follow merges of reports
            facets,  # noqa: F401  by what reports can be narrowed
            planning,  # noqa: F401  reading a finished review again is long work
            settling,  # noqa: F401  it follows merges of reports
            sharing,  # noqa: F401  by which reviews reports can be taken away
            taking_up_tasks,  # noqa: F401  taking up what was decided elsewhere is long work
            tasks,  # noqa: F401  and so is putting it in order
            waves,  # noqa: F401  adding a long list is long work
        )
