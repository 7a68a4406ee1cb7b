"""The honest panel: all defensible analyses of one trial side by side, the declared one marked, from its design and its data.

`answer` runs everything; `compare` one arm against the comparator; `telling.told` says it in words.
"""

from whatworks.trial.methods.analysing.answering import AnalysedTrial, answer

__all__ = ["AnalysedTrial", "answer"]
