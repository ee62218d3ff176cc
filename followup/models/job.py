"""A piece of work with a lease: claimed by one worker at a time, taken again when that worker is lost."""

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from organisation.models import TenantModel

MAX_FAILURES = 3
MAX_LOST_LEASES = 10


class JobState(models.TextChoices):
    """Where a job stands."""

    QUEUED = "queued", _("waiting")
    RUNNING = "running", _("under way")
    DONE = "done", _("done")
    PARKED = "parked", _("stopped after repeated failures")


class JobQuerySet(models.QuerySet):
    """Questions about many jobs."""

    def claimable(self, at: datetime) -> Self:
        """Jobs that wait, and running ones whose worker let the lease run out."""
        return self.filter(Q(state=JobState.QUEUED) | Q(state=JobState.RUNNING, lease_until__lt=at))

    def held(self, pk: int, attempt: int) -> Self:
        """The job ``pk`` as long as ``attempt`` still is the running one; no row once another took it."""
        return self.filter(pk=pk, attempt=attempt, state=JobState.RUNNING)


class Job(TenantModel):
    """One piece of work: the row is the promise, a Celery message only the hurry.

    Claimed by one conditional update (``attempt`` + 1, ``lease_until``); what it makes is published
    only while ``attempt`` is still the claimer's. Parked after 3 exceptions or 10 lost leases.
    """

    kind = models.CharField(max_length=40)
    state = models.CharField(max_length=10, choices=JobState.choices, default=JobState.QUEUED)
    attempt = models.PositiveIntegerField(default=0)
    lease_until = models.DateTimeField(null=True, blank=True)
    heartbeat_at = models.DateTimeField(null=True, blank=True)
    failures = models.PositiveSmallIntegerField(default=0)
    lost_leases = models.PositiveSmallIntegerField(default=0)
    error = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    objects = JobQuerySet.as_manager()

    class Meta:
        verbose_name = _("job")
        verbose_name_plural = _("jobs")
        ordering = ("pk",)
        indexes = (
            models.Index(fields=("lease_until",), condition=~Q(state__in=("done", "parked")), name="followup_job_open"),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.pk} {self.state}"
