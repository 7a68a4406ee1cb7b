from __future__ import annotations

from django.apps import AppConfig


class PublishConfig(AppConfig):
    name = "whatworks.publish"
    label = "publish"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from whatworks.publish import actions, checks  # noqa: F401  say which long work it does and how rows are verified
