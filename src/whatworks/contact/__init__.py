"""Whom we know, what they agreed to, and what we sent.

In: people and bodies with their ties, consents as rows, editions to send. Out: who may be written to and why, and letters that can be
traced to the consent they rest on.
"""
