"""Check that the migrations say what the models say, in a home of their own that is removed afterwards."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile

CHECK = ["-m", "django", "makemigrations", "--check", "--dry-run", "--settings", "whatworks.web.settings"]


def main() -> int:
    """Exit status 1 when a model changed and no migration says so."""
    environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    with tempfile.TemporaryDirectory(prefix="whatworks-home-") as home:
        return subprocess.run([sys.executable, *CHECK], env={**environment, "WHATWORKS_HOME": home}).returncode


if __name__ == "__main__":
    sys.exit(main())
