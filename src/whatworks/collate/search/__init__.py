"""Which reports are about this? The one door to finding them, the same on both databases.

`find` gives a page, `reports` a query over everything found, `refresh` brings entries up to date after a change, and
`facets.offer` is where a higher room hands in what it knows of reports.
"""

from whatworks.collate.search.finding import Page, asked, find, reports
from whatworks.collate.search.indexing import refresh

__all__ = ["Page", "asked", "find", "refresh", "reports"]
