"""The command line: parse arguments, call a room, print. Keeps nothing.

Each module adds its commands to `app`; heavy imports happen inside the commands, so that `--help` stays quick.
"""

from __future__ import annotations

import os
import sys

# Read by the library of linear algebra when it loads. Our matrices are small: two threads on one of them wait for each other longer than
# they work. Measured in pairs on two cores (docs/explanation/the-honest-panel.md): an analysis takes 12 to 49 per cent less CPU with one.
BLAS = "OPENBLAS_NUM_THREADS"


def main() -> None:
    """Run the command line; turn a WhatworksError into one sentence and its exit status."""
    os.environ.setdefault(BLAS, "1")  # noqa: TID251  set for the library, and not read by us
    from whatworks.cli.commands import app
    from whatworks.errors import WhatworksError

    try:
        app()
    except WhatworksError as error:
        print(f"whatworks: {error}", file=sys.stderr)
        sys.exit(error.exit_status)
