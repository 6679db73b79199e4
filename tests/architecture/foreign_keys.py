"""Where the foreign keys point."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Field, ForeignKey, ManyToManyField, Model

from .source import ORDER


def place(model: type[Model]) -> int:
    """The model's place in the list of rooms; Django's own models stand above every room."""
    config = model._meta.app_config
    return ORDER.get(config.name, -1) if config else -1


def downstream(models: Iterable[type[Model]], places: dict[str, int] | None = None) -> list[str]:
    """Relations that point to a room further down, or that can be followed backwards from above.
    `places` overrides the place of an app by its label (for models made up in a test)."""
    places = places or {}
    faults = []
    for model in models:
        here = places.get(model._meta.app_label, place(model))
        if here < 0:
            continue
        for relation in (*model._meta.local_fields, *model._meta.local_many_to_many):
            faults += fault_of(model, relation, here, places)
    return faults


def fault_of(model: type[Model], relation: Field, here: int, places: dict[str, int]) -> list[str]:
    if not isinstance(relation, ForeignKey | ManyToManyField):
        return []
    other = relation.related_model
    if not isinstance(other, type):
        return [f"{model.__name__}.{relation.name} points to {other}, which does not exist"]
    there = places.get(other._meta.app_label, place(other))
    faults = []
    if there > here:
        faults.append(f"{model.__name__}.{relation.name} points downstream, to {other.__name__}")
    if there != here and not str(relation.remote_field.related_name or "").endswith("+"):
        faults.append(
            f"{model.__name__}.{relation.name} can be followed backwards; related_name='+' ends that"
        )
    return faults
