"""The union's safety representatives: their mandates and areas, their requests (AML 6:6a) and stops (AML 6:7)."""

from datetime import date
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from organisation.models.base import DatedModel, DatedQuerySet, TenantModel
from organisation.models.body import Body
from organisation.models.seat import Appointment


class Mandate(TenantModel):
    """A union has appointed a safety representative, and ends it; the employer is told (AML 6:2, 6:10)."""

    appointment = models.OneToOneField(Appointment, on_delete=models.PROTECT, related_name="mandate")
    union = models.CharField(max_length=120)
    notified_on = models.DateField(help_text=_("Day on which the union told the employer"))
    end_notified_on = models.DateField(null=True, blank=True)
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("union mandate")
        verbose_name_plural = _("union mandates")
        ordering = ("municipality", "pk")

    def __str__(self) -> str:
        return f"{self.union}: {self.appointment_id}"


class AreaBody(TenantModel, DatedModel):
    """A body that belongs to a safety representative's area during a period, with all below it.

    An appointment without any has its seat's own body as area.
    """

    appointment = models.ForeignKey(Appointment, on_delete=models.CASCADE, related_name="area")
    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="+")
    objects = DatedQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta(DatedModel.Meta):
        verbose_name = _("body of a safety representative's area")
        verbose_name_plural = _("bodies of safety representatives' areas")
        ordering = ("municipality", "appointment", "pk")

    def __str__(self) -> str:
        return f"{self.appointment_id} {self.body_id}"


class NumberSeries(models.Model):
    """The last number given in one series, municipality and year; its row is locked while one is taken."""

    municipality = models.ForeignKey("organisation.Municipality", on_delete=models.PROTECT, related_name="+")
    series = models.CharField(max_length=40)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("number series")
        verbose_name_plural = _("number series")
        constraints = (
            models.UniqueConstraint(fields=("municipality", "series", "year"), name="organisation_series_once"),
        )

    def __str__(self) -> str:
        return f"{self.series} {self.year}: {self.last}"


class Numbered(TenantModel):
    """A row that people name by a number of its year: B-2026-0007."""

    LETTER: ClassVar[str]

    year = models.PositiveSmallIntegerField()
    number = models.PositiveIntegerField()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """The number that people say."""
        return f"{self.LETTER}-{self.year}-{self.number:04d}"


class RequestState(models.TextChoices):
    """Where a request to the employer stands."""

    FILED = "filed", _("filed")
    ACCEPTED = "accepted", _("accepted")
    PARTLY = "partly", _("accepted in part")
    REJECTED = "rejected", _("rejected")
    REFERRED = "referred", _("referred to the Work Environment Authority")
    WITHDRAWN = "withdrawn", _("withdrawn")


class WorkEnvironmentRequest(Numbered):
    """A safety representative asks the employer for a measure or an investigation (begäran, AML 6:6a).

    The employer confirms receipt at once and answers without delay; a rejected or late one can be referred.
    """

    class Wanted(models.TextChoices):
        """What is asked for."""

        MEASURE = "measure", _("a measure")
        INVESTIGATION = "investigation", _("an investigation")

    LETTER = "B"

    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="+")
    appointment = models.ForeignKey(Appointment, on_delete=models.PROTECT, related_name="requests")
    wanted = models.CharField(max_length=20, choices=Wanted.choices)
    text = models.TextField()
    reason = models.TextField()
    filed_at = models.DateTimeField()
    answer_by = models.DateField()
    state = models.CharField(max_length=20, choices=RequestState.choices, default=RequestState.FILED)
    answer = models.TextField(blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    answered_at = models.DateTimeField(null=True, blank=True)
    referred_on = models.DateField(null=True, blank=True)
    referral_reference = models.CharField(max_length=60, blank=True)
    submission_key = models.UUIDField(unique=True)
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("request by a safety representative")
        verbose_name_plural = _("requests by safety representatives")
        ordering = ("municipality", "-filed_at", "-pk")
        indexes = (models.Index(fields=("municipality", "-filed_at", "-id"), name="organisation_requests"),)
        constraints = (
            models.UniqueConstraint(fields=("municipality", "year", "number"), name="organisation_request_once"),
            models.CheckConstraint(
                condition=~Q(state__in=("accepted", "partly", "rejected"))
                | (Q(answered_by__isnull=False, answered_at__isnull=False) & ~Q(answer="")),
                name="organisation_request_answered_by_someone",
            ),
            models.CheckConstraint(
                condition=~Q(state="referred") | Q(referred_on__isnull=False),
                name="organisation_request_referred_on_a_day",
            ),
        )

    def is_late(self, on: date) -> bool:
        """Tell whether the answer should have been given before the day ``on``."""
        return self.state == RequestState.FILED and self.answer_by < on


class RequestStatus(models.Model):
    """One change of a request's state: who, when, from, to and why. Never edited."""

    request = models.ForeignKey(WorkEnvironmentRequest, on_delete=models.CASCADE, related_name="statuses")
    from_state = models.CharField(max_length=20, blank=True)
    to_state = models.CharField(max_length=20, choices=RequestState.choices)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    note = models.TextField(blank=True)

    class Meta:
        verbose_name = _("status of a request")
        verbose_name_plural = _("statuses of requests")
        ordering = ("request", "at", "pk")

    def __str__(self) -> str:
        return f"{self.request_id} {self.to_state}"


class WorkStop(Numbered):
    """A safety representative stops work that means immediate and serious danger (skyddsstopp, AML 6:7)."""

    class Reason(models.TextChoices):
        """Why work may be stopped (AML 6:7)."""

        DANGER = "danger", _("immediate and serious danger to life or health")
        ALONE = "alone", _("work alone that calls for it")
        BAN = "ban", _("the Work Environment Authority's ban is broken")

    class Lifting(models.TextChoices):
        """What ends a stop: the two agree that the danger is gone, or the authority decides (AML 6:7)."""

        AGREED = "agreed", _("the danger is gone, and the safety representative agrees")
        DECIDED = "decided", _("the Work Environment Authority has decided")

    LETTER = "S"

    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="+")
    appointment = models.ForeignKey(Appointment, on_delete=models.PROTECT, related_name="stops")
    reason = models.CharField(max_length=20, choices=Reason.choices)
    work = models.CharField(max_length=200)
    text = models.TextField(blank=True)
    stopped_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    # The employer tells the authority, which decides whether the stop stands.
    authority_told_at = models.DateTimeField(null=True, blank=True)
    lifted_at = models.DateTimeField(null=True, blank=True)
    lifted_how = models.CharField(max_length=20, choices=Lifting.choices, blank=True)
    lifted_because = models.TextField(blank=True)
    lifted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    submission_key = models.UUIDField(unique=True)
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("stop of work")
        verbose_name_plural = _("stops of work")
        ordering = ("municipality", "-stopped_at", "-pk")
        indexes = (models.Index(fields=("municipality", "-stopped_at", "-id"), name="organisation_stops"),)
        constraints = (
            models.UniqueConstraint(fields=("municipality", "year", "number"), name="organisation_stop_once"),
            models.CheckConstraint(
                condition=Q(lifted_at__isnull=True, lifted_by__isnull=True, lifted_how="")
                | (Q(lifted_at__isnull=False, lifted_by__isnull=False) & ~Q(lifted_because="") & ~Q(lifted_how="")),
                name="organisation_stop_lifted_for_a_reason",
            ),
        )

    @property
    def stands(self) -> bool:
        """Tell whether the work is still stopped."""
        return self.lifted_at is None
