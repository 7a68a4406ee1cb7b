"""Sources: one small declarative class per format of export; `read` tells the format, `write` gives records out."""

from whatworks.collate.sources.opening import SOURCES, read, read_stream
from whatworks.collate.sources.ris import write_ris
from whatworks.collate.sources.writers import write

__all__ = ["SOURCES", "read", "read_stream", "write", "write_ris"]
