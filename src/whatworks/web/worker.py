"""The worker process that `serve` keeps beside the web server: `python -m whatworks.web.worker PARENT NAME`."""

from __future__ import annotations

import sys

from whatworks.web.tether import tie


def main() -> None:
    """Start Django and work until stopped, or until the process whose number is given ends."""
    tie(int(sys.argv[1]))  # first of all: starting Django takes longer than somebody needs to kill its parent
    import django

    django.setup()
    from whatworks.web.serving import work_until_stopped

    work_until_stopped(sys.argv[2])


if __name__ == "__main__":
    main()
