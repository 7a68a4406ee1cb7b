"""What changed, what is missing, what cases taught, and how people learn from it.

In: new reports, stale pages, questions without answers, published reviews of cases, what people read. Out: a list of work, a list of
gaps, answers with their sources, explainers, and records of learning that belong to those who learn.
"""
