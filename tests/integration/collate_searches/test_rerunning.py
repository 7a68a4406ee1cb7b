"""A search that a machine runs again: asked over real HTTP, brought in like any export, compared with the run before."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import LazySettings

from tests.fakes.crossref import CrossrefFake
from tests.fakes.serving import Fake, Reply, serving
from whatworks.collate.actions import add_source
from whatworks.collate.models import Import, Record, SearchRun, Strategy
from whatworks.collate.rerunning import CACHE, enqueue_rerun, preview
from whatworks.collate.searching import add_strategy, rerun, tally
from whatworks.errors import InputError
from whatworks.ledger.models import Job
from whatworks.ledger.work import work_off

pytestmark = pytest.mark.django_db

BY = "usr-librarian"


@pytest.fixture
def crossref() -> CrossrefFake:
    return CrossrefFake(works=30)


@pytest.fixture
def service(crossref: CrossrefFake, settings: LazySettings) -> Iterator[Fake]:
    with serving(crossref) as fake:
        settings.ONLINE = settings.ONLINE | {"crossref": f"{fake.address}/works"}
        yield fake


@pytest.fixture
def strategy() -> Strategy:
    source = add_source(by=BY, name="Crossref", sort="database")
    return add_strategy(by=BY, source=source, name="Leaving care", text="leaving care", service="crossref")


def run_again(strategy: Strategy) -> SearchRun:
    """Run a search as the worker does, as if on another day."""
    Job.objects.all().delete()
    enqueue_rerun(by=BY, strategy=strategy)
    work_off()
    failed = Job.objects.filter(state=Job.FAILED)
    assert not failed, failed[0].error
    return SearchRun.objects.order_by("-number")[0]


def test_what_it_would_cost_is_said_before(strategy: Strategy, service: Fake) -> None:
    assert preview(strategy).summary().startswith("Crossref has 30 hits for this search now; fetching them takes 1 req")


def test_every_hit_comes_in_and_is_counted_against_the_service(strategy: Strategy, service: Fake) -> None:
    run = run_again(strategy)
    assert tally(run).words == "All 30 hits arrived."
    assert Record.objects.filter(origin__run=run).count() == 30
    assert run.text == "leaving care"


def test_a_second_run_says_what_is_new(strategy: Strategy, service: Fake, crossref: CrossrefFake, home: Path) -> None:
    run_again(strategy)
    crossref.works = 33
    for page in (home / CACHE).rglob("*"):
        page.unlink()  # as if a day had passed
    found = rerun(run_again(strategy))
    assert found is not None
    assert (len(found.new), len(found.gone), found.change.kept) == (3, 0, 30)


def test_the_same_answer_adds_nothing_and_says_so(strategy: Strategy, service: Fake) -> None:
    run_again(strategy)
    second = run_again(strategy)
    assert second.number == 2
    assert "the same, word for word" in second.explanation
    assert Import.objects.count() == 1


def test_twice_on_one_day_is_one_run(strategy: Strategy, service: Fake) -> None:
    assert enqueue_rerun(by=BY, strategy=strategy).pk == enqueue_rerun(by=BY, strategy=strategy).pk


def test_a_service_that_cannot_be_had_is_tried_again_when_asked(strategy: Strategy, service: Fake) -> None:
    service.failures = [Reply(404, {"message": "gone"})]
    job = enqueue_rerun(by=BY, strategy=strategy)
    work_off()
    job.refresh_from_db()
    assert job.state == Job.FAILED
    assert "Traceback" not in job.error
    assert not SearchRun.objects.exists()
    assert enqueue_rerun(by=BY, strategy=strategy).pk == job.pk
    work_off()
    assert tally(SearchRun.objects.get()).words == "All 30 hits arrived."


def test_a_search_that_no_machine_can_run_says_so(strategy: Strategy) -> None:
    ovid = add_source(by=BY, name="PsycINFO", sort="database", platform="Ovid")
    by_hand = add_strategy(by=BY, source=ovid, name="Main", text="1. leaving care.tw.")
    with pytest.raises(InputError, match="where no machine can run it"):
        enqueue_rerun(by=BY, strategy=by_hand)
