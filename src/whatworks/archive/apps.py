from __future__ import annotations

from django.apps import AppConfig


class ArchiveConfig(AppConfig):
    name = "whatworks.archive"
    label = "archive"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from whatworks.archive import checks, offering  # noqa: F401  how its rows are verified, and where they are read
