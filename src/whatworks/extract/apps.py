from __future__ import annotations

from django.apps import AppConfig


class ExtractConfig(AppConfig):
    name = "whatworks.extract"
    label = "extract"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from whatworks.extract import checks, checks_appraising  # noqa: F401  say how its rows are verified
