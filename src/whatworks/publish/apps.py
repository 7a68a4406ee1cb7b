from __future__ import annotations

from django.apps import AppConfig


class PublishConfig(AppConfig):
    name = "whatworks.publish"
    label = "publish"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from whatworks.publish import actions, checks, feeds, guide_checks, guide_offering, mapping_checks, offering  # noqa: F401  its long work, how rows are verified, what it shows
