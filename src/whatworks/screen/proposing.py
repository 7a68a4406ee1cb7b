"""What a machine proposes: the order in which a review's reports are handed out, learnt from the decisions so far.

The order is a suggestion and is kept as one: which learner, which version, learnt from what. Every order that ever was
can be worked out again from what is kept.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from whatworks.errors import InputError
from whatworks.ledger.canonical import digest
from whatworks.saying import said
from whatworks.screen.methods.protocol import TITLE, Rules, read_rules
from whatworks.screen.models import Candidate, Protocol, Ranking, Review, Wave
from whatworks.screen.reviewing import protocol_of
from whatworks.screen.texts import texts_of

# What learns is imported where it is used: the web process never learns, and need not carry what that takes.
if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from whatworks.screen.methods.features import Features

KEPT = 3  # reviews whose words a process keeps at hand

Labels = dict[str, int]  # by report: 1 taken further, 0 left out


@dataclass(slots=True)
class Corpus:
    """The words of a review's candidates in the order in which they came, as a learner reads them."""

    reports: list[str]
    keys: list[str]
    shuffle: NDArray[np.int64]
    years: NDArray[np.float64]  # infinite where no year is given: those come last
    words: Features
    place: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Proposal:
    """An order that was worked out, not yet kept: the places of the corpus, best first, and what it was learnt from."""

    corpus: Corpus
    order: NDArray[np.int64]
    labels: Labels
    learner: str
    version: str
    rules: Rules
    protocol: int  # the version of the protocol that these rules are


_kept: dict[tuple[str, int, int], Corpus] = {}


def corpus_of(review: Review, count: int, mended: int) -> Corpus:
    """The words of the first so many candidates, kept at hand; `mended` tells how often an abstract was mended so far."""
    key = (review.pk, count, mended)
    if key not in _kept:
        while len(_kept) >= KEPT:
            _kept.pop(next(iter(_kept)))
        _kept[key] = _read(review, count)
    return _kept[key]


def _read(review: Review, count: int) -> Corpus:
    import numpy as np

    from whatworks.screen.methods.features import features

    rows = list(_candidates(review).values_list("pk", "report", "shuffle", "report__year")[:count])
    reports = [row[1] for row in rows]
    texts = texts_of(reports)
    words = features([texts[one].title for one in reports], [texts[one].abstract for one in reports])
    shuffle = np.array([row[2] for row in rows], dtype=np.int64)
    years = np.array([np.inf if row[3] is None else row[3] for row in rows], dtype=np.float64)
    place = {report: at for at, report in enumerate(reports)}
    return Corpus(reports, [row[0] for row in rows], shuffle, years, words, place)


def _candidates(review: Review) -> Any:
    open_waves = Wave.objects.filter(review=review, complete=True)
    return Candidate.objects.at(review, TITLE).filter(wave__in=open_waves).order_by("number", "pk")


def candidates_to_rank(review: Review) -> int:
    """How many candidates there are to put in order."""
    return int(_candidates(review).count())


def labels_now(review: Review) -> Labels:
    """What was decided on title and abstract, by report; reports found to be another's duplicate say nothing."""
    rows = _candidates(review).filter(state__in=(Candidate.INCLUDE, Candidate.EXCLUDE))
    return {report: int(state == Candidate.INCLUDE) for report, state in rows.values_list("report", "state")}


def propose(review: Review, *, mended: int = 0) -> Proposal | None:
    """Put all candidates in order by what is known now; None where there is nothing to put in order."""
    count = candidates_to_rank(review)
    if not count:
        return None
    corpus = corpus_of(review, count, mended)
    return ordered(corpus, labels_now(review), protocol_of(review))


def ordered(corpus: Corpus, labels: Labels, protocol: Protocol) -> Proposal:
    """Put these texts in order by what these decisions, in whatever sequence they came, tell this protocol."""
    import numpy as np

    from whatworks.screen.methods.learners import DEFAULT, LEARNERS, scores

    rules = read_rules(protocol.rules)
    learner = rules.learner or DEFAULT
    # In the corpus's own order: in another one the same decisions add up to scores that differ in their last places.
    known = {report: labels[report] for report in corpus.reports if report in labels}
    known |= {report: 1 for report in rules.seeds if report in corpus.place and report not in known}
    if rules.order == "ranked":
        rows = [corpus.place[report] for report in known]
        found = scores(corpus.words, rows, list(known.values()), query=_query(rules), seed=rules.seed, learner=learner)
        order = np.lexsort((corpus.shuffle, -found))
        return Proposal(corpus, order, labels, learner, LEARNERS[learner].version, rules, protocol.number)
    if rules.order == "oldest":
        order = np.lexsort((corpus.shuffle, corpus.years))
        return Proposal(corpus, order, labels, "oldest", LEARNERS["oldest"].version, rules, protocol.number)
    order = np.argsort(corpus.shuffle, kind="stable")
    return Proposal(corpus, order, labels, "random", LEARNERS["random"].version, rules, protocol.number)


def _query(rules: Rules) -> str:
    """What is known before anybody decided: the protocol's words, and those of the studies known to belong in."""
    known = texts_of(rules.seeds)
    return "\n".join([rules.words(), *(f"{one.title}\n{one.abstract}" for one in known.values())])


def order_digest(proposal: Proposal) -> str:
    """SHA-256 of the reports in their order, one a line."""
    reports = proposal.corpus.reports
    return hashlib.sha256("\n".join([reports[at] for at in proposal.order.tolist()]).encode()).hexdigest()


def labels_digest(labels: Labels) -> str:
    """SHA-256 of what was learnt from."""
    return digest(sorted(labels.items()))


def labels_at(ranking: Ranking) -> Labels:
    """What was known when this order was made: the changes of every order up to it, one after the other."""
    rows = Ranking.objects.filter(review=ranking.review_id, stage=ranking.stage, number__lte=ranking.number)
    known: dict[str, int | None] = {}
    for learnt in rows.order_by("number").values_list("learnt", flat=True):
        known |= learnt
    return {report: label for report, label in known.items() if label is not None}


def rebuilt(ranking: Ranking) -> Proposal:
    """The order of that time, worked out again from what is kept.

    Raises InputError where it cannot be: its learner has another version by now, or titles and abstracts have changed.
    """
    from whatworks.screen.methods.learners import LEARNERS

    learner = LEARNERS.get(ranking.learner)
    if learner is not None and learner.version != ranking.version:
        raise InputError(
            said(
                "This order was made by %(learner)s %(version)s; here is %(learner_version)s.",
                learner=ranking.learner,
                version=ranking.version,
                learner_version=learner.version,
            )
        )
    protocol = ranking.review.protocols.get(number=ranking.protocol)
    found = ordered(_read(ranking.review, ranking.candidates), labels_at(ranking), protocol)
    if found.corpus.words.digest != ranking.texts_digest:
        raise InputError(
            said("Titles or abstracts have changed since this order was made, so it cannot be made again.")
        )
    return found
