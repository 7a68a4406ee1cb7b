from __future__ import annotations

from django.apps import AppConfig


class RateConfig(AppConfig):
    name = "whatworks.rate"
    label = "rate"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from whatworks.rate import checks, checks_judging  # noqa: F401  say how its rows are verified
