"""What can a practitioner do with it: pages, their revisions, and the way from any number to its source.

In: syntheses, ratings, studies. Out: an immutable revision of a page that a person approved, and traces.
"""
