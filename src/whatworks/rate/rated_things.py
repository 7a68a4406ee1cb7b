"""What two people can be asked to rate, by which schemes, and what is held about it before anybody judges."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from whatworks.errors import InputError
from whatworks.extract.models import Contrast, Study
from whatworks.ledger.models import Artefact, Subject
from whatworks.rate.methods.asking import asked
from whatworks.rate.methods.inputs import shown
from whatworks.rate.methods.scheme import Input, Scheme
from whatworks.rate.models import Assessment, Rating
from whatworks.rate.schemes import load_scheme
from whatworks.saying import Said, said
from whatworks.scope.models import Intervention
from whatworks.screen.models import Review
from whatworks.synthesise.models import Synthesis

EMMIE = ("emmie-effect", "emmie-mechanism", "emmie-moderator", "emmie-implementation", "emmie-economics")
# By kind of subject: the schemes by which people judge it. A computed rating is judged by its own.
BY_PEOPLE: dict[str, tuple[str, ...]] = {
    "synthesis": ("grade",),
    "study": ("eef-trial-padlock",),
    "review": EMMIE,
    "intervention": ("cerqual",),
}


@dataclass(frozen=True, slots=True)
class Thing:
    """One thing to rate by one version of a scheme: what it is called, what is held about it, whether it still stands."""

    about: Subject
    scheme: Scheme
    title: str
    intervention: Intervention | None
    held: dict[str, Any] = field(default_factory=dict)
    computed: str = ""  # the level that stands computed; shown to nobody who has not rated yet

    @property
    def questions(self) -> tuple[Input, ...]:
        """What a rater is asked before they give a level."""
        return asked(self.scheme, self.held)

    @property
    def current(self) -> bool:
        """Whether nothing newer has taken its place."""
        return not Artefact.objects.filter(pk=self.about.pk).exclude(superseded_by="").exists()

    @property
    def facts(self) -> list[tuple[str, str]]:
        """What is held, as a rater reads it: names and values, with no level and nothing suggested."""
        known = [(self.scheme.inputs[name], value) for name, value in self.held.items() if name in self.scheme.inputs]
        return [(one.words[:1].upper() + one.words[1:], shown(one, value)) for one, value in known]


def gone(called: str) -> Said:
    """That there is no such thing to rate."""
    return said("Nothing that can be rated is called %(called)s; go back to the page you came from.", called=called)


def schemes_for(kind: str) -> tuple[str, ...]:
    """The schemes by which people can judge a subject of a kind; of a rating it is its own."""
    return BY_PEOPLE.get(kind, ())


def thing_of(identifier: str, scheme: str = "", *, version: int | None = None, finding: str = "") -> Thing:
    """What is rated, from its identifier and the scheme's key. `finding`: for CERQual, the finding in a sentence.

    Raises InputError for what is not here or cannot be rated by that scheme.
    """
    subject = Subject.objects.filter(pk=identifier[:24]).first()
    if subject is None:
        raise InputError(gone(identifier[:24]))
    if subject.kind == Rating.kind:
        return _of_rating(subject)
    allowed = schemes_for(subject.kind)
    if not allowed:
        raise InputError(gone(identifier[:24]))
    if scheme not in allowed:
        raise InputError(
            said(
                "Choose by which scheme “%(title)s” is rated: %(allowed)s.",
                title=subject.title,
                allowed=", ".join(allowed),
            )
        )
    chosen = load_scheme(scheme, version)
    title, intervention = _named(subject, finding)
    return Thing(subject, chosen, title[:400], intervention)


def thing_rated(assessment: Assessment) -> Thing:
    """What an assessment rates, by the version of the scheme it was asked by."""
    if assessment.about.kind == Rating.kind:
        return _of_rating(assessment.about)
    chosen = load_scheme(assessment.scheme, int(assessment.version))
    return Thing(assessment.about, chosen, assessment.title, assessment.intervention)


def _of_rating(subject: Subject) -> Thing:
    rating = Rating.objects.select_related("intervention", "outcome").get(pk=subject.pk)
    chosen = load_scheme(rating.scheme, int(rating.version))
    title = f"{rating.intervention.name}: {rating.outcome.name[:1].lower()}{rating.outcome.name[1:]}"
    return Thing(subject, chosen, title[:400], rating.intervention, dict(rating.inputs), rating.result["level"] or "")


def _named(subject: Subject, finding: str) -> tuple[str, Intervention | None]:
    if subject.kind == Synthesis.kind:
        one = Synthesis.objects.select_related("analysis__intervention").get(pk=subject.pk)
        return one.analysis.title, one.analysis.intervention
    if subject.kind == Intervention.kind:
        if not finding.strip() or len(finding) > 300:
            raise InputError(
                said("Say in one sentence, of at most 300 characters, which qualitative finding is rated.")
            )
        return finding.strip(), Intervention.objects.get(pk=subject.pk)
    if subject.kind == Study.kind:
        row = Contrast.objects.filter(study=subject.pk).select_related("intervention").order_by("pk").first()
        return subject.title, row.intervention if row else None
    return subject.title, None


def studies_of(thing: Thing) -> list[Study]:
    """The studies that the thing rests on, by name: whose authors must not judge it."""
    pk = thing.about.pk
    if thing.about.kind == Study.kind:
        return list(Study.objects.filter(pk=pk))
    if thing.about.kind == Review.kind:
        return list(Study.objects.filter(review=pk).order_by("name", "pk"))
    rows = Contrast.objects.about(thing.intervention) if thing.intervention else Contrast.objects.none()
    if thing.about.kind == Synthesis.kind:
        rows = Contrast.objects.filter(pk__in=_contrasts(pk))
    if thing.about.kind == Rating.kind:
        rows = rows.filter(outcome__in=Rating.objects.filter(pk=pk).values("outcome"))
    return list(Study.objects.filter(pk__in=rows.values("study")).order_by("name", "pk"))


def _contrasts(synthesis: str) -> Iterable[str]:
    return [row["contrast"] for row in Synthesis.objects.get(pk=synthesis).inputs]
