"""How the ledger looks as plain files: artefacts and their lineage. Events have a file of their own form."""

from whatworks.ledger.models import Artefact, Lineage
from whatworks.ledger.packs import Table

# Both point at subjects of every room, so the archive loads them last.
TABLES = [
    Table(Artefact, "ledger/artefacts.csv"),
    Table(Lineage, "ledger/lineage.csv", order=("output", "input")),
]
