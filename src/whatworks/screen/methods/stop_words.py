"""What a stopping estimate says to the person who reads: short words, the right number, nothing promised."""

from __future__ import annotations

from whatworks.saying import Said, joined, said, said_of

SMALL_SET = 1000  # below it the test seldom saves much reading
FEW_FOUND = 10  # below it one study more or less changes the share found by a tenth


def counted(number: int, one: str, many: str) -> str:
    """The number with its noun.

    >>> counted(1, "study", "studies"), counted(1200, "study", "studies")
    ('1 study', '1,200 studies')
    """
    return f"{number:,} {one if number == 1 else many}"


def studies(number: int) -> str:
    """So many relevant studies; the word `studies` is what readers say, whatever the records are.

    >>> studies(0), studies(1), studies(12)
    ('no relevant study', '1 relevant study', '12 relevant studies')
    """
    if number == 0:
        return said("no relevant study")
    return said_of(number, "%(n)s relevant study", "%(n)s relevant studies", n=f"{number:,}")


def percent(share: float) -> str:
    """A share in per cent, without digits that say nothing.

    >>> percent(0.95), percent(0.999)
    ('95%', '99.9%')
    """
    return f"{100 * share:.6g}%"


def sentence(*, found: int, screened: int, total: int, upper: int, about: int, confidence: float, stop: bool) -> str:
    """The answer for the person who reads. `upper`: most that may be missing; `about`: found and expected, rounded."""
    unread = total - screened
    if unread == 0:
        return joined(" ", (said("Every record has been read."), _all_found(found)))
    if screened == 0:
        return said("No record has been read yet. Start reading.")
    if found == 0:
        return said("No relevant study has been found yet, so we cannot say when it is safe to stop. Keep reading.")
    if stop:
        return _stopping(found, upper, about, percent(confidence))
    if upper >= unread and screened < unread:
        return said(
            "%(studies)s found so far. Too few records have been read to say how many are missing. Keep reading.",
            studies=studies(found),
        )
    return said(
        "Keep reading. You have found %(studies)s. If you stop now, as many as %(n)s more could be missing.",
        studies=studies(found),
        n=f"{upper:,}",
    )


def _all_found(found: int) -> Said:
    if found == 0:
        return said("No relevant study was found.")
    return said_of(found, "%(n)s relevant study was found.", "%(n)s relevant studies were found.", n=f"{found:,}")


def _stopping(found: int, upper: int, about: int, sure: str) -> str:
    if upper == 0:
        none = said("If you stop now, we are %(sure)s sure that no relevant study is missing.", sure=sure)
        return joined(" ", (none, said_of(found, "It has been found.", "All %(n)s have been found.", n=f"{found:,}")))
    return said_of(
        upper,
        "If you stop now, we are %(sure)s sure that no more than %(n)s of about %(studies)s is missing.",
        "If you stop now, we are %(sure)s sure that no more than %(n)s of about %(studies)s are missing.",
        sure=sure,
        n=f"{upper:,}",
        studies=studies(about),
    )


def cautions(*, found: int, screened: int, total: int, target: float, confidence: float) -> tuple[str, ...]:
    """What somebody must know before trusting the every-urn test here."""
    if screened == total:
        return ()
    told = [
        said(
            "Choose the goal (%(percent)s found) and how sure to be (%(percent_confidence)s) before you start reading.",
            percent=percent(target),
            percent_confidence=percent(confidence),
        ),
        said(
            "This holds if the records still unread are no richer in relevant studies than those read last. "
            "Keep to the ranked order, and do not leave a part of the search to the end."
        ),
        said(
            "The test takes the best of many looks. Where the order of reading is random it stops too early "
            "more often than %(percent)s; use a random sample of the unread there.",
            percent=percent(round(1 - confidence, 10)),
        ),
    ]
    if total < SMALL_SET:
        told.append(
            said(
                "With fewer than %(small_set)s records the test seldom saves much reading.", small_set=f"{SMALL_SET:,}"
            )
        )
    if 0 < found < FEW_FOUND:
        told.append(said("Only %(studies)s so far: one that is missing weighs heavily.", studies=studies(found)))
    return tuple(told)
