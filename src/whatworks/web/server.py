"""The web server process of `serve`: `python -m whatworks.web.server PARENT` and granian's own options.

Loaded once more by granian, in the process that answers requests, for the application.
"""

from __future__ import annotations

import os
import sys
from typing import Any

from whatworks.web.tether import tie


def application() -> Any:
    """The application, in a process that ends with the one that started it."""
    tie(os.getppid())
    from whatworks.web.wsgi import application as made

    return made


def main() -> None:
    """Run granian until stopped, or until the process whose number is given ends."""
    tie(int(sys.argv.pop(1)))
    from granian.cli import entrypoint

    entrypoint()


if __name__ == "__main__":
    main()
