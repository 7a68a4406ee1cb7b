from __future__ import annotations

from django.apps import AppConfig


class BaselineConfig(AppConfig):
    name = "whatworks.baseline"
    label = "baseline"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from whatworks.baseline import checks, offering  # noqa: F401  how figures are verified, what lower pages may show
