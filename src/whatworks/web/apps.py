from __future__ import annotations

from functools import lru_cache

from django.apps import AppConfig
from django.conf import settings
from django.utils.translation import trans_real


class WebConfig(AppConfig):
    name = "whatworks.web"
    label = "web"

    def ready(self) -> None:
        from whatworks.saying import pages_say
        from whatworks.spoken import spoken

        pages_say(spoken)
        # Django asks the catalogues of all apps each time: what they answered is remembered.
        catalogue = trans_real.translation(settings.LANGUAGE_CODE)
        vars(catalogue)["gettext"] = lru_cache(maxsize=1 << 14)(catalogue.gettext)
