from __future__ import annotations

from django.apps import AppConfig


class CollateConfig(AppConfig):
    name = "whatworks.collate"
    label = "collate"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from whatworks.collate import documents, rerunning, retractions, tasks  # noqa: F401  they say which long work is done
        from whatworks.collate.search import checking, work  # noqa: F401  they say how the index is kept and verified
