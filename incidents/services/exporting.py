"""What is held about one person, collected by a job, kept for seven days, and then deleted (GDPR article 15)."""

import json
import uuid
from datetime import timedelta

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from incidents.models import PersonExport, ReadLog
from incidents.permissions import EXPORT_PERSON
from incidents.protection.person import held_about, own_reports
from incidents.services.reading import note_reading
from notifications.jobs import Claim, LeaseLost, does, publishing, queue_job
from notifications.models import JobState
from organisation import clock
from organisation.access import require
from organisation.errors import NotAllowed
from organisation.models import Municipality, User
from safety_portal.pdf import render_pdf

EXPORT_JOB = "export about a person"
KEPT_FOR = timedelta(days=7)
FOLDER = "exports"


@transaction.atomic
def ask_for_export(*, about: User, by: User, submission_key: uuid.UUID) -> PersonExport:
    """Have what is held about ``about`` collected; the worker does it. Raises ``NotAllowed``.

    Each own report that comes along is noted as an export in its read log. The same ``submission_key`` by the same
    person returns the same export.
    """
    require(by, EXPORT_PERSON)
    if by.municipality is None or about.municipality_id != by.municipality_id:
        raise NotAllowed
    # One at a time per person asked about: the same form sent twice at once is one export.
    User.objects.select_for_update().get(pk=about.pk)
    if already := PersonExport.objects.filter(submission_key=submission_key).first():
        if already.asked_by_id != by.pk:
            raise NotAllowed
        return already
    for case in own_reports(about, by):
        note_reading(incident=case, what=ReadLog.What.EXPORT, by=by)
    return PersonExport.objects.create(
        municipality=by.municipality,
        about=about,
        asked_by=by,
        asked_at=clock.now(),
        job=queue_job(kind=EXPORT_JOB, municipality=by.municipality),
        submission_key=submission_key,
    )


def _given_up(_job_id: int) -> None:
    """Whoever asked reads it from the job's row, and may ask again; nothing else waits for it."""


@does(EXPORT_JOB, when_parked=_given_up)
def make_export(claim: Claim) -> None:
    """Collect, write both files under this attempt's key, and publish them together."""
    export = PersonExport.objects.select_related("about", "asked_by", "municipality").get(job_id=claim.job_id)
    with override(settings.LANGUAGE_CODE):
        held = held_about(export.about, export.asked_by)
        title = _("What the safety portal holds about %(name)s") % {"name": export.about.name}
    context = held | {"export": export, "municipality": export.municipality, "is_demo": export.municipality.is_demo}
    paper = render_pdf("incidents/protection/person_print.html", context, title=title, lang=settings.LANGUAGE_CODE)
    text = json.dumps(held | {"asked_at": export.asked_at.isoformat()}, ensure_ascii=False, indent=2)
    names = [
        default_storage.save(f"{_folder(export)}/{claim.attempt}.{kind}", ContentFile(content))
        for kind, content in (("json", text.encode()), ("pdf", paper))
    ]
    try:
        with publishing(claim):
            PersonExport.objects.filter(pk=export.pk).update(file=names[0], paper=names[1])
    except LeaseLost:
        for name in names:
            default_storage.delete(name)
        raise


def sweep_exports(*, of: Municipality | None = None) -> int:
    """Delete the files of exports that are older than seven days; the row stays as a trace. Return how many.

    With a municipality: all of its exports, whatever their age, so that no copy outlives a case that is disposed of.
    """
    old = PersonExport.objects.filter(swept_at__isnull=True)
    old = old.filter(municipality=of) if of else old.filter(asked_at__lt=clock.now() - KEPT_FOR)
    swept = 0
    for export in old.exclude(job__state=JobState.RUNNING):
        for name in _files(export):
            default_storage.delete(name)
        PersonExport.objects.filter(pk=export.pk).update(file="", paper="", swept_at=clock.now())
        swept += 1
    return swept


def _folder(export: PersonExport) -> str:
    return f"{FOLDER}/{export.public_id}"


def _files(export: PersonExport) -> list[str]:
    """Return every attempt's files, also those that nobody published."""
    try:
        _folders, names = default_storage.listdir(_folder(export))
    except FileNotFoundError:
        return []
    return [f"{_folder(export)}/{name}" for name in names]
