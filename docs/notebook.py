"""A Sphinx directive that runs what it shows: `{run}` blocks of a page share one namespace, and what they give stands below.

What a block prints is shown as text; a last expression that can draw itself is shown as its drawing, any other as text.
A block that fails ends the build, so that no page shows code that does not work.
"""

from __future__ import annotations

import ast
import contextlib
import io
import os
from pathlib import Path
from typing import Any

from docutils import nodes
from docutils.parsers.rst import Directive
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError


class Run(Directive):
    """One block of Python, run in the folder of its page."""

    has_content = True

    def run(self) -> list[nodes.Node]:
        """The code, then what it gave."""
        environment = self.state.document.settings.env
        source, page = "\n".join(self.content), environment.docname
        names = environment.temp_data.setdefault("notebook", {"__name__": page})
        folder = Path(environment.doc2path(page)).parent
        try:
            printed, value = executed(source, names, folder)
        except Exception as error:
            raise ExtensionError(f"{page}, line {self.lineno}: {type(error).__name__}: {error}") from error
        code = nodes.literal_block(source, source, language="python")
        return [code, *_shown(printed, value)]


def executed(source: str, names: dict[str, Any], folder: Path) -> tuple[str, Any]:
    """Run a block; what it printed, and the value of its last line where that is an expression."""
    tree = ast.parse(source)
    last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
    out, before, value = io.StringIO(), Path.cwd(), None
    os.chdir(folder)
    try:
        with contextlib.redirect_stdout(out):
            exec(compile(tree, "page", "exec"), names)
            if last is not None:
                value = eval(compile(ast.Expression(last.value), "page", "eval"), names)
    finally:
        os.chdir(before)
    return out.getvalue(), value


def _shown(printed: str, value: Any) -> list[nodes.Node]:
    given: list[nodes.Node] = []
    if printed:
        given.append(_text(printed.rstrip("\n")))
    draw = getattr(value, "_repr_svg_", None)
    if draw is not None:
        given.append(nodes.raw("", f"<figure>{draw()}</figure>", format="html"))
    elif value is not None:
        text = value if isinstance(value, str) else repr(value)
        given.append(_text(text))
    return given


def _text(text: str) -> nodes.Node:
    return nodes.literal_block(text, text, language="text", classes=["given"])


def setup(app: Sphinx) -> dict[str, Any]:
    """Let pages use `{run}`."""
    app.add_directive("run", Run)
    app.add_css_file("notebook.css")
    return {"parallel_read_safe": False, "parallel_write_safe": True}
