"""The command line: parse arguments, call a room, print. Keeps nothing.

Each module adds its commands to `app`; heavy imports happen inside the commands, so that `--help` stays quick.
"""

from __future__ import annotations

import sys


def main() -> None:
    """Run the command line; turn a WhatworksError into one sentence and its exit status."""
    from whatworks.cli.commands import app
    from whatworks.errors import WhatworksError

    try:
        app()
    except WhatworksError as error:
        print(f"whatworks: {error}", file=sys.stderr)
        sys.exit(error.exit_status)
