"""What we remember of changes, gaps, cases and learning."""

from whatworks.learn.models.cases import CaseCoding, CaseLink, CasePublication, CaseSettled, CaseTombstone
from whatworks.learn.models.learning import LearningEntry
from whatworks.learn.models.loop import AnswerDraft, PracticeAnswer, SavedSearch, SuggestionDeclined, WorkShare

__all__ = [
    "AnswerDraft",
    "CaseCoding",
    "CaseLink",
    "CasePublication",
    "CaseSettled",
    "CaseTombstone",
    "LearningEntry",
    "PracticeAnswer",
    "SavedSearch",
    "SuggestionDeclined",
    "WorkShare",
]
