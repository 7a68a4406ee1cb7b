"""Panels: who may be on one, how they were chosen, when they met, and what became of what they said.

Who people are stands in `PanelContact` and nowhere else: the only personal data on children that this centre keeps. Everything that
points at a contact lets go of it when it is deleted, so that counts stay right. Nothing here leaves in an open pack but panels, their
meetings, rates, commitments and draws.
"""

from __future__ import annotations

import datetime
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q

from whatworks.convene.models.texts import Text
from whatworks.ledger.fields import CanonicalField, internal, personal, public, secret
from whatworks.ledger.models import Row, SubjectRow
from whatworks.ledger.models.subjects import SubjectQuerySet
from whatworks.people.models import User


class PanelQuerySet(SubjectQuerySet):
    def calling(self, day: datetime.date) -> PanelQuerySet:
        """Panels that people can apply to on this day."""
        return self.filter(opens_on__lte=day, closes_on__gte=day).order_by("closes_on", "title")


class Panel(SubjectRow):
    """A group of people who tell the centre what they think, again and again. `facts` are what is on record, each with its source."""

    YOUNG, FAMILIES, PRACTITIONERS, VOLUNTARY = "young", "families", "practitioners", "voluntary"

    kind, prefix = "panel", "pnl"
    slug = models.SlugField(max_length=80, unique=True)
    title = models.CharField(max_length=200)
    sort = models.CharField(max_length=16)
    about = models.TextField(blank=True)
    call: Any = CanonicalField(default=dict)  # what happens, what we pay, who to talk to: by the headings of the call
    safeguarding = models.CharField(max_length=200, blank=True)  # who to talk to: a part and a way to reach it, no name
    places = models.IntegerField(default=0)
    youngest = models.IntegerField(default=0)
    oldest = models.IntegerField(null=True)
    quotas: Any = CanonicalField(default=list)  # category, band, least, most
    dbs = models.CharField(max_length=16, blank=True)  # the check that staff of this panel need; none: empty
    opens_on = models.DateField(null=True)
    closes_on = models.DateField(null=True)
    other_ways = models.TextField(blank=True)  # what everybody is offered who is not drawn
    facts: Any = CanonicalField(default=list)  # fact, source, address
    demonstration = models.BooleanField(default=False)

    classes: ClassVar = public(
        "subject slug title sort about call safeguarding places youngest oldest quotas dbs opens_on closes_on other_ways facts"
        " demonstration"
    )
    objects = PanelQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(sort__in=["young", "families", "practitioners", "voluntary"]), name="panel_sort_known"
            ),
            models.CheckConstraint(condition=Q(opens_on=None) | ~Q(safeguarding=""), name="panel_call_is_safe"),
            models.CheckConstraint(
                condition=Q(closes_on=None) | Q(closes_on__gte=models.F("opens_on")), name="panel_call_ends_later"
            ),
        ]

    def drawn(self) -> PanelDraw | None:
        """The draw of this panel; None before."""
        return PanelDraw.objects.filter(panel=self).first()

    def frozen(self) -> PanelFreeze | None:
        """What was published when the list was frozen; None before."""
        return PanelFreeze.objects.filter(panel=self).first()


class PanelContact(Row):
    """A person who applied to a panel or is on one: who they are, how to reach them, and until when this is kept."""

    prefix = "pco"
    panel = models.ForeignKey(Panel, on_delete=models.PROTECT, related_name="contacts")
    name = models.CharField(max_length=120)
    email = models.EmailField(blank=True)
    phone = models.CharField(max_length=40, blank=True)
    age = models.IntegerField(null=True)  # in years, as told on the day of application; no date of birth is kept
    applied_on = models.DateField()
    bands: Any = CanonicalField(default=dict)  # what they said of themselves: taken away after the draw
    why = models.ForeignKey(Text, on_delete=models.PROTECT, null=True, related_name="+")
    number = models.IntegerField(null=True)  # in the frozen list
    state = models.CharField(max_length=12, default="applied")
    invited_on = models.DateField(null=True)
    token = models.CharField(max_length=64, unique=True)  # the digest of the private address's end
    keep_until = models.DateField()

    classes: ClassVar = (
        personal("name email phone age bands") | secret("token")
        | internal("id panel applied_on why number state invited_on keep_until")
    )  # fmt: skip

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["applied", "drawn", "not drawn", "member", "left"]), name="contact_state_known"
            ),
            models.CheckConstraint(condition=Q(age=None) | Q(age__gte=5, age__lte=110), name="contact_age_possible"),
            models.UniqueConstraint(fields=["panel", "number"], name="contact_numbered_once"),
        ]


class PanelAgreement(Row):
    """That somebody agreed to something, in which version of its words: the person, or who holds parental responsibility."""

    PERSON, PARENT = "person", "parental responsibility"
    TAKING_PART, DATA = "taking part", "data"

    prefix = "pgr"
    contact = models.ForeignKey(PanelContact, on_delete=models.CASCADE, related_name="agreements")
    by_whom = models.CharField(max_length=24)
    to = models.CharField(max_length=16)
    name = models.CharField(max_length=120, blank=True)
    reach = models.CharField(max_length=160, blank=True)
    capacity = models.CharField(max_length=24, blank=True)  # in which a person holds parental responsibility
    authority = models.CharField(max_length=160, blank=True)  # which council, where it is a local authority
    wording = models.CharField(max_length=20)
    how = models.CharField(max_length=200)
    on = models.DateField()
    withdrawn_on = models.DateField(null=True)

    classes: ClassVar = personal("name reach authority how") | internal(
        "id contact by_whom to capacity wording on withdrawn_on"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(by_whom="person") | Q(by_whom="parental responsibility") & ~Q(capacity=""),
                name="agreement_says_capacity",
            ),
            models.CheckConstraint(
                condition=~Q(capacity="local authority") | ~Q(authority=""), name="agreement_names_authority"
            ),
            models.CheckConstraint(condition=Q(to__in=["taking part", "data"]), name="agreement_to_known"),
        ]


class PanelParty(Row):
    """A custodian who committed to a secret before the list of a panel was frozen."""

    prefix = "ppy"
    append_only = True
    panel = models.ForeignKey(Panel, on_delete=models.PROTECT, related_name="parties")
    number = models.IntegerField()
    name = models.CharField(max_length=120)
    commitment = models.CharField(max_length=64)
    by = models.CharField(max_length=64)
    at = models.DateTimeField()

    classes: ClassVar = public("id panel number name commitment by at")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["panel", "number"], name="panel_party_numbered_once"),
            models.UniqueConstraint(fields=["panel", "name"], name="panel_party_commits_once"),
            models.UniqueConstraint(fields=["panel", "commitment"], name="panel_secret_of_one"),
        ]


class PanelFreeze(Row):
    """What was published when the list was frozen: digests and counts, no bands and no people."""

    prefix = "pfz"
    append_only = True
    panel = models.OneToOneField(Panel, on_delete=models.PROTECT, related_name="freeze")
    published: Any = CanonicalField(default=dict)
    seal = models.CharField(max_length=64)
    by = models.CharField(max_length=64)
    at = models.DateTimeField()

    classes: ClassVar = public("id panel published seal by at")


class PanelList(Row):
    """The frozen list with the bands: here only from the freeze to the draw, then taken away."""

    prefix = "pli"
    freeze = models.OneToOneField(PanelFreeze, on_delete=models.PROTECT, related_name="listed")
    content: Any = CanonicalField(default=dict)

    classes: ClassVar = internal("id freeze") | personal("content")


class PanelDraw(SubjectRow):
    """The draw as the record from which anybody can repeat it."""

    kind, prefix = "panel draw", "pdw"
    append_only = True
    panel = models.OneToOneField(Panel, on_delete=models.PROTECT, related_name="draw")
    document = models.TextField()
    digest = models.CharField(max_length=64)
    by = models.CharField(max_length=64)
    at = models.DateTimeField()

    classes: ClassVar = public("subject panel document digest by at")

    def subject_title(self) -> str:
        return f"Draw of {self.panel.title}"


class PanelStaff(Row):
    """Somebody who works with a panel, and the check that was made of them: its level and dates, never the certificate."""

    prefix = "psf"
    panel = models.ForeignKey(Panel, on_delete=models.PROTECT, related_name="staff")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    part = models.CharField(max_length=120)
    dbs = models.CharField(max_length=16, blank=True)
    dbs_on = models.DateField(null=True)
    dbs_until = models.DateField(null=True)

    classes: ClassVar = personal("user part dbs dbs_on dbs_until") | internal("id panel")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["panel", "user"], name="staff_of_a_panel_once")]


class PanelMeeting(SubjectRow):
    """A meeting of a panel: when, where, how many came, and what was said, in words that name nobody."""

    kind, prefix = "panel meeting", "pmt"
    panel = models.ForeignKey(Panel, on_delete=models.PROTECT, related_name="meetings")
    title = models.CharField(max_length=200)
    on = models.DateField()
    place = models.CharField(max_length=200, blank=True)
    came = models.IntegerField(null=True)  # of a meeting that others held; else counted from attendance
    summary = models.TextField(blank=True)
    source = models.TextField(blank=True)
    address = models.URLField(blank=True, max_length=400)

    classes: ClassVar = public("subject panel title on place came summary source address")


class PanelDuty(Row):
    """Who of the staff is at which meeting."""

    prefix = "pdu"
    meeting = models.ForeignKey(PanelMeeting, on_delete=models.PROTECT, related_name="duties")
    staff = models.ForeignKey(PanelStaff, on_delete=models.PROTECT, related_name="duties")

    classes: ClassVar = internal("id meeting") | personal("staff")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["meeting", "staff"], name="on_duty_once")]


class PanelAttendance(Row):
    """That a member came to a meeting. When the person is deleted the row stays, and counts."""

    prefix = "pat"
    meeting = models.ForeignKey(PanelMeeting, on_delete=models.PROTECT, related_name="attendance")
    contact = models.ForeignKey(PanelContact, on_delete=models.SET_NULL, null=True, related_name="attendance")

    classes: ClassVar = internal("id meeting") | personal("contact")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["meeting", "contact"], name="came_once")]


class RateQuerySet(models.QuerySet):
    def on(self, day: datetime.date) -> RateQuerySet:
        """The rates that hold on a day."""
        return self.filter(Q(until=None) | Q(until__gte=day), since__lte=day).order_by("activity", "pk")


class PanelRate(Row):
    """What is paid for an activity, from a day until a day."""

    prefix = "prc"
    activity = models.CharField(max_length=160)
    pence = models.IntegerField()
    since = models.DateField()
    until = models.DateField(null=True)
    source = models.TextField(blank=True)

    classes: ClassVar = public("id activity pence since until source")
    objects = RateQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(pence__gt=0), name="rate_is_money"),
            models.CheckConstraint(condition=Q(until=None) | Q(until__gte=models.F("since")), name="rate_ends_later"),
            models.UniqueConstraint(fields=["activity", "since"], name="rate_begins_once"),
        ]


class PanelPayment(Row):
    """Money or a voucher for a meeting, or expenses, which are apart: offered, and what the person said to it."""

    prefix = "ppm"
    meeting = models.ForeignKey(PanelMeeting, on_delete=models.PROTECT, related_name="payments")
    contact = models.ForeignKey(PanelContact, on_delete=models.SET_NULL, null=True, related_name="payments")
    sort = models.CharField(max_length=12)
    rate = models.ForeignKey(PanelRate, on_delete=models.PROTECT, null=True, related_name="+")
    pence = models.IntegerField()
    state = models.CharField(max_length=12, default="offered")
    on = models.DateField()

    classes: ClassVar = internal("id meeting sort rate pence state on") | personal("contact")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(sort__in=["payment", "voucher", "expenses"]), name="payment_sort_known"),
            models.CheckConstraint(
                condition=Q(state__in=["offered", "accepted", "declined", "paid"]), name="payment_state_known"
            ),
            models.CheckConstraint(condition=Q(pence__gt=0), name="payment_is_money"),
            models.CheckConstraint(condition=Q(sort="expenses") | Q(rate__isnull=False), name="payment_has_rate"),
        ]


class PanelSaying(Row):
    """Something that a member said, and what happened to it. Deleted, it keeps its place in the count and nothing else."""

    prefix = "psy"
    meeting = models.ForeignKey(PanelMeeting, on_delete=models.PROTECT, related_name="sayings")
    contact = models.ForeignKey(PanelContact, on_delete=models.SET_NULL, null=True, related_name="sayings")
    words = models.TextField(blank=True)
    happened = models.TextField(blank=True)
    state = models.CharField(max_length=12, default="heard")
    at = models.DateTimeField()

    classes: ClassVar = personal("contact words happened") | internal("id meeting state at")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["heard", "looked at", "used", "not used", "deleted"]), name="saying_state_known"
            ),
            models.CheckConstraint(
                condition=~Q(state="deleted") | Q(words="", happened=""), name="saying_deleted_gone"
            ),
        ]
