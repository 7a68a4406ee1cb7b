"""The mathematics of rating: schemes as data, their evaluation with reasons, vote counts, states and sentences."""
