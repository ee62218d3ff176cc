"""Meetings and what they decided: elected people decide as a body, and the portal records it."""

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from organisation.models.base import TenantModel
from organisation.models.body import Body


class Meeting(TenantModel):
    """A meeting of a body; its decisions are preliminary until the minutes are approved (justerade)."""

    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="meetings")
    held_on = models.DateField()
    minutes_approved_on = models.DateField(null=True, blank=True)
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("meeting")
        verbose_name_plural = _("meetings")
        ordering = ("municipality", "-held_on")
        constraints = (
            models.UniqueConstraint(fields=("body", "held_on"), name="organisation_meeting_once"),
            models.CheckConstraint(
                condition=Q(minutes_approved_on__isnull=True) | Q(minutes_approved_on__gte=models.F("held_on")),
                name="organisation_minutes_after_meeting",
            ),
        )

    def __str__(self) -> str:
        return f"{self.body} {self.held_on}"


class Outcome(models.TextChoices):
    """What a meeting can do with a matter."""

    APPROVE = "approve", _("approve")
    APPROVE_WITH_CHANGES = "approve_with_changes", _("approve with changes")
    REFER_BACK = "refer_back", _("refer back")
    DEFER = "defer", _("defer")
    REJECT = "reject", _("reject")
    NOTED = "noted", _("noted")
    SENT_ON = "sent_on", _("sent on to the council")


class Decision(TenantModel):
    """What a meeting decided in one matter, under one § of its minutes; corrected by a later row, never edited.

    The paragraph and the registry number (dnr) are text as typed: "139/2023", "2006.24" (R30, R134).
    """

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="decisions")
    outcome = models.CharField(max_length=30, choices=Outcome.choices)
    section = models.CharField(_("§"), max_length=40)
    registry_number = models.CharField(_("registry number (dnr)"), max_length=60, blank=True)
    # "Omedelbar justering": the item's minutes are approved at once, before the meeting's.
    approved_at_once_on = models.DateField(null=True, blank=True)
    reservations = models.TextField(blank=True)
    special_statements = models.TextField(blank=True)
    conflicts_of_interest = models.TextField(blank=True)
    supersedes = models.OneToOneField("self", null=True, blank=True, on_delete=models.PROTECT)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(auto_now_add=True)
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("decision")
        verbose_name_plural = _("decisions")
        ordering = ("municipality", "-recorded_at")

    def __str__(self) -> str:
        return f"{self.meeting} § {self.section}"

    @property
    def minutes_approved_on(self) -> date | None:
        """Day on which the minutes of this item were approved, or none while the outcome is preliminary."""
        return self.approved_at_once_on or self.meeting.minutes_approved_on
