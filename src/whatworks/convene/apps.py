from __future__ import annotations

from django.apps import AppConfig


class ConveneConfig(AppConfig):
    name = "whatworks.convene"
    label = "convene"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from whatworks.convene import (  # noqa: F401  how its rows are verified, what is done when, what it shows
            enquiring_checks,
            enquiring_retention,
            forgetting,
            joining,
            leading,
            offering,
            panel_checks,
            panel_doors,
            telling,
        )
