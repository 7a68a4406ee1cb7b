"""The forms of panels: the application that anybody sends, and small ones for each step of the work."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from whatworks.convene.guarding_forms import GuardedForm, box
from whatworks.convene.models import Panel, PanelContact, PanelRate
from whatworks.convene.panel_words import words
from whatworks.convene.paneling import Parent, bands_of
from whatworks.people.models import User


def text(label: Any, most: int = 200, *, help_text: Any = "", rows: int = 0, needed: bool = True) -> forms.CharField:
    """A field for words."""
    widget = forms.Textarea(attrs={"rows": rows}) if rows else forms.TextInput()
    return forms.CharField(label=label, max_length=most, help_text=help_text, widget=widget, required=needed)


def day(label: Any, *, needed: bool = True) -> forms.DateField:
    """A field for a day."""
    return forms.DateField(label=label, required=needed, widget=forms.DateInput(attrs={"type": "date"}))


class ApplicationForm(GuardedForm):
    """An application: who, what they say of themselves, what they agree to."""

    name = text(_("Your name"), 120)
    email = forms.EmailField(label=_("E-mail address"), required=False)
    phone = text(_("Telephone, if you have no e-mail"), 40, needed=False)
    age = forms.IntegerField(
        label=_("How old are you?"),
        min_value=5,
        max_value=110,
        help_text=_("In years. We do not ask for your date of birth."),
    )
    why = box(
        _("Why would you like to take part?"),
        help_text=_("A few words are enough. You can leave this empty."),
        rows=4,
        most=1500,
        needed=False,
    )
    agrees = forms.MultipleChoiceField(
        label=_("What you agree to"), widget=forms.CheckboxSelectMultiple, required=False
    )
    parent_name = text(
        _("Name of a person with parental responsibility"),
        120,
        needed=False,
        help_text=_("If you are under 16. This can be a parent, a guardian, or your council if you are in care."),
    )
    parent_reach = text(_("How to reach them"), 160, needed=False)
    parent_capacity = forms.ChoiceField(label=_("They are"), required=False)
    parent_authority = text(_("If it is a council: which one"), 160, needed=False)
    parent_agrees = forms.MultipleChoiceField(
        label=_("What they agree to (they tick this)"), widget=forms.CheckboxSelectMultiple, required=False
    )

    def __init__(self, panel: Panel, *args: Any, **told: Any) -> None:
        super().__init__(*args, **told)
        self.bands = bands_of(panel)
        self.fields["age"].required = panel.sort == Panel.YOUNG
        for number, (category, known) in enumerate(self.bands.items()):
            self.fields[f"band{number}"] = forms.ChoiceField(
                label=category, choices=[("", "—"), *((one, one) for one in known)]
            )
        agreements = words()["agreements"]
        self.fields["agrees"].choices = [("taking part", agreements["taking_part"]), ("data", agreements["data"])]
        self.fields["parent_agrees"].choices = [
            ("taking part", agreements["parent_taking_part"]),
            ("data", agreements["parent_data"]),
        ]
        self.fields["parent_capacity"].choices = [("", "—"), *words()["capacities"].items()]
        first = ["name", "email", "phone", "age", *(f"band{n}" for n in range(len(self.bands))), "why", "agrees"]
        self.order_fields(first)
        if panel.sort != Panel.YOUNG:
            for name in ("age", "parent_name", "parent_reach", "parent_capacity", "parent_authority", "parent_agrees"):
                del self.fields[name]

    def told(self) -> dict[str, Any]:
        """What the verb asks for."""
        held = self.cleaned_data
        parent = None
        if held.get("parent_name") or held.get("parent_agrees"):
            parent = Parent(
                held["parent_name"], held["parent_reach"], held["parent_capacity"], held["parent_authority"]
            )
        return {
            "name": held["name"], "email": held["email"], "phone": held["phone"], "age": held.get("age"), "why": held["why"],
            "bands": {category: held[f"band{number}"] for number, category in enumerate(self.bands)},
            "agrees": held["agrees"], "parent": parent, "parent_agrees": held.get("parent_agrees", []),
        }  # fmt: skip


class OpeningForm(forms.Form):
    """A new panel with its call."""

    title = text(_("Title"))
    sort = forms.ChoiceField(label=_("Who it is for"))
    about = text(_("What it is, in plain words"), 2000, rows=4)
    what = text(_("What happens at a meeting"), 2000, rows=3)
    pay = text(_("What we pay, and what else people get"), 2000, rows=3)
    safeguarding = text(
        _("Safeguarding contact"),
        help_text=_("A part and how to reach it, such as “Safeguarding lead, telephone …”. No name of a person."),
    )
    places = forms.IntegerField(label=_("Places"), min_value=1, max_value=500)
    youngest = forms.IntegerField(label=_("From which age"), min_value=0, max_value=110, initial=0)
    oldest = forms.IntegerField(label=_("To which age"), min_value=0, max_value=110, required=False)
    quotas = text(
        _("Quotas"),
        4000,
        rows=6,
        help_text=_("One a line: category, band, least, most. For example: Age, 13 to 15, 4, 8"),
    )
    dbs = forms.ChoiceField(label=_("Which check (DBS) staff need"), required=False)
    opens_on = day(_("First day of the call"))
    closes_on = day(_("Last day of the call"))
    other_ways = text(_("What everybody is offered who is not drawn"), 2000, rows=3)
    demonstration = forms.BooleanField(label=_("This is a demonstration: its people are made up"), required=False)

    def __init__(self, *args: Any, **told: Any) -> None:
        super().__init__(*args, **told)
        self.fields["sort"].choices = list(words()["kinds"].items())
        self.fields["dbs"].choices = [("", _("None")), *((one, one) for one in words()["checks"])]

    def clean_quotas(self) -> list[list[Any]]:
        """The quotas as rows."""
        rows = []
        for number, line in enumerate(self.cleaned_data["quotas"].splitlines(), 1):
            cells = [cell.strip() for cell in line.split(",")]
            if not any(cells):
                continue
            if len(cells) != 4 or not (cells[2].isdigit() and cells[3].isdigit()):
                raise forms.ValidationError(_("Line %(n)s is not: category, band, least, most.") % {"n": number})
            rows.append([cells[0], cells[1], int(cells[2]), int(cells[3])])
        return rows

    def told(self) -> dict[str, Any]:
        """What the verb asks for."""
        held = dict(self.cleaned_data)
        call = {name: held.pop(name) for name in ("what", "pay")}
        return {**held, "call": call}


class CommitForm(forms.Form):
    """A custodian's commitment."""

    name = text(_("Your part"), 120, help_text=_("Such as “First custodian”. It is published."))
    commitment = text(
        _("Your commitment"), 64, help_text=_("The SHA-256 of your secret, as the command trial commit makes it.")
    )


class SecretsForm(forms.Form):
    """The secrets of the custodians."""

    def __init__(self, names: list[str], *args: Any, **told: Any) -> None:
        super().__init__(*args, **told)
        self.names = names
        for number, name in enumerate(names):
            self.fields[f"secret{number}"] = forms.CharField(label=name, max_length=200)

    def secrets(self) -> dict[str, str]:
        """The secrets by the custodians' names."""
        return {name: self.cleaned_data[f"secret{number}"] for number, name in enumerate(self.names)}


class MeetingForm(forms.Form):
    """A meeting."""

    title = text(_("Title"))
    on = day(_("Day"))
    place = text(_("Place"), needed=False)


class StaffForm(forms.Form):
    """Somebody who works with the panel, and their check."""

    user = forms.ModelChoiceField(User.objects.none(), label=_("Who"))
    part = text(_("Their part"), 120)
    dbs = forms.ChoiceField(label=_("Level of the check (DBS)"), required=False)
    dbs_on = day(_("Date of the check"), needed=False)
    dbs_until = day(_("To be renewed after"), needed=False)

    def __init__(self, *args: Any, **told: Any) -> None:
        super().__init__(*args, **told)
        self.fields["user"].queryset = User.objects.here()
        self.fields["dbs"].choices = [("", _("None")), *((one, one) for one in words()["checks"])]


class RateForm(forms.Form):
    """A line of the rate card."""

    activity = text(_("For what"), 160)
    pence = forms.IntegerField(label=_("Pence"), min_value=1)
    since = day(_("From which day"))
    source = text(_("Where it comes from"), 400, needed=False)


class AgreementForm(forms.Form):
    """An agreement that came in by letter, telephone or in person."""

    by_whom = forms.ChoiceField(
        label=_("Who agrees"),
        choices=[("person", _("The person")), ("parental responsibility", _("Who holds parental responsibility"))],
    )
    to = forms.ChoiceField(
        label=_("To what"), choices=[("taking part", _("Taking part")), ("data", _("That we keep their details"))]
    )
    how = text(_("How it was given"), help_text=_("Such as “signed form of 3 May, in the cabinet”."))
    parent_name = text(_("Name of who holds parental responsibility"), 120, needed=False)
    parent_reach = text(_("How to reach them"), 160, needed=False)
    parent_capacity = forms.ChoiceField(label=_("In which capacity"), required=False)
    parent_authority = text(_("If it is a council: which one"), 160, needed=False)

    def __init__(self, *args: Any, **told: Any) -> None:
        super().__init__(*args, **told)
        self.fields["parent_capacity"].choices = [("", "—"), *words()["capacities"].items()]

    def parent(self) -> Parent | None:
        """Who holds parental responsibility, where they agree."""
        held = self.cleaned_data
        if held["by_whom"] == "person":
            return None
        return Parent(held["parent_name"], held["parent_reach"], held["parent_capacity"], held["parent_authority"])


class MemberForm(forms.Form):
    """One member of the panel of a meeting: the base of what is written down about one."""

    contact = forms.ModelChoiceField(PanelContact.objects.none(), label=_("Who"))

    def __init__(self, panel: Panel, *args: Any, **told: Any) -> None:
        super().__init__(*args, **told)
        members = panel.contacts.filter(state="member").order_by("name")
        self.fields["contact"].queryset = members
        self.fields["contact"].label_from_instance = lambda one: one.name


class AttendanceForm(forms.Form):
    """Who came."""

    contacts = forms.ModelMultipleChoiceField(
        PanelContact.objects.none(), label=_("Who came"), widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, panel: Panel, *args: Any, **told: Any) -> None:
        super().__init__(*args, **told)
        self.fields["contacts"].queryset = panel.contacts.filter(state="member").order_by("name")
        self.fields["contacts"].label_from_instance = lambda one: one.name


class PaymentForm(MemberForm):
    """Money, a voucher or expenses."""

    sort = forms.ChoiceField(
        label=_("What"), choices=[("payment", _("Payment")), ("voucher", _("Voucher")), ("expenses", _("Expenses"))]
    )
    rate = forms.ModelChoiceField(PanelRate.objects.order_by("activity", "since"), label=_("Rate"), required=False)
    pence = forms.IntegerField(label=_("Expenses, in pence"), required=False, min_value=1)

    def __init__(self, panel: Panel, *args: Any, **told: Any) -> None:
        super().__init__(panel, *args, **told)
        self.fields["rate"].label_from_instance = lambda one: f"{one.activity}: £{one.pence / 100:.2f}"


class NoteForm(MemberForm):
    """Something a member said."""

    words_ = text(_("What they said, in their words"), 2000, rows=3)


class TellForm(forms.Form):
    """What happened to it."""

    saying = forms.CharField(widget=forms.HiddenInput)
    state = forms.ChoiceField(
        label=_("What happened"),
        choices=[
            ("looked at", _("It is being looked at")),
            ("used", _("It was used")),
            ("not used", _("It was not used")),
        ],
    )
    happened = text(_("How, or why not"), 1000, rows=2)
