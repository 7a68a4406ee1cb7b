"""What can be said when effects cannot be pooled? Directions counted, p values combined, ranges shown, and reporting checked.

Every answer here is weaker than a pooled effect, and says so.
"""
