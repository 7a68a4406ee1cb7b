from __future__ import annotations

from django.apps import AppConfig


class SynthesiseConfig(AppConfig):
    name = "whatworks.synthesise"
    label = "synthesise"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from whatworks.synthesise import (
            arriving,  # noqa: F401  follows what is extracted
            checks,  # noqa: F401  how it is verified
            tasks,  # noqa: F401  running an analysis is long work
        )
