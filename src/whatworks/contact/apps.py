from __future__ import annotations

from django.apps import AppConfig


class ContactConfig(AppConfig):
    name = "whatworks.contact"
    label = "contact"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Say what this room brings: its long work, how its rows are verified, what it has for editions."""
        from whatworks.contact import checks, offering, tasks  # noqa: F401
