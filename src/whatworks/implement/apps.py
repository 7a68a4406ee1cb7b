from __future__ import annotations

from django.apps import AppConfig


class ImplementConfig(AppConfig):
    name = "whatworks.implement"
    label = "implement"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from whatworks.implement import checks, leading, offering  # noqa: F401  how its rows are verified, and shown
