"""How learning looks as plain files. Records of what a person learnt leave only in a move or a backup."""

from whatworks.learn.models import (
    AnswerDraft,
    LearningEntry,
    PracticeAnswer,
    SavedSearch,
    SuggestionDeclined,
    WorkShare,
)
from whatworks.learn.models.cases import CaseCoding, CaseLink, CasePublication, CaseSettled, CaseTombstone
from whatworks.ledger.packs import Table

TABLES: list[Table] = [
    Table(SavedSearch, "learn/saved-searches.csv"),
    Table(SuggestionDeclined, "learn/suggestions-declined.csv"),
    Table(WorkShare, "learn/work-shares.csv", closed=True),
    Table(PracticeAnswer, "learn/practice-answers.csv"),
    Table(AnswerDraft, "learn/answer-drafts.csv", closed=True),
    # Nobody but its owner reads it, so no open pack holds it.
    Table(LearningEntry, "learn/entries.csv", closed=True),
    Table(CasePublication, "learn/case-publications.csv"),
    Table(CaseCoding, "learn/case-codings.csv", closed=True),
    Table(CaseSettled, "learn/case-settled.csv"),
    Table(CaseLink, "learn/case-links.csv"),
    Table(CaseTombstone, "learn/case-withdrawn.csv"),
]
