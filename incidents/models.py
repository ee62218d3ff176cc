"""What happened, reported by staff; text and identities stand apart from what is listed and counted."""

import uuid
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from incidents.permissions import VIEW_INCIDENT
from organisation import clock
from organisation.access import ObjectGrant, Scope, ScopedQuerySet
from organisation.models import Body, TenantModel


class IncidentKind(models.TextChoices):
    """What kind of event it was; what must be notified is computed from the answers, never from this."""

    THREAT = "threat", _("Threat")
    VIOLENCE = "violence", _("Violence")
    HARASSMENT = "harassment", _("Harassment")
    NEAR_MISS = "near_miss", _("Near miss")
    ACCIDENT = "accident", _("Accident")
    VANDALISM = "vandalism", _("Vandalism")
    THEFT = "theft", _("Burglary or theft")
    FIRE = "fire", _("Fire")
    INFORMATION_SECURITY = "information_security", _("Information security")
    UNDUE_INFLUENCE = "undue_influence", _("Undue influence")
    DISRUPTION = "disruption", _("Disruption of operations")
    ENVIRONMENT = "environment", _("Environment")
    RISK_OBSERVATION = "risk_observation", _("Risk observation")
    OTHER = "other", _("Something else")


# The five choices of the first screen: short, for someone who is upset and holds a phone.
QUICK_KINDS = (
    IncidentKind.THREAT,
    IncidentKind.VIOLENCE,
    IncidentKind.HARASSMENT,
    IncidentKind.NEAR_MISS,
    IncidentKind.OTHER,
)


class IncidentState(models.TextChoices):
    """Where the case stands."""

    NEW = "new", _("New")
    READ = "read", _("Read")
    CLOSED = "closed", _("Closed")


class OccurredWhen(models.TextChoices):
    """When it happened, as the reporter put it."""

    JUST_NOW = "just_now", _("Just now")
    TODAY = "today", _("Earlier today")
    ANOTHER_DAY = "another_day", _("Another day")


class IncidentQuerySet(ScopedQuerySet):
    """Questions about many incidents."""

    view_permission = VIEW_INCIDENT

    def _exceptions(self, scope: Scope) -> Q:
        """The person's own reports, and cases shared with them."""
        if scope.user_id is None or scope.municipality_id is None:
            return Q(pk__in=())
        own = Identity.objects.filter(person_id=scope.user_id, role=Identity.Role.REPORTER).values("incident_id")
        shared = IncidentGrant.objects.held_by(scope.user_id, VIEW_INCIDENT).values("content_object_id")
        return Q(municipality_id=scope.municipality_id) & (Q(pk__in=own) | Q(pk__in=shared))

    def open(self) -> Self:
        """Cases that are not closed."""
        return self.exclude(state=IncidentState.CLOSED)

    def occurred_in(self, year: int) -> Self:
        """Incidents that occurred during the calendar year."""
        return self.filter(occurred_on__year=year)


class Incident(TenantModel):
    """A reported event at a body: what is listed and counted, without text and without names."""

    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="incidents")
    year = models.PositiveSmallIntegerField()
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=30, choices=IncidentKind.choices)
    occurred_when = models.CharField(max_length=20, choices=OccurredWhen.choices, default=OccurredWhen.TODAY)
    occurred_on = models.DateField()
    reported_at = models.DateTimeField()
    became_aware_at = models.DateTimeField()
    answer_by = models.DateField(null=True, blank=True)
    state = models.CharField(max_length=20, choices=IncidentState.choices, default=IncidentState.NEW)
    serious = models.BooleanField(default=False)
    affects_persons = models.BooleanField(default=True)
    cost_ore = models.BigIntegerField(null=True, blank=True)
    # The form's own key: the same form sent twice is the same incident and gets the same receipt.
    submission_key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    objects = IncidentQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("incident")
        ordering = ("-serious", "reported_at", "pk")
        constraints = (
            models.UniqueConstraint(fields=("municipality", "year", "number"), name="incidents_number_once"),
        )
        indexes = (
            models.Index(fields=("municipality", "-serious", "reported_at", "id"), name="incidents_inbox"),
            models.Index(fields=("municipality", "occurred_on"), name="incidents_occurred"),
            models.Index(fields=("body", "occurred_on"), name="incidents_body"),
        )

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """The number that people say: H-2026-0417."""
        return f"H-{self.year}-{self.number:04d}"

    @property
    def answer_is_late(self) -> bool:
        """Tell whether the promised answer is overdue."""
        waiting = self.state != IncidentState.CLOSED and self.answer_by is not None
        return waiting and self.answer_by < clock.today()

    @property
    def grant_model(self) -> type["IncidentGrant"]:
        return IncidentGrant


class IncidentStatus(models.Model):
    """One change of a case's state: who, when, from, to and why. Never edited."""

    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="statuses")
    from_state = models.CharField(max_length=20, blank=True)
    to_state = models.CharField(max_length=20, choices=IncidentState.choices)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    reason = models.CharField(max_length=300, blank=True)

    class Meta:
        verbose_name = _("incident status")
        ordering = ("incident", "at", "pk")

    def __str__(self) -> str:
        return f"{self.incident_id} {self.to_state}"


class Narrative(models.Model):
    """What the reporter told in own words; read only by those who handle the case. Carries no history."""

    incident = models.OneToOneField(Incident, on_delete=models.CASCADE, related_name="narrative")
    text = models.TextField()

    class Meta:
        verbose_name = _("narrative")

    def __str__(self) -> str:
        return f"narrative of {self.incident_id}"


class Identity(models.Model):
    """A person concerned by a case, kept apart from it; read only by those who handle the case. No history."""

    class Role(models.TextChoices):
        """How the person is concerned."""

        REPORTER = "reporter", _("reporter")

    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="identities")
    role = models.CharField(max_length=20, choices=Role.choices)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("identity")
        verbose_name_plural = _("identities")
        constraints = (
            models.UniqueConstraint(fields=("incident", "role", "person"), name="incidents_identity_once"),
        )

    def __str__(self) -> str:
        return f"{self.role} of {self.incident_id}"


class ReadLog(models.Model):
    """Someone opened a case's text: who and when. Carries no history, is never edited."""

    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="readings")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("read log entry")
        verbose_name_plural = _("read log")
        ordering = ("incident", "at")

    def __str__(self) -> str:
        return f"{self.incident_id} read"


class IncidentGrant(ObjectGrant):
    """One case is shared with one person, with a reason and an end date."""

    content_object = models.ForeignKey(Incident, on_delete=models.CASCADE)

    class Meta(ObjectGrant.Meta):
        verbose_name = _("incident grant")
