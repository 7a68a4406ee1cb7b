"""A design is read from its TOML; what is wrong in it is said in one sentence that names the place and what may stand there."""

from __future__ import annotations

import dataclasses
import hashlib

import pytest

from whatworks.errors import InputError
from whatworks.trial.methods.design import digest, read
from whatworks.trial.methods.design.fields import meaning_of
from whatworks.trial.methods.design.parts import KINDS, METHODS, Design
from whatworks.trial.methods.design.reading import SECTIONS, as_data

WHOLE = """\
[design]
kind = "cluster"
[size]
clusters = 40
icc = 0.05
"""


def test_what_is_left_out_has_its_default() -> None:
    found = read(WHOLE)
    assert (found.design.kind, found.design.alpha, found.size.clusters, found.size.icc) == ("cluster", 0.05, 40.0, 0.05)
    assert [arm.name for arm in found.arms] == ["control", "intervention"] and found.allocated == 0.5
    assert as_data(found)["allocation"]["coin"] == [4, 5]


def test_a_share_of_units_follows_from_the_parts_of_the_arms() -> None:
    assert (
        read('[design]\nkind = "individual"\n[[arms]]\nname = "a"\nparts = 2\n[[arms]]\nname = "b"').allocated == 1 / 3
    )


def test_its_digest_is_that_of_the_file() -> None:
    assert digest(WHOLE) == hashlib.sha256(WHOLE.encode()).hexdigest()
    assert digest(WHOLE.replace("\n", "\r\n")) == digest(WHOLE)
    assert digest(WHOLE + " ") != digest(WHOLE)


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_read(kind: str) -> None:
    assert read(f'[design]\nkind = "{kind}"').design.kind == kind


@pytest.mark.parametrize("method", METHODS)
def test_every_analysis_of_the_contract_can_be_declared(method: str) -> None:
    assert read(f'[design]\nkind = "cluster"\n[analysis]\ndeclared = "{method}"').analysis.declared == method


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("x =", "not readable TOML"),
        ("", "has no section \\[design\\]"),
        ("[desing]\n", "did you mean “design”"),
        ("[design]\n", "\\[design\\] has no kind"),
        ('[design]\nkind = "clustr"', "it can be: individual, cluster"),
        ('[design]\nkind = "cluster"\n[size]\nicc = 1.4', "\\[size\\] icc is 1.4; it must be from 0 to"),
        ('[design]\nkind = "cluster"\n[size]\nicc = "much"', "it must be a number"),
        ('[design]\nkind = "cluster"\n[size]\nicc = nan', "\\[size\\] icc is nan"),
        ('[design]\nkind = "cluster"\n[size]\nclusters = true', "it must be a number"),
        ('[design]\nkind = "cluster"\n[size]\nclusters = inf', "\\[size\\] clusters is inf"),
        ('[design]\nkind = "cluster"\n[size]\nsteps = 2.5', "it must be a whole number"),
        ('[design]\nkind = "cluster"\n[size]\nefect = 1', "did you mean “effect”"),
        ('[design]\nkind = "cluster"\n[size]\neffect = 1\nratio = 2', "gives both effect and ratio"),
        ('[design]\nkind = "cluster"\n[size]\nsteps = 3\nsequences = [1, 1]', "3 steps and 2 sequences"),
        ('[design]\nkind = "cluster"\n[[arms]]\nname = "a"', "two \\[\\[arms\\]\\] or more"),
        ('[design]\nkind = "cluster"\n[[arms]]\nname = "a"\n[[arms]]\nname = "a"', "a name of its own"),
        ('[design]\nkind = "cluster"\n[arms]\nname = "a"', "in double brackets"),
        ('size = 3\n[design]\nkind = "cluster"', "size is a section"),
        ('[design]\nkind = "cluster"\n[allocation]\nstrata = "la"', "a list in square brackets"),
        ('[design]\nkind = "cluster"\n[allocation]\ncoin = [1, 2, 3]', "a list in square brackets"),
        ('[design]\nkind = "cluster"\n[[progression]]\nname = "x"\nred = 0.6\ngreen = 0.3', "must lie above red"),
    ],
)
def test_what_is_wrong_is_said(text: str, said: str) -> None:
    with pytest.raises(InputError, match=said):
        read(text)


def test_every_field_says_what_it_means() -> None:
    assert {field.name for field in dataclasses.fields(Design)} == set(SECTIONS)
    for kind in SECTIONS.values():
        for field in dataclasses.fields(kind):
            assert meaning_of(field).says.endswith((".", "?")), (kind, field.name)
