"""Reporting an incident by its service, and the same rows by plain ORM."""

import secrets
import uuid
from collections.abc import Callable
from copy import copy
from typing import Any

from django.apps import apps
from django.db import transaction
from django.db.models import Max, Model

from bench.city import City
from incidents import services
from incidents.models import Incident, IncidentCounter, IncidentKind, OccurredWhen
from organisation import clock
from organisation.models import User

TEXT = "En person blev arg och skrek i receptionen."
APPS = ("incidents", "notifications", "organisation", "attachments")


def report(city: City) -> Incident:
    """Report one incident as an employee does, rights, history and outbox included."""
    return services.report_incident(
        body=city.units[0],
        kind=IncidentKind.THREAT,
        occurred_when=OccurredWhen.TODAY,
        occurred_on=clock.today(),
        text=TEXT,
        by=_logged_in(city.people[-1]),
        submission_key=uuid.uuid4(),
    )


def _logged_in(person: User) -> User:
    """Return the person as the session gives them: known, but what they may do has not been read."""
    fresh = copy(person)
    fresh.__dict__.pop("_scope", None)
    return fresh


def rows_written(city: City) -> list[Model]:
    """Return the rows that one report writes, of whatever model, the incident first."""
    report(city)  # The first one of a year begins the counter.
    tables = [model for app in APPS for model in apps.get_app_config(app).get_models() if model._meta.managed]
    before = {model: _last(model) for model in tables}
    report(city)
    found = [row for model in tables for row in model._base_manager.filter(pk__gt=before[model])]
    return sorted(found, key=lambda row: not isinstance(row, Incident))


def _last(model: type[Model]) -> int:
    return model._base_manager.aggregate(last=Max("pk"))["last"] or 0


def plain_writer(city: City, rows: list[Model]) -> Callable[[], None]:
    """Return the action that writes the same rows one by one in one transaction.

    Nothing is asked and nothing checked.
    """
    # The row of a foreign key as it stands in memory costs nothing to name again.
    shapes = [(type(row), _columns(row), _unique(row)) for row in rows]

    @transaction.atomic
    def write() -> None:
        counter = IncidentCounter.objects.get(municipality=city.municipality, year=clock.today().year)
        counter.last += 1
        counter.save()
        incident_id = None
        for model, columns, unique in shapes:
            values = columns | {name: make() for name, make in unique.items()}
            if model is Incident:
                values["number"] = counter.last
            for name in ("incident_id", "id"):
                if name in values:
                    values[name] = incident_id
            written: Any = model(**values)
            written.skip_history_when_saving = True
            written.save(force_insert=True)
            incident_id = incident_id or written.pk

    return write


def _columns(row: Model) -> dict[str, Any]:
    """Return the row's values but its key; of a row of history, whose ``id`` is the incident's, that too."""
    return {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields if not field.primary_key}


def _unique(row: Model) -> dict[str, Callable[[], Any]]:
    """Return what must be made anew for each row: what no two rows may share."""
    fields = [field for field in row._meta.concrete_fields if field.unique and not field.primary_key]
    return {
        field.attname: uuid.uuid4 if field.get_internal_type() == "UUIDField" else lambda: secrets.token_hex(32)
        for field in fields
        if not field.is_relation and getattr(row, field.attname) is not None
    }
