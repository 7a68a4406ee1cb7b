"""Fernshire sets priorities, decides in a meeting, passes gates and fills a post: all made up. And the centre's true way to independence.

``python -m tools.founding_decide packs/childrens-social-care`` after the tools of `convene` and `commission`, then ``python -m tools.pack``
on the same folder. Ballots and interviews come from the lot, so that anybody can make them again; they leave in no pack.
"""

from __future__ import annotations

import datetime
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tools.entering import BY, day, enter, on
from tools.founding_fernshire import KEEPER
from tools.founding_fernshire import QUESTION as AT_SCHOOL

GROUPS = {"Young people": 9, "Parents, carers and families": 7, "Practitioners": 24}  # each with how many voted
BUDGET = "Would a small budget that workers can spend at once keep more families in Fernshire together?"
SAME = "Does meeting the same worker each time change how a young person's plan turns out?"
WEEKLY = "Does a visit each week help more than a visit each month?"
EDUCATION = "What helps young people to stay in education after they leave care?"
SOFTWARE = "Which programs for case records should Fernshire buy?"
FORMS = "Do longer forms for assessments lead to better plans?"
STAYING = "Does it help to stay with foster carers until 21?"
WORTH = {  # how much each group is meant to want it, of 1000
    AT_SCHOOL: (900, 750, 850), SAME: (950, 600, 450), BUDGET: (500, 900, 700), EDUCATION: (700, 450, 500),
    WEEKLY: (350, 550, 550), SOFTWARE: (150, 250, 650), FORMS: (50, 100, 150),
}  # fmt: skip
LOOKED = "Made up: in the pages of this centre, its register of trials and its calls, on 12 January 2026."
TITLE, MADE_UP = "What should Fernshire find out next?", "Made up: "
TRUE_PLAN = "The way of the What Works Centre for Children's Social Care to independence, as announced"
BOARD = "Made-up board of Fernshire"
PANELS = ("Young people of Fernshire", "Members of the board")
CRITERIA = (
    ("Listens", 40, "1: speaks of children; 5: can say what changed because a child spoke"),
    ("Knows evidence", 30, "1: quotes one study; 5: can say what a study cannot show"),
    ("Can lead a board", 30, "1: has been on one; 5: has led one through a hard decision"),
)


def build() -> None:
    """In the order in which it would have happened."""
    publish_pages()
    setting = priorities()
    held = meeting(setting)
    post(held)
    answers(setting, held["fund"])
    gates(held["gate"])
    plans()


def publish_pages() -> None:
    """Pages, so that a decision can name the revision that was read."""
    from whatworks.publish.actions import approve, refresh
    from whatworks.publish.models import Draft

    refresh(by=BY)
    for waiting in Draft.objects.filter(page__slug="social-workers-in-schools").select_related("page"):
        approve(by=BY, page=waiting.page)


def priorities() -> Any:
    """Questions are put forward, looked up, voted on and ordered."""
    from whatworks.decide.prioritising import look_up, open_setting, open_voting, publish, put_forward
    from whatworks.ledger.models import Subject
    from whatworks.scope.models import Intervention, Theme

    with on(day(1, 12)):
        setting = open_setting(
            by=BY, title=TITLE, groups=dict.fromkeys(GROUPS, 1.0), shortlist=6, choose=3, closes_on=day(1, 30),
            theme=Theme.objects.get(slug="safely-reducing-care"), demonstration=True,
        )  # fmt: skip
        for wording in WORTH:
            row = put_forward(by=BY, setting=setting, question=_question(wording))
            look_up(by=BY, row=row, found="unanswered", looked=LOOKED)
        row = put_forward(by=BY, setting=setting, question=_question(STAYING))
        known = Subject.objects.get(pk=Intervention.objects.get(slug="extended-care").pk)
        look_up(by=BY, row=row, found="answered", looked=LOOKED, by_what=known)
    with on(day(1, 19)):
        open_voting(by=BY, setting=setting)
        for number, (group, voters) in enumerate(GROUPS.items()):
            _vote(setting, group, number, voters)
    with on(day(2, 2)):
        publish(by=BY, setting=setting)
    return setting


def _question(wording: str) -> Any:
    """The question, which an enquiry may have brought already."""
    from whatworks.scope.models import Question, Theme
    from whatworks.scope.questioning import take_up

    theme = Theme.objects.get(slug="safely-reducing-care")
    held = Question.objects.filter(wording=wording).first()
    return held or take_up(by=BY, wording=wording, theme=theme, origin_kind="panel", demonstration=True)


def _vote(setting: Any, group: str, number: int, voters: int) -> None:
    """Everybody ticks three: those that the group wants most, with a good deal of chance in it."""
    from whatworks.decide.prioritising import cast, hand_out
    from whatworks.scope.models import Question
    from whatworks.stats.lot import Lot, seed_of

    lot = Lot(seed_of("0" * 64, [f"made-up ballots of {group}"]))
    known = dict(Question.objects.filter(wording__in=WORTH).values_list("wording", "pk"))
    for code in hand_out(by=BY, setting=setting, group=group, number=voters):
        wanted = {wording: worth[number] + lot.below(700) for wording, worth in WORTH.items()}
        first = sorted(wanted, key=lambda wording: -wanted[wording])[:3]
        cast(setting=setting, code=code, ticked=[known[wording] for wording in first])


def meeting(setting: Any) -> dict[str, Any]:
    """A meeting with three decisions, each with its options and what it rests on, and two things that somebody was asked to do."""
    from whatworks.decide.deciding import ask_action, do_action, hold_meeting
    from whatworks.publish.models import Page

    page = Page.objects.get(slug="social-workers-in-schools")
    newest = page.newest()
    assert newest is not None
    with on(day(2, 18)):
        held = hold_meeting(
            by=BY, body=BOARD, held_on=day(2, 18), demonstration=True, present="Seven members, two of them young people (made up)",
            minutes=f"{MADE_UP}the board read the order of priorities, the result of the made-up trial and the page that it rests on.",
        )  # fmt: skip
        made = decisions(setting, held, newest)
        ask_action(
            by=BY,
            meeting=held,
            what="Tell the panel what was decided (made up)",
            owner="Office of the board",
            due_on=day(3, 6),
        )
        ask_action(
            by=BY,
            meeting=held,
            what="Bring the next result to the board (made up)",
            owner="Trial team",
            due_on=day(12, 18),
        )
    with on(day(3, 4)):
        do_action(by=BY, action=held.actions.order_by("due_on")[0], came_of_it="told at their second meeting (made up)")
    return made


def decisions(setting: Any, held: Any, newest: Any) -> dict[str, Any]:
    """Three: what is funded, that a programme stays an experiment, who leads the board."""
    from whatworks.decide.deciding import decide

    told: Any = {"by": KEEPER, "decided_by": BOARD, "decided_on": day(2, 18), "meeting": held, "demonstration": True}
    fund = decide(
        title="Earlier help: fund two ways in four teams", chosen=0, evidence=[newest.pk, setting.pk, _trial().pk],
        context=f"{MADE_UP}two questions came first. One way has been tried in a made-up trial, the other nowhere in the county.",
        options=["Fund both ways, two teams each", "Fund workers in schools alone", "Leave it as it is"],
        why=f"{MADE_UP}only side by side can the two be compared, and the money for four teams is there.",
        interests="One member works for Larkmere (made up).", left="That member, for this item.",
        dissent="One member wanted to wait for more evidence (made up).", review_on=day(2, 18, 2027), **told,
    )  # fmt: skip
    gate = decide(
        title="Workers in schools stay an experiment", chosen=1, evidence=[_trial().pk],
        options=["Offer it everywhere", "Go on trying"], context=f"{MADE_UP}may the programme go on to everyday practice?",
        why=f"{MADE_UP}one trial is too little to tell.", **told,
    )  # fmt: skip
    chair = decide(
        title="The board has a chair", chosen=1, options=["Applicant 2", "Applicant 3"],
        context=f"{MADE_UP}two applicants were interviewed.",
        why=f"{MADE_UP}young people and members of the board both put applicant 3 first.", **told,
    )  # fmt: skip
    return {"fund": fund, "gate": gate, "chair": chair}


def _trial() -> Any:
    from whatworks.trial.models import Trial

    return Trial.objects.get(slug="made-up-schools")


def post(held: Mapping[str, Any]) -> None:
    """A post for which young people interview and score, unseen by the board and the board by them."""
    from whatworks.decide.filling import fill, open_post, score

    with on(day(12, 1, 2025)):
        made = open_post(
            by=BY, title="Chair of the made-up board of Fernshire", demonstration=True, panels=PANELS, closes_on=day(1, 9),
            says=f"{MADE_UP}leads a board of seven, two days a month.", kept_until=day(12, 31),
            criteria=[{"criterion": name, "weight": weight, "anchors": anchors} for name, weight, anchors in CRITERIA],
        )  # fmt: skip
    with on(day(1, 30)):
        for number, given in (("2", (3, 4, 3)), ("3", (5, 4, 4))):
            for panel in PANELS:
                scores = dict(zip((row[0] for row in CRITERIA), given, strict=True))
                score(
                    by=f"made-up interviewer of {panel}"[:64], post=made, applicant=number, panel=panel, scores=scores
                )
    with on(day(2, 18)):
        fill(by=KEEPER, post=made, resolution=held["chair"])


def answers(setting: Any, fund: Any) -> None:
    """What became of every priority, in public: one of each kind. Then those who asked to hear back are told."""
    from whatworks.decide.deciding import answer_priority
    from whatworks.scope.models import Question
    from whatworks.scope.questioning import answer_question, decline_question

    rows = {one.question.wording: one for one in setting.priorities.select_related("question")}
    call, review = _call(), _review()
    same = rows[SAME].subject
    with on(day(4, 24)):
        for wording, state, reason, more in (
            (AT_SCHOOL, "done", "it was tried in a trial in four councils; the result is there to read.",
             {"resolution": fund, "money": 640_000, "output": _trial().subject}),
            (BUDGET, "running", "the call found teams that try it now.",
             {"resolution": fund, "money": 560_000, "output": call.subject}),
            (SAME, "accepted", "it is taken up; a way of measuring it is being sought.", {}),
            (WEEKLY, "merged", "how often and with whom belong together; both go on as one question.", {"output": same}),
            (EDUCATION, "answered", "a review that is held here looked for what is known; its page says how sure that is.",
             {"output": review.subject}),
            (SOFTWARE, "declined", "what to buy is no question of what works. The county's buyers were told.", {}),
            (FORMS, "declined", "it did not come onto the short list. It can be put forward again next time.", {}),
        ):  # fmt: skip
            answer_priority(by=KEEPER, priority=rows[wording], state=state, reason=f"{MADE_UP}{reason}", **more)
        answer_question(by=KEEPER, question=Question.objects.get(wording=EDUCATION), answer=review.pk)
        decline_question(
            by=KEEPER,
            question=Question.objects.get(wording=SOFTWARE),
            reason="What to buy is no question of what works.",
        )
    heard_back(setting)


def heard_back(setting: Any) -> None:
    """The message that people want to hear what came of what they said is kept by the answers."""
    from whatworks.convene.models import KeyMessage
    from whatworks.convene.theming import tell_done

    message = KeyMessage.objects.get(consultation__slug="said-in-larkmere", number=3)
    with on(day(4, 29)):
        words = "Made up: each of the seven priorities has its answer."
        tell_done(by=KEEPER, message=message, state="done", words=words, evidence=setting.subject)


def _call() -> Any:
    from whatworks.commission.models import Call

    return Call.objects.get(slug="earlier-help-in-fernshire")


def _review() -> Any:
    from whatworks.screen.models import Review

    return Review.objects.get(slug="leaving-care")


def gates(resolution: Any) -> None:
    """The made-up programme of the made-up trial passed one gate and not the next."""
    from whatworks.decide.deciding import pass_gate

    trial = _trial().subject
    for when, stage, passed, reason, rows, by_what in (
        (day(1, 20), "establishing effectiveness", True, "schools can be drawn and most agree.",
         (("Schools agree to be drawn", "yes", "24 of 26 that were asked."), ("The plan is registered", "yes", "Before the draw.")), None),
        (day(2, 18), "in practice", False, "one trial is too little to tell.",
         (("The plan was kept", "yes", "Nothing was changed after data came."), ("A second trial agrees", "no", "There is none.")),
         resolution),
    ):  # fmt: skip
        criteria = [dict(zip(("criterion", "met", "found"), row, strict=True)) for row in rows]
        with on(when):
            pass_gate(
                by=KEEPER,
                about=trial,
                stage=stage,
                criteria=criteria,
                passed=passed,
                reason=f"{MADE_UP}{reason}",
                resolution=by_what,
            )


def plans() -> None:
    """What was announced of the real centre's way, as a fact; and a plan of Fernshire, of which a step is done."""
    from whatworks.decide.deciding import finish_step, plan_step, respond_to_policy
    from whatworks.publish.models import Page

    first = plan_step(by=BY, plan=TRUE_PLAN, order=1, owner="The centre", what="Become a company of its own")
    with on(datetime.date(2019, 8, 31)):
        proof = "Told by the centre in August 2019 (whatworks-csc.org.uk/?p=2771); the page gives no day, so the month's last stands."
        finish_step(by=BY, step=first, proof=proof)
    plan_step(
        by=BY, plan=TRUE_PLAN, order=2, owner="The centre",
        what="Be a charity that stands alone, by 2020 (scie.org.uk/children/what-works-centre). What came of it is not recorded here.",
    )  # fmt: skip
    for order, what, due in (
        (1, "Choose a chair, with young people among those who interview", day(2, 28)),
        (2, "Take over the register of interests and the calls that run", day(12, 18)),
        (3, "Publish accounts of its own", datetime.date(2027, 9, 30)),
    ):
        step = plan_step(
            by=BY, plan="Fernshire's made-up board stands alone", order=order, what=what, owner="Office of the board", due_on=due,
            demonstration=True,
        )  # fmt: skip
        if order == 1:
            with on(day(2, 19)):
                finish_step(by=BY, step=step, proof="The decision of 18 February 2026 (made up).")
    newest = Page.objects.get(slug="social-workers-in-schools").newest()
    assert newest is not None
    respond_to_policy(
        by=BY, title="Fernshire's draft plan for schools", to_whom="the made-up council of Fernshire", cites=[newest.pk],
        sent_on=day(5, 11),
        asked="Made up: should every school have a worker?", demonstration=True, came_back="Made up: the plan was changed to four teams.",
        text="Made up: what is known does not carry a plan for every school. We advise to try it where it can be compared.",
    )  # fmt: skip


def there() -> bool:
    """Whether the pack holds the setting."""
    from whatworks.decide.models import PrioritySetting

    return PrioritySetting.objects.exists()


if __name__ == "__main__":
    enter(Path(sys.argv[1]).resolve(), build, rooms=["scope", "convene", "decide"], there=there)
