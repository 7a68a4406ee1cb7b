"""How maps that others made look as plain files. An open pack leaves them out: their licences are not ours to give."""

from whatworks.ledger.packs import Table
from whatworks.publish.models import EvidenceMap, MapVersion

MAPS = [
    Table(EvidenceMap, "publish/maps.csv", closed=True),
    Table(MapVersion, "publish/map_versions.csv", closed=True),
]
