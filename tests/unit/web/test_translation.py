"""Every word of the interface goes through translation, and every message can be gathered for translators."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.web.unmarked import in_errors, in_python, in_template, told_unspoken
from tools.messages import SOURCE, Message, gathered
from tools.messages import in_template as messages_in

# Words that stay as they are in every language, and why.
SAME = {
    "whatworks": "the name of the system",
    "· whatworks": "the name of the system",
    "1 · whatworks": "the name of the system, after the title of a page",
    "what": "the name of the system, on a card",
    "works": "the name of the system, on a card",
}


class Asked:
    """What Django looks up while it renders."""

    def __init__(self) -> None:
        self.said: list[str] = []

    def one(self, text: str) -> str:
        self.said.append(text)
        return text

    def several(self, text: str, plural: str, number: int) -> str:
        self.said.append(text)
        return text if number == 1 else plural


def templates() -> list[Path]:
    return sorted(path for path in SOURCE.rglob("*.html") if "templates" in path.parts)


def test_every_word_of_every_template_goes_through_translation() -> None:
    """A text that is not marked stays English in a centre that speaks Welsh."""
    assert len(templates()) > 200
    assert [
        f"{path.relative_to(SOURCE)}:{line}: {words}"
        for path in templates()
        for line, words in in_template(path.read_text("utf-8"))
        if words not in SAME
    ] == []


@pytest.mark.parametrize(
    "text",
    [
        "<p>Kept.</p>",
        "<p>{% translate 'Kept.' %} And more.</p>",
        '<a href="/" aria-label="Skip to content">{{ title }}</a>',
        '<meta name="description" content="What helps?">',
        '<input placeholder="Search">',
        '{{ row.result|default:"Not computed" }}',
        '{{ row.kept|yesno:"yes it is,no" }}',
        '{% include "web/_form.html" with button="Keep it" %}',
        '{% certainty one "Not rated" %}',
        "{% if one %}{% blocktranslate %}One{% endblocktranslate %}{% else %}None{% endif %}",
        '<div data-problem="Type a whole number">1</div>',
    ],
)
def test_a_word_that_is_not_marked_is_seen(text: str) -> None:
    """The check above must be able to fail."""
    assert in_template(text)


@pytest.mark.parametrize(
    "text",
    [
        "<p>{% translate 'Kept.' %} {{ said }}, {{ n }}.</p>",
        "{% blocktranslate count n=n %}{{ n }} page{% plural %}{{ n }} pages{% endblocktranslate %}",
        '{% if kind == "Kept as it is" %}<code>python -m whatworks</code>{% endif %}',
        '{{ day|date:"j F Y" }} {{ row|default:_("Not computed") }}',
        '<button name="do" value="keep" aria-label="{% translate "Keep it" %}"></button>',
        "{# a note to whoever changes this #}{% comment %}Not shown.{% endcomment %}",
    ],
)
def test_what_is_marked_or_not_read_passes(text: str) -> None:
    assert in_template(text) == []


def test_what_forms_and_messages_say_goes_through_translation() -> None:
    """Labels, help, errors and notices; and a marked text stands where it can be gathered, not in a variable.

    Not the command line, and not methods: they are pure, and what they say is frozen with the results it is about.
    """
    assert [
        f"{path.relative_to(SOURCE)}:{line}: {words}"
        for path in sorted(SOURCE.rglob("*.py"))
        if not {"migrations", "cli", "methods"} & set(path.parts)
        for line, words in in_python(path.read_text("utf-8"))
    ] == []


@pytest.mark.parametrize(
    "text",
    [
        'forms.CharField(label="Your name")',
        'forms.CharField(help_text=f"At most {MOST} words.")',
        'forms.CharField(error_messages={"required": "Say why."})',
        'messages.success(request, "Kept.")',
        'messages.success(request, "Kept." if kept else _("Left."))',
        'self.add_error("why", "Say why.")',
        'raise forms.ValidationError("Say why.")',
        "said = _(WORDS)",
        'said = _(f"{n} pages")',
    ],
)
def test_a_form_that_is_not_marked_is_seen(text: str) -> None:
    """The check above must be able to fail."""
    assert list(in_python(text))


def test_what_errors_say_remembers_its_message() -> None:
    """An error that is a plain text stays English on the page of a centre that speaks Welsh; also of a pure method.

    Not of the command line, which speaks English.
    """
    assert [
        f"{path.relative_to(SOURCE)}:{line}: {words}"
        for path in sorted(SOURCE.rglob("*.py"))
        if not {"migrations", "cli"} & set(path.parts)
        for line, words in (*in_errors(path.read_text("utf-8")), *told_unspoken(path.read_text("utf-8")))
    ] == []


@pytest.mark.parametrize(
    "text",
    [
        'raise InputError("Say why.")',
        'raise ConflictError(f"{name} was merged; reload the page.")',
        'raise ForbiddenError("Ask " + lead)',
        'raise InputError(said("Say why.") if empty else "Too long.")',
        'return BusyError("Others are being made; ask again in a moment.")',
        'raise Refused(f"{service} refused it.", 403)',
        'raise Wrong(where, "one rule, one effect.")',
    ],
)
def test_an_error_that_is_not_marked_is_seen(text: str) -> None:
    """The check above must be able to fail."""
    assert list(in_errors(text))


@pytest.mark.parametrize(
    "call",
    [
        'said("%(n)s of them", n=f"{n:,} rows")',
        'said("Choose %(what)s.", what="an arm" if one else "a study")',
        'said_of(n, "%(n)s row of %(of)s", "%(n)s rows of %(of)s", n=n, of="a table")',
        "said(WORDS, n=n)",
        'said_of(n, "a row", rows)',
        'said("%(n)s of %(all)s", n=n)',
        'said("%(n)s of them", n=n, of=of)',
    ],
)
def test_what_is_put_into_a_sentence_is_looked_at_too(call: str) -> None:
    assert list(in_errors(f"from whatworks.saying import said, said_of\nraise InputError({call})"))


def test_an_error_that_is_marked_passes() -> None:
    text = 'raise InputError(said("%(n)s rows of %(of)s", n=f"{n:,}", of=table.name))'
    assert list(in_errors(f"from whatworks.saying import said\n{text}")) == []


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("form.add_error(None, str(error))", 1),
        ("messages.error(request, str(error))", 1),
        ("form.add_error(None, spoken(error))", 0),
        ("messages.error(request, spoken(error))", 0),
    ],
)
def test_an_error_told_in_english_is_seen(text: str, seen: int) -> None:
    assert len(list(told_unspoken(text))) == seen


def test_the_messages_are_those_that_django_looks_up() -> None:
    """A message gathered otherwise than it is looked up would be translated in vain."""
    from django.template import Context, Engine
    from django.utils import translation

    engine = Engine(builtins=["django.templatetags.i18n"])
    for text in (
        "{% translate '100% of them' %}",
        "{% blocktranslate %}100% of {{ n }}{% endblocktranslate %}",
        "{% blocktranslate count n=n with of=of %}{{ n }} of {{ of }}{% plural %}{{ n }} of all {{ of }}{% endblocktranslate %}",
        '{{ none|default:_("Nothing held") }}',
    ):
        asked = Asked()
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(translation._trans, "gettext", asked.one)
            patched.setattr(translation._trans, "ngettext", asked.several)
            engine.from_string(text).render(Context({"n": 1, "of": 2, "none": ""}))
        assert [one.text for _line, one in messages_in(text)] == asked.said


def test_the_messages_of_the_whole_program_are_gathered() -> None:
    """Thousands, from templates and from Python, none of them empty: Django answers an empty one with a catalogue's head."""
    found = gathered()
    assert len(found) > 4000
    assert Message("Skip to content") in found
    assert {place.rpartition(":")[0].rpartition(".")[2] for places in found.values() for place in places} == {
        "py",
        "html",
    }
    assert [places for one, places in found.items() if not one.text.strip()] == []
