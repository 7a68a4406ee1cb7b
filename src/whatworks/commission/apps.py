from __future__ import annotations

from django.apps import AppConfig


class CommissionConfig(AppConfig):
    name = "whatworks.commission"
    label = "commission"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from whatworks.commission import checks, leading, offering  # noqa: F401  how its rows are verified, and found
