"""The forms of priorities and decisions: small ones, one for each step."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.html import escape
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from whatworks.decide.filling import HIGHEST, LOWEST
from whatworks.decide.models import Gate, Meeting, Post, PrioritySetting, PriorityState, PutForward, Resolution
from whatworks.decide.presenters import STATES
from whatworks.ledger.models import Subject
from whatworks.scope.models import Intervention, Question, Theme

FEW, MANY = 3, 8  # rows of a box
DAY = forms.DateInput(attrs={"type": "date"})


def words(label: Any, most: int = 4000, help_text: Any = "", *, rows: int = 0, needed: bool = True) -> forms.CharField:
    """A field for words."""
    widget = forms.Textarea(attrs={"rows": rows}) if rows else forms.TextInput()
    return forms.CharField(label=label, max_length=most, help_text=help_text, widget=widget, required=needed)


def day(label: Any, help_text: Any = "", *, needed: bool = True) -> forms.DateField:
    """A field for a day."""
    return forms.DateField(label=label, help_text=help_text, widget=DAY, required=needed)


def lines(text: str) -> list[str]:
    """What stands in each line."""
    return [one.strip() for one in text.splitlines() if one.strip()]


MADE_UP = gettext_lazy("This is a demonstration: its places and people are made up")
IDENTIFIERS = gettext_lazy("Identifiers, one in a line, such as pag-… or rev-…; they stand on the pages.")


class SettingForm(forms.Form):
    """A new setting of priorities."""

    title = words(gettext_lazy("Title"), 200)
    theme = forms.ModelChoiceField(
        Theme.objects.order_by("order"), label=gettext_lazy("Theme"), required=False, empty_label=gettext_lazy("None")
    )
    groups = words(
        gettext_lazy("Who votes"),
        1000,
        gettext_lazy("One group in a line; each counts the same, however many vote."),
        rows=4,
    )
    choose = forms.IntegerField(label=gettext_lazy("How many questions may one voter tick?"), initial=10, min_value=1)
    shortlist = forms.IntegerField(label=gettext_lazy("How many come onto the short list?"), initial=10, min_value=1)
    closes_on = day(gettext_lazy("Last day of voting"))
    demonstration = forms.BooleanField(label=MADE_UP, required=False)


class PutForwardForm(forms.Form):
    """Questions to put forward."""

    question = forms.ModelChoiceField(Question.objects.none(), label=gettext_lazy("Question"))

    def __init__(self, setting: PrioritySetting, *args: Any, **told: Any) -> None:
        super().__init__(*args, **told)
        held = setting.put_forward.values("question")
        self.fields["question"].queryset = Question.objects.open().exclude(pk__in=held)


class LookUpForm(forms.Form):
    """Is it answered already, or being answered?"""

    row = forms.CharField(widget=forms.HiddenInput)
    found = forms.ChoiceField(
        label=gettext_lazy("What did you find?"),
        choices=[
            (PutForward.UNANSWERED, gettext_lazy("Nobody has answered it")),
            (PutForward.ANSWERED, gettext_lazy("It is answered already")),
            (PutForward.RUNNING, gettext_lazy("It is being answered now")),
        ],
    )
    looked = words(gettext_lazy("Where did you look, and when?"), 1000, rows=2)
    by_what = words(gettext_lazy("What answers it, or will?"), 24, gettext_lazy("Its identifier."), needed=False)
    worth = words(
        gettext_lazy("What would it be worth to know?"), 1000,
        gettext_lazy("In words, from the page of a trial or a synthesis, where that was reckoned."), rows=2, needed=False,
    )  # fmt: skip


class CodesForm(forms.Form):
    """Codes for a group's voters."""

    group = forms.ChoiceField(label=gettext_lazy("Group"))
    number = forms.IntegerField(label=gettext_lazy("How many codes?"), min_value=1, max_value=500)

    def __init__(self, setting: PrioritySetting, *args: Any, **told: Any) -> None:
        super().__init__(*args, **told)
        self.fields["group"].choices = [(one, one) for one in setting.groups]


class PublishForm(forms.Form):
    """Whose ballots do not count, and why."""

    def __init__(self, setting: PrioritySetting, *args: Any, **told: Any) -> None:
        super().__init__(*args, **told)
        for number, group in enumerate(setting.groups):
            label = _("Leave out “%(group)s” because …") % {"group": group}
            self.fields[f"group_{number}"] = words(label, 300, needed=False)
        self._groups = list(setting.groups)

    def without(self) -> dict[str, str]:
        """The groups left out, with the reason of each."""
        given = {group: self.cleaned_data[f"group_{number}"] for number, group in enumerate(self._groups)}
        return {group: why for group, why in given.items() if why}


class CodeForm(forms.Form):
    """The code that opens a ballot."""

    code = words(gettext_lazy("Your code"), 20, gettext_lazy("As it was sent to you, with its dashes."))


class BallotForm(forms.Form):
    """A ballot: the questions, to be ticked."""

    code = forms.CharField(widget=forms.HiddenInput)
    ticked = forms.MultipleChoiceField(
        label=gettext_lazy("Which of these matter most to you?"), widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, rows: list[PutForward], *args: Any, **told: Any) -> None:
        super().__init__(*args, **told)
        self.fields["ticked"].choices = [(row.question_id, row.question.wording) for row in rows]


class AnswerForm(forms.Form):
    """What was done about a priority."""

    seen = forms.IntegerField(widget=forms.HiddenInput)
    state = forms.ChoiceField(
        label=gettext_lazy("What became of it?"), choices=[(key, STATES[key]) for key in PriorityState.STATES]
    )
    reason = words(gettext_lazy("Why?"), 2000, gettext_lazy("In words for those who voted for it."), rows=FEW)
    resolution = forms.ModelChoiceField(
        Resolution.objects.none(), label=gettext_lazy("Which decision?"), required=False,
        empty_label=gettext_lazy("None recorded"),
    )  # fmt: skip
    money = forms.IntegerField(label=gettext_lazy("Money, in whole pounds"), required=False, min_value=0)
    output = words(gettext_lazy("What came of it, or answers it?"), 24, gettext_lazy("Its identifier."), needed=False)

    def __init__(self, *args: Any, **told: Any) -> None:
        super().__init__(*args, **told)
        self.fields["resolution"].queryset = Resolution.objects.standing()


class DecisionForm(forms.Form):
    """A decision."""

    title = words(gettext_lazy("What was decided, in a line"), 200)
    context = words(gettext_lazy("What it was about"), rows=FEW)
    options = words(gettext_lazy("The options"), 4000, gettext_lazy("One in a line, the chosen one first."), rows=4)
    why = words(gettext_lazy("Why this one"), rows=FEW)
    evidence = words(gettext_lazy("The evidence it rests on"), 1000, IDENTIFIERS, rows=FEW, needed=False)
    interests = words(gettext_lazy("Interests declared"), 1000, rows=2, needed=False)
    left = words(gettext_lazy("Who left while it was decided"), 300, needed=False)
    dissent = words(gettext_lazy("Who disagreed, and why"), 2000, rows=2, needed=False)
    decided_by = words(gettext_lazy("Who decided"), 120, gettext_lazy("A body or an office."))
    decided_on = day(gettext_lazy("When"))
    review_on = day(gettext_lazy("When it is looked at again"), needed=False)
    meeting = forms.ModelChoiceField(
        Meeting.objects.order_by("-held_on"), label=gettext_lazy("In which meeting?"), required=False,
        empty_label=gettext_lazy("In none"),
    )  # fmt: skip
    supersedes = forms.ModelChoiceField(
        Resolution.objects.none(), label=gettext_lazy("Which decision does it replace?"), required=False,
        empty_label=gettext_lazy("None"),
    )  # fmt: skip
    demonstration = forms.BooleanField(label=MADE_UP, required=False)

    def __init__(self, *args: Any, **told: Any) -> None:
        super().__init__(*args, **told)
        self.fields["supersedes"].queryset = Resolution.objects.standing()

    def told(self) -> dict[str, Any]:
        """What `decide` takes."""
        given = dict(self.cleaned_data)
        return given | {"options": lines(given["options"]), "chosen": 0, "evidence": lines(given["evidence"])}


class MeetingForm(forms.Form):
    """A meeting."""

    body = words(gettext_lazy("Whose meeting"), 120)
    held_on = day(gettext_lazy("When"))
    present = words(gettext_lazy("Who was there"), 1000, gettext_lazy("Roles and offices."), rows=2, needed=False)
    minutes = words(gettext_lazy("Minutes, as they may be published"), 20_000, rows=MANY, needed=False)
    demonstration = forms.BooleanField(label=MADE_UP, required=False)


class ActionForm(forms.Form):
    """What somebody was asked to do."""

    meeting = forms.ModelChoiceField(Meeting.objects.order_by("-held_on"), label=gettext_lazy("In which meeting?"))
    what = words(gettext_lazy("What is to be done"), 300)
    owner = words(gettext_lazy("Which office sees to it"), 120)
    due_on = day(gettext_lazy("By when"))


class GateForm(forms.Form):
    """A gate: may the programme go on?"""

    about = forms.ChoiceField(label=gettext_lazy("Which programme or theme?"))
    stage = forms.ChoiceField(
        label=gettext_lazy("Which stage would it enter?"), choices=[(one, one) for one in Gate.STAGES]
    )
    criteria = words(
        gettext_lazy("Criteria"), 6000,
        gettext_lazy("One in a line: the criterion | yes, no or not known | what was found"), rows=6,
    )  # fmt: skip
    passed = forms.TypedChoiceField(
        label=gettext_lazy("Does it go on?"), choices=[("yes", gettext_lazy("Yes")), ("no", gettext_lazy("No"))],
        coerce=lambda value: value == "yes",
    )  # fmt: skip
    reason = words(gettext_lazy("Why?"), 2000, rows=FEW)
    resolution = forms.ModelChoiceField(
        Resolution.objects.none(), label=gettext_lazy("Which decision?"), required=False,
        empty_label=gettext_lazy("None recorded"),
    )  # fmt: skip

    def __init__(self, *args: Any, **told: Any) -> None:
        super().__init__(*args, **told)
        themes = [(one.pk, one.name) for one in Theme.objects.order_by("order")]
        known = [(one.pk, one.name) for one in Intervention.objects.order_by("name")]
        self.fields["about"].choices = [*themes, *known]
        self.fields["resolution"].queryset = Resolution.objects.standing()

    def told(self) -> dict[str, Any]:
        """What `pass_gate` takes; a line without its three parts lacks what was found, which is then asked for."""
        given = dict(self.cleaned_data)
        rows = [(*[part.strip() for part in one.split("|")], "", "")[:3] for one in lines(given["criteria"])]
        given["criteria"] = [dict(zip(("criterion", "met", "found"), row, strict=True)) for row in rows]
        return given | {"about": Subject.objects.get(pk=given["about"])}


class PolicyForm(forms.Form):
    """An answer to a consultation, a committee or the Government."""

    title = words(gettext_lazy("What about"), 200)
    to_whom = words(gettext_lazy("To whom"), 160)
    asked = words(gettext_lazy("What they asked"), 2000, rows=2, needed=False)
    link = forms.URLField(
        label=gettext_lazy("Where they asked it"), required=False, assume_scheme="https", max_length=400
    )
    text = words(gettext_lazy("What we say"), 20_000, rows=MANY)
    cites = words(gettext_lazy("What it rests on"), 1000, IDENTIFIERS, rows=FEW, needed=False)
    sent_on = day(gettext_lazy("Sent on"), needed=False)
    demonstration = forms.BooleanField(label=MADE_UP, required=False)


class StepForm(forms.Form):
    """A step of a plan."""

    plan = words(gettext_lazy("Plan"), 120, gettext_lazy("Such as “To stand on our own feet”."))
    order = forms.IntegerField(label=gettext_lazy("Its place in the plan"), min_value=1)
    what = words(gettext_lazy("What is to be done"), 300)
    owner = words(gettext_lazy("Which office sees to it"), 120)
    due_on = day(gettext_lazy("By when"), needed=False)
    demonstration = forms.BooleanField(label=MADE_UP, required=False)


class PostForm(forms.Form):
    """A post that is to be filled."""

    title = words(gettext_lazy("Title"), 160)
    says = words(gettext_lazy("What the post is"), rows=4)
    criteria = words(
        gettext_lazy("Criteria"), 6000,
        gettext_lazy("One in a line: the criterion | its weight | what a 1 and a 5 mean"), rows=5,
    )  # fmt: skip
    panels = words(
        gettext_lazy("Who interviews"),
        1000,
        gettext_lazy("One panel in a line, such as a panel of young people."),
        rows=FEW,
    )
    closes_on = day(gettext_lazy("Closing day"))
    kept_until = day(gettext_lazy("Until when are papers of applicants kept?"))
    demonstration = forms.BooleanField(label=MADE_UP, required=False)

    def told(self) -> dict[str, Any]:
        """What `open_post` takes. A weight that is no number is nought, which is then refused in a sentence."""
        given = dict(self.cleaned_data)
        rows = [(*[part.strip() for part in one.split("|")], "", "")[:3] for one in lines(given["criteria"])]
        given["criteria"] = [
            {"criterion": name, "weight": _number(weight), "anchors": means} for name, weight, means in rows
        ]
        return given | {"panels": lines(given["panels"])}


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return 0.0


class ScoreForm(forms.Form):
    """One interviewer's scores for one applicant."""

    applicant = words(gettext_lazy("Number of the applicant"), 40, gettext_lazy("Not a name."))
    panel = forms.ChoiceField(label=gettext_lazy("For which panel?"))

    def __init__(self, post: Post, *args: Any, **told: Any) -> None:
        super().__init__(*args, **told)
        self.fields["panel"].choices = [(one, one) for one in post.panels]
        self._names = [row["criterion"] for row in post.criteria]
        for number, row in enumerate(post.criteria):
            self.fields[f"score_{number}"] = forms.TypedChoiceField(
                label=row["criterion"], help_text=escape(row["anchors"]), choices=[(n, str(n)) for n in range(LOWEST, HIGHEST + 1)],
                widget=forms.RadioSelect, coerce=int,
            )  # fmt: skip
        self.fields["note"] = words(gettext_lazy("A note for the panel"), 2000, rows=FEW, needed=False)

    def told(self) -> dict[str, Any]:
        """What `score` takes."""
        given = self.cleaned_data
        scores = {name: given[f"score_{number}"] for number, name in enumerate(self._names)}
        return {"applicant": given["applicant"], "panel": given["panel"], "scores": scores, "note": given["note"]}


class FillForm(forms.Form):
    """By which decision the post is filled."""

    resolution = forms.ModelChoiceField(Resolution.objects.none(), label=gettext_lazy("By which decision?"))

    def __init__(self, *args: Any, **told: Any) -> None:
        super().__init__(*args, **told)
        self.fields["resolution"].queryset = Resolution.objects.standing()


class DoneForm(forms.Form):
    """Something is done, and what shows it."""

    which = forms.CharField(widget=forms.HiddenInput)
    proof = words(gettext_lazy("What came of it, and what shows it?"), 300)
