from __future__ import annotations

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class LedgerConfig(AppConfig):
    name = "whatworks.ledger"
    label = "ledger"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from whatworks.ledger.triggers import install_after_migrate

        # The one argued signal: SQLite drops triggers when a migration rebuilds a table, so they are made again each time.
        post_migrate.connect(install_after_migrate, dispatch_uid="ledger.triggers")
