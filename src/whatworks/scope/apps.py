from __future__ import annotations

from django.apps import AppConfig


class ScopeConfig(AppConfig):
    name = "whatworks.scope"
    label = "scope"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from whatworks.scope import offering  # noqa: F401  where its questions are read
