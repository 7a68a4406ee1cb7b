"""Coding: what is asked of every study, what coders answered, how far they agree, and what stands in the end."""
