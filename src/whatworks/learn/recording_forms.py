"""The form of one piece of learning."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from whatworks.learn.models import LearningEntry
from whatworks.learn.recording import Words, may_name, warned
from whatworks.spoken import spoken

LONGEST = 5_000
SORTS = (
    (LearningEntry.READING, _("Reading")),
    (LearningEntry.EVENT, _("Event or training")),
    (LearningEntry.CLUB, _("Journal club or team discussion")),
    (LearningEntry.OTHER, _("Something else")),
)
PEERS = (
    (LearningEntry.ALONE, _("On my own")),
    (LearningEntry.ROLE, _("With a peer, whom I name by their part")),
    (LearningEntry.ASKED, _("With a peer who has an account here and says so, too")),
)


def _box(label: Any, help_text: Any) -> forms.CharField:
    return forms.CharField(
        label=label, help_text=help_text, required=False, max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 5})
    )


class LearningForm(forms.Form):
    """What it was, what came of it, and with whom it was thought over."""

    sort = forms.ChoiceField(label=_("Type of activity"), choices=SORTS)
    title = forms.CharField(label=_("Short description"), max_length=300)
    on = forms.DateField(label=_("Date"), widget=forms.DateInput(attrs={"type": "date"}))
    why = _box(_("Why it matters for your work"), _("A sentence or two."))
    learnt = _box(_("What you learnt"), _("You can leave this for later; the entry waits for you."))
    impact = _box(
        _("What it changes in your practice, and for people who use services"),
        _("In general. Write of no child, family or colleague, not even without their name."),
    )
    peer_state = forms.ChoiceField(label=_("How you thought it over"), choices=PEERS, initial=LearningEntry.ALONE)
    peer_role = forms.CharField(
        label=_("Their part"), required=False, max_length=80, help_text=_("Such as “a colleague in my team”. No name.")
    )
    peer_address = forms.EmailField(
        label=_("The e-mail address with which they sign in here"),
        required=False,
        help_text=_(
            "They are shown who you are, the day, and which page or event of ours it was. They see nothing that you wrote. The "
            "address is not kept."
        ),
    )
    sure = forms.BooleanField(label=_("I read it again. It names and describes nobody."), required=False)

    def __init__(self, *args: Any, **told: Any) -> None:
        super().__init__(*args, **told)
        self.fields["on"].widget.attrs["max"] = timezone.localdate().isoformat()
        if not self.is_bound or not (self.data.get("sure") or self._found()):
            self.fields["sure"].widget = forms.HiddenInput()

    def _found(self) -> bool:
        names = ("title", "why", "learnt", "impact", "peer_role")
        return bool(
            may_name(Words("", on=timezone.localdate(), **{name: str(self.data.get(name, "")) for name in names}))
        )

    def words(self) -> Words:
        """What was written, as the verb takes it."""
        return Words(**{name: value for name, value in self.cleaned_data.items() if name != "sure"})

    def clean(self) -> dict[str, Any]:
        """Words that may say who somebody is are kept only when their writer read them again."""
        held = super().clean() or {}
        if self.errors or held.get("sure"):
            return held
        if reasons := may_name(self.words()):
            self.add_error(None, spoken(warned(reasons)))
        return held


def filled(entry: LearningEntry) -> dict[str, Any]:
    """What a form shows of an entry."""
    asked = (LearningEntry.ASKED, LearningEntry.SAID, LearningEntry.NOT)
    names = ("sort", "title", "why", "learnt", "impact", "peer_role")
    state = LearningEntry.ASKED if entry.peer_state in asked else entry.peer_state
    return {name: getattr(entry, name) for name in names} | {"on": entry.on.isoformat(), "peer_state": state}
