"""Tests that run the R scripts which results give: only where R and its packages are, for the reference needs R and we do not."""

from __future__ import annotations

import functools
import shutil
import subprocess

PACKAGES = ("metafor", "clubSandwich")


@functools.cache
def runs() -> bool:
    """Whether R is here with the packages that the scripts name."""
    if shutil.which("Rscript") is None:
        return False
    ask = "; ".join(f"suppressPackageStartupMessages(library({name}))" for name in PACKAGES)
    return subprocess.run(["Rscript", "-e", ask], capture_output=True, check=False).returncode == 0
