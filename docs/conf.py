"""How the documentation is built: Markdown, no network, every warning an error (`make docs`)."""

from __future__ import annotations

import sys
import tomllib
from pathlib import Path

_PROJECT = tomllib.loads((Path(__file__).parent.parent / "pyproject.toml").read_text(encoding="utf-8"))["project"]

project = _PROJECT["name"]
release = version = _PROJECT["version"]
project_copyright = "the whatworks contributors; Apache-2.0"
language = "en_GB"

sys.path.insert(0, str(Path(__file__).parent))  # for `notebook`, which lies beside this file
extensions = ["myst_parser", "notebook"]
source_suffix = {".md": "markdown"}
exclude_patterns = ["_build"]
nitpicky = True

myst_enable_extensions = ["deflist", "dollarmath", "fieldlist"]
myst_heading_anchors = 3

html_theme = "furo"
html_static_path = ["_static"]
html_title = f"{project} {version}"
html_copy_source = False
html_show_sphinx = False
