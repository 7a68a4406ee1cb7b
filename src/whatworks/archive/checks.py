"""How releases are verified: the manifest and every stored file are what they were, and the chain still passes through."""

from __future__ import annotations

from whatworks.archive.models import Release
from whatworks.archive.releasing import check_files, files_are_here, store
from whatworks.ledger.models import Seal
from whatworks.ledger.models.events import CONTENT
from whatworks.ledger.verification import Difference, Report, check, check_digests


@check("archive")
def check_releases(report: Report) -> None:
    """Every release: its row, its files by content address, its chain head."""
    check_digests(report, Release.objects.all(), "releases")
    for release in Release.objects.all():
        head = Seal.objects.filter(stream=CONTENT, number=release.chain_number).values_list("hash", flat=True).first()
        if release.chain_number and head != release.chain_head:
            report.differences.append(Difference(release.pk, "chain head", release.chain_head, head))
        if files_are_here(release):
            report.differences += check_files(release)
        else:
            report.notes.append(
                f"Release {release.number} ({release.pk}): its files are not here, so they were not checked; "
                f"copy them into {store()} from where it was made."
            )
