"""What has been written: where it was found, what each file held, and which records are the same report."""

from whatworks.collate.models.documents import Document
from whatworks.collate.models.index import Bundle, Entry, IndexState, Word, WordGram
from whatworks.collate.models.matching import (
    FieldChoice,
    MatchClaim,
    MatchConflict,
    MatchDecision,
    MatchKey,
    MatchPolicy,
    MatchProgress,
    MatchProposal,
)
from whatworks.collate.models.others import OthersDecision
from whatworks.collate.models.reports import Record, Report
from whatworks.collate.models.retractions import NoticeHit, RetractionNotice
from whatworks.collate.models.searching import Import, SearchRun, Source, Strategy

__all__ = [
    "Bundle",
    "Document",
    "Entry",
    "FieldChoice",
    "Import",
    "IndexState",
    "MatchClaim",
    "MatchConflict",
    "MatchDecision",
    "MatchKey",
    "MatchPolicy",
    "MatchProgress",
    "MatchProposal",
    "NoticeHit",
    "OthersDecision",
    "Record",
    "Report",
    "RetractionNotice",
    "SearchRun",
    "Source",
    "Strategy",
    "Word",
    "WordGram",
]
