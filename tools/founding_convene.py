"""Enters what is on record of the centre's founding: whom it met, its open events, its panels, the eight messages that people gave it.

``python -m tools.founding_convene packs/childrens-social-care``, then ``python -m tools.pack`` on the same folder. Real bodies carry facts
alone, each with its source, in our own words; what is made up is of Fernshire (`tools.founding_fernshire`).
"""

from __future__ import annotations

import datetime
import sys
from pathlib import Path
from typing import Any

from tools.entering import BY, enter
from tools.founding_fernshire import fernshire

CENTRE = "https://whatworks-csc.org.uk"
SIGNED = "coder"  # who entered the pack: a person signs a message, and no rule does
NEXT_STEPS = {
    "source": "What Works Centre for Children's Social Care, “Next steps”, 20 March 2018",
    "address": f"{CENTRE}/blog/next-steps-for-the-what-works-centre-for-childrens-social-care/",
}
CHAIR = {
    "source": "What Works Centre for Children's Social Care, on its founding chair, 5 July 2018",
    "address": f"{CENTRE}/blog/sir-alan-wood-announced-as-centres-founding-chair/",
}
SCIE = {
    "source": "Social Care Institute for Excellence, What Works Centre for Children's Social Care",
    "address": "https://www.scie.org.uk/children/what-works-centre/",
}
LISTED = {
    "source": "Researching Reform, 5 July 2018, which lists the report's messages; put here in our words",
    "address": "https://researchingreform.net/2018/07/05/chair-appointed-for-what-works-centre-for-childrens-social-care/",
}
PARTNERS = f"{CENTRE}/whats-new/blog/21-local-partners-to-work-with-new-centre"
NEWSLETTER = {
    "source": "The centre's founding newsletter, February 2018 (its figure; we hold no copy to link to)",
    "address": "",
}
FOUNDING = {"source": "The centre's founding documents (we hold no copy to link to)", "address": ""}
MESSAGES = (
    "Do it together with those who do the work, and not to them.",
    "Children, young people and families come first in all of it.",
    "See that findings are put to use and practice gets better, in ways that can be done and that fit each place.",
    "Find out what lets good social work happen at all.",
    "Help people to go on learning.",
    "Keep in mind where other services meet social care.",
    "Build on what others know, and do not do their work again.",
    "Say so when something is wrong, to Government as well.",
)
UNTIED = "The page does not say that it was done because of this message."
DONE = {  # by message: what is on record, and where
    1: (f"In July 2018, 21 local authorities and trusts became partners who explore, design and test with it. {UNTIED}", PARTNERS),
    2: (f"In July 2018 a chair was chosen, and children and young people were among those who interviewed. {UNTIED}", CHAIR["address"]),
}  # fmt: skip


def fact(words: str, where: dict[str, str]) -> dict[str, str]:
    """One fact with its source."""
    return {"fact": words, **where}


def build() -> None:
    """Every entry by its verb."""
    events()
    panels()
    messages()
    fernshire()


def messages() -> None:
    """The report of what people told the centre: eight messages, each with what is on record of what came of it."""
    from whatworks.convene.consulting import open_consultation
    from whatworks.convene.theming import sign_message, tell_done, write_message

    held = open_consultation(
        by=BY, title="What stakeholders told the centre at its start", slug="founding-key-messages",
        about="At its start the centre listened to young people, families, practitioners and bodies. A report gave their eight messages.",
        facts=[
            fact("A report of key messages from stakeholders was published on the centre's own pages.", SCIE),
            fact("More than 300 people took part in the listening until then.", CHAIR),
            fact("The report has eight key messages.", LISTED),
        ],
    )  # fmt: skip
    for number, words in enumerate(MESSAGES, 1):
        made = write_message(by=BY, consultation=held, words=words, **LISTED)
        sign_message(by=SIGNED, message=made)
        if number in DONE:
            told, address = DONE[number]
            tell_done(by=SIGNED, message=made, state="done", words=told, address=address)


def events() -> None:
    """Whom the centre met, and its open events."""
    from whatworks.convene.meeting import open_gathering

    open_gathering(
        by=BY, title="Meetings with national bodies, councils and charities", slug="founding-meetings",
        when="From the start until 20 March 2018", about="The centre began by listening.",
        facts=[
            fact("It met the Local Government Association, the Association of Directors of Children's Services, Ofsted, the British "
                 "Association of Social Workers, the Principal Social Workers Network and the Children's Improvement Board.", NEXT_STEPS),
            fact("It made contact with senior officials at 16 local authorities and 13 national charities.", NEXT_STEPS),
            fact("It told the Partners in Practice councils about its work, and held a workshop at the learning conference of the "
                 "Innovation Programme.", NEXT_STEPS),
        ],
    )  # fmt: skip
    open_gathering(
        by=BY, title="Four open events for practitioners", slug="founding-open-events", when="Until 20 March 2018",
        about="Events that were open to all, around the country.",
        facts=[fact("Over 250 practitioners came to the four of them.", NEXT_STEPS)],
    )  # fmt: skip


def panels() -> None:
    """The panels that the founding documents name."""
    from whatworks.convene.paneling import open_panel
    from whatworks.convene.paneling_meetings import hold_meeting

    young: Any = open_panel(
        by=BY, title="The founding panel of young people", slug="founding-young-people", sort="young",
        about="Young people told the centre what matters to them.",
        facts=[
            fact("Over 50 people from 13 to 24 years applied.", NEWSLETTER),
            fact("Twenty young people first met in February 2018 and worked through images that they made.", SCIE),
            fact("A panel of children and young people interviewed those who applied to chair the centre.", CHAIR),
        ],
    )  # fmt: skip
    hold_meeting(
        by=BY, panel=young, title="First meeting", on=datetime.date(2018, 2, 19), came=20,
        source=f"{SCIE['source']} (February 2018); the day is the founding newsletter's", address=SCIE["address"],
    )  # fmt: skip
    for title, slug, sort in (
        ("The founding panel of practitioners", "founding-practitioners", "practitioners"),
        ("The founding group of voluntary sector leaders", "founding-voluntary-sector", "voluntary"),
    ):
        named = fact("The founding documents name this group. We hold no day of a meeting and no number.", FOUNDING)
        open_panel(by=BY, title=title, slug=slug, sort=sort, facts=[named])


def there() -> bool:
    """Whether the pack holds the panels."""
    from whatworks.convene.models import Panel

    return Panel.objects.exists()


if __name__ == "__main__":
    enter(Path(sys.argv[1]).resolve(), build, rooms=["scope", "convene"], there=there)
