"""The incident itself, its number, its states, and the questions asked about many of them."""

import uuid
from datetime import date
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Count, Q, Sum
from django.db.models.functions import ExtractMonth
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from incidents.models.apart import Identity, IncidentGrant
from incidents.permissions import VIEW_INCIDENT
from organisation import clock
from organisation.access import Scope, ScopedQuerySet
from organisation.models import Body, BodyClosure, Municipality, TenantModel


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
# What is done to things rather than to people.
PROPERTY_KINDS = frozenset(
    {
        IncidentKind.VANDALISM,
        IncidentKind.THEFT,
        IncidentKind.INFORMATION_SECURITY,
        IncidentKind.DISRUPTION,
        IncidentKind.ENVIRONMENT,
    }
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

    def shared_with(self, person: Any, permission: str) -> Self:
        """Cases on which the person holds ``permission`` by a grant in force today, and not by seat."""
        shared = IncidentGrant.objects.held_by(person.pk, permission).values("content_object_id")
        return self.filter(pk__in=shared, municipality_id=person.municipality_id)

    def of(self, municipality: Municipality) -> Self:
        """Incidents of one municipality."""
        return self.filter(municipality=municipality)

    def reported_by(self, person: Any) -> Self:
        """The person's own reports, in the municipality that they belong to."""
        own = Identity.objects.filter(person=person, role=Identity.Role.REPORTER).values("incident_id")
        return self.filter(pk__in=own, municipality_id=person.municipality_id)

    def open(self) -> Self:
        """Cases that are not closed."""
        return self.exclude(state=IncidentState.CLOSED)

    def at_or_below(self, body: Body) -> Self:
        """Incidents at the body and at all that lies below it today."""
        below = BodyClosure.objects.filter(ancestor=body).values("descendant_id")
        return self.filter(Q(body=body) | Q(body_id__in=below))

    def occurred_in(self, year: int) -> Self:
        """Incidents that occurred during the calendar year."""
        return self.filter(occurred_on__year=year)

    def by_month(self, year: int) -> list[int]:
        """Return twelve counts: how many occurred in each month of the year."""
        counted = self._counts(self.occurred_in(year).annotate(month=ExtractMonth("occurred_on")), "month")
        return [counted.get(month, 0) for month in range(1, 13)]

    def by_kind(self) -> dict[str, int]:
        """Return kind → count; a kind without incidents is left out."""
        return self._counts(self, "kind")

    def by_body(self) -> dict[int, int]:
        """Return body id → count; a body without incidents is left out."""
        return self._counts(self, "body_id")

    def cost_ore(self) -> int:
        """Return the stated costs together, in öre."""
        return self.aggregate(total=Sum("cost_ore"))["total"] or 0

    def cost_ore_by_body(self) -> dict[int, int]:
        """Return body id → stated costs in öre; a body without a stated cost is left out."""
        stated = self.filter(cost_ore__isnull=False).order_by().values("body_id")
        return dict(stated.annotate(total=Sum("cost_ore")).values_list("body_id", "total"))

    @staticmethod
    def _counts(incidents: models.QuerySet[Any], column: str) -> dict[Any, int]:
        return dict(incidents.order_by().values(column).annotate(count=Count("pk")).values_list(column, "count"))


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
        verbose_name_plural = _("incidents")
        ordering = ("-serious", "reported_at", "pk")
        # Beside Django's own: what a grant on one case can carry.
        permissions = (
            ("report_incident", "Can report an incident"),
            ("read_narrative", "Can read a case's text"),
            ("handle_incident", "Can handle a case"),
        )
        constraints = (
            models.UniqueConstraint(fields=("municipality", "year", "number"), name="incidents_number_once"),
        )
        indexes = (
            models.Index(fields=("municipality", "-serious", "reported_at", "id"), name="incidents_inbox"),
            # Few cases are open, however many years of closed ones there are: the inbox and its count read these.
            models.Index(
                fields=("municipality", "-serious", "reported_at", "id"),
                condition=~Q(state="closed"),
                name="incidents_open",
            ),
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
    def reported_on(self) -> date:
        """The day on which it was reported, in the municipality's time."""
        return timezone.localtime(self.reported_at).date()

    @property
    def is_closed(self) -> bool:
        """Tell whether the case has been answered and closed."""
        return self.state == IncidentState.CLOSED

    @property
    def answer_is_late(self) -> bool:
        """Tell whether the promised answer is overdue."""
        return not self.is_closed and self.answer_by is not None and self.answer_by < clock.today()

    @property
    def grant_model(self) -> type["IncidentGrant"]:
        return IncidentGrant

    def is_reported_by(self, person: Any) -> bool:
        """Tell whether ``person`` sent the report; costs one query."""
        return self.identities.filter(person=person, role=Identity.Role.REPORTER).exists()


class IncidentCounter(models.Model):
    """The last number given in one municipality and year; its row is locked while a number is taken."""

    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("incident counter")
        verbose_name_plural = _("incident counters")
        constraints = (models.UniqueConstraint(fields=("municipality", "year"), name="incidents_counter_once"),)

    def __str__(self) -> str:
        return f"{self.municipality_id} {self.year}: {self.last}"


class IncidentStatus(models.Model):
    """One change of a case: who, when, from, to and why. Never edited, carries no history.

    The first row, of a new report, names nobody: the reporter's name stands in ``Identity`` alone.
    """

    class Change(models.TextChoices):
        """What was changed."""

        STATE = "state", _("State changed")
        SERIOUS = "serious", _("Marked as serious")
        NOT_SERIOUS = "not_serious", _("No longer marked as serious")
        SHARED = "shared", _("Shared with one person")
        SHARE_ENDED = "share_ended", _("No longer shared with one person")

    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="statuses")
    change = models.CharField(max_length=20, choices=Change.choices, default=Change.STATE)
    from_state = models.CharField(max_length=20, blank=True)
    to_state = models.CharField(max_length=20, choices=IncidentState.choices)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    # May be a whole answer to the reporter; read only by those who may read the case's text.
    reason = models.TextField(blank=True)

    class Meta:
        verbose_name = _("incident status")
        verbose_name_plural = _("incident statuses")
        ordering = ("incident", "at", "pk")

    def __str__(self) -> str:
        return f"{self.incident_id} {self.to_state}"
