"""Coded studies put into a served centre, as two coders of its review would have coded them."""

from __future__ import annotations

import json
import os
import subprocess
import sys

from tests.functional.conftest import Centre
from tools.sources import ROOT

SEEDING = """
import json, sys
from whatworks.cli.centre import open_centre
open_centre(None)
from tests.functional.declared import build
print(json.dumps(build(sys.argv[1])))
"""


def coded_in(centre: Centre, analysis: str) -> int:
    """Have the studies of an analysis coded by two people; how many they are."""
    environment = centre.environment | {"PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "src")])}
    command = [sys.executable, "-c", SEEDING, analysis]
    ran = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert ran.returncode == 0, ran.stderr
    return int(json.loads(ran.stdout.splitlines()[-1]))


def build(slug: str) -> int:
    """More studies like those of the analysis, all judged, and coded by two people who agree.

    Of the last study its coders report nothing, and nobody judged it.
    """
    from tests.integration.synthesise.coded_studies import coded, coder
    from whatworks.extract.models import Appraisal, Contrast, Study

    held = Contrast.objects.filter(memberships__analysis__slug=slug).select_related("study").order_by("pk")
    for number, like in enumerate([*held] * 3, 1):
        name = f"Another {like.study.name}, {number}" if number > 1 else f"A study with a rather long name, {number}"
        told = {one.name: getattr(like.study, one.name) for one in Study._meta.concrete_fields if one.name != "subject"}
        study = Study.objects.register(f"sty-more{number}", **told | {"name": name})
        told = {one.name: getattr(like, one.name) for one in Contrast._meta.concrete_fields if one.name != "subject"}
        inputs = like.inputs | {"events1": max(0, like.inputs["events1"] + 2 * number - 9)}
        Contrast.objects.register(f"con-more{number}", **told | {"study": study, "inputs": inputs})
    studies = list(Study.objects.filter(contrasts__intervention=held[0].intervention_id).distinct().order_by("name"))
    coders = [coder("cora"), coder("colm")]
    for place, study in enumerate(studies[:-1]):
        coded(study, coders, {"by-whom": ("staff", "peers")[place % 2], "sessions": 4 + 3 * place, "manual": "yes"})
        words = ("Low", "Some concerns", "High")
        domains = {f"D{number}": words[(place + number) % 3] for number in range(1, 6)}
        told = {"instrument": "rob-2", "version": "1", "domains": domains, "overall": words[place % 3]}
        Appraisal.objects.register(study=study, by="cli", **told)
    coded(studies[-1], coders, {"by-whom": None, "sessions": None, "manual": "yes"})
    return len(studies)
