"""Who did what, when, from which source; and what rests on what.

In: a verb, an actor, the subjects it was about and a payload. Out: an append-only chain of events whose payloads can be
erased, identifiers that anything may cite, artefacts with their lineage both ways, long work that survives a crash.
"""
