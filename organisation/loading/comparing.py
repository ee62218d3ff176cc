"""Compares the rows of a file with what stands in the portal and with what a file wrote last.

Three digests decide. Portal = file: nothing to do. Portal = last load: nobody has touched the row, so the
file's new value is written. Else a person has changed it, and it is kept unless the run is forced.
"""

import datetime as dt
import hashlib
import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from organisation.loading.parts import Noun, Row
from organisation.loading.reports import Kept
from organisation.models import ALWAYS


@dataclass
class Keys:
    """Ids by key and keys by id, noun by noun, of everything that the file names in one municipality."""

    ids: dict[str, dict[str, int]] = field(default_factory=dict)
    names: dict[str, dict[int, str]] = field(default_factory=dict)

    def learn(self, noun: str, key: str, pk: int) -> None:
        """Remember that ``key`` is the row ``pk``."""
        self.ids.setdefault(noun, {})[key] = pk
        self.names.setdefault(noun, {})[pk] = key


@dataclass(frozen=True, eq=False)
class Change:
    """A row to write: a new one when there is no ``instance``; ``old_key`` is its name when it is dated anew."""

    key: str
    row: Row
    instance: models.Model | None = None
    columns: tuple[str, ...] = ()
    old_key: str = ""


@dataclass
class Plan:
    """What is to be done with one noun of one municipality."""

    noun: Noun
    create: list[Change] = field(default_factory=list)
    update: list[Change] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    kept: list[Kept] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)
    digests: dict[str, str] = field(default_factory=dict)
    standing: dict[str, models.Model] = field(default_factory=dict)


def digest(values: Mapping[str, Any]) -> str:
    """SHA-256 of the values in one canonical form."""
    text = json.dumps(values, sort_keys=True, ensure_ascii=False, default=_iso)
    return hashlib.sha256(text.encode()).hexdigest()


def _iso(value: Any) -> str:
    if isinstance(value, dt.date):
        return value.isoformat()
    raise TypeError(type(value))


def values_of(noun: Noun, instance: models.Model, columns: Iterable[str], keys: Keys) -> dict[str, Any]:
    """The row's values in the form of the file; a reference to something that no file named is told by its id."""
    values = {}
    for column in columns:
        if column in noun.refs:
            pk = getattr(instance, f"{column}_id")
            values[column] = None if pk is None else keys.names.get(noun.refs[column], {}).get(pk, f"#{pk}")
        else:
            values[column] = getattr(instance, column)
    return values


def standing_rows(noun: Noun, instances: Iterable[models.Model], keys: Keys) -> dict[str, models.Model]:
    """The rows that stand in the portal, by key; the keys are learnt on the way."""
    standing = {}
    for instance in instances:
        key = noun.key_of(values_of(noun, instance, noun.identity, keys))
        standing[key] = instance
        keys.learn(noun.name, key, instance.pk)
    return standing


def compare(
    noun: Noun,
    rows: Iterable[Row],
    standing: dict[str, models.Model],
    loaded: Mapping[str, str],
    keys: Keys,
    *,
    force: bool,
) -> Plan:
    """Decide for every row of the file what is to be done; ``loaded`` is key → digest of the last load."""
    plan = Plan(noun, standing=standing)
    in_file: dict[str, Row] = {noun.key_of(row.values): row for row in rows}
    redated = _redated(noun, in_file, standing, loaded, keys)
    for key, row in in_file.items():
        old_key = redated.get(key, "")
        _decide(plan, key, row, old_key, loaded, keys, force=force)
    gone = loaded.keys() - in_file.keys() - set(redated.values())
    plan.gone = sorted(key for key in gone if key in standing)
    _keep_what_is_in_use(plan)
    return plan


def _decide(
    plan: Plan, key: str, row: Row, old_key: str, loaded: Mapping[str, str], keys: Keys, *, force: bool
) -> None:
    instance = plan.standing.get(old_key or key)
    wanted = digest(row.values)
    if instance is None:
        if key in loaded and not force:
            plan.kept.append(Kept(plan.noun.label, key, _("removed in the portal")))
        else:
            plan.create.append(Change(key, row))
            plan.digests[key] = wanted
        return
    have = values_of(plan.noun, instance, row.values, keys)
    stands, last = digest(have), loaded.get(old_key or key)
    if stands == wanted:
        plan.unchanged.append(key)
        if last != wanted:
            plan.digests[key] = wanted
        return
    columns = tuple(column for column, value in row.values.items() if digest({"": value}) != digest({"": have[column]}))
    if stands == last or force:
        plan.update.append(Change(key, row, instance, columns, old_key))
        plan.digests[key] = wanted
    else:
        plan.kept.append(Kept(plan.noun.label, key, _("changed by a person in the portal"), columns))


def _redated(
    noun: Noun,
    in_file: Mapping[str, Row],
    standing: Mapping[str, models.Model],
    loaded: Mapping[str, str],
    keys: Keys,
) -> dict[str, str]:
    """New key → old key of rows whose first day alone has been corrected in the file."""
    if "valid_from" not in noun.identity:
        return {}
    new: dict[str | None, list[str]] = {}
    for key, row in in_file.items():
        if key not in standing and key not in loaded:
            new.setdefault(noun.undated_key_of(row.values), []).append(key)
    old: dict[str | None, list[str]] = {}
    for key, instance in standing.items():
        if key in loaded and key not in in_file:
            values = values_of(noun, instance, noun.identity, keys)
            old.setdefault(noun.undated_key_of(values), []).append(key)
    return {names[0]: old[group][0] for group, names in new.items() if len(names) == 1 and len(old.get(group, ())) == 1}


def _keep_what_is_in_use(plan: Plan) -> None:
    """Leave alone rows whose frozen columns would change although the portal's own rows stand on them."""
    touching = [change for change in plan.update if plan.noun.frozen.intersection(change.columns)]
    used = plan.noun.in_use([change.instance.pk for change in touching if change.instance]) if touching else set()
    for change in touching:
        if change.instance and change.instance.pk in used:
            plan.update.remove(change)
            del plan.digests[change.key]
            why = _("in use, so it can't be rewritten; give the file a new version of it")
            plan.kept.append(Kept(plan.noun.label, change.key, why, change.columns))


def keep_apart(plan: Plan, keys: Keys) -> None:
    """Leave out rows that would overlap one that a person has written, so that no day gets two answers."""
    if plan.noun.apart is None:
        return
    moving = {id(change.instance) for change in plan.update}
    columns = (*plan.noun.apart, "valid_from", "valid_to")
    taken: dict[tuple[Any, ...], list[Mapping[str, Any]]] = {}
    for instance in plan.standing.values():
        if id(instance) not in moving:
            values = values_of(plan.noun, instance, columns, keys)
            taken.setdefault(_group(plan.noun.apart, values), []).append(values)
    for changes in (plan.update, plan.create):
        for change in list(changes):
            neighbours = taken.setdefault(_group(plan.noun.apart, change.row.values), [])
            if any(_overlap(change.row.values, other) for other in neighbours):
                changes.remove(change)
                del plan.digests[change.key]
                why = _("overlaps what a person has written in the portal")
                plan.kept.append(Kept(plan.noun.label, change.key, why))
            else:
                neighbours.append(change.row.values)


def _group(columns: Collection[str], values: Mapping[str, Any]) -> tuple[Any, ...]:
    return tuple(values[column] for column in columns)


def _overlap(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    end, other_end = one["valid_to"] or dt.date.max, other["valid_to"] or dt.date.max
    return (one["valid_from"] or ALWAYS) < other_end and (other["valid_from"] or ALWAYS) < end
