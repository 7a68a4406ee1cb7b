"""Whom we know: people and bodies, how they are tied, and when we had to do with each other."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from whatworks.ledger.fields import internal, personal
from whatworks.ledger.models import Row, SubjectRow
from whatworks.ledger.models.subjects import SubjectQuerySet
from whatworks.people.models import Area, Organisation


class ContactQuerySet(SubjectQuerySet):
    def standing(self) -> ContactQuerySet:
        """Those who are here under their own name: neither erased nor merged into another."""
        return self.filter(erased_at=None, merged_into=None)

    def at(self, address: str) -> Contact | None:
        """Whom an address belongs to; through a merge, the one that was kept."""
        found = self.filter(email=address.casefold(), erased_at=None).first() if address else None
        return found.kept() if found else None

    def named_like(self, text: str) -> ContactQuerySet:
        """Those whose name or address holds these letters."""
        words = text.split()
        found = self
        for word in words:
            found = found.filter(Q(name__icontains=word) | Q(email__icontains=word))
        return found


class Contact(SubjectRow):
    """One person or body. The subject says nothing of who it is; everything that does can be erased."""

    PERSON, BODY = "person", "body"

    kind, prefix = "contact", "ctc"
    sort = models.CharField(max_length=8, default=PERSON)
    name = models.CharField(max_length=200, blank=True)
    email = models.CharField(max_length=254, blank=True)  # in small letters
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, related_name="+"
    )  # a body that is one
    made_up = models.BooleanField(default=False)  # belongs to a demonstration
    made_at = models.DateTimeField()
    erased_at = models.DateTimeField(null=True)
    merged_into = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="merged")

    classes: ClassVar = internal("subject sort made_at erased_at merged_into made_up") | personal(
        "name email organisation"
    )
    objects = ContactQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(sort__in=["person", "body"]), name="contact_sort_known"),
            models.UniqueConstraint(fields=["email"], condition=~Q(email=""), name="contact_address_once"),
            models.CheckConstraint(condition=Q(erased_at=None) | Q(email="", name=""), name="contact_erased_is_empty"),
        ]

    def subject_title(self) -> str:
        """Never the name: titles of subjects are seen, and kept, elsewhere."""
        return "(erased)" if self.erased_at else "A contact"

    @property
    def shown(self) -> str:
        """What colleagues read."""
        return self.name or self.email or self.pk

    def kept(self) -> Contact:
        """The one that stands for this one: itself, or the one it was merged into."""
        found = self
        while found.merged_into is not None:
            found = found.merged_into
        return found

    def everyone(self) -> list[str]:
        """The identifiers of this one and of all that were merged into it, at any depth."""
        found, new = [self.pk], [self.pk]
        while new:
            new = list(Contact.objects.filter(merged_into__in=new).values_list("pk", flat=True))
            found += new
        return found


class ContactTie(Row):
    """That somebody has, or had, a role: at a body we know, for a place, or as words."""

    prefix = "cti"
    contact = models.ForeignKey(Contact, on_delete=models.PROTECT, related_name="ties")
    role = models.CharField(max_length=160, blank=True)
    body = models.ForeignKey(Contact, on_delete=models.PROTECT, null=True, related_name="tied")
    area = models.ForeignKey(Area, on_delete=models.PROTECT, null=True, related_name="+")
    began = models.DateField(null=True)
    ended = models.DateField(null=True)
    source = models.CharField(max_length=300, blank=True)

    classes: ClassVar = internal("id contact began ended") | personal("role body area source")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(began=None) | Q(ended=None) | Q(ended__gte=F("began")),
                name="contact_tie_ends_after_it_begins",
            ),
            models.CheckConstraint(condition=~Q(contact=F("body")) | Q(body=None), name="contact_tie_to_another"),
        ]


class Interaction(Row):
    """That we had to do with each other: a meeting, a call, a letter."""

    KINDS = ("meeting", "call", "letter", "event", "other")

    prefix = "cia"
    contact = models.ForeignKey(Contact, on_delete=models.PROTECT, related_name="interactions")
    sort = models.CharField(max_length=12)
    on = models.DateField()
    what = models.TextField(blank=True)
    by = models.CharField(max_length=64)
    at = models.DateTimeField()

    classes: ClassVar = internal("id contact sort on by at") | personal("what")


class ContactMerge(Row):
    """That two were found to be one. Nothing is moved, so that it can be undone whole."""

    prefix = "cmg"
    kept = models.ForeignKey(Contact, on_delete=models.PROTECT, related_name="merges")
    gone = models.ForeignKey(Contact, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=300, blank=True)
    by = models.CharField(max_length=64)
    at = models.DateTimeField()
    undone_by = models.CharField(max_length=64, blank=True)
    undone_at = models.DateTimeField(null=True)

    classes: ClassVar = internal("id kept gone by at undone_by undone_at") | personal("reason")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["gone"], condition=Q(undone_at=None), name="contact_merged_once"),
            models.CheckConstraint(condition=~Q(kept=F("gone")), name="contact_merged_into_another"),
        ]
