"""What a release says it changed: every kind of change once, and nothing where nothing changed."""

from __future__ import annotations

from typing import Any

from whatworks.archive.changelog import markdown, sections


def page(slug: str, revision: int = 1, withdrawn: str | None = None) -> dict[str, Any]:
    return {
        "slug": slug,
        "title": slug.title(),
        "revision": revision,
        "what_changed": "A study.",
        "withdrawn": withdrawn,
    }


def result(title: str, estimate: float | None = -0.1, key: str = "syn-1") -> dict[str, Any]:
    numbers = {"estimate": estimate, "ci_low": None if estimate is None else -0.2, "ci_high": 0.0, "k": 3}
    return numbers | {"id": key, "title": title, "intervention": "Limits", "role": "our default", "metric": "RD"}


def told(before: dict[str, Any], now: dict[str, Any]) -> dict[str, list[str]]:
    return {one["title"]: [f"{e['name']}: {e['text']}" for e in one["entries"]] for one in sections(before, now)}


def test_nothing_is_listed_where_nothing_changed() -> None:
    """A reader would look for a change that is not there."""
    state = {"pages": [page("one")], "results": [result("Limits: injuries")]}
    assert sections(state, state) == []


def test_pages_come_are_revised_withdrawn_put_back_and_go() -> None:
    before = [page("kept"), page("revised"), page("wrong"), page("mended", withdrawn="Wrong."), page("gone")]
    now = [
        page("kept"),
        page("revised", 3),
        page("wrong", withdrawn="A study was retracted."),
        page("mended"),
        page("new"),
    ]
    assert told({"pages": before, "results": []}, {"pages": now, "results": []}) == {
        "New pages": ["New: revision 1."],
        "Pages revised": ["Revised: revision 1 to 3. A study."],
        "Pages withdrawn": ["Wrong: A study was retracted."],
        "Pages put back": ["Mended: revision 1."],
        "Pages gone": ["Gone: No longer held."],
    }


def test_a_number_that_moved_is_told_with_both_values() -> None:
    """The same analysis has another identifier once it is computed anew: it must not look like one lost and one won."""
    before, now = [result("Limits: injuries")], [result("Limits: injuries", -0.05, "syn-2")]
    assert told({"pages": [], "results": before}, {"pages": [], "results": now}) == {
        "Numbers that moved": [
            "Limits: injuries (our default): RD -0.1 (-0.2 to 0) from 3 results before, "
            "RD -0.05 (-0.2 to 0) from 3 results now."
        ]
    }


def test_the_same_numbers_computed_anew_have_not_moved() -> None:
    before, now = [result("Limits: injuries")], [result("Limits: injuries", key="syn-2")]
    assert sections({"pages": [], "results": before}, {"pages": [], "results": now}) == []


def test_results_come_and_go_and_one_without_a_number_says_so() -> None:
    before, now = [result("Deaths", None)], [result("Injuries")]
    assert told({"pages": [], "results": before}, {"pages": [], "results": now}) == {
        "New results": ["Limits: Injuries (our default): RD -0.1 (-0.2 to 0) from 3 results."],
        "Results no longer shown": ["Limits: Deaths (our default): no number."],
    }


def test_the_text_has_a_heading_for_each_kind_and_the_note() -> None:
    found = sections({"pages": [], "results": []}, {"pages": [page("new")], "results": []})
    assert markdown(2, "1 May 2027", "", found) == "# Release 2, 1 May 2027\n\n## New pages\n\n- New: revision 1.\n"
    assert markdown(1, "1 May 2027", "This is the first.", []) == "# Release 1, 1 May 2027\n\nThis is the first.\n"


def guide(name: str, number: int = 1, **more: Any) -> dict[str, Any]:
    held = {"id": name, "title": name.title(), "page": f"https://x.org/guides/{name}/", "number": number}
    return held | {"what_changed": "A step.", "standing": "guidance", "withdrawn": None} | more


def package(name: str, *pages: str) -> dict[str, Any]:
    items = [{"stage": "Plan", "kind": "guide", "page": page, "title": page.title()} for page in pages]
    return {
        "id": name,
        "title": name.title(),
        "page": f"https://x.org/packages/{name}/",
        "lead": "Why.",
        "items": items,
    }


def of_guides(*guides: dict[str, Any], packages: tuple[dict[str, Any], ...] = ()) -> dict[str, Any]:
    return {"pages": [], "results": [], "guides": list(guides), "packages": list(packages)}


def test_guides_come_are_revised_withdrawn_put_back_and_go() -> None:
    draft = {"standing": "draft"}
    before = of_guides(
        guide("kept"),
        guide("revised"),
        guide("wrong"),
        guide("mended", withdrawn="Wrong."),
        guide("gone"),
        guide("asked", **draft),
        guide("asked-again", **draft),
        guide("still-asked", **draft),
    )
    now = of_guides(
        guide("kept"),
        guide("revised", 3),
        guide("wrong", withdrawn="It was wrong."),
        guide("mended"),
        guide("new"),
        guide("asked"),
        guide("asked-again", 2, **draft),
        guide("still-asked", **draft),
        guide("put-out", **draft),
    )
    assert told(before, now) == {
        "New guides": ["New: revision 1.", "Asked: revision 1."],
        "Drafts of guides for comment": ["Asked-Again: a draft, not guidance.", "Put-Out: a draft, not guidance."],
        "Guides revised": ["Revised: revision 1 to 3. A step."],
        "Guides withdrawn": ["Wrong: It was wrong."],
        "Guides put back": ["Mended: in use again."],
        "Guides gone": ["Gone: No longer held."],
    }
    assert sections(now, now) == []
    assert sections(before, now)[0]["entries"][0]["href"] == "/guides/new/"


def test_packages_come_change_and_go() -> None:
    before = of_guides(packages=(package("kept", "a"), package("changed", "a"), package("gone")))
    now = of_guides(packages=(package("kept", "a"), package("changed", "b", "a"), package("new")))
    assert told(before, now) == {
        "New packages": ["New: Why."],
        "Packages changed": ["Changed: now gathers B; A."],
        "Packages gone": ["Gone: No longer held."],
    }


def test_a_release_of_before_guides_were_in_it_is_not_compared_with_them() -> None:
    """All guides would be called new, on a day when none was."""
    assert told({"pages": [], "results": []}, of_guides(guide("old"))) == {}
