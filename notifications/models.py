"""What must not be lost is a row first, a message second: messages, and longer work as jobs."""

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class OutboxQuerySet(models.QuerySet):
    """Questions about many messages."""

    def waiting(self, at: datetime) -> Self:
        """Messages that should be delivered and that nobody is delivering."""
        free = Q(lease_until__isnull=True) | Q(lease_until__lt=at)
        return self.filter(free, done_at__isnull=True, parked_at__isnull=True, not_before__lte=at)


class OutboxMessage(models.Model):
    """Something to be done after a change, written in the same transaction as the change itself."""

    municipality = models.ForeignKey(
        "organisation.Municipality", null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    topic = models.CharField(max_length=60)
    payload = models.JSONField(default=dict)
    # One message per (event, recipient), however often the event is handled.
    once_key = models.CharField(max_length=200, unique=True, null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    not_before = models.DateTimeField()
    lease_until = models.DateTimeField(null=True, blank=True)
    attempt = models.PositiveIntegerField(default=0)
    failures = models.PositiveIntegerField(default=0)
    error = models.CharField(max_length=200, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)
    parked_at = models.DateTimeField(null=True, blank=True)
    objects = OutboxQuerySet.as_manager()

    class Meta:
        verbose_name = _("outbox message")
        verbose_name_plural = _("outbox messages")
        ordering = ("pk",)
        indexes = (
            models.Index(
                fields=("not_before",),
                condition=Q(done_at__isnull=True, parked_at__isnull=True),
                name="notifications_outbox_waiting",
            ),
        )

    def __str__(self) -> str:
        return f"{self.topic} {self.pk}"


class Heartbeat(models.Model):
    """A worker was alive at ``seen_at``; without a fresh one, pages say that work waits."""

    name = models.CharField(max_length=120, unique=True)
    seen_at = models.DateTimeField()

    class Meta:
        verbose_name = _("heartbeat")
        verbose_name_plural = _("heartbeats")

    def __str__(self) -> str:
        return self.name


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


class Job(models.Model):
    """One piece of work: the row is the promise, a Celery message only the hurry.

    Claimed by one conditional update (``attempt`` + 1, ``lease_until``); what it makes is published
    only while ``attempt`` is still the claimer's. Parked after 3 exceptions or 10 lost leases.
    """

    municipality = models.ForeignKey("organisation.Municipality", on_delete=models.PROTECT, related_name="+")
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
            models.Index(
                fields=("lease_until",), condition=~Q(state__in=("done", "parked")), name="notifications_job_open"
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.pk} {self.state}"
