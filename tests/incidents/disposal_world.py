"""A case with a canary in everything that can be held about it, made from the registry and not from memory."""

import uuid
from datetime import timedelta
from typing import Any

from django.contrib.auth.models import Permission
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import models

from attachments.models import Attachment
from incidents.disposal.held import Fate, Held, everything_held
from incidents.models import ClockRule, Incident, PersonExport, ReportDraft, StatutoryNotice
from incidents.services.exporting import FOLDER as EXPORTS
from notifications.models import Job, JobState, OutboxMessage
from organisation import clock
from organisation.models import Body, Municipality, User
from policies.models import Dimension
from tests.factories.organisation import Town
from tests.factories.risks import make_risk, make_scale

CANARY = "kanarie-i-gruvan"


def fill_case(town: Town, case: Incident) -> None:
    """Put a row with the canary into each table that holds anything about cases, and all that is told of it."""
    case.registry_number = case.foreign_number = CANARY
    case.foreign_system = "ett annat system"
    case.save()
    made: dict[type[models.Model], models.Model] = {Incident: case, Municipality: town.municipality}
    # What others point at is made first.
    for table in sorted(everything_held(), key=lambda table: table.first):
        if table.fate is not Fate.KEPT:
            made[table.model] = _fill(town, table, made)
            _message(town, table.message_key, getattr(made[table.model], table.message_names))
    _message(town, "", 0, once_key=f"mail:nagot:{case.public_id}:1", subject=CANARY)
    _message(town, "", 0, subject=f"Rapport {case.label}", body=CANARY)
    _message(town, "incident_id", case.pk)
    make_scale(town.municipality)
    risk = make_risk(town.unit_manager, town.bodies["care-north"])
    risk.grounds.create(municipality=town.municipality, incident=case)
    PersonExport.objects.create(
        municipality=town.municipality,
        about=town.employee,
        asked_by=town.data_protection_officer,
        asked_at=clock.now(),
        job=Job.objects.create(kind="export", municipality=town.municipality, state=JobState.DONE),
        public_id=(export := uuid.uuid4()),
        file=default_storage.save(f"{EXPORTS}/{export}/1.json", ContentFile(CANARY.encode())),
        submission_key=uuid.uuid4(),
    )
    old = clock.now() - timedelta(hours=25)
    ReportDraft.objects.create(
        municipality=town.municipality,
        person=town.employee,
        body=case.body,
        answers={"text": CANARY},
        written_at=old,
    )


def _message(town: Town, key: str, pk: int, **payload: Any) -> None:
    once_key = payload.pop("once_key", None)
    if key or payload:
        OutboxMessage.objects.create(
            municipality=town.municipality,
            topic="mail",
            payload={"body": CANARY} | payload | ({key: pk} if key else {}),
            once_key=once_key,
            not_before=clock.now(),
            done_at=clock.now(),
        )


def _fill(town: Town, table: Held, made: dict[type[models.Model], models.Model]) -> models.Model:
    """Return a row of the table about the case; one that is there already is filled in."""
    row: Any = table.model._base_manager.filter(**{table.path: made[Incident].pk}).first() or table.model()
    for field in table.model._meta.concrete_fields:
        value = _value(town, field, made)
        if value is not None:
            setattr(row, field.name, value)
    row.save()
    if table.folder:
        # One that the row names, and one of an attempt that nobody noted.
        for _attempt in (1, 2):
            default_storage.save(f"{table.folder}/{row.public_id}/{uuid.uuid4()}.pdf", ContentFile(CANARY.encode()))
    return row


def _value(town: Town, field: Any, made: dict[type[models.Model], models.Model]) -> Any:
    if field.primary_key or field.name in ("public_id", "state"):
        return "to_decide" if field.model is StatutoryNotice and field.name == "state" else None
    if field.is_relation:
        return None if field.null else _related(town, field.related_model, made)
    if field.choices:
        return field.choices[0][0]
    if isinstance(field, models.JSONField):
        return {"what": CANARY}
    if isinstance(field, models.UUIDField):
        return uuid.uuid4()
    if isinstance(field, models.DateTimeField):
        return None if field.null else clock.now() - timedelta(days=4000)
    if isinstance(field, models.DateField):
        return clock.today() if field.name == "valid_to" or not field.null else None
    if isinstance(field, models.CharField | models.TextField):
        return CANARY
    return None if field.null or field.has_default() else 1


def _related(town: Town, model: type[models.Model], made: dict[type[models.Model], models.Model]) -> models.Model:
    if model not in made:
        made[model] = _new(town, model)
    return made[model]


def _new(town: Town, model: type[models.Model]) -> models.Model:
    if model is User:
        return town.employee
    if model is Body:
        return town.bodies["care-north"]
    if model is Permission:
        return Permission.objects.get(codename="handle_incident")
    if model is Dimension:
        return Dimension.objects.create(municipality=town.municipality, key="liv", name="Liv och hälsa")
    if model is ClockRule:
        return ClockRule.objects.create(municipality=town.municipality, key="en-klocka")
    if model is Attachment:
        name = default_storage.save(f"test/{uuid.uuid4()}", ContentFile(CANARY.encode()))
        facts = {"content_type": "image/png", "size": 3, "digest": "0" * 64, "created_at": clock.now()}
        return Attachment.objects.create(municipality=town.municipality, name=f"{CANARY}.png", file=name, **facts)
    raise LookupError(f"say in {__name__} how a {model.__name__} is made")
