"""Writes what comparing has decided, with history, in as few statements as there are kinds of change."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django.db.models import Model
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from simple_history.utils import bulk_create_with_history, bulk_update_with_history

from organisation.loading.comparing import Change, Keys, Plan
from organisation.loading.parts import Noun
from organisation.loading.reports import Kept
from organisation.models import DatedModel, LoadedRow, Municipality

MISSING = gettext_lazy("refers to something that is no longer in the portal")


def write(plan: Plan, municipality: Municipality, keys: Keys) -> None:
    """Write new rows before those that come to refer to them, and periods that end before those that begin."""
    _leave_out_the_lost(plan, keys)
    if plan.noun.apart is not None:
        _write_updates(plan, keys)
        _write_new(plan, municipality, keys)
    else:
        _write_new(plan, municipality, keys)
        _write_updates(plan, keys)


def _columns(noun: Noun, change: Change, keys: Keys) -> dict[str, Any]:
    """Column → value for the model; a reference to a row that is not written yet stays out."""
    values = {}
    for column, value in change.row.values.items():
        if column not in noun.refs:
            values[column] = value
        elif value is None:
            values[f"{column}_id"] = None
        elif value in keys.ids.get(noun.refs[column], {}):
            values[f"{column}_id"] = keys.ids[noun.refs[column]][value]
    return values


def _waits(noun: Noun, change: Change, keys: Keys) -> bool:
    """Whether the row refers to one that has no id yet."""
    wanted = [(noun.refs[column], change.row.values[column]) for column in noun.refs]
    return any(key is not None and key not in keys.ids.get(name, {}) for name, key in wanted)


def _leave_out_the_lost(plan: Plan, keys: Keys) -> None:
    """Rows that refer to something a person has removed are told, not written."""
    coming = {change.key for change in plan.create}
    for changes in (plan.create, plan.update):
        for change in [change for change in changes if _is_lost(plan.noun, change, coming, keys)]:
            changes.remove(change)
            del plan.digests[change.key]
            plan.kept.append(Kept(plan.noun.label, change.key, MISSING))


def _is_lost(noun: Noun, change: Change, coming: set[str], keys: Keys) -> bool:
    for column, name in noun.refs.items():
        key = change.row.values[column]
        known = key is None or key in keys.ids.get(name, {}) or (name == noun.name and key in coming)
        if not known:
            return True
    return False


def _write_updates(plan: Plan, keys: Keys) -> None:
    shrinking = [change for change in plan.update if _shrinks(change)]
    _update(plan.noun, shrinking, keys)
    _update(plan.noun, [change for change in plan.update if not _shrinks(change)], keys)


def _shrinks(change: Change) -> bool:
    """Whether the new period lies within the one that stands in the portal."""
    new, old = change.row.values, change.instance
    if not isinstance(old, DatedModel):
        return False
    ends_earlier = old.valid_to is None or (new["valid_to"] is not None and new["valid_to"] <= old.valid_to)
    return ends_earlier and new["valid_from"] >= old.valid_from


def _update(noun: Noun, changes: Sequence[Change], keys: Keys) -> None:
    touched: set[str] = set()
    instances = []
    for change in changes:
        if change.instance is None:
            continue
        for column, value in _columns(noun, change, keys).items():
            setattr(change.instance, column, value)
        touched.update(change.columns)
        instances.append(change.instance)
        keys.learn(noun.name, change.key, change.instance.pk)
    if instances:
        reason = _("Municipality file")
        bulk_update_with_history(instances, noun.model, sorted(touched), default_change_reason=reason, batch_size=500)


def _write_new(plan: Plan, municipality: Municipality, keys: Keys) -> None:
    """Create level by level, so that what a row refers to within its own noun is there before it."""
    waiting = plan.create
    while waiting:
        ready = [change for change in waiting if not _waits(plan.noun, change, keys)]
        if ready:
            _create(plan.noun, ready, municipality, keys)
        else:  # they refer to each other in a circle: written first, tied afterwards
            written = _create(plan.noun, waiting, municipality, keys)
            columns = tuple(plan.noun.refs)
            tied = [replace(change, instance=instance, columns=columns) for change, instance in written]
            _update(plan.noun, tied, keys)
            return
        done = {change.key for change in ready}
        waiting = [change for change in waiting if change.key not in done]


def _create(
    noun: Noun, changes: Sequence[Change], municipality: Municipality, keys: Keys
) -> list[tuple[Change, Model]]:
    objects = [noun.model(**{noun.tenant: municipality.pk}, **_columns(noun, change, keys)) for change in changes]
    reason = _("Municipality file")
    written = bulk_create_with_history(objects, noun.model, default_change_reason=reason, batch_size=500)
    for change, instance in zip(changes, written, strict=True):
        keys.learn(noun.name, change.key, instance.pk)
    return list(zip(changes, written, strict=True))


def note_digests(plan: Plan, municipality: Municipality, loaded: dict[str, LoadedRow]) -> None:
    """Note what the file wrote last, so that a person's later change is seen."""
    dated_anew = [change.old_key for change in plan.update if change.old_key]
    if dated_anew:
        LoadedRow.objects.filter(pk__in=[loaded[key].pk for key in dated_anew]).delete()
    changed = [loaded[key] for key in plan.digests if key in loaded]
    for row in changed:
        row.digest = plan.digests[row.key]
    LoadedRow.objects.bulk_update(changed, ["digest"], batch_size=500)
    LoadedRow.objects.bulk_create(
        [
            LoadedRow(municipality=municipality, noun=plan.noun.name, key=key, digest=value)
            for key, value in plan.digests.items()
            if key not in loaded
        ],
        batch_size=500,
    )
