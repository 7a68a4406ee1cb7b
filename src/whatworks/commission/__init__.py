"""Whom we should fund and work with: calls, applications, blind scores, awards, agreements, claims.

In: a call with its rules, applications, scores with their reasons. Out: a determination that says how sure its order is, and awards
followed to their end.
"""
