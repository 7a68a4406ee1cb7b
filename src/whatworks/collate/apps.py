from __future__ import annotations

from django.apps import AppConfig


class CollateConfig(AppConfig):
    name = "whatworks.collate"
    label = "collate"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from whatworks.collate import tasks  # noqa: F401  says which long work this room does
