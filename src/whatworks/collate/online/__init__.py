"""What would this saved search find today, and what of that is new?

In: a search as OpenAlex or Crossref takes it. Out: first what it would cost, then the works as JSON lines, which go
through the same readers and imports as an uploaded file. Nothing here knows the centre; the caller says who asks, with
which key, within which budget, and where answers are kept.
"""

from whatworks.collate.methods.searches import changes as what_is_new
from whatworks.collate.online.fetching import Fetching, Preview, count, fetch
from whatworks.collate.online.services import SERVICES, Service
from whatworks.ledger.online import Etiquette

__all__ = ["SERVICES", "Etiquette", "Fetching", "Preview", "Service", "count", "fetch", "what_is_new"]
