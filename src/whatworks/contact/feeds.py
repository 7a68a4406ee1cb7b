"""News as an Atom feed: the same from the same rows, wherever the centre runs."""

from __future__ import annotations

import datetime
import uuid

from django.conf import settings
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import escape
from django.utils.translation import gettext as _

from whatworks.contact.models import Post

OURS = uuid.UUID(
    "1d4a8c5f-3f0e-5b79-9f7c-7a4b50b6f2d3"
)  # the name space of our identifiers, so that ids are the same anywhere
BEGINNING = datetime.datetime(2000, 1, 1, tzinfo=datetime.UTC)  # of a feed without entries
LATEST = 30


class Feed(Atom1Feed):
    """An Atom feed dated by its newest entry, never by the clock."""

    def latest_post_date(self) -> datetime.datetime:
        """When its newest entry became public."""
        return max((one["updateddate"] for one in self.items), default=BEGINNING)


def news_atom(at: datetime.datetime) -> str:
    """The news that the public can read at a moment, as a feed."""
    base = str(settings.BASE_URL)
    feed = Feed(
        title=_("News"), link=base + reverse("news"), description=_("Posts and press releases."), language="en-GB",
        feed_url=base + reverse("news_feed"), feed_guid=uuid.uuid5(OURS, "news").urn, author_name="whatworks",
    )  # fmt: skip
    for one in Post.objects.shown(at)[:LATEST]:
        moment = one.public_from.astimezone(datetime.UTC)
        feed.add_item(
            title=one.title, link=base + reverse("post", args=[one.slug]), description=escape(one.summary),
            unique_id=uuid.uuid5(OURS, one.pk).urn, pubdate=moment, updateddate=moment,
        )  # fmt: skip
    return str(feed.writeString("utf-8"))
