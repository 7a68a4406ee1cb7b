"""Documents that people print or send on: the typesetter, office files whose bytes depend on nothing but what is in them.

In: a source with its data, or the parts of a file. Out: bytes, the same each time; within bounds of time and memory.
"""
