from __future__ import annotations

from django.apps import AppConfig


class PublishConfig(AppConfig):
    name = "whatworks.publish"
    label = "publish"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Say what this room brings: its long work, how its rows are verified, what it shows elsewhere."""
        from whatworks.publish import actions, answering, checks, leading, offering  # noqa: F401
        from whatworks.publish.finding import feeds  # noqa: F401
        from whatworks.publish.guides import checks as guide_checks  # noqa: F401
        from whatworks.publish.guides import offering as guide_offering  # noqa: F401
        from whatworks.publish.maps import checks as map_checks  # noqa: F401
