"""The forms of this room: small ones, one for each step."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from whatworks.contact import blocks
from whatworks.contact.methods.deciding import CONSENT, CORPORATE, CORPORATE_SUBSCRIBER, INDIVIDUAL, SOFT_OPT_IN
from whatworks.contact.models import Contact, Interaction, MailingList, Post
from whatworks.people.models import Area

SORTS = [(Contact.PERSON, gettext_lazy("a person")), (Contact.BODY, gettext_lazy("a body"))]
BASES = [
    (CONSENT, gettext_lazy("they agreed")),
    (SOFT_OPT_IN, gettext_lazy("the charity's soft opt-in (details given on or after 5 February 2026)")),
    (CORPORATE, gettext_lazy("the address of a corporate subscriber")),
]
SUBSCRIBERS = [
    (INDIVIDUAL, gettext_lazy("an individual, a sole trader or a partnership")),
    (CORPORATE_SUBSCRIBER, gettext_lazy("a body: a council, a company, a charity")),
]
KINDS = dict(
    zip(
        Interaction.KINDS,
        (
            gettext_lazy("a meeting"), gettext_lazy("a call"), gettext_lazy("a letter or e-mail"),
            gettext_lazy("an event"), gettext_lazy("something else"),
        ),
        strict=True,
    )
)  # fmt: skip


def words(label: Any, most: int, help_text: Any = "", *, rows: int = 0, needed: bool = False) -> forms.CharField:
    """A field for words."""
    widget = forms.Textarea(attrs={"rows": rows}) if rows else forms.TextInput()
    return forms.CharField(label=label, max_length=most, help_text=help_text, widget=widget, required=needed)


def day(label: Any, help_text: Any = "", *, needed: bool = False) -> forms.DateField:
    """A field for a day."""
    return forms.DateField(
        label=label,
        help_text=help_text,
        required=needed,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )


def moment(label: Any, help_text: Any = "", *, needed: bool = False) -> forms.DateTimeField:
    """A field for a day and an hour."""
    return forms.DateTimeField(
        label=label, help_text=help_text, required=needed, input_formats=["%Y-%m-%dT%H:%M"],
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )  # fmt: skip


def address(label: Any, *, needed: bool = False) -> forms.EmailField:
    """A field for an e-mail address."""
    return forms.EmailField(
        label=label, max_length=254, required=needed, widget=forms.EmailInput(attrs={"autocomplete": "email"})
    )


class AddForm(forms.Form):
    """A new contact."""

    sort = forms.ChoiceField(label=gettext_lazy("What is it?"), choices=SORTS)
    name = words(gettext_lazy("Name"), 200)
    email = forms.EmailField(label=gettext_lazy("E-mail address"), max_length=254, required=False)
    made_up = forms.BooleanField(label=gettext_lazy("Made up, for a demonstration"), required=False)


class ChangeForm(forms.Form):
    """A name or an address mended."""

    name = words(gettext_lazy("Name"), 200)
    email = forms.EmailField(
        label=gettext_lazy("E-mail address"), max_length=254, required=False,
        help_text=gettext_lazy("What was agreed for the old address does not hold for a new one."),
    )  # fmt: skip


class TieForm(forms.Form):
    """A role of somebody."""

    role = words(
        gettext_lazy("Role"), 160, gettext_lazy("Such as “team manager” or “member of the panel”."), needed=True
    )
    body = forms.ModelChoiceField(
        Contact.objects.standing().filter(sort=Contact.BODY).order_by("name"), label=gettext_lazy("At which body?"),
        required=False, empty_label=gettext_lazy("None in the list"),
    )  # fmt: skip
    area = forms.ModelChoiceField(
        Area.objects.authorities().order_by("name"), label=gettext_lazy("For which place?"), required=False,
        empty_label=gettext_lazy("None in the list"),
    )  # fmt: skip
    began = day(gettext_lazy("Since"))
    ended = day(gettext_lazy("Until"), gettext_lazy("Empty while it lasts."))
    source = words(gettext_lazy("Where that is from"), 300)

    def __init__(self, *args: Any, **told: Any) -> None:
        super().__init__(*args, **told)
        self.fields["body"].label_from_instance = lambda one: one.shown
        self.fields["area"].label_from_instance = lambda one: one.name


class NoteForm(forms.Form):
    """That we had to do with each other."""

    sort = forms.ChoiceField(label=gettext_lazy("What was it?"), choices=list(KINDS.items()))
    on = day(gettext_lazy("When?"), needed=True)
    what = words(
        gettext_lazy("What was it about?"), 2000,
        gettext_lazy("The person may read this. Name no child, family or case."), rows=3, needed=True,
    )  # fmt: skip


class ConsentForm(forms.Form):
    """A basis that somebody here knows of."""

    mailing_list = forms.ModelChoiceField(
        MailingList.objects.order_by("order", "title"), label=gettext_lazy("For which list?"), empty_label=None
    )
    basis = forms.ChoiceField(label=gettext_lazy("On what basis?"), choices=BASES)
    subscriber = forms.ChoiceField(label=gettext_lazy("Whose address is it?"), choices=SUBSCRIBERS)
    source = words(
        gettext_lazy("Where is that from?"),
        300,
        gettext_lazy("Such as “paper form, open day in Mereton”."),
        needed=True,
    )
    agreed_on = day(gettext_lazy("When did they agree?"), gettext_lazy("Needed for consent."))
    wording = words(gettext_lazy("To which words?"), 60, gettext_lazy("The version of the form. Needed for consent."))
    words = words(gettext_lazy("The words themselves"), 1000, rows=3)
    collected_on = day(gettext_lazy("When did we get their details?"), gettext_lazy("Needed for the soft opt-in."))
    directly = forms.BooleanField(label=gettext_lazy("They gave us their details themselves"), required=False)
    opt_out_offered = forms.BooleanField(label=gettext_lazy("They could refuse e-mails when they did"), required=False)

    def __init__(self, *args: Any, **told: Any) -> None:
        super().__init__(*args, **told)
        self.fields["mailing_list"].label_from_instance = lambda one: one.title


class LeaveForm(forms.Form):
    """That somebody told us to stop."""

    source = words(gettext_lazy("How did they say so?"), 300, gettext_lazy("Such as “by telephone”."), needed=True)


class EraseForm(forms.Form):
    """That somebody is to be erased."""

    reason = words(
        gettext_lazy("Why?"), 300, gettext_lazy("Is kept. Write it without personal data, such as “asked by the person”."),
        needed=True,
    )  # fmt: skip
    sure = forms.BooleanField(label=gettext_lazy("Yes, erase everything that says who this is. It cannot be undone"))


class ImportForm(forms.Form):
    """An old list."""

    mailing_list = forms.ModelChoiceField(
        MailingList.objects.order_by("order", "title"), label=gettext_lazy("For which list?"), empty_label=None
    )
    table = forms.FileField(label=gettext_lazy("The list, as CSV in UTF-8"))

    def __init__(self, *args: Any, **told: Any) -> None:
        super().__init__(*args, **told)
        self.fields["mailing_list"].label_from_instance = lambda one: one.title


class ListForm(forms.Form):
    """A new list."""

    title = words(gettext_lazy("Title"), 120, needed=True)
    plain = words(
        gettext_lazy("What do people get, and how often?"),
        300,
        gettext_lazy("A sentence; people tick it."),
        needed=True,
    )
    sort = forms.ChoiceField(
        label=gettext_lazy("What is it?"),
        choices=[
            (MailingList.NEWSLETTER, gettext_lazy("a newsletter, written by people")),
            (MailingList.ALERTS, gettext_lazy("alerts, gathered each Monday from the pages that people follow")),
        ],
    )


class BeginForm(forms.Form):
    """A new edition."""

    mailing_list = forms.ModelChoiceField(
        MailingList.objects.filter(sort=MailingList.NEWSLETTER).order_by("order", "title"),
        label=gettext_lazy("For which list?"), empty_label=None,
    )  # fmt: skip
    title = words(gettext_lazy("Title"), 150, gettext_lazy("The subject of the e-mail."), needed=True)

    def __init__(self, *args: Any, **told: Any) -> None:
        super().__init__(*args, **told)
        self.fields["mailing_list"].label_from_instance = lambda one: one.title


class EditionForm(forms.Form):
    """What an edition says."""

    title = words(gettext_lazy("Title"), 150, gettext_lazy("The subject of the e-mail."), needed=True)
    opening = words(gettext_lazy("Our words at the beginning (Markdown)"), 6000, rows=8)
    chosen = forms.MultipleChoiceField(
        label=gettext_lazy("What it tells of"), required=False, widget=forms.CheckboxSelectMultiple
    )
    since = moment(gettext_lazy("What is new since"), needed=True)
    closing = words(gettext_lazy("Our words at the end (Markdown)"), 3000, rows=4)

    def __init__(self, *args: Any, **told: Any) -> None:
        super().__init__(*args, **told)
        self.fields["chosen"].choices = [(one.key, one.title) for one in blocks.offered()]


class ApproveForm(forms.Form):
    """When an edition goes out."""

    send_at = moment(gettext_lazy("When does it go out?"), gettext_lazy("Empty: now."))


class BounceForm(forms.Form):
    """What came back."""

    mailbox = forms.FileField(label=gettext_lazy("A letter or a mailbox file (mbox)"), required=False)
    letter = words(gettext_lazy("Or the letter itself, with its headers"), 200_000, rows=8)


class PostForm(forms.Form):
    """A post or a press release."""

    sort = forms.ChoiceField(
        label=gettext_lazy("What is it?"),
        choices=[(Post.POST, gettext_lazy("a post")), (Post.RELEASE, gettext_lazy("a press release"))],
    )
    title = words(gettext_lazy("Title"), 160, needed=True)
    summary = words(
        gettext_lazy("In a sentence"), 300, gettext_lazy("Shown in lists, feeds and shared links."), needed=True
    )
    body = words(gettext_lazy("Text (Markdown)"), 40_000, rows=14, needed=True)
    notes_to_editors = words(gettext_lazy("Notes to editors (Markdown)"), 10_000, rows=4)
    media_contact = words(
        gettext_lazy("Whom journalists can ask"),
        300,
        gettext_lazy("A role and how to reach it. Needed for a press release."),
    )
    source_url = forms.URLField(
        label=gettext_lazy("Where it was said first"), max_length=400, required=False, assume_scheme="https"
    )
    made_up = forms.BooleanField(label=gettext_lazy("Made up, for a demonstration"), required=False)


class CorrectionForm(PostForm):
    """The same, with what is corrected where it is approved."""

    sort = made_up = None  # these stay as they were begun
    correction = words(
        gettext_lazy("What is corrected, and why?"), 300, gettext_lazy("Needed once it is approved; readers see it.")
    )


class EmbargoForm(forms.Form):
    """When something becomes public."""

    embargo = moment(gettext_lazy("Under embargo until"), gettext_lazy("Empty: public at once."))


class JoinForm(forms.Form):
    """Somebody asks for our e-mails."""

    email = address(gettext_lazy("Your e-mail address"), needed=True)
    lists = forms.MultipleChoiceField(
        label=gettext_lazy("What do you want to get?"), widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Tick at least one thing that you want to get.")},
    )  # fmt: skip
    follow = forms.CharField(required=False, max_length=24, widget=forms.HiddenInput)

    def __init__(self, lists: list[MailingList], *args: Any, **told: Any) -> None:
        super().__init__(*args, **told)
        self.fields["lists"].choices = [(one.pk, f"{one.title}: {one.plain}") for one in lists]
