"""How pages and their revisions look as plain files. Drafts stay in the workspace they wait in."""

from whatworks.ledger.packs import Table
from whatworks.publish.models import Draft, Page, Revision

TABLES = [
    Table(Page, "publish/pages.csv"),
    Table(Revision, "publish/revisions.csv"),
    Table(Draft, "publish/drafts.csv", closed=True),
]
