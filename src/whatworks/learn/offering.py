"""Where learning is found, how it is cited, and what it shows on pages of lower rooms."""

from whatworks.learn import (
    cases_offers,  # noqa: F401  what cases taught
    looping_offering,  # noqa: F401  the living loop, gaps, answers, what did not work
    recording_offering,  # noqa: F401  lessons, journal clubs, records of learning
)
