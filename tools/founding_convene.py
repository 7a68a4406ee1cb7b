"""Enters what is on record of the centre's founding: whom it met, its open events, its panels, the report of what people told it.

``python -m tools.founding_convene packs/childrens-social-care``, then ``python -m tools.pack`` on the same folder. Facts of real
bodies only, each with its source. The texts of the eight key messages are not held here, so none is entered: a message is taken from its
report or not at all.
"""

from __future__ import annotations

import datetime
import os
import sys
import tempfile
from pathlib import Path

BY = "rule:founding facts"
NEXT_STEPS = {
    "source": "What Works Centre for Children's Social Care, “Next steps”, 20 March 2018",
    "address": "https://whatworks-csc.org.uk/blog/next-steps-for-the-what-works-centre-for-childrens-social-care/",
}
SCIE = {
    "source": "Social Care Institute for Excellence, What Works Centre for Children's Social Care",
    "address": "https://www.scie.org.uk/children/what-works-centre/",
}
NEWSLETTER = {
    "source": "The centre's founding newsletter, February 2018 (its figure; we hold no copy to link to)",
    "address": "",
}
FOUNDING = {"source": "The centre's founding documents (we hold no copy to link to)", "address": ""}


def fact(words: str, where: dict[str, str]) -> dict[str, str]:
    """One fact with its source."""
    return {"fact": words, **where}


def build() -> None:
    """Every entry by its verb."""
    events()
    panels()
    from whatworks.convene.consulting import open_consultation

    open_consultation(
        by=BY, title="What stakeholders told the centre at its start", slug="founding-key-messages",
        about="At its start the centre listened to young people, practitioners and bodies, and a report of key messages was published.",
        facts=[
            fact("A report of key messages from stakeholders was published.", SCIE),
            fact("It has eight key messages. Their wording is not held here, so none is shown.", FOUNDING),
        ],
    )  # fmt: skip


def events() -> None:
    """Whom the centre met, and its open events."""
    from whatworks.convene.meeting import open_gathering

    open_gathering(
        by=BY, title="Meetings with national bodies, councils and charities", slug="founding-meetings",
        when="From the start until 20 March 2018", about="The centre began by listening.",
        facts=[
            fact("It met the Local Government Association, the Association of Directors of Children's Services, Ofsted, the British "
                 "Association of Social Workers, the PSW Network, and CIB (as the post abbreviates them).", NEXT_STEPS),
            fact("It met senior officials at 16 local authorities and 13 national charities.", NEXT_STEPS),
        ],
    )  # fmt: skip
    open_gathering(
        by=BY, title="Four open events for practitioners", slug="founding-open-events", when="Until 20 March 2018",
        facts=[fact("Four events that were open to all had over 250 practitioners in sum.", NEXT_STEPS)],
    )  # fmt: skip


def panels() -> None:
    """The panels that the founding documents name."""
    from whatworks.convene.paneling import open_panel
    from whatworks.convene.paneling_meetings import hold_meeting

    young = open_panel(
        by=BY, title="The founding panel of young people", slug="founding-young-people", sort="young",
        about="Young people told the centre what matters to them.",
        facts=[
            fact("Over 50 people from 13 to 24 years applied.", NEWSLETTER),
            fact("Twenty young people first met in February 2018 and worked through images that they made.", SCIE),
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


def main(folder: Path) -> None:
    """Enter it into an empty centre and write its tables beside the pack's."""
    with tempfile.TemporaryDirectory() as home:
        os.environ |= {"WHATWORKS_HOME": home, "DATABASE_URL": "", "DJANGO_SETTINGS_MODULE": "whatworks.web.settings"}
        import django

        django.setup()
        from whatworks.archive.opening import bring_up_to_date
        from whatworks.convene.pack import TABLES

        bring_up_to_date()
        build()
        (folder / "convene").mkdir(exist_ok=True)
        for table in TABLES:
            for name, text in table.files("open"):
                (folder / name).write_text(text, "utf-8")
                print(name)


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve())
