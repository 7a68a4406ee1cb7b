from __future__ import annotations

from django.apps import AppConfig


class CollateConfig(AppConfig):
    name = "whatworks.collate"
    label = "collate"
    default_auto_field = "django.db.models.BigAutoField"
