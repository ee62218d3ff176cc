"""Turns entries of a municipality file into what a JSON column holds, and names their actors."""

import dataclasses
import datetime as dt
from collections.abc import Collection
from enum import StrEnum
from typing import Any

from organisation.models import BodyKind
from organisation.municipality_file import MunicipalityFile
from organisation.municipality_file.kinds import ActorKind
from organisation.municipality_file.nouns import Actor, Entry, Place

UNSAID_VALUES: tuple[Any, ...] = (None, "", (), [], {})


def plain(value: Any, leave_out: Collection[str] = ()) -> Any:
    """The value as JSON: an entry becomes a mapping under the keys of the file, without what is left unsaid.

    ``leave_out`` names fields of the outermost entry that are kept elsewhere.
    """
    if isinstance(value, Actor):
        return value.key
    if isinstance(value, Entry):
        return _entry(value, leave_out)
    if isinstance(value, (tuple, list)):
        return [plain(part) for part in value]
    if isinstance(value, StrEnum):
        return str(value)
    if isinstance(value, dt.date):
        return value.isoformat()
    return value


def _entry(entry: Entry, leave_out: Collection[str]) -> dict[str, Any]:
    said = {}
    for field in dataclasses.fields(entry):
        value = getattr(entry, field.name)
        if field.name in leave_out or isinstance(value, Place) or value in UNSAID_VALUES:
            continue
        if field.name == "from_document" and value:
            continue
        said[field.metadata.get("key", field.name)] = plain(value)
    return said


def named_body(file: MunicipalityFile, actor: Actor | None) -> str | None:
    """Key of the one body that the actor is; none for a seat, and for a kind with several bodies or none."""
    if actor is None or actor.kind == ActorKind.SEAT_TYPE:
        return None
    if actor.kind == ActorKind.BODY:
        return actor.key
    of_kind = [body.key for body in file.bodies if body.kind == actor.key and body.valid_to is None]
    return of_kind[0] if len(of_kind) == 1 else None


def title_of(file: MunicipalityFile, actor: Actor | None) -> str:
    """The name by which the municipality knows the actor; a kind of several bodies is named by the portal's word."""
    if actor is None:
        return ""
    if actor.kind == ActorKind.SEAT_TYPE:
        return next(seat_type.title for seat_type in file.seat_types if seat_type.key == actor.key)
    if key := named_body(file, actor):
        return next(body.name for body in file.bodies if body.key == key)
    return str(BodyKind(actor.key).label)
