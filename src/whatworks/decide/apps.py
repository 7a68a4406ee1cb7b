from __future__ import annotations

from django.apps import AppConfig


class DecideConfig(AppConfig):
    name = "whatworks.decide"
    label = "decide"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from whatworks.decide import answering, checks, offering  # noqa: F401  how its rows are verified, and shown
