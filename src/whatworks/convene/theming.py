"""Themes: two people code each answer without seeing the other, differences are settled, messages are signed and followed up."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone

from whatworks.convene.guarding import words_of as shown_words
from whatworks.convene.methods.agreeing import ThemeAgreement, tables_of, theme_agreement
from whatworks.convene.methods.themes import METHOD, proposals
from whatworks.convene.models import (
    Answer,
    Consultation,
    KeyMessage,
    MessageDone,
    Theme,
    ThemeCoding,
    ThemeSettled,
    ThemeSuggestion,
)
from whatworks.errors import ConflictError, ForbiddenError, InputError
from whatworks.ledger.actions import record
from whatworks.ledger.models import Subject
from whatworks.saying import said


@transaction.atomic
def add_theme(*, by: str, consultation: Consultation, title: str, meaning: str = "") -> Theme:
    """A theme: a name and what belongs to it, in our words."""
    held = Consultation.objects.select_for_update().get(pk=consultation.pk)
    if not title.strip():
        raise InputError(said("A theme has a name."))
    order = held.themes.count() + 1
    made: Theme = Theme.objects.register(
        Theme.derived(held.pk, order), consultation=held, order=order, title=title.strip(), meaning=meaning.strip()
    )
    record(verb="convene.theme-add", by=by, about=[held], made=[made])
    return made


@transaction.atomic
def suggest(*, by: str, consultation: Consultation) -> int:
    """Let the machine propose themes for answers. Earlier proposals go; codings by people are not touched. Returns how many."""
    answers = list(Answer.objects.filter(consultation=consultation).to_code())
    texts = {one.pk: one.text.content for one in answers}
    described = {theme.pk: [theme.title, theme.meaning] for theme in consultation.themes.all()}
    for settled in ThemeSettled.objects.filter(answer__in=answers):
        for theme in settled.themes:
            described[theme].append(texts[settled.answer_id])
    ThemeSuggestion.objects.filter(answer__consultation=consultation).delete()
    found = proposals(texts, described)
    ThemeSuggestion.objects.bulk_create(
        [
            ThemeSuggestion(id=ThemeSuggestion.derived(one.answer, one.theme), answer_id=one.answer, theme_id=one.theme,
                            score=one.score, method=METHOD)
            for one in found
        ],
        batch_size=200,
    )  # fmt: skip
    record(verb="convene.theme-suggest", by=by, about=[consultation], payload={"count": len(found)})
    return len(found)


@transaction.atomic
def code(*, by: str, answer: Answer, themes: Sequence[str]) -> ThemeCoding:
    """Say which themes an answer has; none is an answer too. Two people code each answer, each once.

    Raises ConflictError for a third person or a second time, InputError for a theme of another consultation.
    """
    held = Answer.objects.select_for_update().get(pk=answer.pk)
    _refuse_foreign(held, themes)
    if held.codings.filter(coder=by).exists():
        raise ConflictError(said("You have coded this answer already."))
    if held.codings.count() >= 2:
        raise ConflictError(said("Two people have coded this answer already."))
    made = ThemeCoding.objects.create(
        pk=ThemeCoding.fresh(), answer=held, coder=by, themes=sorted(set(themes)), at=timezone.now()
    )
    record(verb="convene.theme-code", by=by, about=[held.consultation_id])
    both = list(held.codings.all())
    if len(both) == 2 and both[0].themes == both[1].themes:
        _settle(held, both[0].themes, "", "rule:agreed")
    return made


def _refuse_foreign(answer: Answer, themes: Sequence[str]) -> None:
    known = set(Theme.objects.filter(consultation=answer.consultation_id).values_list("pk", flat=True))
    if unknown := set(themes) - known:
        raise InputError(said("%(theme)s is no theme of this consultation.", theme=min(unknown)))


@transaction.atomic
def settle(*, by: str, answer: Answer, themes: Sequence[str], why: str) -> ThemeSettled:
    """Settle an answer on which two people differ, saying why."""
    held = Answer.objects.select_for_update().get(pk=answer.pk)
    _refuse_foreign(held, themes)
    if held.codings.count() < 2:
        raise ConflictError(said("Two people must have coded this answer before it is settled."))
    if ThemeSettled.objects.filter(answer=held).exists():
        raise ConflictError(said("This answer is settled already."))
    if not why.strip():
        raise InputError(said("Say why it is settled so."))
    return _settle(held, themes, why.strip(), by)


def _settle(answer: Answer, themes: Sequence[str], why: str, by: str) -> ThemeSettled:
    made = ThemeSettled.objects.create(
        pk=ThemeSettled.fresh(), answer=answer, themes=sorted(set(themes)), why=why, by=by, at=timezone.now()
    )
    record(verb="convene.theme-settle", by=by, about=[answer.consultation_id])
    return made


def to_code(consultation: Consultation, coder: str) -> Answer | None:
    """The next answer for this person: one that they have not coded, and two others neither."""
    for answer in consultation.own_words.all().to_code().prefetch_related("codings"):
        coders = [one.coder for one in answer.codings.all()]
        if coder not in coders and len(coders) < 2:
            return answer
    return None


def to_settle(consultation: Consultation) -> list[Answer]:
    """Answers that two people coded differently and nobody has settled."""
    held = consultation.own_words.all().to_code().filter(settled=None).prefetch_related("codings")
    return [one for one in held if len(one.codings.all()) == 2]


def agreement(consultation: Consultation) -> list[ThemeAgreement]:
    """How far the two agree on each theme, from every answer that two people coded, before anything was settled."""
    codings: dict[str, list[list[str]]] = {}
    for one in ThemeCoding.objects.filter(answer__consultation=consultation).order_by("coder"):
        codings.setdefault(one.answer_id, []).append(one.themes)
    twice = {answer: held for answer, held in codings.items() if len(held) == 2}
    titles = dict(consultation.themes.order_by("order").values_list("pk", "title"))
    return [theme_agreement(titles[theme], table) for theme, table in tables_of(list(titles), twice).items()]


@transaction.atomic
def write_message(
    *,
    by: str,
    consultation: Consultation,
    words: str,
    themes: Sequence[Theme] = (),
    source: str = "",
    address: str = "",
) -> KeyMessage:
    """A key message, not signed yet. It rests on themes, or on a published source that it is taken from."""
    held = Consultation.objects.select_for_update().get(pk=consultation.pk)
    if not words.strip() or not (themes or source.strip()):
        raise InputError(said("A key message has words, and a theme or a source that it rests on."))
    number = held.messages.count() + 1
    made: KeyMessage = KeyMessage.objects.register(
        KeyMessage.derived(held.pk, number), consultation=held, number=number, words=words.strip(),
        themes=[one.pk for one in themes], source=source, address=address,
    )  # fmt: skip
    record(verb="convene.message-write", by=by, about=[held], made=[made])
    return made


@transaction.atomic
def sign_message(*, by: str, message: KeyMessage) -> KeyMessage:
    """Sign a message, after which it is shown. Raises ForbiddenError for a machine, ConflictError where answers are not settled."""
    held = KeyMessage.objects.select_for_update().get(pk=message.pk)
    if by.startswith("rule:"):
        raise ForbiddenError(said("A person signs; a machine proposes."))
    if held.themes and to_settle(held.consultation):
        raise ConflictError(said("Some answers are coded differently and not settled; settle them first."))
    if not held.signed_by:
        held.signed_by, held.signed_at = by, timezone.now()
        held.save(update_fields=["signed_by", "signed_at"])
        record(verb="convene.message-sign", by=by, about=[held.consultation_id], made=[held])
    return held


@transaction.atomic
def tell_done(
    *, by: str, message: KeyMessage, state: str, words: str, evidence: Subject | None = None, address: str = ""
) -> MessageDone:
    """What was done about a message, with what shows it, or why not. Nothing is overwritten. "done" needs something to open."""
    held = KeyMessage.objects.select_for_update().get(pk=message.pk)
    if state not in ("promised", "under way", "done", "not done") or not words.strip():
        raise InputError(
            said("Say where it stands (promised, under way, done, not done), and in words what was done or why not.")
        )
    if state == "done" and evidence is None and not address:
        raise InputError(said("What is done is shown: name a page of ours or an address."))
    number = held.done.count() + 1
    made = MessageDone.objects.create(
        pk=MessageDone.derived(held.pk, number), message=held, number=number, state=state, words=words.strip(), evidence=evidence,
        address=address, by=by, at=timezone.now(),
    )  # fmt: skip
    record(verb="convene.message-done", by=by, about=[held], made=[made])
    return made


def quotes_of(message: KeyMessage) -> list[Answer]:
    """The answers that open from a message: settled to one of its themes, allowed to be quoted, cleared, not withdrawn."""
    settled = ThemeSettled.objects.filter(answer__consultation=message.consultation_id).select_related("answer")
    wanted = {one.answer_id for one in settled if set(one.themes) & set(message.themes)}
    held = Answer.objects.filter(pk__in=wanted).quotable()
    return [one for one in held if shown_words(one.text)]


def counted(consultation: Consultation) -> dict[str, int]:
    """In how many answers each theme stands, as settled; answers that were withdrawn count no more."""
    found = dict.fromkeys(consultation.themes.values_list("pk", flat=True), 0)
    held = ThemeSettled.objects.filter(answer__consultation=consultation, answer__response__withdrawn_on=None)
    for one in held:
        for theme in one.themes:
            found[theme] += 1
    return found
