"""What has been written, and have we got all of it?

In: search exports and tables from any database, reports entered by hand with their files, searches that a machine runs
again. Out: records that keep every field, with what could not be read listed by line; proposals on which records are
the same publication, each with its reason, for people to confirm or undo; reports to be searched, cited and taken away.
"""

from whatworks.collate.methods.matching import Proposal, clusters, propose
from whatworks.collate.methods.records import Note, ReadResult, Record, Unreadable
from whatworks.collate.sources import read, write

__all__ = ["Note", "Proposal", "ReadResult", "Record", "Unreadable", "clusters", "propose", "read", "write"]
