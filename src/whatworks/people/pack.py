"""How people, organisations and areas look as plain files. People themselves leave only in a move or a backup."""

from typing import Any

from whatworks.errors import ConflictError
from whatworks.ledger.models import Subject
from whatworks.ledger.packs import Table
from whatworks.people.models import Area, Assignment, Interest, Organisation, Succession, Tie, Token, User
from whatworks.saying import said


class UserTable(Table):
    """Users: each is a subject, too, so that they can be erased here as well."""

    def save(self, new: list[Any]) -> None:
        """Add users with their subjects. Without a password of theirs (a move holds none), nobody signs in as them."""
        for user in new:
            if held := User.objects.filter(email__iexact=user.email).first():
                raise ConflictError(
                    said(
                        "%(path)s: %(email)s is here already, as %(pk)s; the pack has %(user_pk)s. Load it into "
                        "an empty folder.",
                        path=self.path,
                        email=user.email,
                        pk=held.pk,
                        user_pk=user.pk,
                    )
                )
            if not user.password:
                user.set_unusable_password()
        super().save(new)
        Subject.objects.bulk_create([user.as_subject() for user in new], batch_size=500, ignore_conflicts=True)


TABLES = [
    Table(Organisation, "people/organisations.csv"),
    Table(Tie, "people/ties.csv"),
    Table(Area, "people/areas.csv"),
    Table(Succession, "people/successions.csv"),
    UserTable(User, "people/users.csv", closed=True),
    Table(Assignment, "people/assignments.csv", order=("user", "role"), closed=True),
    Table(Interest, "people/interests.csv", closed=True),
    # A move holds no secrets, so a token that came in one opens nothing.
    Table(Token, "people/tokens.csv", closed=True),
]
