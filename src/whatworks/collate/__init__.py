"""What has been written, and have we got all of it?

In: search exports and tables from any database, reports entered by hand with their files, searches that a machine runs
again. Out: records that keep every field, with what could not be read listed by line; proposals on which records are
the same publication, each with its reason, for people to confirm or undo; reports to be searched, cited and taken away.
Names are fetched when first used.
"""

from __future__ import annotations

from whatworks.lazily import fetching

_HOMES = {
    "Note": "whatworks.collate.methods.records",
    "Proposal": "whatworks.collate.methods.matching",
    "ReadResult": "whatworks.collate.methods.records",
    "Record": "whatworks.collate.methods.records",
    "Unreadable": "whatworks.collate.methods.records",
    "clusters": "whatworks.collate.methods.matching",
    "propose": "whatworks.collate.methods.matching",
    "read": "whatworks.collate.sources",
    "write": "whatworks.collate.sources",
}
__all__ = sorted(_HOMES)
__getattr__ = fetching(__name__, _HOMES)
