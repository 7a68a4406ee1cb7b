"""How people, organisations and areas look as plain files. People themselves leave only in a move or a backup."""

from whatworks.ledger.packs import Table
from whatworks.people.models import Area, Assignment, Interest, Organisation, Succession, Tie, User

TABLES = [
    Table(Organisation, "people/organisations.csv"),
    Table(Tie, "people/ties.csv"),
    Table(Area, "people/areas.csv"),
    Table(Succession, "people/successions.csv"),
    Table(User, "people/users.csv", closed=True),
    Table(Assignment, "people/assignments.csv", order=("user", "role"), closed=True),
    Table(Interest, "people/interests.csv", closed=True),
]
