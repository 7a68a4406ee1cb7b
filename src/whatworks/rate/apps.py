from __future__ import annotations

from django.apps import AppConfig


class RateConfig(AppConfig):
    name = "whatworks.rate"
    label = "rate"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from whatworks.rate import checks  # noqa: F401  says how its rows are verified
