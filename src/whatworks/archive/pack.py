"""How releases look as plain files: their rows only, in a move or a backup. Their files stay in the folder `releases`."""

from whatworks.archive.models import Release
from whatworks.ledger.packs import Table

# Left out of an open pack: it is itself what a release holds, and its readers have neither the files nor the seals.
TABLES = [Table(Release, "archive/releases.csv", closed=True)]
