"""Did it work, where nothing was drawn by lot? Interrupted series, difference in differences, matching.

Each says what it rests on: a trend that would have gone on, places that would have moved alike, likeness in what was measured. None of
them is a trial.
"""

from whatworks.trial.methods.quasi.differences import Effect, two_way
from whatworks.trial.methods.quasi.matching import (
    Balance,
    MatchedEffect,
    Matching,
    balance,
    e_value,
    match,
    matched_effect,
)
from whatworks.trial.methods.quasi.regressing import Regression, regress
from whatworks.trial.methods.quasi.series import Change, InterruptedSeries, interrupted_series
from whatworks.trial.methods.quasi.series_of_means import MeanChange, SeriesOfMeans, series_of_means
from whatworks.trial.methods.quasi.staggered import GroupTime, GroupTimes, group_times

__all__ = [
    "Balance",
    "Change",
    "Effect",
    "GroupTime",
    "GroupTimes",
    "InterruptedSeries",
    "MatchedEffect",
    "Matching",
    "MeanChange",
    "Regression",
    "SeriesOfMeans",
    "balance",
    "e_value",
    "group_times",
    "interrupted_series",
    "match",
    "matched_effect",
    "regress",
    "series_of_means",
    "two_way",
]
