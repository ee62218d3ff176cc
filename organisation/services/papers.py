"""The organisation chart and the list of who answers on paper: asked for, made by a job, deleted after a while."""

import hashlib
import json
from datetime import date, timedelta

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.translation import override

from notifications.jobs import Claim, LeaseLost, does, publishing, queue_job
from notifications.models import JobState
from organisation import clock
from organisation.access import require
from organisation.chart.paper import content_of
from organisation.errors import NotAllowed
from organisation.models import ChartPaper, Municipality, User
from organisation.permissions import VIEW_BODY
from organisation.tree import lock_municipality
from safety_portal.pdf import render_pdf

PAPER_JOB = "organisation chart"
# A paper names people: whoever needs it keeps it, and a newer one is soon made.
KEPT_FOR = timedelta(days=14)


@transaction.atomic
def ask_for_paper(*, municipality: Municipality, on: date, by: User) -> ChartPaper:
    """Have the chart of the day ``on`` made as a PDF, and return the paper; the worker makes it (R133).

    Asked for twice while nothing has changed, it is the same paper. Raises ``NotAllowed``.
    """
    require(by, VIEW_BODY)
    if by.municipality_id != municipality.pk:
        raise NotAllowed
    municipality = lock_municipality(municipality)
    # In the municipality's language, whoever asks.
    with override(settings.LANGUAGE_CODE):
        content = content_of(municipality, on)
    text = json.dumps(content, sort_keys=True, ensure_ascii=False)
    digest = hashlib.sha256(text.encode()).hexdigest()
    made = ChartPaper.objects.filter(municipality=municipality, digest=digest).select_related("job").first()
    if made is not None and made.job.state != JobState.PARKED:
        return made
    job = queue_job(kind=PAPER_JOB, municipality=municipality)
    if made is not None:
        made.job, made.asked_by, made.asked_at = job, by, clock.now()
        made.save()
        return made
    return ChartPaper.objects.create(
        municipality=municipality, on=on, content=content, digest=digest, job=job, asked_by=by, asked_at=clock.now()
    )


def _given_up(_job_id: int) -> None:
    """Whoever asked reads it from the job's row, and may ask again; nothing else waits for it."""


@does(PAPER_JOB, when_parked=_given_up)
def make_paper(claim: Claim) -> None:
    """Make the PDF of what was stored, keep it under this attempt's key, and publish it."""
    paper = ChartPaper.objects.select_related("municipality").get(job_id=claim.job_id)
    context = {**paper.content, "municipality": paper.municipality, "is_demo": paper.municipality.is_demo}
    content = render_pdf(
        "organisation/chart_print.html",
        context,
        title=paper.content["title"],
        lang=settings.LANGUAGE_CODE,
    )
    name = default_storage.save(f"{_folder(paper)}/{claim.attempt}.pdf", ContentFile(content))
    try:
        with publishing(claim):
            ChartPaper.objects.filter(pk=paper.pk).update(file=name)
    except LeaseLost:
        default_storage.delete(name)
        raise


def sweep_papers() -> int:
    """Delete papers that have been kept long enough, with every attempt's file; return how many."""
    old = ChartPaper.objects.filter(asked_at__lt=clock.now() - KEPT_FOR).select_related("job")
    swept = 0
    for paper in old.exclude(job__state=JobState.RUNNING):
        with transaction.atomic():
            paper.delete()
            paper.job.delete()
        for name in _files(paper):
            default_storage.delete(name)
        swept += 1
    return swept


def _folder(paper: ChartPaper) -> str:
    return f"papers/{paper.public_id}"


def _files(paper: ChartPaper) -> list[str]:
    try:
        _folders, names = default_storage.listdir(_folder(paper))
    except FileNotFoundError:
        return []
    return [f"{_folder(paper)}/{name}" for name in names]
