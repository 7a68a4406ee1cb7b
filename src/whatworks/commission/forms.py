"""The forms of calls: small ones, and those that a call's own rules make."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext, gettext_lazy

from whatworks.commission.methods.rules import Criterion, Rules
from whatworks.commission.models import Agreement, Application, Appointment, Determination, Signature
from whatworks.errors import InputError
from whatworks.people.models import Area, User
from whatworks.saying import said
from whatworks.scope.models import Intervention


def text(label: Any, most: int, help_text: Any = "", *, rows: int = 0, needed: bool = True) -> forms.CharField:
    """A field for words."""
    widget = forms.Textarea(attrs={"rows": rows}) if rows else forms.TextInput()
    return forms.CharField(label=label, max_length=most, help_text=help_text, widget=widget, required=needed)


class CallForm(forms.Form):
    """A new call."""

    title = text(gettext_lazy("Title"), 300)
    text = text(
        gettext_lazy("Rules (TOML)"), 40_000, gettext_lazy("The how-to guide shows an example of each part."), rows=24
    )
    demonstration = forms.BooleanField(
        label=gettext_lazy("This is a demonstration: its places and people are made up"), required=False
    )


class VersionForm(forms.Form):
    """A new version of a call's rules."""

    seen = forms.IntegerField(widget=forms.HiddenInput)
    what_changed = text(gettext_lazy("What changed, and why?"), 400)
    text = text(gettext_lazy("Rules (TOML)"), 40_000, rows=24)


class BeginForm(forms.Form):
    """Who applies, and where the letter goes."""

    body = text(gettext_lazy("Which body applies?"), 200, gettext_lazy("Such as the name of a council or trust."))
    email = forms.EmailField(
        label=gettext_lazy("Your e-mail address at work"),
        help_text=gettext_lazy("We send a link with which you write the application, save it and come back."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    website = forms.CharField(required=False, widget=forms.HiddenInput)  # empty unless a machine filled it in


class JoinForm(forms.Form):
    """A password for a new account."""

    password = forms.CharField(
        label=gettext_lazy("Choose a password"),
        help_text=gettext_lazy("At least 12 characters. Three words that do not belong together are good."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        max_length=200,
    )


class InviteForm(forms.Form):
    """Another author."""

    email = forms.EmailField(label=gettext_lazy("E-mail address of another author"))


class FileForm(forms.Form):
    """An attachment."""

    file = forms.FileField(
        label=gettext_lazy("A file"), help_text=gettext_lazy("PDF, Word, Excel, CSV, text or picture; at most 10 MB.")
    )


class ApplicationForm(forms.Form):
    """An application, as the rules of its call ask for it. Nothing is needed until it is handed in."""

    def __init__(self, *args: Any, rules: Rules, application: Application, **told: Any) -> None:
        begun = {
            "seen": application.saved, "body": application.body, "cost": application.cost, "area": application.area_id,
            "intervention": application.intervention_id,
        }  # fmt: skip
        for name in ("answers", "gateways", "groups"):
            begun |= {f"{name}-{key}": value for key, value in getattr(application, name).items()}
        super().__init__(*args, initial=begun, **told)
        self.rules = rules
        self.fields["seen"] = forms.IntegerField(widget=forms.HiddenInput)
        self.fields["body"] = text(gettext("Which body applies?"), 200)
        self.fields["area"] = forms.ModelChoiceField(
            Area.objects.authorities().order_by("name"), label=gettext("Which authority is it, if it is one?"), required=False,
            empty_label=gettext("None of the list"),
        )  # fmt: skip
        self.fields["intervention"] = forms.ModelChoiceField(
            Intervention.objects.order_by("name"), label=gettext("Does it build on one of our pages?"), required=False,
            empty_label=gettext("None of the list"),
        )  # fmt: skip
        self.fields["cost"] = forms.IntegerField(
            label=gettext("What would it cost, in whole pounds?"), min_value=0, max_value=2_000_000_000, required=False
        )
        self._from_rules(rules)

    def _from_rules(self, rules: Rules) -> None:
        for group in rules.groups:
            choices = [("", gettext("Choose one")), *((value, value) for value in group.values)]
            self.fields[f"groups-{group.key}"] = forms.ChoiceField(label=group.title, choices=choices, required=False)
        answers = [("", gettext("Choose one")), ("yes", gettext("Yes")), ("no", gettext("No"))]
        for gateway in rules.gateways:
            self.fields[f"gateways-{gateway.key}"] = forms.ChoiceField(
                label=gateway.asks, choices=answers, required=False
            )
        for one in rules.questions:
            most = gettext("At most %(words)s words.") % {"words": one.words}
            self.fields[f"answers-{one.key}"] = text(one.asks, 60_000, most, rows=8, needed=False)

    def values(self) -> dict[str, Any]:
        """What was written, as `applying.save` takes it."""
        told = {name: self.cleaned_data[name] for name in ("body", "cost", "area", "intervention")}
        for name in ("answers", "gateways", "groups"):
            start = f"{name}-"
            told[name] = {
                key.removeprefix(start): value for key, value in self.cleaned_data.items() if key.startswith(start)
            }
        return told


class AppointForm(forms.Form):
    """Somebody to assess or decide."""

    user = forms.ModelChoiceField(
        User.objects.none(), label=gettext_lazy("Whom?"), empty_label=gettext_lazy("Choose one")
    )
    role = forms.ChoiceField(
        label=gettext_lazy("As what?"),
        choices=[(Appointment.ASSESSOR, gettext_lazy("assessor")), (Appointment.DECIDER, gettext_lazy("decider"))],
    )

    def __init__(self, *args: Any, **told: Any) -> None:
        super().__init__(*args, **told)
        able = ("assessor", "decider", "accountable")
        self.fields["user"].queryset = (
            User.objects.here().filter(assignments__role__in=able, is_active=True).order_by("name", "email").distinct()
        )
        self.fields["user"].label_from_instance = lambda user: user.name or user.email


class TiesForm(forms.Form):
    """What somebody is tied to, one a line."""

    ties = text(
        gettext_lazy("Councils and bodies to which you are tied, one on each line"), 4000,
        gettext_lazy("Where you or people close to you work, worked in the last three years, or advise. Leave it empty if there are none."),
        rows=4, needed=False,
    )  # fmt: skip


class WhyForm(forms.Form):
    """A reason."""

    why = text(gettext_lazy("Why?"), 2000, rows=2)


class ConflictForm(forms.Form):
    """Whether a conflict stands."""

    conflict = forms.CharField(widget=forms.HiddenInput)
    stands = forms.ChoiceField(
        label=gettext_lazy("Decision"),
        choices=[
            ("yes", gettext_lazy("It stands: they see nothing of this application")),
            ("no", gettext_lazy("It is no conflict")),
        ],
    )
    why = text(gettext_lazy("If it is none, why?"), 2000, needed=False)


class GatewayForm(forms.Form):
    """Whether an application passes."""

    eligible = forms.ChoiceField(
        label=gettext_lazy("Does it pass the gateways?"),
        choices=[("yes", gettext_lazy("Yes")), ("no", gettext_lazy("No"))],
    )
    why = text(gettext_lazy("If not, why? The applicant reads it."), 2000, rows=2, needed=False)


class ScoreForm(forms.Form):
    """A score and a reason for each criterion."""

    def __init__(self, *args: Any, criteria: tuple[Criterion, ...], **told: Any) -> None:
        super().__init__(*args, **told)
        self.criteria = criteria
        for one in criteria:
            points = [(str(point), f"{point}: {means}") for point, means in one.described]
            self.fields[f"score-{one.key}"] = forms.ChoiceField(
                label=one.title, choices=points, required=False, widget=forms.RadioSelect
            )
            label = gettext("Why this score on “%(title)s”?") % {"title": one.title}
            self.fields[f"why-{one.key}"] = text(label, 4000, rows=3, needed=False)

    def given(self) -> dict[str, tuple[int, str]]:
        """The scores that were chosen, each with its reason."""
        told = self.cleaned_data
        return {
            one.key: (int(told[f"score-{one.key}"]), told[f"why-{one.key}"])
            for one in self.criteria
            if told[f"score-{one.key}"] != ""
        }


class ModerateForm(forms.Form):
    """What was agreed on one criterion."""

    criterion = forms.ChoiceField(label=gettext_lazy("Criterion"))
    points = forms.IntegerField(label=gettext_lazy("Score agreed"), min_value=0, max_value=100)
    why = text(gettext_lazy("Why?"), 2000, rows=2)

    def __init__(self, *args: Any, criteria: tuple[Criterion, ...], **told: Any) -> None:
        super().__init__(*args, **told)
        self.fields["criterion"].choices = [(one.key, one.title) for one in criteria]


class DetermineForm(forms.Form):
    """The decision on an application."""

    decision = forms.ChoiceField(
        label=gettext_lazy("Decision"),
        choices=[
            (Determination.CHOSEN, gettext_lazy("chosen")), (Determination.RESERVE, gettext_lazy("in reserve")),
            (Determination.DECLINED, gettext_lazy("declined")),
        ],
    )  # fmt: skip
    why = text(gettext_lazy("If this departs from what came out: why?"), 2000, rows=2, needed=False)
    reasons = text(gettext_lazy("If it is chosen: the reasons, for the public"), 4000, rows=3, needed=False)
    feedback = text(gettext_lazy("Feedback, for the applicant alone"), 8000, rows=5, needed=False)


class CommitForm(forms.Form):
    """A custodian's commitment to a lot."""

    call = forms.CharField(widget=forms.HiddenInput)
    custodian = text(gettext_lazy("Your part"), 120, gettext_lazy("Such as “First custodian”. Never a name."))
    commitment = text(
        gettext_lazy("Your commitment"), 64,
        gettext_lazy("64 signs, made on your own machine with “whatworks trial commit”. Your secret stays there until the draw."),
    )  # fmt: skip


class SecretsForm(forms.Form):
    """The secret of everybody who committed."""

    def __init__(self, *args: Any, names: list[str], **told: Any) -> None:
        super().__init__(*args, **told)
        self.names = names
        for number, name in enumerate(names):
            self.fields[f"secret-{number}"] = forms.CharField(
                label=name, max_length=400, widget=forms.TextInput(attrs={"autocomplete": "off"})
            )

    def secrets(self) -> dict[str, str]:
        """The secrets by custodian."""
        return {name: self.cleaned_data[f"secret-{number}"] for number, name in enumerate(self.names)}


class AgreementForm(forms.Form):
    """A version of an agreement."""

    kind = forms.ChoiceField(label=gettext_lazy("Which agreement?"), choices=[(kind, kind) for kind in Agreement.KINDS])
    text = text(gettext_lazy("Its text"), 200_000, rows=8)


class SignForm(forms.Form):
    """A signature as a record."""

    agreement = forms.CharField(widget=forms.HiddenInput)
    party = forms.ChoiceField(
        label=gettext_lazy("For which side?"), choices=[(one, one) for one in (Signature.CENTRE, Signature.HOLDER)]
    )
    name = text(gettext_lazy("Who signed?"), 120)
    capacity = text(gettext_lazy("In what capacity?"), 120)
    on = forms.DateField(label=gettext_lazy("On which day?"), help_text=gettext_lazy("As 2026-01-31."))


class MilestoneForm(forms.Form):
    """A milestone."""

    title = text(gettext_lazy("What shall be reached?"), 200)
    due = forms.DateField(label=gettext_lazy("By which day?"), help_text=gettext_lazy("As 2026-01-31."))


class DeliverableForm(forms.Form):
    """Something handed over."""

    milestone = forms.CharField(widget=forms.HiddenInput)
    title = text(gettext_lazy("What was handed over?"), 200)
    where = text(gettext_lazy("Where does it lie?"), 400, needed=False)


class ClaimForm(forms.Form):
    """A claim."""

    amount = forms.IntegerField(label=gettext_lazy("How much, in whole pounds?"), min_value=1, max_value=2_000_000_000)
    since = forms.DateField(label=gettext_lazy("From which day?"), help_text=gettext_lazy("As 2026-01-31."))
    until = forms.DateField(label=gettext_lazy("To which day?"), help_text=gettext_lazy("As 2026-03-31."))
    what_for = text(gettext_lazy("What for?"), 2000, rows=2)


class VariationForm(forms.Form):
    """A change of an award."""

    more = forms.IntegerField(
        label=gettext_lazy("How many pounds more? Below nought for less."),
        initial=0,
        min_value=-2_000_000_000,
        max_value=2_000_000_000,
    )
    ends_on = forms.DateField(
        label=gettext_lazy("A new end, if there is one"), required=False, help_text=gettext_lazy("As 2026-01-31.")
    )
    why = text(gettext_lazy("Why?"), 2000, rows=2)


def checked(filled: forms.Form) -> dict[str, Any]:
    """A form's values. Raises InputError that says the first thing that is wrong."""
    if not filled.is_valid():
        name, wrong = next(iter(filled.errors.items()))
        label_of = str(filled.fields[name].label) if name in filled.fields else name
        raise InputError(said("%(label)s: %(wrong)s", label=label_of, wrong=str(wrong[0])))
    return dict(filled.cleaned_data)
