"""What people tell us: events, panels, consultations, enquiries, and challenges to what we publish.

In: what people say, with what they agreed to. Out: themes, answers in time, and what was done about it.
"""
