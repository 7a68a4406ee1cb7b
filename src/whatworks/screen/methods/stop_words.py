"""What a stopping estimate says to the person who reads: short words, the right number, nothing promised."""

from __future__ import annotations

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
    return "no relevant study" if number == 0 else counted(number, "relevant study", "relevant studies")


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
        said = studies(found)
        return f"Every record has been read. {said[0].upper()}{said[1:]} {'were' if found > 1 else 'was'} found."
    if screened == 0:
        return "No record has been read yet. Start reading."
    if found == 0:
        return "No relevant study has been found yet, so we cannot say when it is safe to stop. Keep reading."
    if stop:
        return _stopping(found, upper, about, percent(confidence))
    if upper >= unread and screened < unread:
        return (
            f"{studies(found)} found so far. Too few records have been read to say how many are missing. Keep reading."
        )
    more = counted(upper, "more", "more")
    return f"Keep reading. You have found {studies(found)}. If you stop now, as many as {more} could be missing."


def _stopping(found: int, upper: int, about: int, sure: str) -> str:
    if upper == 0:
        all_of = "It has been found." if found == 1 else f"All {found:,} have been found."
        return f"If you stop now, we are {sure} sure that no relevant study is missing. {all_of}"
    verb = "is" if upper == 1 else "are"
    return f"If you stop now, we are {sure} sure that no more than {upper:,} of about {studies(about)} {verb} missing."


def cautions(*, found: int, screened: int, total: int, target: float, confidence: float) -> tuple[str, ...]:
    """What somebody must know before trusting the every-urn test here."""
    if screened == total:
        return ()
    told = [
        f"Choose the goal ({percent(target)} found) and how sure to be ({percent(confidence)}) before you start reading.",
        "This holds if the records still unread are no richer in relevant studies than those read last. Keep to the "
        "ranked order, and do not leave a part of the search to the end.",
        "The test takes the best of many looks. Where the order of reading is random it stops too early more often than "
        f"{percent(round(1 - confidence, 10))}; use a random sample of the unread there.",
    ]
    if total < SMALL_SET:
        told.append(f"With fewer than {SMALL_SET:,} records the test seldom saves much reading.")
    if 0 < found < FEW_FOUND:
        told.append(f"Only {studies(found)} so far: one that is missing weighs heavily.")
    return tuple(told)
