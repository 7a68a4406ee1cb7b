"""Who may do what, and whose interests conflict.

In: people who sign in, organisations and authorities with sourced facts. Out: roles described in plain English,
permissions asked for by name, areas valid by date, declared interests.
"""
