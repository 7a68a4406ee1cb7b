"""Users and their roles; organisations and areas with sourced facts; declared interests."""

from __future__ import annotations

import datetime
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from whatworks.ledger import identifiers
from whatworks.ledger.fields import personal, public, secret
from whatworks.ledger.models import Row, Subject, SubjectRow
from whatworks.ledger.models.subjects import SubjectQuerySet


def new_user_identifier() -> str:
    """An opaque identifier: events name people only by it."""
    return identifiers.fresh("usr")


ERASED = "erased.invalid"  # the host of an address that is nobody's: an address must be there, and once only


class UserManager(BaseUserManager):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        """Make a user who signs in with an e-mail address."""
        user = self.model(email=self.normalize_email(email), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def named(self, who: str) -> User | None:
        """The person with this address, whatever its capitals, or with this identifier."""
        return self.filter(Q(email__iexact=who) | Q(pk=who)).first()

    def here(self) -> models.QuerySet[User]:
        """Everybody who was not erased, by their addresses."""
        return self.exclude(email__endswith=f"@{ERASED}").order_by("email")


class User(AbstractBaseUser):
    """Somebody who signs in. Everywhere else they are the opaque identifier."""

    kind: ClassVar = "user"
    id = models.CharField(max_length=24, primary_key=True, default=new_user_identifier)
    email = models.EmailField(unique=True)
    name = models.CharField(max_length=200, blank=True)
    is_active = models.BooleanField(default=True)
    joined_at = models.DateTimeField(default=timezone.now)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    classes: ClassVar = personal("id email name is_active joined_at last_login") | secret("password")
    objects = UserManager()

    @property
    def actor(self) -> str:
        """How events name this person."""
        return self.id

    def roles(self) -> list[str]:
        """The keys of the person's roles."""
        return sorted(self.assignments.values_list("role", flat=True))

    @property
    def erased(self) -> bool:
        """Whether this person's data was erased; the identifier is all that is left."""
        return self.email.endswith(f"@{ERASED}")

    def as_subject(self) -> Subject:
        """The subject that stands for this person (not saved): it says nothing about them."""
        return Subject(identifier=self.pk, kind=self.kind, title="(erased)" if self.erased else "A user")

    def erase(self) -> None:
        """Leave nothing but the identifier and the day they joined, which events tell too. They can no longer sign in."""
        self.email, self.name, self.is_active, self.last_login = f"{self.pk}@{ERASED}", "", False, None
        self.set_unusable_password()
        self.save()

    def may(self, permission: str) -> bool:
        """Whether one of the person's roles grants the permission."""
        from whatworks.people.roles import granted

        return self.is_active and permission in granted(self.assignments.values_list("role", flat=True))


class Assignment(models.Model):
    """That a person has a role."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="assignments")
    role = models.CharField(max_length=32)
    given_by = models.CharField(max_length=64)

    classes: ClassVar = personal("id user role given_by")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "role"], name="role_once_per_person")]


class TokenQuerySet(models.QuerySet):
    def live(self) -> TokenQuerySet:
        """Tokens that open something now: neither ended nor revoked, and here with their secret."""
        return self.filter(revoked_at=None, expires_at__gt=timezone.now()).exclude(digest="")


class Token(Row):
    """That a program may act for a person: what for, and until when. Only a digest of its secret is kept.

    `review` confines it to one review, by name or identifier; plain text, since reviews live in a higher room.
    """

    prefix, identifier_length = "tok", identifiers.LONG
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="tokens")
    name = models.CharField(max_length=80)
    scopes = models.CharField(max_length=200)  # with spaces between
    review = models.CharField(max_length=60, blank=True)  # empty: every review in which the person takes part
    digest = models.CharField(
        max_length=64, blank=True
    )  # SHA-256; empty where it came in a move, which holds no secrets
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)  # to the hour, so that reading does not write each time
    revoked_at = models.DateTimeField(null=True)

    classes: ClassVar = personal("id user name scopes review made_at expires_at used_at revoked_at") | secret("digest")
    objects = TokenQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["digest"], condition=~Q(digest=""), name="token_secret_once"),
            models.CheckConstraint(condition=Q(expires_at__gt=F("made_at")), name="token_ends_after_it_begins"),
        ]


class Organisation(SubjectRow):
    """A real body, with sourced facts only."""

    kind, prefix = "organisation", "org"
    name = models.CharField(max_length=200)
    sort = models.CharField(max_length=40)
    url = models.URLField(max_length=400, blank=True)

    classes: ClassVar = public("subject name sort url")


class Tie(Row):
    """How a body is tied to this field, with the source that says so."""

    prefix = "tie"
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="ties")
    what = models.TextField()
    on = models.CharField(max_length=20, blank=True)
    source_url = models.URLField(max_length=500)

    classes: ClassVar = public("id organisation what on source_url")


class AreaQuerySet(SubjectQuerySet):
    def authorities(self) -> AreaQuerySet:
        """Areas that are no region and not the country."""
        return self.exclude(sort__in=Area.MADE_UP)

    def valid_on(self, day: datetime.date) -> AreaQuerySet:
        """Areas that existed on a day."""
        return self.filter(Q(valid_to=None) | Q(valid_to__gte=day), Q(valid_from=None) | Q(valid_from__lte=day))


class Area(SubjectRow):
    """A local authority, valid between dates: councils are abolished, merged and made new."""

    COUNTRY, REGION = "country", "region"
    MADE_UP = (COUNTRY, REGION)  # of authorities

    kind, prefix = "area", "are"
    code = models.CharField(max_length=9, unique=True)
    department_number = models.CharField(max_length=4, blank=True)
    name = models.CharField(max_length=120)
    sort = models.CharField(max_length=40)
    region = models.CharField(max_length=60, blank=True)
    valid_from = models.DateField(null=True)
    valid_to = models.DateField(null=True)

    classes: ClassVar = public("subject code department_number name sort region valid_from valid_to")
    objects = AreaQuerySet.as_manager()

    @property
    def made_up(self) -> bool:
        """Whether it is a region or the country, which are made up of authorities."""
        return self.sort in self.MADE_UP

    @property
    def invented(self) -> bool:
        """Whether there is no such place: real codes begin with the letter of a country, invented ones with X."""
        return self.code.startswith("X")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_from=None) | Q(valid_to__gte=F("valid_from")),
                name="area_ends_after_it_begins",
            )
        ]


class Succession(Row):
    """That one authority took over from another."""

    prefix = "suc"
    before = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="successors")
    after = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="predecessors")

    classes: ClassVar = public("id before after")


class InterestQuerySet(models.QuerySet):
    def standing(self) -> InterestQuerySet:
        """Those that were not withdrawn."""
        return self.filter(withdrawn_on=None)

    def on(self, day: datetime.date) -> InterestQuerySet:
        """Those that stood on a day: declared by then, and not withdrawn before it."""
        return self.filter(Q(withdrawn_on=None) | Q(withdrawn_on__gt=day), declared_on__lte=day)


class Interest(Row):
    """What a person declared that could sway them, about a subject. Withdrawn, it stays with the reason."""

    prefix = "itr"
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="interests")
    about = models.ForeignKey(Subject, on_delete=models.PROTECT, related_name="+")
    what = models.TextField()
    declared_on = models.DateField()
    withdrawn_on = models.DateField(null=True)
    withdrawn_why = models.TextField(blank=True)

    classes: ClassVar = personal("id user about what declared_on withdrawn_on withdrawn_why")
    objects = InterestQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "about"], condition=Q(withdrawn_on=None), name="interest_declared_once"
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_on=None) | ~Q(withdrawn_why=""), name="interest_withdrawn_with_reason"
            ),
        ]
