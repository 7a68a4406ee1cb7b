"""What can go wrong that a user can mend: one tree, one exit status, one HTTP status.

Everything else is a defect and crashes loudly.
"""


class WhatworksError(Exception):
    """Something the program can explain. The message is one sentence for the reader."""

    exit_status = 1
    http_status = 500


class InputError(WhatworksError):
    """The input or the call is wrong. Says what, where, and how to mend it."""

    exit_status = 2
    http_status = 400


class ForbiddenError(InputError):
    """The actor may not do this. Says which role may."""

    http_status = 403


class ConflictError(InputError):
    """Somebody else changed it first, or the state does not allow it. Says what to do next."""

    http_status = 409
