"""Seats and who sits in them: responsibility is held by appointment, never by account."""

from datetime import date
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, ExpressionWrapper, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from organisation.models.base import DatedModel, DatedQuerySet, SourcedModel, TenantModel
from organisation.models.body import Body


class SeatKind(models.TextChoices):
    """What a seat is for, whatever a municipality calls it."""

    CHAIR = "chair", _("chair")
    MEMBER = "member", _("member")
    SECRETARY = "secretary", _("secretary")
    CHIEF_EXECUTIVE = "chief_executive", _("chief executive")
    HEAD_OF_SECURITY = "head_of_security", _("head of security")
    SAFETY_COORDINATOR = "safety_coordinator", _("safety coordinator")
    CRIME_PREVENTION_STRATEGIST = "crime_prevention_strategist", _("crime-prevention strategist")
    PREPAREDNESS_COORDINATOR = "preparedness_coordinator", _("preparedness coordinator")
    PROTECTIVE_SECURITY_MANAGER = "protective_security_manager", _("protective-security manager")
    INFORMATION_SECURITY_COORDINATOR = "information_security_coordinator", _("information-security coordinator")
    HEAD = "head", _("head of department")
    DEPARTMENT_COORDINATOR = "department_coordinator", _("department safety coordinator")
    UNIT_MANAGER = "unit_manager", _("unit manager")
    UNIT_OMBUD = "unit_ombud", _("unit ombud")
    SAFETY_REPRESENTATIVE = "safety_representative", _("safety representative")
    EMPLOYEE = "employee", _("employee")
    DUTY_OFFICER = "duty_officer", _("duty officer")
    ARCHIVIST = "archivist", _("archivist")
    DATA_PROTECTION_OFFICER = "data_protection_officer", _("data-protection officer")
    ADMINISTRATOR = "administrator", _("administrator of the municipality")
    OUTSIDE_MEMBER = "outside_member", _("outside member")
    OTHER = "other", _("other seat")


class SeatType(TenantModel, SourcedModel):
    """A kind of seat under the municipality's own title, with the rule for when it stands empty."""

    kind = models.CharField(max_length=40, choices=SeatKind.choices)
    title = models.CharField(max_length=120)
    sits_at = models.JSONField(default=list, help_text=_("Kinds of body that have this seat"))
    min_holders = models.PositiveSmallIntegerField(default=0)
    max_holders = models.PositiveSmallIntegerField(null=True, blank=True)
    appointed_by = models.CharField(max_length=100, blank=True, help_text=_("Key of a seat type, or a kind of body"))
    reports_to = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    falls_back_to = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("seat type")
        verbose_name_plural = _("seat types")
        ordering = ("municipality", "title")
        constraints = (
            models.UniqueConstraint(fields=("municipality", "key"), name="organisation_seattype_key_once"),
            models.CheckConstraint(
                condition=Q(max_holders__isnull=True) | Q(max_holders__gte=F("min_holders")),
                name="organisation_seattype_max_above_min",
            ),
        )

    def __str__(self) -> str:
        return self.title


class SeatQuerySet(DatedQuerySet):
    """Questions about many seats."""

    def to_be_held(self, on: date) -> Self:
        """Seats that count on the day ``on``, each with ``held``: those that must have a holder, and others held.

        A seat that is filled only where needed (R131) is no vacancy while it stands empty. Employees' own
        places are no seats in this sense. A seat that a deputy alone looks after is vacant.
        """
        holders = Appointment.objects.in_force(on).filter(seat=OuterRef("pk"), person__is_active=True)
        needed = Q(seat_type__min_holders__gt=0)
        held = Q(Exists(holders.filter(is_deputy=False))) | (~needed & Q(Exists(holders)))
        return (
            self.in_force(on)
            .filter(Q(body__valid_to__isnull=True) | Q(body__valid_to__gt=on), body__valid_from__lte=on)
            .filter(not_needed_reason="")
            .exclude(seat_type__kind=SeatKind.EMPLOYEE)
            .annotate(held=ExpressionWrapper(held, output_field=models.BooleanField()))
            .filter(Q(held=True) | needed)
        )


class Seat(TenantModel, DatedModel):
    """A seat type at one body; without an appointment in force it is vacant."""

    seat_type = models.ForeignKey(SeatType, on_delete=models.PROTECT, related_name="seats")
    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="seats")
    not_needed_reason = models.CharField(max_length=200, blank=True)
    objects = SeatQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta(DatedModel.Meta):
        verbose_name = _("seat")
        verbose_name_plural = _("seats")
        ordering = ("municipality", "body", "seat_type")
        constraints = (
            *DatedModel.Meta.constraints,
            models.UniqueConstraint(fields=("seat_type", "body", "valid_from"), name="organisation_seat_once"),
        )

    def __str__(self) -> str:
        return f"{self.seat_type}, {self.body}"


class AppointmentQuerySet(DatedQuerySet):
    """Questions about many appointments."""

    def with_seat(self) -> Self:
        """Together with seat, its type and body, and the person."""
        return self.select_related("seat__seat_type", "seat__body", "person")


class Appointment(TenantModel, DatedModel):
    """A person holds a seat during a period, alone, among several, or as a deputy."""

    seat = models.ForeignKey(Seat, on_delete=models.PROTECT, related_name="appointments")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="appointments")
    is_deputy = models.BooleanField(default=False)
    decision = models.ForeignKey(
        "organisation.Decision", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    objects = AppointmentQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta(DatedModel.Meta):
        verbose_name = _("appointment")
        verbose_name_plural = _("appointments")
        ordering = ("municipality", "seat", "is_deputy", "valid_from")
        indexes = (models.Index(fields=("person", "valid_from"), name="organisation_appt_person"),)

    def __str__(self) -> str:
        return f"{self.person}: {self.seat}"
