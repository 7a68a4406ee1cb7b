"""Where the shared reference data lies: beside the project, or where WHATWORKS_SHARED says."""

import os
from pathlib import Path

import pytest

SHARED = Path(os.environ.get("WHATWORKS_SHARED", Path(__file__).resolve().parents[2] / "shared")) / "data"


def _absent() -> bool:
    if SHARED.is_dir():
        return False
    if os.environ.get("CI"):
        raise RuntimeError(f"The shared reference data is absent ({SHARED}); continuous integration must have it.")
    return True


needs_shared = pytest.mark.skipif(_absent(), reason="the shared reference data is not beside this checkout")
