"""Every dependency has its reason, and the locks hold all of them with their hashes and without addresses."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.architecture.layers import PYPROJECT
from tools.sources import ROOT

PROJECT, GROUPS = PYPROJECT["project"], PYPROJECT["dependency-groups"]
RUNTIME = [*PROJECT["dependencies"], *PROJECT["optional-dependencies"]["postgres"], *GROUPS["build"]]
HOLDS = {
    "requirements.lock": RUNTIME,
    "requirements-dev.lock": [*RUNTIME, *GROUPS["dev"]],
    "requirements-postgres.lock": GROUPS["postgres-server"],
}


def declared() -> Iterator[str]:
    """Every requirement in pyproject.toml, as it is written there."""
    yield from PROJECT["dependencies"]
    for extra in PROJECT["optional-dependencies"].values():
        yield from extra
    for group in GROUPS.values():
        yield from group


def locked(name: str) -> dict[str, tuple[str, int]]:
    """Version and number of hashes of each package in a lock."""
    text = (ROOT / name).read_text("utf-8").replace("\\\n", " ")
    found = re.findall(r"^([A-Za-z0-9._-]+)==([^\s;]+)(.*)$", text, re.MULTILINE)
    return {canonicalize_name(package): (version, rest.count("--hash=sha256:")) for package, version, rest in found}


@pytest.mark.parametrize("requirement", sorted(set(declared())))
def test_every_dependency_has_its_reason(requirement: str) -> None:
    """What nobody can give a reason for should go."""
    lines = [line for line in (ROOT / "pyproject.toml").read_text("utf-8").splitlines() if f'"{requirement}"' in line]
    assert any(re.search(r"#\s*\w.{4,}", line) for line in lines), f"{requirement} needs a comment of its own"


@pytest.mark.parametrize("name", HOLDS)
def test_a_lock_holds_what_is_declared(name: str) -> None:
    """A dependency added without `make lock` would be absent on the next machine."""
    versions = locked(name)
    for text in HOLDS[name]:
        requirement = Requirement(text)
        version, _ = versions[canonicalize_name(requirement.name)]
        assert requirement.specifier.contains(version), f"{name} has {version} for {text}: run make lock"


@pytest.mark.parametrize("name", HOLDS)
def test_a_lock_has_hashes_and_no_addresses(name: str) -> None:
    """Without a hash a mirror could serve anything; with an address no mirror could serve."""
    text = (ROOT / name).read_text("utf-8")
    assert {package for package, (_, hashes) in locked(name).items() if not hashes} == set()
    assert not re.search(r"://|^\s*--(?!hash=)|@", text, re.MULTILINE)


def test_both_locks_agree() -> None:
    """What is tested is what is run."""
    tested = locked("requirements-dev.lock")
    assert {
        package: version
        for package, (version, _) in locked("requirements.lock").items()
        if tested[package][0] != version
    } == {}


def test_the_lock_holds_the_build_backend() -> None:
    """The project is installed without build isolation: its backend must come from the lock, in the version named."""
    (backend,) = PYPROJECT["build-system"]["requires"]
    assert backend in GROUPS["build"]
