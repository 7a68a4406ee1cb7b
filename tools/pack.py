"""Makes a pack that was edited by hand canonical: loads it without its events into an empty centre and writes it out.

``python -m tools.pack packs/childrens-social-care`` after changing a row; the events then say who entered the rows.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from pathlib import Path

BY = "coder"


def main(folder: Path) -> None:
    """Rewrite the pack in place."""
    with tempfile.TemporaryDirectory() as home:
        os.environ |= {"WHATWORKS_HOME": home, "DATABASE_URL": "", "DJANGO_SETTINGS_MODULE": "whatworks.web.settings"}
        import django

        django.setup()
        from whatworks.archive.exporting import export_pack
        from whatworks.archive.layout import EVENTS
        from whatworks.archive.loading import load_pack
        from whatworks.archive.opening import bring_up_to_date

        bring_up_to_date()
        bare = Path(home) / "pack"
        shutil.copytree(folder, bare)
        (bare / EVENTS).unlink(missing_ok=True)
        load_pack(folder=bare, by=BY)
        print(f"{export_pack(folder=folder)} files in {folder}")


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve())
