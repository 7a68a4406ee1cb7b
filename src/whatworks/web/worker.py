"""The worker process that `serve` keeps beside the web server."""

from __future__ import annotations

import django


def main() -> None:
    """Start Django and work until stopped."""
    django.setup()
    from whatworks.web.serving import work_until_stopped

    work_until_stopped()


if __name__ == "__main__":
    main()
