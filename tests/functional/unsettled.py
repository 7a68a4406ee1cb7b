"""A served centre put into the states that pages can be in: corrected, stale, withdrawn, released; and an address of each kind."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from tests.functional.conftest import Centre
from tests.made_up_maps import eppi_map
from tools.sources import ROOT

SEEDING = """
import json
from whatworks.cli.centre import open_centre
open_centre(None)
from tests.functional.unsettled import unsettle
print(json.dumps(unsettle()))
"""
BY = "rule:test"
STALE, OUT, FULL, MANY = (
    "multisystemic-therapy",
    "supervision",
    "intensive-family-preservation",
    "independent-living-programmes",
)


def addresses_of(centre: Centre, folder: Path) -> dict[str, str]:
    """Put the centre into every state; an address of each kind of page, by what it shows."""
    file = folder / "map.html"
    file.write_text(eppi_map(), encoding="utf-8")
    centre.run("map", "load", str(file), "--whose", "Nobody at all", "--licence", "CC BY 4.0", "--show")
    environment = centre.environment | {"PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "src")])}
    command = [sys.executable, "-c", SEEDING]
    ran = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert ran.returncode == 0, ran.stderr
    centre.run("release")
    return SIMPLE | json.loads(ran.stdout.splitlines()[-1])


SIMPLE = {
    "front": "/",
    "find": "/evidence/",
    "find with a question": "/evidence/?q=What+helps+care+leavers+keep+a+home%3F",
    "find with nothing found": "/evidence/?q=zebra+crossings+on+the+moon",
    "page": f"/evidence/{FULL}/",
    "evidence note": "/evidence/lifelong-links/",
    "stale page": f"/evidence/{STALE}/",
    "withdrawn page": f"/evidence/{OUT}/",
    "history": f"/evidence/{STALE}/history/",
    "revision": f"/evidence/{STALE}/revisions/1/",
    "two revisions": f"/evidence/{STALE}/revisions/2/changes/",
    "ratings": f"/evidence/{FULL}/ratings/",
    "young": f"/evidence/{FULL}/young/",
    "here, first step": f"/evidence/{MANY}/",
    "card to paste": f"/evidence/{FULL}/embed/",
    "card": f"/embed/{FULL}/",
    "reports": "/reports/",
    "reports found": "/reports/?q=care",
    "take reports away": "/reports/export/",
    "reviews": "/reviews/",
    "review": "/reviews/leaving-care/",
    "guides": "/guides/",
    "map": "/map/",
    "square of the map": "/map/cells/family-drug-and-alcohol-courts/days-in-care/",
    "map of others": "/maps/made-up-map/",
    "map of others, groups": "/maps/made-up-map/?show=groups",
    "standards": "/standards/",
    "scheme": "/standards/grade/",
    "self-check": "/standards/strength-scale/check/",
    "places": "/places/",
    "indicators": "/places/indicators/",
    "indicator": "/places/indicators/looked-after/",
    "indicator by month": "/places/indicators/referrals/",
    "practices": "/places/practices/",
    "practice": "/places/practices/family-group-conferencing/",
    "area": "/places/E06000045/",
    "releases": "/releases/",
    "release": "/releases/1/",
    "glossary": "/glossary/",
    "about": "/about/",
    "for programs": "/api/",
    "not found": "/nowhere/",
    "sign in": "/account/login/",
}

FOUND = (  # kinds whose addresses hold identifiers
    "trace of a Finding",
    "trace of a Contrast",
    "trace of a Synthesis",
    "trace of a PublishedResult",
    "trace of a Rating",
    "trace of a RecordedJudgement",
    "trace of a ExternalRating",
    "here, an answer",
    "here, a refusal",
    "here, a problem",
    "study",
    "report",
    "guide",
    "package",
    "vintage",
)
NAMES = (*SIMPLE, *FOUND)


def unsettle() -> dict[str, str]:
    """Correct a number and approve, correct it again and leave it; withdraw a page. The addresses that are only known here."""
    from whatworks.extract.actions import correct
    from whatworks.extract.models import Contrast
    from whatworks.publish.actions import approve, refresh
    from whatworks.publish.models import Page
    from whatworks.publish.writing.withdrawing import withdraw

    page = Page.objects.get(slug=STALE)
    held = Contrast.objects.filter(intervention=page.intervention_id, memberships__isnull=False).order_by("pk")
    contrast = next(one for one in held if "events1" in one.inputs)  # a count that can be corrected
    for more in (1, 2):
        inputs = contrast.inputs | {"events1": contrast.inputs["events1"] + 1}
        correct(by=BY, contrast=contrast, inputs=inputs, reason="The table prints one more.")
        refresh(by=BY)
        contrast.refresh_from_db()
        if more == 1:
            approve(by=BY, page=page, what_changed="A count was put right.")
    withdraw(by=BY, page=Page.objects.get(slug=OUT), why="A study behind it is under question.")
    return _found()


def _found() -> dict[str, str]:
    """An address of each kind that has an identifier."""
    from whatworks.baseline.models import Vintage
    from whatworks.collate.models import Report
    from whatworks.extract.models import Contrast, Finding, Study
    from whatworks.publish.models import Guide, Package, Page
    from whatworks.rate.models import ExternalRating, Rating, RecordedJudgement
    from whatworks.synthesise.models import PublishedResult, Synthesis

    traced = (Finding, Contrast, Synthesis, PublishedResult, Rating, RecordedJudgement, ExternalRating)
    rows = {kind.__name__: kind.objects.order_by("pk").first() for kind in traced}
    found = {f"trace of a {name}": f"/trace/{row.pk}/" for name, row in rows.items() if row}
    assert len(found) == len(traced)
    local = Page.objects.get(slug=FULL).newest().content["local"]["measures"]  # type: ignore[union-attr]
    outcome = next(one["key"] for one in local if not one.get("refused"))
    asked = f"/evidence/{FULL}/?outcome={outcome}&offered=no&number="
    guide, package = Guide.objects.order_by("pk").first(), Package.objects.order_by("pk").first()
    assert guide and package
    return found | {
        "here, an answer": f"{asked}64&counted=families",
        "here, a refusal": f"{asked}64&counted=children",
        "here, a problem": f"{asked}12.5&counted=families",
        "study": f"/studies/{Study.objects.order_by('pk').values_list('pk', flat=True)[0]}/",
        "report": f"/reports/{Report.objects.order_by('pk').values_list('pk', flat=True)[0]}/",
        "guide": f"/guides/{guide.slug}/",
        "package": f"/packages/{package.slug}/",
        "vintage": f"/places/vintages/{Vintage.objects.order_by('pk').values_list('pk', flat=True)[0]}/",
    }
