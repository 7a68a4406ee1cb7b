"""The made-up county of Fernshire tells a centre what it thinks: an enquiry, a panel drawn by lot, an event, what was said there.

No such county exists, nobody asked or said any of this, and who is on the panel is numbers drawn from a list of nobody. Entered by
`tools.founding_convene`.
"""

from __future__ import annotations

import datetime
from typing import Any

from tools.entering import BY, day, on

KEEPER = "coder"
QUESTION = "Would a social worker based at school mean that young people in Fernshire get help earlier?"
THEME = "safely-reducing-care"
SECRETS = {
    "Custodian of Brookfield": "made-up-secret-1-of-brookfield",
    "Custodian of Larkmere": "made-up-secret-2-of-larkmere",
}
QUOTAS = [
    ["Where you live", "Brookfield", 2, 4],
    ["Where you live", "Larkmere", 2, 4],
    ["Where you live", "Mereton", 2, 4],
    ["Have you been in care?", "Yes", 4, 6],
    ["Have you been in care?", "No", 2, 4],
]
APPLIED = 24
CALL = {
    "what": "You meet six times in a year, on Saturdays, in Mereton. You say what matters to you; we say what we did about it.",
    "pay": "A voucher for each meeting, your fare and lunch. You can stop at any time.",
}
SAID = (  # theme, what belongs to it, message, where it stands, what is said of it
    ("Somebody at school", "Help at school, from a person one can find",
     "Young people want somebody at school whom they can find without an appointment.", "under way",
     "Made up: the centre called for teams that base workers in schools."),
    ("The same worker", "Changes of worker, and telling it again",
     "Every change of worker means telling it all again.", "promised",
     "Made up: it is a priority that was taken up; nothing runs yet."),
    ("Hearing back", "What came of what people said",
     "People want to hear what came of what they said.", "promised",
     "Made up: each priority will have a public answer within 90 days."),
    ("A say in the software", "Which programs workers use",
     "Workers want a say in the programs that they type into.", "not done",
     "Made up: which product to buy is no question of what works. The county's buyers were told."),
)  # fmt: skip


def fernshire() -> None:
    """All of it, each on the day on which it would have happened."""
    enquiry()
    panel()
    listening()


def enquiry() -> None:
    """Somebody asks, is answered, and the question goes on."""
    from whatworks.convene.enquiring import ask, move
    from whatworks.convene.enquiring_further import disclose, raise_question
    from whatworks.convene.methods import clock
    from whatworks.convene.models import Enquiry
    from whatworks.scope.models import Theme

    with on(day(12, 1, 2025)):
        words = "Made up, for the demonstration. Our school has asked for a worker of its own; is that any good?"
        asked = ask(words=words, sort=Enquiry.GENERAL, demonstration=True)
    with on(day(12, 15, 2025)):
        answer = "Made up: what is known is on the page of social workers in schools. We take the question up."
        asked = move(by=KEEPER, enquiry=asked, what=clock.ANSWER, words=answer)
        raise_question(by=KEEPER, enquiry=asked, wording=QUESTION, theme=Theme.objects.get(slug=THEME))
        disclose(
            by=KEEPER, enquiry=asked, title="Social workers in the schools of Fernshire", outcome="full",
            asked="Whether it helps to base a social worker in a school.",
            answered="The page of social workers in schools says what is known and how sure that is. The question was taken up, and "
            "stands among the priorities of Fernshire.",
        )  # fmt: skip


def panel() -> None:
    """A call, a draw by lot within quotas that anybody can repeat, a first meeting."""
    from whatworks.convene.paneling import open_panel
    from whatworks.convene.paneling_draw import commit, draw, freeze
    from whatworks.convene.paneling_meetings import hold_meeting
    from whatworks.stats.lot import commitment

    with on(day(12, 1, 2025)):
        held = open_panel(
            by=BY, title="Young people of Fernshire", slug="young-people-of-fernshire", sort="young", call=CALL,
            about="A made-up panel: young people from 13 to 24 say what the centre should find out.", demonstration=True,
            safeguarding="The safeguarding lead of the panel (made up), safe@fernshire.example", places=8, youngest=13, oldest=24,
            quotas=QUOTAS, dbs="enhanced", opens_on=day(12, 1, 2025), closes_on=day(12, 31, 2025),
            other_ways="Everybody who is not drawn is asked to vote on the priorities, and to the open evening in Larkmere.",
        )  # fmt: skip
    for number in range(APPLIED):
        _apply(held, number)
    with on(day(1, 2)):
        for name, secret in SECRETS.items():
            commit(by=BY, panel=held, name=name, commitment=commitment(secret))
        freeze(by=BY, panel=held)
    with on(day(1, 3)):
        draw(by=BY, panel=held, secrets=SECRETS)
        hold_meeting(
            by=BY, panel=held, title="First meeting", on=day(1, 10), place="Mereton (made up)", came=8, source="Made up",
            summary="Made up: they chose how they want to work, and put forward four questions.",
        )  # fmt: skip


def _apply(held: Any, number: int) -> None:
    """One of nobody: an applicant is a number here, and leaves no row in a pack."""
    from whatworks.convene.paneling import apply

    bands = {
        "Where you live": ("Brookfield", "Larkmere", "Mereton")[number % 3],
        "Have you been in care?": ("Yes", "No")[number // 3 % 2],
    }
    apply(
        panel=held, name=f"Made-up applicant {number + 1}", phone="01632 960000", age=16 + number % 8, bands=bands,
        agrees=["data", "taking part"], day=day(12, 2 + number, 2025),
    )  # fmt: skip


def listening() -> None:
    """An evening, the themes of what was said, and a message for each with what was done."""
    from whatworks.convene.consulting import open_consultation
    from whatworks.convene.meeting import open_gathering
    from whatworks.convene.theming import add_theme, sign_message, tell_done, write_message

    starts = datetime.datetime(2026, 1, 15, 18, tzinfo=datetime.UTC)
    about = "A made-up open evening: what should the centre find out, and what gets in the way of good help?"
    with on(day(12, 22, 2025)):
        evening = open_gathering(
            by=BY, title="An evening of listening in Larkmere", slug="evening-in-larkmere", about=about, starts_at=starts,
            ends_at=starts + datetime.timedelta(hours=2), place="Larkmere (made up)", demonstration=True,
        )  # fmt: skip
    with on(day(1, 26)):
        held = open_consultation(
            by=BY, title="What was said in Larkmere", slug="said-in-larkmere", gathering=evening, demonstration=True,
            about="What people said at the made-up evening, in four messages, and what was done about each.",
        )  # fmt: skip
        told = [(add_theme(by=KEEPER, consultation=held, title=row[0], meaning=row[1]), row) for row in SAID]
        for theme, row in told:
            made = write_message(by=KEEPER, consultation=held, words=row[2], themes=[theme], source="Made up")
            sign_message(by=KEEPER, message=made)
    with on(day(4, 27)):
        for message, row in zip(held.messages.order_by("number"), SAID, strict=True):
            tell_done(
                by=KEEPER,
                message=message,
                state=row[3],
                words=row[4],
            )
