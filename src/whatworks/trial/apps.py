from __future__ import annotations

from django.apps import AppConfig


class TrialConfig(AppConfig):
    name = "whatworks.trial"
    label = "trial"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from whatworks.trial import checks, leading, offering  # noqa: F401  how its rows are verified, and shown
