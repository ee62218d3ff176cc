"""Seats and who sits in them: responsibility is held by appointment, never by account."""

from datetime import date, datetime, time, timedelta
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Count, Exists, ExpressionWrapper, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce, Greatest
from django.utils import timezone
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
    CHIEF_SAFETY_REPRESENTATIVE = "chief_safety_representative", _("chief safety representative")
    EMPLOYEE = "employee", _("employee")
    DUTY_OFFICER = "duty_officer", _("duty officer")
    ARCHIVIST = "archivist", _("archivist")
    DATA_PROTECTION_OFFICER = "data_protection_officer", _("data-protection officer")
    ADMINISTRATOR = "administrator", _("administrator of the municipality")
    GROUP_LEADER = "group_leader", _("convener of a group")
    GROUP_MEMBER = "group_member", _("member of a group")
    OUTSIDE_MEMBER = "outside_member", _("outside member")
    OTHER = "other", _("other seat")


# Appointed and ended by the union, never by the employer (AML 6:2); each has an area of any set of bodies.
REPRESENTATIVES = frozenset({SeatKind.SAFETY_REPRESENTATIVE, SeatKind.CHIEF_SAFETY_REPRESENTATIVE})
# These answer to every body of the municipality, wherever in the tree they sit.
FOR_ALL = frozenset(
    {
        SeatKind.CHIEF_EXECUTIVE,
        SeatKind.HEAD_OF_SECURITY,
        SeatKind.SAFETY_COORDINATOR,
        SeatKind.CRIME_PREVENTION_STRATEGIST,
        SeatKind.PREPAREDNESS_COORDINATOR,
        SeatKind.PROTECTIVE_SECURITY_MANAGER,
        SeatKind.INFORMATION_SECURITY_COORDINATOR,
        SeatKind.DUTY_OFFICER,
        SeatKind.ARCHIVIST,
        SeatKind.DATA_PROTECTION_OFFICER,
        SeatKind.ADMINISTRATOR,
    }
)


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

    def sits_in(self, body: Body) -> bool:
        """Tell whether ``body`` has a seat of this type, by its kind or by its own key."""
        return body.kind in self.sits_at or body.key in self.sits_at


class SeatQuerySet(DatedQuerySet):
    """Questions about many seats."""

    def counted(self, on: date) -> Self:
        """Seats that stand on the day ``on``, each with ``missing``: how many holders it lacks of those it must have.

        A seat that is filled only where needed (R131) lacks none. Deputies are no holders, and employees'
        own places no seats in this sense.
        """
        ordinary = Appointment.objects.held(on).filter(is_deputy=False)
        holders = ordinary.filter(seat=OuterRef("pk")).order_by().values("seat").annotate(number=Count("pk"))
        return (
            self.in_force(on)
            .filter(Q(body__valid_to__isnull=True) | Q(body__valid_to__gt=on), body__valid_from__lte=on)
            .filter(not_needed_reason="")
            .exclude(seat_type__kind=SeatKind.EMPLOYEE)
            .annotate(
                missing=Greatest(
                    F("seat_type__min_holders") - Coalesce(Subquery(holders.values("number")), 0),
                    0,
                    output_field=models.IntegerField(),
                )
            )
        )

    def to_be_held(self, on: date) -> Self:
        """Seats that count on the day ``on``, each with ``held``: those that must have holders, and others held."""
        anyone = Appointment.objects.held(on).filter(seat=OuterRef("pk"))
        return (
            self.counted(on)
            .annotate(held=ExpressionWrapper(Q(missing=0), output_field=models.BooleanField()))
            .filter(Q(seat_type__min_holders__gt=0) | Exists(anyone))
        )

    def vacant_on(self, on: date) -> Self:
        """Seats that lack holders on the day ``on``, each with ``missing`` and ``since``.

        ``since`` is the last day on which the seat had all its holders, else the day it was made (``ALWAYS``:
        nobody knows).
        """
        # Appointments that have ended, with how many held the seat on their last day.
        together = (
            Appointment.objects.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=OuterRef("valid_to")))
            .filter(is_deputy=False, seat=OuterRef("seat"), valid_from__lt=OuterRef("valid_to"))
            .order_by()
            .values("seat")
            .annotate(number=Count("pk"))
        )
        ended = Appointment.objects.ended(on).filter(seat=OuterRef("pk"))
        full = ended.annotate(together=Subquery(together.values("number"))).filter(
            together__gte=OuterRef("seat_type__min_holders")
        )
        since = Subquery(full.order_by("-valid_to").values("valid_to")[:1])
        return self.counted(on).filter(missing__gt=0).annotate(since=Coalesce(since, "valid_from"))


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

    def held(self, on: date) -> Self:
        """Appointments by which somebody holds a seat on the day ``on``: in force, and the person had not left."""
        midnight = timezone.make_aware(datetime.combine(on + timedelta(days=1), time.min))
        stayed = Q(person__is_active=True) | Q(person__left_at__gte=midnight)
        return self.in_force(on).filter(stayed)

    def ended(self, on: date) -> Self:
        """Ordinary appointments that had ended by the day ``on``; one taken back the day it began never was."""
        return self.filter(is_deputy=False, valid_to__lte=on).exclude(valid_to=F("valid_from"))

    def with_seat(self) -> Self:
        """Together with seat, its type and body, and the person."""
        return self.select_related("seat__seat_type", "seat__body", "person")


class Appointment(TenantModel, DatedModel):
    """A person holds a seat during a period, alone, among several, or as a deputy."""

    seat = models.ForeignKey(Seat, on_delete=models.PROTECT, related_name="appointments")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="appointments")
    is_deputy = models.BooleanField(default=False)
    # The decision as typed: "§ 12, KS 2026-14" (R30); ``decision`` where the portal itself records it.
    reference = models.CharField(_("decision"), max_length=120, blank=True)
    decision = models.ForeignKey(
        "organisation.Decision", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    objects = AppointmentQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta(DatedModel.Meta):
        verbose_name = _("appointment")
        verbose_name_plural = _("appointments")
        ordering = ("municipality", "seat", "is_deputy", "valid_from")
        indexes = (
            models.Index(fields=("person", "valid_from"), name="organisation_appt_person"),
            models.Index(fields=("municipality", "valid_to"), name="organisation_appt_end"),
        )

    def __str__(self) -> str:
        return f"{self.person}: {self.seat}"

    def places(self, on: date) -> list[tuple[int, str]]:
        """Return (body id, its kind) of each place the appointment holds at: the seat's body, or the union's area.

        Reads ``area`` with its bodies: prefetch them for many appointments.
        """
        area = list(self.area.all())
        if not area:
            return [(self.seat.body_id, self.seat.body.kind)]
        return [(part.body_id, part.body.kind) for part in area if part.is_in_force(on)]


class Absence(TenantModel, DatedModel):
    """The holder of a seat is away during a period: a deputy answers, else the seat it falls back to.

    An absent person keeps every right; only the answer to "who answers?" passes on.
    """

    appointment = models.ForeignKey(Appointment, on_delete=models.CASCADE, related_name="absences")
    objects = DatedQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta(DatedModel.Meta):
        verbose_name = _("absence")
        verbose_name_plural = _("absences")
        ordering = ("municipality", "appointment", "valid_from")
        constraints = (
            *DatedModel.Meta.constraints,
            models.CheckConstraint(condition=Q(valid_to__isnull=False), name="organisation_absence_has_an_end"),
        )

    def __str__(self) -> str:
        return f"{self.appointment}: {self.valid_from}"


class Vacancy(models.Model):
    """A seat that lacks holders today, and since when; derived from appointments by ``organisation.vacancies``.

    ``since`` is ``ALWAYS`` where nobody is known to have held the seat. Other dates are answered by
    ``Seat.objects.vacant_on``.
    """

    municipality = models.ForeignKey("organisation.Municipality", on_delete=models.CASCADE, related_name="+")
    seat = models.OneToOneField(Seat, on_delete=models.CASCADE, related_name="vacancy")
    since = models.DateField()
    missing = models.PositiveSmallIntegerField(help_text=_("How many holders the seat lacks"))

    class Meta:
        verbose_name = _("vacancy")
        verbose_name_plural = _("vacancies")
        ordering = ("since", "pk")
        indexes = (models.Index(fields=("municipality", "since", "id"), name="organisation_vacancy_age"),)

    def __str__(self) -> str:
        return f"{self.seat_id} {self.since}"
