"""One trial as data: what is asked, of whom, how many, drawn how, analysed how. Everything else is driven by it.

`read` takes the text of a TOML file; `parts` says what may stand in it; `digest` is what a registration locks.
"""

from whatworks.trial.methods.design.parts import Design
from whatworks.trial.methods.design.reading import digest, read

__all__ = ["Design", "digest", "read"]
