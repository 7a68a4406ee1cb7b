"""What people do on the practice map: name a practice, say how it stands in a place, correct what was said."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify

from whatworks.baseline.methods.standing import NAMES, Fault, Word, faults
from whatworks.baseline.models import Practice, Reply, Standing
from whatworks.errors import ConflictError, InputError
from whatworks.ledger.actions import record
from whatworks.ledger.fields import PUBLIC
from whatworks.ledger.money import Money
from whatworks.people.models import Area, AreaQuerySet
from whatworks.saying import joined, said
from whatworks.scope.models import Intervention

CONTROL = {chr(number) for number in range(32)}  # line breaks are blanks by now; a database refuses others


def authorities() -> AreaQuerySet:
    """The places that can have a practice; a region or the country is none."""
    return Area.objects.authorities()


@transaction.atomic
def add_practice(
    *, by: str, name: str, plain: str, slug: str = "", intervention: Intervention | None = None
) -> Practice:
    """Put a practice on the map. The same twice is one practice; another of that name or address is refused."""
    name, plain = " ".join(name.split()), plain.strip()
    slug = slug or slugify(name)[:80].strip("-")
    if not (name and plain and slug):
        raise InputError(said("A practice needs a name in letters and a sentence that says what people do in it."))
    held = Practice.objects.filter(slug=slug).first()
    if held is None:
        told = {"slug": slug, "name": name, "plain": plain, "intervention": intervention}
        made = Practice.objects.register(Practice.derived(slug), **told)
        record(verb="baseline.add-practice", by=by, made=[made], payload={"name": name}, audience=PUBLIC)
        return made
    if (held.name, held.plain, held.intervention_id) != (name, plain, intervention and intervention.pk):
        raise ConflictError(
            said(
                "“%(name)s” is on the map already, at the address “%(slug)s”; give the new one another name.",
                name=held.name,
                slug=slug,
            )
        )
    return held


@transaction.atomic
def say_standing(*, by: str, area: Area, practice: Practice, word: Word, reply: Reply | None = None) -> Standing:
    """Say how a practice stands in a place, as a source has it. The same word twice is one row."""
    made, new = take_word(area=area, practice=practice, word=word, reply=reply)
    if new:
        _record("baseline.say-standing", by, made)
    elif Standing.objects.filter(replaces=made).exists():
        raise ConflictError(
            said(
                "Exactly this was said before, and was corrected since; if it is right after all, correct the "
                "correction."
            )
        )
    return made


@transaction.atomic
def correct_standing(*, by: str, standing: Standing, word: Word, why: str) -> Standing:
    """Put a better word in the place of one that was wrong. The wrong one stays to be seen, with why."""
    # Locked, so that of two people who correct the same word the second hears of the first.
    rows = Standing.objects.select_for_update(of=("self",)).select_related("area", "practice", "reply")
    held = rows.get(pk=standing.pk)
    why, word = why.strip(), word.trimmed()
    if not why:
        raise InputError(said("Say why this replaces what was said; readers of the history will ask."))
    if word.parts() == word_of(held).parts():
        raise InputError(said("The correction says the same as what it replaces; change what is wrong."))
    later = Standing.objects.filter(replaces=held).first()
    if later is not None:
        if (word_of(later).parts(), later.why) == (word.parts(), why):
            return later
        raise ConflictError(
            said("Somebody else corrected this first; look at the history, and correct the correction if need be.")
        )
    made, _ = take_word(area=held.area, practice=held.practice, word=word, reply=held.reply, replaces=held, why=why)
    _record("baseline.correct-standing", by, made, why=why)
    return made


def take_word(
    *,
    area: Area,
    practice: Practice,
    word: Word,
    reply: Reply | None = None,
    replaces: Standing | None = None,
    why: str = "",
) -> tuple[Standing, bool]:
    """The row that holds a word, and whether it is new; its event is the caller's. InputError where it is not well said."""
    word = word.trimmed()
    if area.made_up:
        raise InputError(said("%(name)s is no authority; say it of each council for which it is so.", name=area.name))
    if found := faults_of(area, word):
        raise InputError(joined(" ", (sentence for _, sentence in found)))
    key = identifier_of(area, practice, word, reply, replaces)
    told = {"area": area, "practice": practice, "reply": reply, "replaces": replaces, "why": why}
    return Standing.objects.get_or_create(id=key, defaults=told | stored(word) | {"entered_at": timezone.now()})


def identifier_of(
    area: Area, practice: Practice, word: Word, reply: Reply | None = None, replaces: Standing | None = None
) -> str:
    """The identifier that these words of this place and practice always get."""
    cost = str(Money.read(word.cost)) if word.cost else ""
    parts = [cost if name == "cost" else getattr(word, name) for name in NAMES]
    rests = (reply.pk if reply else "", replaces.pk if replaces else "")
    return Standing.derived(area.pk, practice.pk, *parts, *rests)


def stored(word: Word) -> dict[str, Any]:
    """A word as the fields of its row."""
    return {name: getattr(word, name) for name in NAMES} | {"cost": Money.read(word.cost) if word.cost else None}


def word_of(standing: Standing) -> Word:
    """What a row says."""
    said = {name: getattr(standing, name) for name in NAMES}
    return Word(**said | {"cost": str(standing.cost) if standing.cost else ""})


def faults_of(area: Area, word: Word) -> list[Fault]:
    """Everything that is wrong with a word about a place, by the part that is wrong."""
    found = faults(word, timezone.localdate(), area.name, area.valid_from, area.valid_to)
    for name in NAMES:
        text, most = getattr(word, name), Standing._meta.get_field(name).max_length
        if most and len(text) > most:
            told = said(
                "This has %(count)s characters and may have %(most)s; say it more briefly.", count=len(text), most=most
            )
            found.append((name, told))
        if CONTROL & set(text):
            found.append((name, said("This holds a character that cannot be printed; write it again.")))
    if word.cost:
        try:
            if Money.read(word.cost).amount < 0:
                told = said("“%(cost)s” is less than nothing; write the amount without a sign.", cost=word.cost)
                found.append(("cost", told))
        except InputError as error:
            found.append(("cost", error.args[0]))
    return found


def _record(verb: str, by: str, made: Standing, **more: str) -> None:
    payload = {"status": made.status, "on": made.on, **more}
    about = [made.area, made.practice, *([made.reply.round] if made.reply else [])]
    record(verb=verb, by=by, about=about, made=[made], payload=payload, audience=PUBLIC)
