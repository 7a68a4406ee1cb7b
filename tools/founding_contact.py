"""Enters what the centre and its founders published in its first two years, each as a fact in our words with the page that says it.

``python -m tools.founding_contact packs/childrens-social-care``, then ``python -m tools.pack`` on the same folder. No person is named
and no sentence is theirs. The bodies that the centre met are in `people/` already, each tie with its page. One press release is made up,
of Fernshire, and a list is there so that a demonstration has a newsletter.
"""

from __future__ import annotations

import datetime
import sys
from pathlib import Path

from tools.entering import BY, day, enter, on

CENTRE = "https://whatworks-csc.org.uk"
WRITTEN, APPROVED = "coder", "rule:founding facts"
RECORD = "This is a record, in our words, of what was published elsewhere. The page itself is linked below."
ASK = "Nobody here: this was published elsewhere. Ask whoever published it."
POST, RELEASE = "post", "press release"
PUBLISHED = (  # sort, day, title, what it says in a sentence, what more it says, where
    (
        RELEASE, "2017-10-12", "A team begins to set up a What Works Centre for children's social care",
        "Nesta, its Alliance for Useful Evidence, the Social Care Institute for Excellence, FutureGov and Traversum were chosen to set "
        "it up.",
        "The award was made known at a conference of children's and adults' services. The work was planned in phases: first listening and "
        "design, then help for a new management, and from June 2020 a centre that stands alone.",
        "https://www.scie.org.uk/news/mediarelease/what-works-centre-development-team",
    ),
    (
        POST, "2018-03-20", "What the centre heard in its first months, and its next steps",
        "The team met national bodies, was in touch with 16 councils and 13 charities, and over 250 practitioners came to four open "
        "events.",
        "Published on World Social Work Day. It says that the centre wanted to begin by listening, and that it worked closely with the "
        "research partner led by Cardiff University.",
        f"{CENTRE}/blog/next-steps-for-the-what-works-centre-for-childrens-social-care/",
    ),
    (
        POST, "2018-05-04", "The centre looks for pioneers among local authorities",
        "Local authorities could apply to develop and test, with the centre, ways to make evidence and to use it.",
        "A small number was sought. Whether this is the call that the 21 partners of July 2018 answered is likely, and no page that we "
        "hold says so.",
        f"{CENTRE}/blog/pioneering-new-approaches-to-generating-and-sharing-evidence-in-childrens-social-care/",
    ),
    (
        RELEASE, "2018-07-05", "The centre has a founding chair and first members of a board",
        "The chair was chosen in a competition; one of the interviews was by children and young people.",
        "On the same day a summary of key messages came out, from listening in which more than 300 people had taken part.",
        f"{CENTRE}/blog/sir-alan-wood-announced-as-centres-founding-chair/",
    ),
    (
        RELEASE, "2018-07-24", "21 local authorities and trusts are the centre's first partners",
        "They were to design and test tools with the centre and to find promising practice, at first until December 2018.",
        "The centre said that they are partners who explore and test, and not pilot sites.",
        f"{CENTRE}/whats-new/blog/21-local-partners-to-work-with-new-centre",
    ),
    (
        POST, "2018-10-26", "Practitioners met in London about a culture of evidence",
        "Two who came wrote about leadership, supervision and the want of time.",
        "The post is by those who came.",
        f"{CENTRE}/blog/a-meeting-to-build-a-movement/",
    ),
    (
        POST, "2018-11-14", "One year on: what the centre had done, and what it did not know yet",
        "The chair looked back on a year, and told of a first review, of Signs of Safety.",
        "That review found nothing to show that it fails, and nothing strong to show that it works; more evidence was called for.",
        f"{CENTRE}/blog/progress-one-year-on-a%C2%80%C2%93-now-for-the-future/",
    ),
    (
        RELEASE, "2019-01-25", "Six local authorities begin projects with the centre",
        "Three place social workers in schools, three let workers decide on budgets: 2.4 million pounds until March 2020.",
        "A third of England's local authorities had answered the call. The agreements were still to be signed. Cardiff University was to "
        "evaluate the pilots.",
        f"{CENTRE}/blog/six-local-authorities-to-work-with-the-what-works-centre-to-try-to-reduce-the-need-for-children-to-be-in-care/",
    ),
)  # fmt: skip


def build() -> None:
    """Facts first, then the one that is made up, then a list."""
    from whatworks.contact.editing import open_list

    for sort, when, title, summary, more, address in PUBLISHED:
        _entered(sort, datetime.date.fromisoformat(when), title, summary, more, address)
    made_up()
    open_list(by=BY, title="Newsletter", plain="New evidence, calls and events, once a month.")


def _entered(sort: str, when: datetime.date, title: str, summary: str, more: str, address: str) -> None:
    from whatworks.contact.newsroom import approve_post, begin_post

    with on(when, hour=12):
        made = begin_post(
            by=WRITTEN, sort=sort, title=title, summary=summary, body=f"{more}\n\n{RECORD}", source_url=address,
            media_contact=ASK if sort == RELEASE else "",
        )  # fmt: skip
        approve_post(by=APPROVED, post=made)


def made_up() -> None:
    """A press release of Fernshire."""
    from whatworks.contact.newsroom import approve_post, begin_post

    with on(day(4, 28), hour=9):
        made = begin_post(
            by=WRITTEN, sort=RELEASE, title="Four teams in Fernshire try earlier help", made_up=True,
            summary="Made up: two teams base workers in schools, two give families a small budget, after a call that eight answered.",
            body="Made up, for the demonstration. The call, its rules, the awards and how sure the assessors' order was can be read "
            "under “Calls”. What young people, families and practitioners put first stands under “You said, we did”.",
            notes_to_editors="Fernshire, Brookfield, Larkmere and Mereton do not exist.",
            media_contact="The press office of Fernshire (made up), press@fernshire.example",
        )  # fmt: skip
        approve_post(by=APPROVED, post=made)


def there() -> bool:
    """Whether the pack holds posts."""
    from whatworks.contact.models import Post

    return Post.objects.exists()


if __name__ == "__main__":
    enter(Path(sys.argv[1]).resolve(), build, rooms=["contact"], there=there)
