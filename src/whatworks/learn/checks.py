"""What `verify` asks of the rows of learning."""

from whatworks.learn import (
    cases_checks,  # noqa: F401  what cases taught
    looping_checks,  # noqa: F401  answers and the living loop
)
