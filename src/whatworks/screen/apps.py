from __future__ import annotations

from django.apps import AppConfig


class ScreenConfig(AppConfig):
    name = "whatworks.screen"
    label = "screen"
    default_auto_field = "django.db.models.BigAutoField"
