"""Secrecy marks, disclosures and their decisions, and the trace of what had to be removed at once."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from incidents.models.incident import Incident
from organisation.models import TenantModel


class SecrecyMark(models.Model):
    """A warning that secrecy may apply: provision, reason, by whom (OSL 5:5).

    Each disclosure is assessed anyway. No history.
    """

    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="secrecy_marks")
    provision = models.CharField(max_length=60)
    reason = models.CharField(max_length=500)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    lifted_at = models.DateTimeField(null=True, blank=True)
    lifted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    lifted_reason = models.CharField(max_length=500, blank=True)

    class Meta:
        verbose_name = _("secrecy mark")
        verbose_name_plural = _("secrecy marks")
        ordering = ("incident", "at", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("incident", "provision"), condition=Q(lifted_at__isnull=True), name="incidents_mark_once"
            ),
            models.CheckConstraint(
                condition=Q(lifted_at__isnull=True, lifted_by__isnull=True)
                | Q(lifted_at__isnull=False, lifted_by__isnull=False),
                name="incidents_mark_lifted_by_somebody",
            ),
        )

    def __str__(self) -> str:
        return f"{self.provision} on {self.incident_id}"


class Disclosure(TenantModel):
    """A request to see a case, and what was decided: a copy with chosen fields masked, or a written refusal.

    No history.
    """

    class Outcome(models.TextChoices):
        """What was decided."""

        WHOLE = "whole", _("Disclosed whole")
        MASKED = "masked", _("Disclosed with parts masked")
        REFUSED = "refused", _("Refused")

    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="disclosures")
    # Whoever asks need not say who they are (TF 2:18).
    asked_by = models.CharField(max_length=200, blank=True)
    asked_on = models.DateField()
    # What was asked for, as it was put; a refusal repeats it.
    asked_for = models.CharField(max_length=500, blank=True)
    outcome = models.CharField(max_length=20, choices=Outcome.choices)
    # Keys of what was left readable, and of what was masked with its provision.
    shown = models.JSONField(default=list)
    masked = models.JSONField(default=dict)
    # Ids of the ties (``CaseAttachment``) to the files that were handed out, drawn in the copy or along with it.
    handed_out = models.JSONField(default=list, blank=True)
    provision = models.CharField(max_length=200, blank=True)
    reason = models.TextField(blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    decided_title = models.CharField(max_length=120)
    decided_at = models.DateTimeField()
    # What the paper says, masked parts left out, until it has been laid out and stored.
    content = models.JSONField(default=dict, blank=True)
    # The stored copy (with files that go along: a ZIP file of both), or the written decision, and its digest.
    file = models.CharField(max_length=200, blank=True)
    digest = models.CharField(max_length=64, blank=True)
    # The form's own key: the same form sent twice is one decision.
    submission_key = models.UUIDField(unique=True)

    class Meta:
        verbose_name = _("disclosure")
        verbose_name_plural = _("disclosures")
        ordering = ("incident", "decided_at", "pk")

    def __str__(self) -> str:
        return f"{self.outcome} of {self.incident_id}"


class Purge(models.Model):
    """Content that must not be in the system was removed: what kind, by whom and when; never the content itself.

    No history.
    """

    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="purges")
    # Keys of what was removed.
    what = models.JSONField(default=list)
    reason = models.CharField(max_length=300)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("removal of content")
        verbose_name_plural = _("removals of content")
        ordering = ("incident", "at", "pk")

    def __str__(self) -> str:
        return f"removal in {self.incident_id}"
