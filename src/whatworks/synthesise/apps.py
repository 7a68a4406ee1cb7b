from __future__ import annotations

from django.apps import AppConfig


class SynthesiseConfig(AppConfig):
    name = "whatworks.synthesise"
    label = "synthesise"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from whatworks.synthesise import checks  # noqa: F401  says how its rows are verified
