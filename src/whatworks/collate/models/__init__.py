"""What has been written: where it was found, what each file held, and which records are the same report."""

from whatworks.collate.models.matching import MatchDecision
from whatworks.collate.models.others import OthersDecision
from whatworks.collate.models.reports import Record, Report
from whatworks.collate.models.searching import Import, Source

__all__ = ["Import", "MatchDecision", "OthersDecision", "Record", "Report", "Source"]
