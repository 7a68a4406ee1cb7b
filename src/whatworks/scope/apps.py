from __future__ import annotations

from django.apps import AppConfig


class ScopeConfig(AppConfig):
    name = "whatworks.scope"
    label = "scope"
    default_auto_field = "django.db.models.BigAutoField"
