"""How the index is verified: every report that is to be seen can be found, under the words it has now, and no other."""

from __future__ import annotations

from whatworks.collate.methods.tokens import read
from whatworks.collate.models import Entry, Report
from whatworks.collate.search.indexing import written
from whatworks.collate.search.store import store
from whatworks.collate.search.work import behind
from whatworks.ledger.verification import Difference, check
from whatworks.ledger.verification import Report as Verdict

ALL, EACH, PIECE = 20_000, 50, 500  # entries that are read again: all of so many, one of so many in a larger centre


@check("collate.search")
def check_index(verdict: Verdict) -> None:
    """The index can always be built again, so what is missing from it is a note; what is wrong in it is a difference."""
    if not store().present():
        verdict.notes.append("Search has no index here; build it with: whatworks index.")
        return
    if late := behind():
        verdict.notes.append(
            f"{late:,} reports cannot be found by search yet; bring the index up to date: whatworks index."
        )
    verdict.differences += [Difference("index", said, None, None) for said in store().unlike()]
    strays = Entry.objects.exclude(report__in=Report.objects.speaking()).values_list("report_id", flat=True)
    verdict.differences += [Difference(one, "found by search, and should not be", None, None) for one in strays[:100]]
    _check_words(verdict)


def _check_words(verdict: Verdict) -> None:
    """Entries are read again: are they still what their reports say?"""
    total = Entry.objects.count()
    step = 1 if total <= ALL else EACH
    keys = list(Entry.objects.order_by("place").values_list("report_id", flat=True)[::step])
    for start in range(0, len(keys), PIECE):
        reports = list(Report.objects.filter(pk__in=keys[start : start + PIECE]).select_related("entry"))
        for report, (_, said) in zip(reports, written(reports), strict=True):
            now = read(said).stream
            verdict.count("index entries")
            if report.entry.digest != now.digest():
                stored, recomputed = report.entry.digest, now.digest()
                verdict.differences.append(Difference(report.pk, "indexed under other words", stored, recomputed))
            elif store().tokens_at(report.entry.place) != now.line():
                verdict.differences.append(Difference(report.pk, "words in the index differ", None, None))
    if step > 1:
        verdict.notes.append(f"One in {step} of {total:,} index entries was read again; the others were counted.")
