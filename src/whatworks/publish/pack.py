"""How pages and their revisions look as plain files. Drafts stay in the workspace they wait in."""

from whatworks.ledger.packs import Table
from whatworks.publish.guides.pack import GUIDES
from whatworks.publish.maps.pack import MAPS
from whatworks.publish.models import Draft, Page, Revision
from whatworks.publish.writing.pack import PASSAGES

TABLES = [
    Table(Page, "publish/pages.csv"),
    Table(Revision, "publish/revisions.csv"),
    Table(Draft, "publish/drafts.csv", closed=True),
    *GUIDES,
    *PASSAGES,
    *MAPS,
]
