"""What the database knows of its tables' sizes: PostgreSQL plans badly when many rows came in the meantime."""

from __future__ import annotations

from django.db import connection

MANY = 100  # new rows at once after which a plan made before may be far off


def renew_statistics(new: int) -> None:
    """Have the database count its tables anew after so many new rows, where it plans by counts.

    It does so by itself after a while, but not for rows of a transaction that goes on, and not before the next query of
    somebody who waits: a plan for an empty table joins row by row.
    """
    if new >= MANY and connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
