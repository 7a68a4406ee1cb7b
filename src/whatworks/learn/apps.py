from __future__ import annotations

from django.apps import AppConfig


class LearnConfig(AppConfig):
    name = "whatworks.learn"
    label = "learn"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from whatworks.learn import checks, offering  # noqa: F401  how its rows are verified, and what it shows elsewhere
