"""Groups beside the line: what they are asked to do, their meetings, and what comes of those (R196, R206–R210)."""

from datetime import date
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from organisation.models.base import TenantModel
from organisation.models.body import Body, BodyKind
from organisation.models.seat import Appointment, Seat, SeatKind

# Bodies that meet beside the line and keep assignments and notes.
GROUPS = frozenset(
    {
        BodyKind.SAFETY_GROUP,
        BodyKind.RISK_GROUP,
        BodyKind.CRIME_PREVENTION_COUNCIL,
        BodyKind.CRISIS_SUPPORT,
        BodyKind.CRISIS_COMMAND,
        BodyKind.OTHER_GROUP,
    }
)
# Seats of those whom a group's own convener chooses.
MEMBERSHIPS = frozenset({SeatKind.GROUP_MEMBER, SeatKind.OUTSIDE_MEMBER})


class Representation(TenantModel):
    """Whom an outside member speaks for: an outside party of the municipality, or an organisation by name (R207)."""

    appointment = models.OneToOneField(Appointment, on_delete=models.CASCADE, related_name="representation")
    party = models.ForeignKey(Body, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=160, blank=True)
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("representation")
        verbose_name_plural = _("representations")
        constraints = (
            models.CheckConstraint(
                condition=Q(party__isnull=True) & ~Q(name="") | Q(party__isnull=False, name=""),
                name="organisation_represents_one",
            ),
        )

    def __str__(self) -> str:
        return self.party.name if self.party else self.name


class AssignmentKind(models.TextChoices):
    """What a group is asked for (R209)."""

    ANALYSIS = "analysis", _("analysis")
    PREVENTION = "prevention", _("prevention")
    METHODS = "methods", _("routines and methods")
    TRAINING = "training", _("training")
    OTHER = "other", _("something else")


class AssignmentQuerySet(models.QuerySet):
    """Questions about many assignments."""

    def unfinished(self) -> Self:
        """Assignments that are not done."""
        return self.filter(done_on__isnull=True)


class Assignment(TenantModel):
    """Something that a group has been asked to do, by whom and until when."""

    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="assignments")
    kind = models.CharField(max_length=20, choices=AssignmentKind.choices)
    title = models.CharField(max_length=200)
    text = models.TextField(blank=True)
    given_by = models.CharField(max_length=160, blank=True)
    given_on = models.DateField()
    due_on = models.DateField(null=True, blank=True)
    done_on = models.DateField(null=True, blank=True)
    outcome = models.TextField(blank=True)
    # A form that opened an older count is refused, with both texts.
    edit_count = models.PositiveIntegerField(default=0)
    submission_key = models.UUIDField(unique=True)
    objects = AssignmentQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("assignment")
        verbose_name_plural = _("assignments")
        ordering = ("body", "-given_on", "-pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(done_on__isnull=True) | Q(done_on__gte=models.F("given_on")),
                name="organisation_assignment_done_after_given",
            ),
        )

    def __str__(self) -> str:
        return self.title

    def is_late(self, on: date) -> bool:
        """Tell whether the assignment should have been done before the day ``on``."""
        return self.done_on is None and self.due_on is not None and self.due_on < on


class GroupMeeting(TenantModel):
    """A group's meeting with its notes; a group decides about its own work, never for an authority."""

    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="group_meetings")
    held_on = models.DateField()
    place = models.CharField(max_length=120, blank=True)
    notes = models.TextField(blank=True)
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    edit_count = models.PositiveIntegerField(default=0)
    submission_key = models.UUIDField(unique=True)
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("group meeting")
        verbose_name_plural = _("group meetings")
        ordering = ("body", "-held_on", "-pk")
        indexes = (models.Index(fields=("body", "-held_on", "-id"), name="organisation_groupmeetings"),)

    def __str__(self) -> str:
        return f"{self.body} {self.held_on}"


class Attendance(TenantModel):
    """Somebody took part in a group's meeting."""

    meeting = models.ForeignKey(GroupMeeting, on_delete=models.CASCADE, related_name="attendances")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("attendance")
        verbose_name_plural = _("attendances")
        ordering = ("meeting", "pk")
        constraints = (models.UniqueConstraint(fields=("meeting", "person"), name="organisation_attendance_once"),)

    def __str__(self) -> str:
        return f"{self.meeting_id} {self.person_id}"


class GroupDecision(TenantModel):
    """What a group agreed on at a meeting."""

    meeting = models.ForeignKey(GroupMeeting, on_delete=models.CASCADE, related_name="decisions")
    text = models.TextField()
    position = models.PositiveSmallIntegerField(default=0)
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("group decision")
        verbose_name_plural = _("group decisions")
        ordering = ("meeting", "position", "pk")

    def __str__(self) -> str:
        return self.text[:80]


class GroupActionQuerySet(models.QuerySet):
    """Questions about many actions."""

    def unfinished(self) -> Self:
        """Actions that are not done."""
        return self.filter(done_on__isnull=True)


class GroupAction(TenantModel):
    """Something that a group agreed that someone does; it may become a measure of a committee's plan."""

    meeting = models.ForeignKey(GroupMeeting, on_delete=models.CASCADE, related_name="actions")
    what = models.CharField(max_length=200)
    # The member who sees to it, or the seat: one of them.
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="group_actions"
    )
    seat = models.ForeignKey(Seat, null=True, blank=True, on_delete=models.PROTECT, related_name="group_actions")
    due_on = models.DateField(null=True, blank=True)
    done_on = models.DateField(null=True, blank=True)
    note = models.TextField(blank=True)
    position = models.PositiveSmallIntegerField(default=0)
    objects = GroupActionQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("group action")
        verbose_name_plural = _("group actions")
        ordering = ("meeting", "position", "pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(person__isnull=True) | Q(seat__isnull=True), name="organisation_action_of_one"
            ),
        )

    def __str__(self) -> str:
        return self.what

    def is_late(self, on: date) -> bool:
        """Tell whether the action should have been done before the day ``on``."""
        return self.done_on is None and self.due_on is not None and self.due_on < on
