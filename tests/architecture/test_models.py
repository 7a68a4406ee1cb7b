"""What must hold for every model: keys point down, no generic keys, and every field says who may see it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.apps import apps
from django.db import models

from tests.architecture.layers import HEIGHT
from whatworks.ledger.fields import LEVELS, internal, personal, public, secret

OURS = "whatworks."

# Apps of others that may keep rows here. A new one is a decision: it adds tables and, with them, personal data.
THIRD_PARTY = {
    "account",  # allauth: e-mail addresses of those who sign in
    "auth",  # Django: groups and permissions, which our roles do not use but its user model names
    "contenttypes",  # Django: auth needs it
    "sessions",  # Django: who is signed in
}


def every_model() -> Iterator[type[models.Model]]:
    """All models, those that Django makes for many-to-many fields included."""
    return iter(apps.get_models(include_auto_created=True))


def our_models() -> list[type[models.Model]]:
    """The models of our rooms."""
    return [model for model in every_model() if apps.get_app_config(model._meta.app_label).name.startswith(OURS)]


def unclassified(model: type[models.Model]) -> list[str]:
    """What is wrong with a model's `classes`, a sentence each."""
    fields = {field.name for field in model._meta.concrete_fields}
    classes: dict[str, str] = getattr(model, "classes", {})
    wrong = [f"{model.__name__}.{name} is not classified" for name in sorted(fields - set(classes))]
    wrong += [f"{model.__name__} classifies {name}, which it does not have" for name in sorted(set(classes) - fields)]
    return wrong + [f"{model.__name__}.{name} is {level!r}" for name, level in classes.items() if level not in LEVELS]


def points_up(model: type[models.Model], height: dict[str, int]) -> list[str]:
    """The foreign keys of a model that point at a higher room, or at an app not on the list."""
    label, wrong = model._meta.app_label, []
    for field in model._meta.get_fields():
        if not isinstance(field, models.ForeignKey | models.ManyToManyField):
            continue
        target = field.related_model._meta.app_label
        if target not in height and target not in THIRD_PARTY:
            wrong.append(f"{model.__name__}.{field.name} points at {target}, which has no place in the layers")
        elif target in height and target != label and height[target] <= height[label]:
            wrong.append(f"{model.__name__}.{field.name} points up or sideways, from {label} to {target}")
    return wrong


def test_there_are_models_to_check() -> None:
    """Were the rooms not installed, every other test here would hold of nothing."""
    assert {"ledger", "people"} <= {model._meta.app_label for model in our_models()}


def test_every_app_with_models_is_a_room_or_on_the_list() -> None:
    """An app nobody decided on would keep rows, some of them about people."""
    assert {model._meta.app_label for model in every_model()} <= set(HEIGHT) | THIRD_PARTY


def test_foreign_keys_point_down() -> None:
    """A key that points up ties a lower room to a higher one, and soon every room to every other."""
    assert [line for model in our_models() for line in points_up(model, HEIGHT)] == []


def test_no_generic_keys() -> None:
    """A generic key has no constraint: the row it names may be gone."""
    generic = [
        f"{model.__name__}.{field.name}"
        for model in every_model()
        for field in model._meta.private_fields
        if type(field).__name__.startswith("Generic")
    ]
    assert generic == []


def test_many_to_many_goes_through_models_of_ours() -> None:
    """A table that Django makes has no constraints of ours, no classes and no place in a pack."""
    assert [model.__name__ for model in our_models() if model._meta.auto_created] == []


def test_every_field_is_classified_once() -> None:
    """A field nobody classified could be published by accident."""
    assert [line for model in our_models() if not model._meta.auto_created for line in unclassified(model)] == []


class Sample:
    """Enough of a model for `unclassified`."""

    class _meta:
        concrete_fields = (models.TextField(name="title"), models.TextField(name="email"))


@pytest.mark.parametrize(
    ("classes", "complaint"),
    [
        (public("title"), "Sample.email is not classified"),
        (public("title email ghost"), "Sample classifies ghost, which it does not have"),
        (public("title") | {"email": "open"}, "Sample.email is 'open'"),
    ],
)
def test_a_wrong_classification_is_seen(classes: dict[str, str], complaint: str) -> None:
    """The check above must be able to fail, in each of the three ways."""
    model = type("Sample", (Sample,), {"classes": classes})
    assert unclassified(model) == [complaint]


def test_a_right_classification_passes() -> None:
    """Each level has a function that gives it."""
    for level in (public, internal, personal, secret):
        assert unclassified(type("Sample", (Sample,), {"classes": level("title email")})) == []


def test_a_key_that_points_up_is_seen() -> None:
    """With the layers upside down, the real keys must be found to point up."""
    lowest = max(HEIGHT.values())
    upside_down = {room: lowest - height for room, height in HEIGHT.items()}
    assert [line for model in our_models() for line in points_up(model, upside_down)]
