"""The forms with which sites are opened, planned and moved on, and with which an adaptation is written down."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from whatworks.baseline.models import Practice
from whatworks.baseline.practising import authorities
from whatworks.commission.models import Award
from whatworks.convene.guarding_forms import GuardedForm, box
from whatworks.implement.methods.adapting import CHOICES, STATES, Change
from whatworks.implement.methods.delivering import EVERY, RULES, Done, Rule
from whatworks.implement.methods.planning import (
    TO_TRIAL,
    Eligible,
    Plan,
    components_from,
    components_text,
    indicators_from,
    lines,
    logic_from,
    rows_text,
)
from whatworks.implement.models import Site
from whatworks.implement.models.sites import SORTS
from whatworks.implement.wording import REASONS
from whatworks.publish.models import Revision
from whatworks.saying import Said, month_of
from whatworks.spoken import spoken, spoken_capital, spoken_lazy
from whatworks.trial.methods.complying import components_of
from whatworks.trial.methods.design import read
from whatworks.trial.models import Trial

MONTHS = 6  # months back for which a form can be sent
MANY = 100_000


def words(label: Any, most: int, help_text: Any = "", *, rows: int = 0, needed: bool = True) -> forms.CharField:
    """A field for words."""
    widget = forms.Textarea(attrs={"rows": rows}) if rows else forms.TextInput()
    return forms.CharField(label=label, max_length=most, help_text=help_text, widget=widget, required=needed)


def chosen(label: Any, choices: Mapping[str, Said], *, needed: bool = True, help_text: Any = "") -> forms.ChoiceField:
    """A choice of words that are translated when shown."""
    listed = [(key, spoken_lazy(said)) for key, said in choices.items()]
    return forms.ChoiceField(
        label=label, choices=listed if needed else [("", "—"), *listed], required=needed, help_text=help_text
    )


def day(label: Any, help_text: Any = "", *, needed: bool = True) -> forms.DateField:
    """A day, with the browser's own way to choose it."""
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, widget=widget, help_text=help_text, required=needed)


def number(label: Any, help_text: Any = "", *, needed: bool = True, least: int = 0) -> forms.IntegerField:
    """A count."""
    return forms.IntegerField(
        label=label, min_value=least, max_value=MANY, required=needed, help_text=help_text,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )  # fmt: skip


class RevisionField(forms.ModelChoiceField):
    """The newest revision of each page."""

    def label_from_instance(self, obj: Revision) -> str:
        return _("%(title)s (revision %(n)s)") % {"title": obj.page.title, "n": obj.number}


class OpeningForm(forms.Form):
    """A new site."""

    name = words(gettext_lazy("Name of the place"), 160, gettext_lazy("A council, a school, a team: no person."))
    sort = chosen(gettext_lazy("What is it?"), SORTS)
    revision = RevisionField(Revision.objects.none(), label=gettext_lazy("By which page does it go?"))
    area = forms.ModelChoiceField(
        authorities().order_by("name"), label=gettext_lazy("Which authority is it in?"), required=False,
        empty_label=gettext_lazy("Not to stand on the practice map"),
    )  # fmt: skip
    practice = forms.ModelChoiceField(
        Practice.objects.order_by("name"), label=gettext_lazy("Which practice is it on the map?"), required=False,
        empty_label=gettext_lazy("None"),
    )  # fmt: skip
    award = forms.ModelChoiceField(
        Award.objects.order_by("title", "pk"), label=gettext_lazy("Does an award of a call pay for it?"), required=False,
        empty_label=gettext_lazy("No"),
    )  # fmt: skip
    trial = forms.ModelChoiceField(
        Trial.objects.order_by("title"), label=gettext_lazy("Is it in a trial?"), required=False,
        empty_label=gettext_lazy("No"),
    )  # fmt: skip
    unit = words(gettext_lazy("What does the trial’s list call it?"), 80, needed=False)
    early = forms.BooleanField(label=gettext_lazy("It began before others could (an early adopter)"), required=False)
    demonstration = forms.BooleanField(
        label=gettext_lazy("This is a demonstration: the place is made up"), required=False
    )

    def __init__(self, *args: Any, **told: Any) -> None:
        super().__init__(*args, **told)
        newest: dict[str, str] = {}
        for pk, page in Revision.objects.order_by("page", "number").values_list("pk", "page"):
            newest[page] = pk
        field: Any = self.fields["revision"]
        held = Revision.objects.filter(pk__in=list(newest.values()))
        field.queryset = held.select_related("page").order_by("page__title").defer("content")


class PhaseForm(forms.Form):
    """To another phase."""

    phase = chosen(gettext_lazy("Which phase?"), STATES)
    on = day(gettext_lazy("Since which day?"))
    reason = chosen(
        gettext_lazy("Why?"), REASONS, needed=False, help_text=gettext_lazy("Needed to go back, or to stop.")
    )


class MemberForm(forms.Form):
    """Somebody for the team."""

    who = forms.EmailField(label=gettext_lazy("E-mail address with which they sign in"))


COMPONENTS_HELP = gettext_lazy(
    "A line for each: name | what is counted | per cent that must be done. Put | extra behind what is not essential."
)
LOGIC_HELP = gettext_lazy("A line for each: input, activity, mechanism or outcome | what it is | by what one sees it.")


class PlanForm(forms.Form):
    """One version of a site's plan."""

    seen = forms.IntegerField(widget=forms.HiddenInput)
    what_changed = words(
        gettext_lazy("What changed, and why?"), 300, gettext_lazy("Not needed for the first version."), needed=False
    )
    components = words(gettext_lazy("Core components"), 6_000, COMPONENTS_HELP, rows=6)
    rule = chosen(gettext_lazy("A month is done as meant if"), RULES)
    threshold = number(
        gettext_lazy("Threshold of the mean, per cent"), gettext_lazy("Used where the mean decides."), least=1
    )
    dose_name = words(
        gettext_lazy("How much of it: what is counted?"), 120, gettext_lazy("Such as: sessions held."), needed=False
    )
    least_dose = number(gettext_lazy("How many of these a month at least?"), needed=False)
    logic = words(gettext_lazy("How it is meant to work"), 6_000, LOGIC_HELP, rows=6, needed=False)
    indicators = words(
        gettext_lazy("Indicators"), 3_000, gettext_lazy("A line for each: name | unit."), rows=4, needed=False
    )
    partners = words(gettext_lazy("Partner agencies"), 2_000, gettext_lazy("A line for each."), rows=3, needed=False)
    eligible_people = number(
        gettext_lazy("How many families or children could it reach here?"),
        gettext_lazy("All who could, not those who came forward."), needed=False, least=1,
    )  # fmt: skip
    eligible_on = day(gettext_lazy("On which day was that so?"), needed=False)
    eligible_source = words(gettext_lazy("Who says so?"), 200, needed=False)

    def __init__(self, site: Site, *args: Any, **told: Any) -> None:
        super().__init__(*args, **told)
        self.measures = measures_of(site.trial)
        held = site.plan()
        known = held.content["components"] if held else []
        choices = [("", _("Nothing")), ("score", _("The mean share of the components")), ("dose", _("The dose"))]
        choices += [("complied", _("Whether the month was done as meant (1 or 0)"))]
        choices += [(f"component:{one['key']}", one["name"]) for one in known]
        for at, measure in enumerate(self.measures):
            label = _("What goes to the trial as “%(measure)s”?") % {"measure": measure}
            self.fields[f"feed_{at}"] = forms.ChoiceField(label=label, choices=choices, required=False)

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        parts = [told.get(f"eligible_{name}") for name in ("people", "on", "source")]
        if any(parts) and not all(parts):
            self.add_error(
                "eligible_people", _("Say how many, on which day and who says so, or leave all three empty.")
            )
        return told

    def plan(self) -> Plan:
        """What was written. Raises InputError that names the line that cannot be read."""
        told = self.cleaned_data
        eligible = None
        if told["eligible_people"]:
            on = told["eligible_on"].isoformat()
            eligible = Eligible(told["eligible_people"], on, told["eligible_source"])
        feeds = [(measure, told.get(f"feed_{at}", "")) for at, measure in enumerate(self.measures)]
        return Plan(
            components=components_from(told["components"]),
            rule=Rule(told["rule"], told["threshold"] / 100, float(told["least_dose"] or 0)),
            dose_name=" ".join(told["dose_name"].split()),
            logic=logic_from(told["logic"]),
            indicators=indicators_from(told["indicators"]),
            partners=tuple(row[0] for row in lines(told["partners"])),
            eligible=eligible,
            feeds=tuple((measure, what) for measure, what in feeds if what),
        )


def measures_of(trial: Trial | None) -> list[str]:
    """What the design of a trial counts for its compliance rule."""
    newest = trial.newest() if trial is not None else None
    return [one.measure for one in components_of(read(newest.design))] if newest and newest.design else []


def begun(site: Site, plan: Plan | None, seen: int) -> dict[str, Any]:
    """What stands in the boxes of a plan at first."""
    if plan is None:
        return {"seen": 0, "rule": EVERY, "threshold": 80}
    feeds = dict(plan.feeds)
    told: dict[str, Any] = {f"feed_{at}": feeds.get(measure, "") for at, measure in enumerate(measures_of(site.trial))}
    if plan.eligible:
        told |= {
            "eligible_people": plan.eligible.people,
            "eligible_on": plan.eligible.on,
            "eligible_source": plan.eligible.source,
        }
    return told | {
        "seen": seen,
        "components": components_text(plan.components),
        "rule": plan.rule.kind,
        "threshold": round(100 * plan.rule.threshold),
        "dose_name": plan.dose_name,
        "least_dose": round(plan.rule.least_dose),
        "logic": rows_text([(one.part, one.says, one.indicator) for one in plan.logic]),
        "indicators": rows_text([(one.name, one.unit) for one in plan.indicators]),
        "partners": "\n".join(plan.partners),
    }


class DeliveryForm(GuardedForm):
    """One form of a month, made for a thumb: two counts for each component, the dose, a note if there is something to say."""

    def __init__(self, plan: Plan, *args: Any, **told: Any) -> None:
        super().__init__(*args, **told)
        self.plan = plan
        this = timezone.localdate().replace(day=1)
        months = [this]
        while len(months) < MONTHS:
            last = months[-1]
            months.append(last.replace(year=last.year - (last.month == 1), month=last.month - 1 or 12))
        listed = [(f"{one:%Y-%m}", spoken(month_of(one))) for one in months]
        self.fields["period"] = forms.ChoiceField(label=_("Which month?"), choices=listed)
        for one in plan.components:
            self.fields[f"due_{one.key}"] = number(_("Due"))
            self.fields[f"done_{one.key}"] = number(_("Done"))
        self.fields["dose"] = number(plan.dose_name or _("How much of it"))
        self.fields["people"] = number(
            _("Families or children reached for the first time"), _("Leave it empty if nobody counts."), needed=False
        )
        self.fields["note"] = box(_("Anything that the numbers do not say?"), rows=3, needed=False, most=2_000)

    def pairs(self) -> list[dict[str, Any]]:
        """Each component with its two boxes."""
        return [
            {"component": one, "due": self[f"due_{one.key}"], "done": self[f"done_{one.key}"]}
            for one in self.plan.components
        ]

    def counts(self) -> dict[str, Done]:
        """What was counted."""
        told = self.cleaned_data
        return {one.key: Done(told[f"due_{one.key}"], told[f"done_{one.key}"]) for one in self.plan.components}


QUESTIONS = {
    "when": gettext_lazy("In which phase was it made?"),
    "who": gettext_lazy("Who decided?"),
    "what": gettext_lazy("What is changed?"),
    "level": gettext_lazy("For whom is it changed?"),
    "type": gettext_lazy("How is it changed?"),
    "keeps": gettext_lazy("Are all core components still there?"),
    "goal": gettext_lazy("What for?"),
    "reason": gettext_lazy("What made it necessary?"),
}


class AdaptationForm(GuardedForm):
    """An adaptation, the eight questions of FRAME."""

    on = day(gettext_lazy("Since which day?"))
    planned = forms.TypedChoiceField(
        label=gettext_lazy("Was it planned beforehand?"), coerce=lambda value: value == "yes",
        choices=[("yes", gettext_lazy("Yes")), ("no", gettext_lazy("No, it came about"))],
    )  # fmt: skip

    def __init__(self, plan: Plan, *args: Any, **told: Any) -> None:
        super().__init__(*args, **told)
        for name, label in QUESTIONS.items():
            self.fields[name] = chosen(label, CHOICES[name])
        self.fields["components"] = forms.MultipleChoiceField(
            label=_("Which core components does it touch?"), required=False, widget=forms.CheckboxSelectMultiple,
            choices=[(one.key, one.name) for one in plan.components],
        )  # fmt: skip
        self.fields["note"] = box(_("What was done, in your words"), rows=3, needed=False, most=2_000)

    def change(self) -> Change:
        """What was chosen."""
        told = self.cleaned_data
        answers = {name: told[name] for name in QUESTIONS}
        return Change(planned=told["planned"], components=tuple(told["components"]), **answers)


WHAT = {"score": gettext_lazy("the mean share of the components"), "dose": gettext_lazy("the dose"),
        "complied": gettext_lazy("whether the month was done as meant")}  # fmt: skip
assert set(WHAT) == set(TO_TRIAL)


def fed(plan: Plan) -> list[str]:
    """What goes to the trial, in sentences."""
    names = {f"component:{one.key}": one.name for one in plan.components}
    return [spoken_capital(f"{WHAT.get(what, names.get(what, what))} → {measure}") for measure, what in plan.feeds]
