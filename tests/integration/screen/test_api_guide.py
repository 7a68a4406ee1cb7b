"""The program in the guide is one that runs."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import textwrap
from typing import Any

from tests.integration.screen.team import TITLE, imported, person, review_of
from tests.unit.docs.pages import page
from whatworks.people.actions import give_roles
from whatworks.people.tokens import make_token, revoke_token
from whatworks.screen.methods.protocol import StageRules
from whatworks.screen.models import Candidate, Opinion, Place
from whatworks.screen.waves import add_search


def program() -> str:
    found = re.search(r"```python\n(.*?)```", page("docs/how-to/screen-by-program.md"), flags=re.DOTALL)
    assert found
    return textwrap.dedent(found[1])


def test_the_program_of_the_guide_screens(live_server: Any, settings: Any, tmp_path: Any) -> None:
    """A guide that does not run costs every reader an hour."""
    settings.HOME = tmp_path / "home"
    user = person("ada")
    give_roles(by="test", who=user.pk, roles=["screener"])
    words = {"terms_for": ("Study 1",), "terms_against": ("Study 2",)}
    review = review_of(user, title_rules=StageRules("single"), **words)
    add_search(by=user.pk, review=review, name="A database", imports=[imported(4)])
    token, secret = make_token(
        by=user.pk, user=user, name="Guide", scopes=["screen.read", "screen.say"], review=review.slug
    )
    ours = {"CENTRE": live_server.url, "REVIEW": review.slug, "TOKEN": secret, "PYTHONIOENCODING": "utf-8"}
    told: dict[str, Any] = {"env": os.environ | ours, "capture_output": True, "text": True, "timeout": 60}
    ran = subprocess.run([sys.executable, "-c", program()], input="i\n\ne\nm\n", **told)
    assert (ran.returncode, ran.stderr) == (0, ""), ran.stderr
    assert "What helps children to stay at home?" in ran.stdout
    assert {"[suggested: i]", "[suggested: e]", "[suggested: m]"} <= set(re.findall(r"\[suggested: .\]", ran.stdout))
    said = sorted(Opinion.objects.values_list("decision", flat=True))
    assert said == ["exclude", "include", "maybe"], "pressing Enter decides nothing"
    assert not Place.objects.filter(done=False).exists(), "what was skipped is given back"
    assert Candidate.objects.at(review, TITLE).filter(state=Candidate.OPEN).count() == 1
    revoke_token(by=user.pk, token=token)
    refused = subprocess.run([sys.executable, "-c", program()], input="", **told)
    assert refused.returncode == 1 and "This token was revoked" in refused.stderr
