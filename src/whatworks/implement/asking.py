"""Readiness is asked in waves: a code for each person asked, answers that nobody can tie to it, and files where items are not held."""

from __future__ import annotations

import csv
import datetime
import hashlib
import io
import secrets
from collections.abc import Mapping, Sequence

from django.db import transaction
from django.utils import timezone

from whatworks.errors import ConflictError, InputError
from whatworks.implement.instruments import instrument
from whatworks.implement.methods.scoring import Standing, faults, standing
from whatworks.implement.models import ReadinessWave, Site, WaveAnswer, WaveCode
from whatworks.ledger.actions import record
from whatworks.saying import said

MOST = 500  # people asked in one wave
SIGNS = "23456789bcdfghjkmnpqrstvwxyz"  # none that is taken for another
LENGTH = 10


@transaction.atomic
def open_wave(*, by: str, site: Site, key: str, asked: int) -> tuple[ReadinessWave, list[str]]:
    """Ask so many people. Returns the wave and a code for each, told this once; only their digests are kept.

    An instrument whose sentences are not held here has no codes: its answers come as a file.
    """
    held = Site.objects.select_for_update().get(pk=site.pk)
    found = instrument(key)
    if not 1 <= asked <= MOST:
        raise InputError(said("Say how many people are asked, from 1 to %(most)s.", most=MOST))
    if held.waves.filter(instrument=key, closed_on=None).exists():
        raise ConflictError(said("A wave of this is open; close it before the next."))
    number = held.waves.filter(instrument=key).count() + 1
    wave: ReadinessWave = ReadinessWave.objects.register(
        ReadinessWave.derived(held.pk, key, number), site=held, instrument=key, number=number, asked=asked,
        opened_on=timezone.localdate(),
    )  # fmt: skip
    codes = ["".join(secrets.choice(SIGNS) for _ in range(LENGTH)) for _ in range(asked if found.wording else 0)]
    WaveCode.objects.bulk_create([WaveCode(id=WaveCode.fresh(), wave=wave, digest=digest_of(one)) for one in codes])
    record(verb="implement.ask", by=by, about=[held], made=[wave])
    return wave, codes


def digest_of(code: str) -> str:
    """By what a code is known here."""
    return hashlib.sha256(f"readiness {code.strip().lower()}".encode()).hexdigest()


def wave_of(code: str) -> ReadinessWave | None:
    """The open wave that a code lets somebody answer; None where it is none, was used, or the wave is closed."""
    held = WaveCode.objects.filter(digest=digest_of(code), used=False, wave__closed_on=None)
    found = held.select_related("wave__site__revision__page").first()
    return found.wave if found else None


@transaction.atomic
def answer(*, code: str, given: Mapping[str, int]) -> None:
    """Keep one person's answers and mark the code as used. The two are not tied: no time is kept, and identifiers tell no order."""
    held = WaveCode.objects.select_for_update(of=("self",)).filter(digest=digest_of(code), used=False).first()
    if held is None or held.wave.closed_on is not None:
        raise ConflictError(said("This code was used, or the questions are closed. Ask whoever gave it to you."))
    found = instrument(held.wave.instrument)
    if wrong := faults(found, given):
        raise InputError(wrong[0])
    if not given:
        raise InputError(said("Answer one question at least."))
    held.used = True
    held.save(update_fields=["used"])
    WaveAnswer.objects.create(id=WaveAnswer.fresh(), wave=held.wave, given=dict(given))


@transaction.atomic
def take_answers(*, by: str, wave: ReadinessWave, table: str) -> int:
    """Answers from a file: a column for each item, a row for each person, empty where an item was left out. Returns how many rows.

    All of it or none: raises InputError that names line and item. No column for a name is taken.
    """
    held = ReadinessWave.objects.select_for_update().get(pk=wave.pk)
    if held.closed_on is not None:
        raise ConflictError(said("This wave is closed; open another."))
    found = instrument(held.instrument)
    reader = csv.DictReader(io.StringIO(table))
    columns = [name.strip() for name in reader.fieldnames or ()]
    if not columns or set(columns) - set(found.items):
        raise InputError(said("The header names items alone, such as %(items)s.", items=", ".join(found.items[:4])))
    rows = [_row(line, cells, found.items) for line, cells in enumerate(reader, 2)]
    for line, row in enumerate(rows, 2):
        if wrong := faults(found, row):
            raise InputError(said("Line %(line)s: %(what)s", line=line, what=wrong[0]))
    if not rows or held.answers.count() + len(rows) > held.asked:
        raise InputError(
            said("There are %(n)s answers with these, and %(asked)s people were asked.",
                 n=held.answers.count() + len(rows), asked=held.asked)
        )  # fmt: skip
    WaveAnswer.objects.bulk_create([WaveAnswer(id=WaveAnswer.fresh(), wave=held, given=row) for row in rows])
    record(verb="implement.answers", by=by, about=[held.site, held], payload={"rows": len(rows)})
    return len(rows)


def _row(line: int, cells: Mapping[str | None, str | None], items: Sequence[str]) -> dict[str, int]:
    try:
        return {str(item).strip(): int(value) for item, value in cells.items() if item and value and value.strip()}
    except (ValueError, TypeError) as error:
        raise InputError(said("Line %(line)s: answers are whole numbers, one for each item.", line=line)) from error


@transaction.atomic
def close_wave(*, by: str, wave: ReadinessWave, on: datetime.date | None = None) -> ReadinessWave:
    """No more answers; codes that were not used are deleted. Only then can results be read."""
    held = ReadinessWave.objects.select_for_update().get(pk=wave.pk)
    if held.closed_on is None:
        held.closed_on = on or timezone.localdate()
        held.save(update_fields=["closed_on"])
        held.codes.all().delete()
        record(verb="implement.close-wave", by=by, about=[held.site], made=[held])
    return held


def results(wave: ReadinessWave) -> list[Standing]:
    """What a closed wave came to, scale by scale. Raises ConflictError while it is open: one more answer would tell whose it is."""
    if wave.closed_on is None:
        raise ConflictError(said("Results are read once the wave is closed."))
    given = list(wave.answers.order_by("pk").values_list("given", flat=True))
    return [standing(scale, given) for scale in instrument(wave.instrument).scales]
