"""Asking services elsewhere: politely, within bounds, one sentence where no answer can be had.

In: who asks, an address, its parameters. Out: a JSON object, or a file that is whole. Nothing here knows what is asked for;
the rooms that ask say it in their own words.
"""

from whatworks.ledger.online.asking import Asker, Etiquette, Refused, Unreached, Wording

__all__ = ["Asker", "Etiquette", "Refused", "Unreached", "Wording"]
